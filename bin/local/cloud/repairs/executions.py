"""A machine's TimeoutSeconds ends its execution, and a final status stays final.

AWS: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html (TimeoutSeconds)
     https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html (TIMED_OUT, ABORTED)
"""
import contextvars
import json
import threading

from ministack.services import stepfunctions
from patching import wrap

REPAIR = "executions"


def apply():
    wrap(stepfunctions, "_run_execution", _with_machine_timeout, REPAIR)
    wrap(stepfunctions, "_fail_execution", _only_while_running, REPAIR)


def _with_machine_timeout(original):
    def run(execution_arn):
        execution = stepfunctions._executions.get(execution_arn)
        machine = stepfunctions._state_machines.get(execution["stateMachineArn"]) if execution else None
        seconds = float(json.loads(machine["definition"]).get("TimeoutSeconds") or 0) if machine else 0
        if not seconds:
            return original(execution_arn)
        context = contextvars.copy_context()
        timer = threading.Timer(seconds * (stepfunctions._SFN_WAIT_SCALE or 1), lambda: context.run(_expire, execution))
        timer.daemon = True
        timer.start()
        try:
            return original(execution_arn)
        finally:
            timer.cancel()

    return run


def _expire(execution):
    if execution["status"] != "RUNNING":
        return
    execution["status"], execution["stopDate"] = "TIMED_OUT", stepfunctions.now_iso()
    stepfunctions._add_event(execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {"error": "States.Timeout"}})
    stepfunctions._emit_execution_status_event(execution)


def _only_while_running(original):
    def fail(execution, error, cause):
        if execution["status"] == "RUNNING":
            original(execution, error, cause)

    return fail
