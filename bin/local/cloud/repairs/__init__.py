"""The repairs, in the order in which they are applied. Each module is one topic and names the AWS pages it follows."""
import importlib

TOPICS = [
    "lambda_errors",
    "lambda_workers",
    "executions",
    "metrics",
]


def apply_repairs():
    for topic in TOPICS:
        importlib.import_module(f"repairs.{topic}").apply()
