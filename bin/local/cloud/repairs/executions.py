"""An execution from start to end: its names, its limits, its time-out, its final status.

AWS: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html (same name and input while
     running: the same answer; otherwise ExecutionAlreadyExists; input up to 262,144 bytes)
     https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html (TimeoutSeconds of the machine)
     https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html (final statuses)
     https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html (RedriveCount, RedriveTime)
     https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (States.DataLimitExceeded)
An execution keeps the definition it started with, however often the machine is updated meanwhile.
"""
import contextvars
import json
import re
import threading

from ministack.core.responses import error_response_json, json_response
from ministack.services import stepfunctions as sf
from patching import replace, rewrite, wrap
from run import MAX_PAYLOAD_BYTES, Run, RunEnded, current_run, encode_within_limit, end_run

REPAIR = "executions"

# A machine with this tag answers every start with a throttling error: the drill for retries and dead letters.
THROTTLE_TAG = "local-cloud:throttle-start"

EXECUTE = {"Pass": "_execute_pass", "Choice": "_execute_choice", "Wait": "_execute_wait"}
EXECUTE_WITHIN = {"Task": "_execute_task", "Parallel": "_execute_parallel", "Map": "_execute_map"}


def apply():
    replace(sf, "_run_execution", run_execution, REPAIR, fingerprint="996dff84e0e0")
    replace(sf, "_scaled_sleep", sleep_scaled, REPAIR, fingerprint="5ed19df2efa9")
    wrap(sf, "_start_execution", _start, REPAIR)
    wrap(sf, "_stop_execution", _stop, REPAIR)
    wrap(sf, "_fail_execution", _fail, REPAIR)
    wrap(sf, "_test_state", _within_a_run, REPAIR)
    wrap(sf, "_add_event", _add_event_of_a_live_run, REPAIR)
    rewrite(
        sf, "_emit_execution_status_event", REPAIR,
        # A status event carries error and cause of every unsuccessful end that has them.
        ('execution.get("error") if failed else None', '(execution.get("error") or None) if status != "SUCCEEDED" else None'),
        ('execution.get("cause") if failed else None', '(execution.get("cause") or None) if status != "SUCCEEDED" else None'),
    )


def run_execution(execution_arn, resume=None):
    execution = sf._executions.get(execution_arn)
    if not execution or execution["status"] != "RUNNING":
        return
    machine = sf._state_machines.get(execution["stateMachineArn"])
    if not machine and "definition" not in execution:
        return sf._fail_execution(execution, "StateMachineDeleted", "State machine no longer exists")
    definition = json.loads(execution.setdefault("definition", machine["definition"] if machine else ""))
    with Run(execution) as run:
        timer = _start_timer(execution, definition.get("TimeoutSeconds"))
        try:
            _walk(run, execution, definition, resume)
        except RunEnded:
            pass
        except sf._ExecutionError as error:
            sf._fail_execution(execution, error.error, error.cause)
        except Exception as error:
            sf.logger.exception("Unexpected error in execution %s", execution_arn)
            sf._fail_execution(execution, "States.Runtime", str(error))
        finally:
            if timer:
                timer.cancel()


def _walk(run, execution, definition, resume):
    states = definition.get("States", {})
    ctx = _context(execution, definition, resume)
    name = resume["state"] if resume else definition.get("StartAt")
    value = resume["input"] if resume else ctx["Execution"]["Input"]
    again = resume is not None
    while name:
        run.check()
        state = states.get(name)
        if state is None:
            raise sf._ExecutionError("States.Runtime", f"State '{name}' not found in definition")
        kind = state.get("Type")
        text = encode_within_limit(value, f"The state '{name}' received an input")
        execution["resume"] = {"state": name, "type": kind, "input": value, "variables": dict(ctx["variables"])}
        ctx["State"] = {"Name": name, "EnteredTime": sf.now_iso(), "RetryCount": 0}
        if not (again and kind == "Task"):  # A redriven Task is scheduled again, it was entered before.
            sf._add_event(execution, f"{kind}StateEntered", {"stateEnteredEventDetails": {"name": name, "input": text}})
        again = False
        value, following = _execute(kind, state, value, execution, ctx)
        run.check()
        text = encode_within_limit(value, f"The state '{name}' returned a result")
        sf._add_event(execution, f"{kind}StateExited", {"stateExitedEventDetails": {"name": name, "output": text}})
        name = following
    _succeed(run, execution, text)


def _execute(kind, state, value, execution, ctx):
    if kind in EXECUTE_WITHIN:
        return getattr(sf, EXECUTE_WITHIN[kind])(state, value, execution, ctx)
    if kind in EXECUTE:
        return getattr(sf, EXECUTE[kind])(state, value, ctx)
    if kind == "Fail":
        raise sf._ExecutionError(*sf._fail_state_error(state, value, ctx))
    if kind == "Succeed":
        if sf._state_query_language(state, ctx) == "JSONata":
            return sf._apply_jsonata_output(state, value, ctx, default=value), None
        return sf._apply_output_path(state, sf._apply_input_path(state, value, ctx), ctx), None
    raise sf._ExecutionError("States.Runtime", f"Unknown state type: {kind}")


def _context(execution, definition, resume):
    machine = sf._state_machines.get(execution["stateMachineArn"]) or {}
    redriven = {"RedriveTime": execution["redriveDate"]} if execution.get("redriveDate") else {}
    return {
        "QueryLanguage": definition.get("QueryLanguage", "JSONPath"),
        "Execution": {
            "Id": execution["executionArn"],
            "Input": json.loads(execution["input"]),
            "Name": execution["name"],
            "RoleArn": machine.get("roleArn"),
            "StartTime": execution["startDate"],
            "RedriveCount": execution.get("redriveCount", 0),
            **redriven,
        },
        "StateMachine": {
            "Id": execution["stateMachineArn"],
            "Name": machine.get("name") or execution["stateMachineArn"].rsplit(":", 1)[-1],
        },
        "variables": dict(resume["variables"]) if resume else {},
    }


def _succeed(run, execution, output):
    with run._lock:
        if run._ended or execution["status"] != "RUNNING":
            return
        execution.update(status="SUCCEEDED", output=output, stopDate=sf.now_iso())
    sf._add_event(execution, "ExecutionSucceeded", {"executionSucceededEventDetails": {"output": output}})
    sf._emit_execution_status_event(execution)


def _start_timer(execution, seconds):
    if not seconds:
        return None
    context = contextvars.copy_context()
    timer = threading.Timer(float(seconds), lambda: context.run(_expire, execution))
    timer.daemon = True
    timer.start()
    return timer


def _expire(execution):
    if execution["status"] != "RUNNING":
        return
    execution.update(status="TIMED_OUT", stopDate=sf.now_iso(), error="States.Timeout", cause=None)
    sf._add_event(execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {"error": "States.Timeout"}})
    sf._emit_execution_status_event(execution)
    end_run(execution["executionArn"])


def _within_a_run(original):
    def test_state(data):
        with Run({"executionArn": "test-state", "stateMachineArn": "test-state"}):
            return original(data)

    return test_state


def sleep_scaled(seconds):
    """Wait and Retry: no thread sleeps on for an execution that has ended."""
    scaled = seconds * sf._SFN_WAIT_SCALE
    if scaled > 0:
        current_run().sleep(scaled)


def _start(original):
    def start(data):
        text = data.get("input", "{}")
        if len(text.encode()) > MAX_PAYLOAD_BYTES:
            return error_response_json(
                "ValidationException",
                "1 validation error detected: Value at 'input' failed to satisfy constraint: "
                f"Member must have length less than or equal to {MAX_PAYLOAD_BYTES}",
                400,
            )
        try:
            json.loads(text)
        except ValueError as error:
            return error_response_json("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'", 400)
        name = data.get("name")
        if name is not None and not _NAME.fullmatch(name):
            return error_response_json("InvalidName", f"Invalid Name: '{name}'", 400)
        machine_arn = sf._resolve_state_machine_arn(data.get("stateMachineArn", "").split("#")[0])
        if machine_arn and any(tag.get("key") == THROTTLE_TAG for tag in sf._tags.get(machine_arn, [])):
            return error_response_json("ThrottlingException", "Rate exceeded", 400)
        existing = _execution_of(machine_arn, name) if machine_arn and name else None
        if existing and existing["status"] == "RUNNING" and existing["input"] == text:
            return json_response({"executionArn": existing["executionArn"], "startDate": existing["startDate"]})
        return original(data)

    return start


_NAME = re.compile(r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}")


def _execution_of(machine_arn, name):
    machine = sf._state_machines[machine_arn]
    if machine["type"] != "STANDARD":
        return None
    return sf._executions.get(machine_arn.replace(":stateMachine:", ":execution:") + f":{name}")


def _stop(original):
    def stop(data):
        answer = original(data)
        if answer[0] == 200:
            end_run(data["executionArn"])
        return answer

    return stop


def _fail(original):
    """ABORTED and TIMED_OUT are final, and a run that has ended says nothing about the one that followed it."""

    def fail(execution, error, cause):
        run = current_run()
        if execution["status"] != "RUNNING" or (run and run._ended):
            return
        original(execution, error, cause)
        execution["output"] = None  # A failed execution has no output.

    return fail


def _add_event_of_a_live_run(original):
    def add(execution, event_type, details=None):
        run = current_run()
        if run and run._ended and run.execution is execution:
            raise RunEnded
        return original(execution, event_type, details)

    return add
