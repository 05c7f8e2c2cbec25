"""RedriveExecution: an unsuccessful Standard execution goes on at the state where it ended, with that state's input.

AWS: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html (eligibility: not succeeded, 14 days, one
     year, fewer than 24,999 events; same definition, input and ARN; retries and the machine's time-out start anew)
     https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html (clientToken: the last ten,
     15 minutes; ExecutionNotRedrivable)
     https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html (redriveCount, redriveDate,
     redriveStatus, redriveStatusReason)
     https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html (status change events)
Only the state itself is resumed: a Parallel or Map state's branches are not, and are refused.
"""
import contextvars
import json
import threading
import time
from datetime import datetime, timezone

from ministack.core.responses import error_response_json, json_response
from ministack.services import stepfunctions as sf
from patching import rewrite, wrap

REPAIR = "redrive"

REDRIVABLE = ("FAILED", "ABORTED", "TIMED_OUT")
PERIOD_SECONDS = 14 * 86_400
OPEN_SECONDS = 365 * 86_400
MAX_EVENTS = 24_999
TOKEN_SECONDS = 15 * 60

_redriving = threading.Lock()


def apply():
    rewrite(
        sf, "handle_request", REPAIR,
        ('        "StopExecution": _stop_execution,\n', '        "StopExecution": _stop_execution,\n        "RedriveExecution": _redrive_execution,\n'),
        _redrive_execution=redrive_execution,
    )
    wrap(sf, "_describe_execution", _describe, REPAIR)
    wrap(sf, "_list_executions", _list, REPAIR)
    rewrite(
        sf, "_emit_execution_status_event", REPAIR,
        ("    redrivable = failed  # TIMED_OUT is never set locally; FAILED is the one\n", "    redrivable = not _redrive_refusal(execution)\n"),
        ('"redriveCount": 0,', '"redriveCount": execution.get("redriveCount", 0),'),
        ('"redriveDate": None,', '"redriveDate": _iso_to_epoch_ms(execution.get("redriveDate")),'),
        ('f"Execution is {status} and is redrivable" if redrivable', "None if redrivable"),
        ('else f"Execution is {status} and cannot be redriven"', "else _redrive_refusal(execution)"),
        _redrive_refusal=refusal,
    )


def redrive_execution(data):
    arn = data.get("executionArn") or ""
    execution = sf._executions.get(arn)
    if not execution:
        return error_response_json("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'", 400)
    with _redriving:
        tokens = _recent_tokens(execution)
        token = data.get("clientToken")
        if token and token in tokens:
            return json_response({"redriveDate": tokens[token]["redriveDate"]})
        reason = refusal(execution)
        if reason:
            return error_response_json("ExecutionNotRedrivable", f"Execution Not Redrivable: '{reason}'", 400)
        resume = execution.get("resume")
        if not resume:
            return error_response_json("ExecutionNotRedrivable", "The local cloud does not know at which state it ended", 400)
        if resume["type"] in ("Parallel", "Map"):
            message = f"The local cloud redrives no {resume['type']} state: AWS would rerun its failed branches only"
            return error_response_json("ExecutionNotRedrivable", message, 400)
        date = sf.now_iso()
        count = execution.get("redriveCount", 0) + 1
        execution.update(
            status="RUNNING", redriveCount=count, redriveDate=date, stopDate=None, error=None, cause=None, output=None
        )
        if token:
            tokens[token] = {"redriveDate": date, "usedAt": time.time()}
            execution["redriveTokens"] = dict(list(tokens.items())[-10:])
    sf._add_event(execution, "ExecutionRedriven", {"executionRedrivenEventDetails": {"redriveCount": count}})
    sf._emit_execution_status_event(execution)
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(sf._run_execution, arn, resume), daemon=True).start()
    return json_response({"redriveDate": date})


def refusal(execution):
    """Why it cannot be redriven, in AWS's words; None when it can."""
    if execution.get("sync") or _type_of(execution) == "EXPRESS":
        return "Execution is of an EXPRESS state machine and cannot be redriven"
    status = execution["status"]
    if status not in REDRIVABLE:
        return f"Execution is {status} and cannot be redriven"
    if len(execution["events"]) >= MAX_EVENTS:
        return "Execution history event limit exceeded"
    if _age_seconds(execution["startDate"]) > OPEN_SECONDS:
        return "Execution has exceeded the max execution time"
    if _age_seconds(execution["stopDate"]) > PERIOD_SECONDS:
        return "Execution redrivable period exceeded"
    return None


def _type_of(execution):
    return (sf._state_machines.get(execution["stateMachineArn"]) or {}).get("type", "STANDARD")


def _age_seconds(iso):
    return (datetime.now(timezone.utc) - datetime.fromisoformat(iso.replace("Z", "+00:00"))).total_seconds() if iso else 0


def _recent_tokens(execution):
    tokens = execution.get("redriveTokens", {})
    return {token: use for token, use in tokens.items() if time.time() - use["usedAt"] < TOKEN_SECONDS}


def _describe(original):
    def describe(data):
        answer = original(data)
        execution = sf._executions.get(data.get("executionArn"))
        if answer[0] != 200 or not execution:
            return answer
        reason = refusal(execution)
        result = json.loads(answer[2])
        result.update(redriveCount=execution.get("redriveCount", 0), redriveStatus="NOT_REDRIVABLE" if reason else "REDRIVABLE")
        if reason:
            result["redriveStatusReason"] = reason
        if execution.get("redriveDate"):
            result["redriveDate"] = execution["redriveDate"]
        if result.get("output") is None:
            del result["outputDetails"]
        return json_response({name: value for name, value in result.items() if value is not None})

    return describe


def _list(original):
    def list_executions(data):
        answer = original(data)
        if answer[0] != 200:
            return answer
        result = json.loads(answer[2])
        for item in result["executions"]:
            execution = sf._executions.get(item["executionArn"]) or {}
            item["redriveCount"] = execution.get("redriveCount", 0)
            if execution.get("redriveDate"):
                item["redriveDate"] = execution["redriveDate"]
        redriven = {"REDRIVEN": True, "NOT_REDRIVEN": False}.get(data.get("redriveFilter"))
        if redriven is not None:
            result["executions"] = [item for item in result["executions"] if (item["redriveCount"] > 0) == redriven]
        return json_response(result)

    return list_executions
