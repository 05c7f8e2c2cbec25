"""Rule targets: retries, dead-letter queues, and Lambda's asynchronous invocation.

AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html (attributes RULE_ARN, TARGET_ARN,
     ERROR_CODE, ERROR_MESSAGE, EXHAUSTED_RETRY_CONDITION, RETRY_ATTEMPTS; a missing target goes there without a retry)
     https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html (24 hours and 185 attempts)
     https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html (FailedInvocations, InvocationsSentToDlq)
     https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html (a function's own errors are
     retried by Lambda, twice, and never reach the rule's dead-letter queue)
     https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html (MalformedDetail)
Stock MiniStack logs a warning and drops the event. It also writes events with a space after each separator and with escapes,
so that a large one outgrows the limits of its target.
"""
import contextvars
import json
import os
import random
import threading
import time

from ministack.services import cloudwatch, eventbridge, lambda_svc, sqs
from patching import TargetNotFound, rewrite, wrap
from run import encode

REPAIR = "rule_targets"

RETRYABLE = ("THROTTLING", "UNKNOWN")
START_ERRORS = {
    "ThrottlingException": "THROTTLING",
    "ExecutionLimitExceeded": "THROTTLING",
    "StateMachineDoesNotExist": "NO_RESOURCE",
    "StateMachineDeleting": "NO_RESOURCE",
    "ValidationException": "INVALID_PARAMETER",
    "InvalidExecutionInput": "INVALID_JSON",
}


class DeliveryFailed(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message


def apply():
    rewrite(
        eventbridge, "_invoke_target", REPAIR,
        ("    event_payload = json.dumps(view.event_with_detail())\n", "    event_payload = _encode(view.event_with_detail())\n"),
        ("    except Exception as e:\n        logger.error(", "    except Exception as e:\n        if isinstance(e, _DeliveryFailed):\n            raise\n        logger.error("),
        _DeliveryFailed=DeliveryFailed,
        _encode=encode,
    )
    rewrite(
        eventbridge, "_dispatch_to_lambda", REPAIR,
        _missing('logger.warning("EventBridge → Lambda: function %s not found", func_name)', "func_name"),
        (
            "    threading.Thread(\n        target=lambda_svc._execute_function_with_config_scope, args=(exec_record, event), daemon=True\n    ).start()\n",
            "    lambda_svc.invoke_async_with_retry(exec_record, event)\n",
        ),
    )
    rewrite(
        eventbridge, "_dispatch_to_sqs", REPAIR,
        _missing('logger.warning("EventBridge → SQS: queue %s not found", queue_name)', "queue_name"),
    )
    rewrite(
        eventbridge, "_dispatch_to_sns", REPAIR,
        _missing('logger.warning("EventBridge → SNS: topic %s not found", arn)', "arn", indent=8),
    )
    rewrite(
        eventbridge, "_dispatch_to_stepfunctions", REPAIR,
        _missing('logger.warning("EventBridge → Step Functions: state machine %s not found", arn)', "arn"),
        ("    _sfn._start_execution({", "    answer = _sfn._start_execution({"),
        ('        "input": payload,\n    })\n', '        "input": payload,\n    })\n    _require_started(answer)\n'),
        _require_started=_require_started,
    )
    rewrite(
        eventbridge, "_put_events", REPAIR,
        ("        # AWS Time is a timestamp shape;", "        if _malformed(entry, results):\n            failed += 1\n            continue\n        # AWS Time is a timestamp shape;"),
        _malformed=_malformed,
    )
    if not hasattr(lambda_svc, "invoke_async_with_retry"):
        raise TargetNotFound(REPAIR, "lambda_svc.invoke_async_with_retry is gone")
    wrap(eventbridge, "_invoke_target", _with_dead_letters, REPAIR)


def _missing(warning, name, indent=8):
    spaces = " " * indent
    return (
        f"{spaces}{warning}\n{spaces}return\n",
        f'{spaces}raise _DeliveryFailed("NO_RESOURCE", f"The target does not exist: {{{name}}}")\n',
    )


def _require_started(answer):
    status, _, body = answer
    if status == 200:
        return
    error = json.loads(body)
    name = error.get("__type", "").rsplit("#", 1)[-1]
    raise DeliveryFailed(START_ERRORS.get(name, "UNKNOWN"), f"{name}: {error.get('message', '')}")


def _malformed(entry, results):
    """Detail has to be a JSON object."""
    try:
        if isinstance(json.loads(entry.get("Detail") or "{}"), dict):
            return False
    except (TypeError, ValueError):
        pass
    results.append({"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."})
    return True


def _with_dead_letters(original):
    def invoke(target, event, rule, view=None):
        try:
            original(target, event, rule, view)
            return
        except DeliveryFailed as error:
            failure = error
        if failure.code not in RETRYABLE:
            return _dead_letter(target, event, rule, view, failure, attempts=0)
        context = contextvars.copy_context()
        arguments = (original, target, event, rule, view, failure)
        threading.Thread(target=context.run, args=(_retry, *arguments), daemon=True).start()

    return invoke


def _retry(original, target, event, rule, view, failure):
    """Exponential back-off with jitter, until either limit of the target's RetryPolicy is reached."""
    policy = target.get("RetryPolicy") or {}
    most = int(policy.get("MaximumRetryAttempts", 185))
    give_up_at = time.monotonic() + int(policy.get("MaximumEventAgeInSeconds", 86_400))
    base = float(os.environ.get("POSTONCE_RULE_RETRY_SECONDS", "1"))
    for attempt in range(most):
        delay = random.uniform(0.5, 1) * min(base * 2**attempt, 600)
        if time.monotonic() + delay > give_up_at:
            return _dead_letter(target, event, rule, view, failure, attempt, "MaximumEventAgeInSeconds")
        time.sleep(delay)
        try:
            original(target, event, rule, view)
            return
        except DeliveryFailed as error:
            failure = error
        if failure.code not in RETRYABLE:
            return _dead_letter(target, event, rule, view, failure, attempt + 1)
    _dead_letter(target, event, rule, view, failure, most, "MaximumRetryAttempts")


def _dead_letter(target, event, rule, view, failure, attempts, exhausted=None):
    _count("FailedInvocations", rule)
    queue_arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue_arn:
        eventbridge.logger.warning("EventBridge dropped an event for %s: %s", target.get("Arn"), failure.message)
        return
    queue = sqs._queue_by_arn(queue_arn)
    if queue is None:
        eventbridge.logger.error("EventBridge: there is no dead-letter queue %s", queue_arn)
        return _count("InvocationsFailedToBeSentToDlq", rule)
    attributes = {
        "RULE_ARN": rule.get("Arn") or eventbridge._rule_arn(rule.get("Name"), rule.get("EventBusName", "default")),
        "TARGET_ARN": target.get("Arn", ""),
        "ERROR_CODE": failure.code,
        "ERROR_MESSAGE": failure.message or failure.code,
        "RETRY_ATTEMPTS": str(attempts),
        **({"EXHAUSTED_RETRY_CONDITION": exhausted} if exhausted else {}),
    }
    view = view or eventbridge._pattern_event_view(event)
    message = {
        "QueueUrl": queue["url"],
        "MessageBody": encode(view.event_with_detail()),
        "MessageAttributes": {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
    }
    try:
        sqs._act_send_message(message, queue["url"])
    except sqs._Err as error:
        eventbridge.logger.error("EventBridge could not send to the dead-letter queue %s: %s", queue_arn, error)
        return _count("InvocationsFailedToBeSentToDlq", rule)
    _count("InvocationsSentToDlq", rule)


def _count(name, rule):
    dimensions = {"RuleName": rule.get("Name", "")}
    cloudwatch.record_metric("AWS/Events", name, 1, "Count", dimensions)
    bus = rule.get("EventBusName", "default")
    cloudwatch.record_metric("AWS/Events", name, 1, "Count", {"EventBusName": bus, **dimensions})
