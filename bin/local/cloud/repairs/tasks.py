"""Task states: Retry to the letter, time-outs and heartbeats, and waits for a task token as on AWS.

AWS: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (Retry: IntervalSeconds,
     BackoffRate, MaxDelaySeconds, JitterStrategy; States.ALL never matches States.Runtime and States.DataLimitExceeded)
     https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token (callbacks; every
     scheduling of the task has a token of its own; HeartbeatSeconds)
     https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html (InvalidToken; TaskTimedOut:
     "has either expired or the task associated with the token has already been closed")
     https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html (an Assign sees the values from before)
     https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html (EventBridge.FailedEntry)
Stock MiniStack swallows the error of a Lambda that was called with a token, keeps one token for all retries, leaves a
stopped execution's token answerable, and lets a second answer replace the first.
"""
import base64
import json
import os
import random
import threading
import time

from ministack.core.responses import error_response_json, json_response
from ministack.services import eventbridge
from ministack.services import stepfunctions as sf
from patching import replace, rewrite
from repairs.expressions import result_that_is_there
from run import MAX_PAYLOAD_BYTES, current_run, encode, encode_within_limit

REPAIR = "tasks"

DEFAULT_TIMEOUT_SECONDS = 99_999_999
TOKEN_PREFIX = "AQCkAAAAKgAAAAMAAAAA"


def apply():
    if os.environ.get("SFN_MOCK_CONFIG"):
        raise SystemExit("local cloud: SFN_MOCK_CONFIG is not supported by the repaired Task states")
    replace(sf, "_execute_task", execute_task, REPAIR, fingerprint="53c818d247db")
    replace(sf, "_error_matches", error_matches, REPAIR, fingerprint="519b9dc729c5")
    replace(sf, "_send_task_success", send_task_success, REPAIR, fingerprint="12eff48bce57")
    replace(sf, "_send_task_failure", send_task_failure, REPAIR, fingerprint="c2a489b4ed33")
    replace(sf, "_send_task_heartbeat", send_task_heartbeat, REPAIR, fingerprint="56879a4655d1")
    replace(sf, "_invoke_events_put_events", put_events, REPAIR, fingerprint="92d6ffabce62")
    sf._SERVICE_DISPATCH["arn:aws:states:::events:putEvents"] = put_events
    # The callback's own wait happens in execute_task: this only sends the request that carries the token.
    rewrite(
        sf, "_invoke_with_callback", REPAIR,
        (
            "        try:\n            _call_lambda(func_ref, lambda_payload)\n        except _ExecutionError:\n            pass\n",
            "        _call_lambda(func_ref, lambda_payload)\n",
        ),
        ("    _task_tokens[token] = {\n", "    _unused = {\n"),
        ('    timeout = state_def.get("TimeoutSeconds", 99999)\n', "    return None\n"),
    )
    rewrite(
        sf, "_with_retry_and_catch", REPAIR,
        (
            '_scaled_sleep(min(interval * (retrier.get("BackoffRate", 2.0) ** count), 60))',
            "_scaled_sleep(_retry_delay_seconds(retrier, count))",
        ),
        _retry_delay_seconds=retry_delay_seconds,
    )
    rewrite(
        sf, "_apply_state_assign", REPAIR,
        ('    variables = ctx.setdefault("variables", {})\n', "    variables = {}\n"),
        (
            "            result=result, error_output=error_output,\n        )\n",
            '            result=result, error_output=error_output,\n        )\n    ctx.setdefault("variables", {}).update(variables)\n',
        ),
    )


def execute_task(state, raw_input, execution, ctx):
    retriers, catchers = state.get("Retry", []), state.get("Catch", [])
    counts = {}
    while True:
        ctx["State"]["RetryCount"] = sum(counts.values())
        try:
            return _attempt(state, raw_input, execution, ctx)
        except sf._ExecutionError as error:
            failure = error
        current_run().check()
        _add_failure_event(execution, state, failure)
        retrier, index = sf._find_matching_retrier(retriers, failure.error, counts)
        if retrier is None:
            break
        sf._scaled_sleep(retry_delay_seconds(retrier, counts.get(index, 0)))
        counts[index] = counts.get(index, 0) + 1
    catcher = sf._find_matching_catcher(catchers, failure.error)
    if catcher is None:
        raise failure
    error_output = {"Error": failure.error, "Cause": failure.cause}
    output = sf._apply_catcher(catcher, raw_input, ctx, sf._state_query_language(state, ctx), error_output)
    return output, catcher["Next"]


def _attempt(state, raw_input, execution, ctx):
    resource = state.get("Resource", "")
    in_jsonata = sf._state_query_language(state, ctx) == "JSONata"
    waits = ".waitForTaskToken" in resource
    token = _Token() if waits else None
    ctx.pop("Task", None)
    if token:
        ctx["Task"] = {"Token": token.text}
    if in_jsonata:
        arguments = sf._apply_jsonata_arguments(state, raw_input, ctx)
    else:
        arguments = sf._apply_parameters(state, sf._apply_input_path(state, raw_input, ctx), ctx)
    text = encode_within_limit(arguments, "The state/task supplied an input")
    timeout = _seconds(state, "TimeoutSeconds", raw_input, ctx)
    details = {"resourceType": "lambda" if "lambda" in resource else "states", "resource": resource, "parameters": text}
    sf._add_event(execution, "TaskScheduled", {"taskScheduledEventDetails": details})
    if token:
        heartbeat = _seconds(state, "HeartbeatSeconds", raw_input, ctx)
        result = token.wait_for_answer(resource, arguments, state, timeout, heartbeat)
    else:
        result = _call(resource, arguments, timeout)
    current_run().check()
    text = encode_within_limit(result, f"The state/task '{ctx['State']['Name']}' returned a result")
    sf._add_event(execution, "TaskSucceeded", {"taskSucceededEventDetails": {"output": text, "resource": resource}})
    if in_jsonata:
        output = sf._apply_jsonata_output(state, raw_input, ctx, result=result_that_is_there(result), default=result)
        sf._apply_state_assign(state, raw_input, ctx, result=result_that_is_there(result))
    else:
        output = sf._apply_result_path(state, raw_input, sf._apply_result_selector(state, result))
        output = sf._apply_output_path(state, output, ctx)
    return output, sf._next_or_end(state)


def _call(resource, arguments, timeout):
    # An activity's time starts when a worker takes it, which MiniStack counts by itself.
    if timeout is None or ":activity:" in resource:
        return sf._invoke_resource(resource, arguments)
    answer = current_run().within(timeout, sf._invoke_resource, resource, arguments)
    if answer is None:
        raise sf._ExecutionError("States.Timeout", "")  # AWS tells no cause.
    return answer[0]


def _seconds(state, field, raw_input, ctx):
    if field in state and isinstance(state[field], str):
        return sf._jsonata_state_field(state, field, "number", raw_input, ctx)
    return state.get(field)


def _add_failure_event(execution, state, failure):
    kind = "TaskTimedOut" if failure.error in ("States.Timeout", "States.HeartbeatTimeout") else "TaskFailed"
    details = {"error": failure.error, "cause": failure.cause, "resource": state.get("Resource", "")}
    sf._add_event(execution, kind, {f"{kind[0].lower()}{kind[1:]}EventDetails": details})


def retry_delay_seconds(retrier, count):
    delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** count
    delay = min(delay, retrier.get("MaxDelaySeconds", delay))
    return random.uniform(0, delay) if retrier.get("JitterStrategy") == "FULL" else delay


def error_matches(names, error):
    if error == "States.Runtime":  # It always ends the execution.
        return False
    if error in names:
        return True
    # A missed heartbeat is a kind of time-out.
    if error == "States.HeartbeatTimeout" and "States.Timeout" in names:
        return True
    if error == "States.DataLimitExceeded":
        return False
    return "States.ALL" in names or ("States.TaskFailed" in names and error != "States.Timeout")


class _Token:
    """One scheduling of one task. It is answered once; after that, or when its wait is over, it is closed."""

    def __init__(self):
        self.text = TOKEN_PREFIX + base64.b64encode(os.urandom(450)).decode()
        self._changed = threading.Condition()
        self._answer = None
        self._closed = False
        self._beat_at = time.monotonic()

    def answer(self, answer):
        """False when it is closed: expired, stopped or answered before."""
        with self._changed:
            if self._closed or self._answer is not None:
                return False
            self._answer = answer
            self._changed.notify_all()
            return True

    def beat(self):
        with self._changed:
            if self._closed or self._answer is not None:
                return False
            self._beat_at = time.monotonic()
            return True

    def close(self):
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        sf._task_tokens.pop(self.text, None)

    def wait_for_answer(self, resource, arguments, state, timeout, heartbeat):
        started_at = time.monotonic()
        sf._task_tokens[self.text] = self
        try:
            with current_run().when_ended(self.close):
                self._send(resource, arguments, state, timeout)
                self._wait(started_at + (timeout or DEFAULT_TIMEOUT_SECONDS), heartbeat)
                current_run().check()
        finally:
            self.close()
        kind, value = self._answer
        if kind == "failure":
            raise sf._ExecutionError(*value)
        return value

    def _send(self, resource, arguments, state, timeout):
        send = sf._invoke_with_callback
        try:
            if timeout is None:
                send(resource, arguments, self.text, state)
            else:
                # When it takes longer than the task may, _wait finds the time used up.
                current_run().within(timeout, send, resource, arguments, self.text, state)
        except sf._ExecutionError:
            if self._answer is None:  # Whoever comes first decides: an answer, or the failure of what carried the token.
                raise

    def _wait(self, ends_at, heartbeat):
        with self._changed:
            while self._answer is None and not self._closed:
                now = time.monotonic()
                silent_at = self._beat_at + heartbeat if heartbeat else ends_at
                if now >= ends_at:
                    raise sf._ExecutionError("States.Timeout", "")
                if now >= silent_at:
                    raise sf._ExecutionError("States.HeartbeatTimeout", "Task sent no heartbeat in time")
                self._changed.wait(min(ends_at, silent_at, now + 86_400) - now)


def send_task_success(data):
    text = data.get("output", "{}")
    if len(text.encode()) > MAX_PAYLOAD_BYTES:
        return error_response_json(
            "ValidationException", f"Member 'output' must have length less than or equal to {MAX_PAYLOAD_BYTES}", 400
        )
    try:
        value = json.loads(text)
    except ValueError:
        return error_response_json("InvalidOutput", "Invalid Output: the output is not valid JSON", 400)
    return _answer(data, ("success", value), lambda activity: activity.update(result=text))


def send_task_failure(data):
    error, cause = data.get("error", "TaskFailed"), data.get("cause", "")
    return _answer(data, ("failure", (error, cause)), lambda activity: activity.update(error={"Error": error, "Cause": cause}))


def _answer(data, answer, answer_activity):
    token = sf._task_tokens.get(data.get("taskToken"))
    if isinstance(token, dict):  # An activity's: MiniStack's own.
        answer_activity(token)
        token["event"].set()
        return json_response({})
    if token is not None and token.answer(answer):
        return json_response({})
    return _refusal(data.get("taskToken"))


def send_task_heartbeat(data):
    token = sf._task_tokens.get(data.get("taskToken"))
    if isinstance(token, dict):
        token["heartbeat"] = sf.now_iso()
        return json_response({})
    if token is not None and token.beat():
        return json_response({})
    return _refusal(data.get("taskToken"))


def _refusal(token):
    if isinstance(token, str) and token.startswith(TOKEN_PREFIX):
        return error_response_json("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'", 400)
    return error_response_json("InvalidToken", "Invalid Token: 'Invalid token'", 400)


def put_events(resource, arguments):
    run = current_run()
    arns = [run.execution["executionArn"], run.execution["stateMachineArn"]]
    entries = [
        {
            **entry,
            "Detail": entry["Detail"] if isinstance(entry.get("Detail"), str) else encode(entry.get("Detail", {})),
            "Resources": [*(entry.get("Resources") or []), *arns],
        }
        for entry in arguments.get("Entries", [])
    ]
    status, _, body = eventbridge._put_events({**arguments, "Entries": entries})
    result = json.loads(body) if body else {}
    if status >= 400:
        raise sf._ExecutionError(f"EventBridge.{result.get('__type', 'EventBridgeException')}", result.get("message", ""))
    if result.get("FailedEntryCount"):
        raise sf._ExecutionError("EventBridge.FailedEntry", encode(result))
    return result
