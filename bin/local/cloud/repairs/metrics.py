"""The metrics that AWS publishes by itself, and alarms that are evaluated while nobody publishes.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
     https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html (AWS/States)
     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
     https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""
import json
import os
import sys
import threading
import time

from ministack.services import cloudwatch, lambda_svc, sqs, stepfunctions
from patching import TargetNotFound, rewrite, wrap

REPAIR = "metrics"

EXECUTION_METRICS = {
    "RUNNING": "ExecutionsStarted",
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "ABORTED": "ExecutionsAborted",
    "TIMED_OUT": "ExecutionsTimedOut",
}


def apply():
    for owner, name in ((cloudwatch, "record_metric"), (cloudwatch, "_evaluate_all_alarms"), (sqs, "_queues")):
        if not hasattr(owner, name):
            raise TargetNotFound(REPAIR, f"{owner.__name__}.{name} is gone")
    wrap(lambda_svc, "_emit_lambda_logs", _with_embedded_metrics, REPAIR)
    wrap(stepfunctions, "_emit_execution_status_event", _with_execution_metrics, REPAIR)
    # The age in a dead-letter queue counts from the move.
    rewrite(sqs, "_dlq_sweep", REPAIR, ('moved["visible_at"] = now\n', 'moved["visible_at"] = moved["moved_at"] = now\n'))
    seconds = float(os.environ.get("POSTONCE_ALARM_TICK_SECONDS", "5"))
    threading.Thread(target=_tick, args=(seconds,), name="alarm-tick", daemon=True).start()


def _with_embedded_metrics(original):
    def emit(func, request_id, log_text, *args, **kwargs):
        original(func, request_id, log_text, *args, **kwargs)
        for line in (log_text or "").splitlines():
            if '"CloudWatchMetrics"' in line:
                try:
                    _record_embedded(json.loads(line[line.index("{"):]))
                except (ValueError, KeyError, TypeError) as error:
                    print(f"local cloud: a line of embedded metrics was skipped: {error!r}", file=sys.stderr)

    return emit


def _record_embedded(document):
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for names in directive.get("Dimensions") or [[]]:
            dimensions = {name: str(document[name]) for name in names}
            for metric in directive["Metrics"]:
                values = document[metric["Name"]]
                for value in values if isinstance(values, list) else [values]:
                    cloudwatch.record_metric(directive["Namespace"], metric["Name"], value, metric.get("Unit", "None"), dimensions)


def _with_execution_metrics(original):
    def emit(execution):
        name = EXECUTION_METRICS.get(execution["status"])
        if name and not execution.get("sync"):
            cloudwatch.record_metric("AWS/States", name, 1, "Count", {"StateMachineArn": execution["stateMachineArn"]})
        original(execution)

    return emit


def _tick(seconds):
    while True:
        time.sleep(seconds)
        try:
            _record_queues(time.time())
            cloudwatch._evaluate_all_alarms()
        except Exception as error:  # One bad alarm must not silence all others.
            print(f"local cloud: alarm tick: {error!r}", file=sys.stderr)


_last = {}


def _record_queues(now):
    for queue in list(sqs._queues.all_values()):
        name = queue.get("name") or queue["url"].rsplit("/", 1)[-1]
        messages = list(queue.get("messages", []))
        visible = sum(1 for message in messages if message.get("visible_at", 0) <= now)
        oldest = min((message.get("moved_at") or message.get("sent_at", now) for message in messages), default=now)
        # An empty queue says so once a minute, as on AWS; a day of ticks would fill the memory.
        was_empty, recorded_at = _last.get(name, (False, 0))
        if messages or not was_empty or now - recorded_at >= 60:
            _last[name] = (not messages, now)
            dimensions = {"QueueName": name}
            cloudwatch.record_metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", visible, "Count", dimensions)
            cloudwatch.record_metric("AWS/SQS", "ApproximateAgeOfOldestMessage", now - oldest, "Seconds", dimensions)
