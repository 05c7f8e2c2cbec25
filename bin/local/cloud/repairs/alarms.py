"""Alarms watch the one metric that they name, period by period, and know what to make of a period without data.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html (each combination of dimensions
     is a metric of its own)
     https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html (M out of N)
     https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
Stock MiniStack mixes all metrics of one name, takes all periods for one, and leaves an alarm as it is when nothing more is
heard: one failure of one class raises the alarms of all classes, for good.
The periods end now instead of at the full minute, so that an alarm is raised within a tick, and never by data that AWS
would not see as well.
"""
import time

from ministack.services import cloudwatch
from patching import TargetNotFound, replace

REPAIR = "alarms"

OPERATORS = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def apply():
    for name in ("_metrics", "_dims_key", "_dims_from_list", "_calc_stats", "_stat_value", "_record_history",
                 "_dispatch_alarm_actions", "_evaluate_parent_alarms"):
        if not hasattr(cloudwatch, name):
            raise TargetNotFound(REPAIR, f"cloudwatch.{name} is gone")
    replace(cloudwatch, "_evaluate_alarm", _evaluate_alarm, REPAIR, fingerprint="a0b0acd3d432")


def _evaluate_alarm(alarm):
    if not alarm.get("Namespace") or not alarm.get("MetricName"):
        return
    periods = [_is_breaching(alarm, values) for values in _periods(alarm, time.time())]
    state = _state_of(alarm, periods)
    old = alarm["StateValue"]
    if state is None or state == old:
        return
    reason = f"Threshold Crossed: {sum(one is True for one in periods)} of {len(periods)} periods breach {alarm.get('Threshold')}"
    alarm["StateValue"] = state
    alarm["StateReason"] = reason
    alarm["StateUpdatedTimestamp"] = int(time.time())
    cloudwatch._record_history(alarm["AlarmName"], old, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, old, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _periods(alarm, now):
    """The points of each evaluated period, the newest first."""
    dimensions = alarm.get("Dimensions") or []
    key = cloudwatch._dims_key(cloudwatch._dims_from_list(dimensions) if isinstance(dimensions, list) else dimensions)
    seconds, count = alarm.get("Period", 60), alarm.get("EvaluationPeriods", 1)
    periods = [[] for _ in range(count)]
    for point in list(cloudwatch._metrics.get((alarm["Namespace"], alarm["MetricName"], key)) or []):
        index = int(max(0, now - point["Timestamp"]) // seconds)
        if index < count:
            periods[index].append(point)
    return periods


def _is_breaching(alarm, points):
    """None when there is nothing to judge."""
    if not points:
        return None
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    value = cloudwatch._stat_value(cloudwatch._calc_stats(points), statistic, points)
    return None if value is None else OPERATORS[alarm["ComparisonOperator"]](value, alarm.get("Threshold", 0))


def _state_of(alarm, periods):
    """None leaves the state as it is."""
    missing = alarm.get("TreatMissingData") or "missing"
    if missing in ("breaching", "notBreaching"):
        judged = [missing == "breaching" if one is None else one for one in periods]
    else:
        judged = [one for one in periods if one is not None]
        if not judged:
            return None if missing == "ignore" else "INSUFFICIENT_DATA"
    needed = alarm.get("DatapointsToAlarm") or len(periods)
    # Where data are missing and count for nothing, fewer periods are enough.
    return "ALARM" if sum(judged) >= min(needed, len(judged)) else "OK"
