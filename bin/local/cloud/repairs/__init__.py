"""The repairs, in the order in which they are applied. Each module is one topic and names the AWS pages it follows."""
import importlib

TOPICS = [
    "lambda_errors",
    "lambda_workers",
    "executions",
    "tasks",
    "expressions",
    "redrive",
    "rule_targets",
    "metrics",
    "alarms",
    "speed",  # After the Lambda topics: it marks where their reports end.
    "queues",  # After metrics: both change the dead-letter sweep.
]


def apply_repairs():
    for topic in TOPICS:
        importlib.import_module(f"repairs.{topic}").apply()
