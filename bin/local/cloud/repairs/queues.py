"""Queues: no message is lost between threads, and message move tasks.

AWS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html (only from a queue
     that is the dead-letter queue of another SQS queue; back to where each came from, or to one destination)
     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html
     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CancelMessageMoveTask.html
Stock MiniStack appends to a queue's list from many threads while others replace the list: a message can vanish.
"""
import contextvars
import functools
import inspect
import json
import threading
import time

from ministack.core.responses import new_uuid
from ministack.services import eventbridge, lambda_svc, sns, sqs
from patching import TargetNotFound, wrap

REPAIR = "queues"

CHANGES_A_QUEUE = (
    "_act_send_message", "_act_send_message_batch", "_act_delete_message", "_act_delete_message_batch",
    "_act_change_visibility", "_act_change_visibility_batch", "_act_purge_queue", "_collect_msgs", "_dlq_sweep", "_expire_retained",
)

# By the ARN of the source queue, newest last.
_tasks = {}


def apply():
    if not hasattr(sqs, "_queues_lock") or not hasattr(sqs, "_HANDLERS"):
        raise TargetNotFound(REPAIR, "sqs._queues_lock or sqs._HANDLERS is gone")
    lock = sqs._queues_lock = threading.RLock()
    handlers = {function: action for action, function in sqs._HANDLERS.items()}
    for name in CHANGES_A_QUEUE:
        original = getattr(sqs, name, None)
        wrap(sqs, name, _locked(lock), REPAIR)
        if original in handlers:
            sqs._HANDLERS[handlers[original]] = getattr(sqs, name)
    wrap(eventbridge, "_dispatch_to_sqs", _locked(lock), REPAIR)
    wrap(lambda_svc, "_route_async_failure", _locked(lock), REPAIR)
    wrap(sns, "_deliver_to_sqs", _locked(lock), REPAIR)
    sqs._HANDLERS["StartMessageMoveTask"] = start_message_move_task
    sqs._HANDLERS["ListMessageMoveTasks"] = list_message_move_tasks
    sqs._HANDLERS["CancelMessageMoveTask"] = cancel_message_move_task


def _locked(lock):
    def wrapper(original):
        if inspect.iscoroutinefunction(original):
            raise TargetNotFound(REPAIR, f"{original.__name__} has become asynchronous")

        @functools.wraps(original)
        def locked(*args, **kwargs):
            with lock:
                return original(*args, **kwargs)

        return locked

    return wrapper


def start_message_move_task(data, _url):
    source_arn, destination_arn = data.get("SourceArn", ""), data.get("DestinationArn")
    source = _queue(source_arn, "source")
    if destination_arn:
        _queue(destination_arn, "destination")
    if not _is_dead_letter_queue(source_arn):
        raise sqs._Err("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
    rate = data.get("MaxNumberOfMessagesPerSecond")
    if rate is not None and not 1 <= int(rate) <= 500:
        raise sqs._Err("InvalidParameterValue", "MaxNumberOfMessagesPerSecond must be between 1 and 500.")
    tasks = _tasks.setdefault(source_arn, [])
    if any(task["Status"] in ("RUNNING", "CANCELLING") for task in tasks):
        raise sqs._Err("UnsupportedOperation", "There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
    task = {
        "TaskHandle": new_uuid(),
        "Status": "RUNNING",
        "SourceArn": source_arn,
        **({"DestinationArn": destination_arn} if destination_arn else {}),
        **({"MaxNumberOfMessagesPerSecond": int(rate)} if rate else {}),
        "ApproximateNumberOfMessagesMoved": 0,
        "ApproximateNumberOfMessagesToMove": sum(1 for message in source["messages"] if message["visible_at"] <= time.time()),
        "StartedTimestamp": int(time.time() * 1000),
    }
    tasks.append(task)
    threading.Thread(target=contextvars.copy_context().run, args=(_move, task, source), daemon=True).start()
    return {"TaskHandle": task["TaskHandle"]}


def list_message_move_tasks(data, _url):
    source_arn = data.get("SourceArn", "")
    _queue(source_arn, "source")
    newest = list(reversed(_tasks.get(source_arn, [])))[: int(data.get("MaxResults", 1))]
    return {"Results": [_as_shown(task) for task in newest]}


def cancel_message_move_task(data, _url):
    for task in (task for tasks in _tasks.values() for task in tasks):
        if task["TaskHandle"] == data.get("TaskHandle"):
            if task["Status"] != "RUNNING":
                raise sqs._Err("UnsupportedOperation", f"A task that is {task['Status']} cannot be cancelled.")
            task["Status"] = "CANCELLING"
            return {"ApproximateNumberOfMessagesMoved": task["ApproximateNumberOfMessagesMoved"]}
    raise sqs._Err("ResourceNotFoundException", "The task handle does not exist.", 404)


def _as_shown(task):
    # The handle is there only while the task can be cancelled.
    return {name: value for name, value in task.items() if name != "TaskHandle" or task["Status"] == "RUNNING"}


def _queue(arn, which):
    queue = sqs._queue_by_arn(arn)
    if queue is None:
        raise sqs._Err("ResourceNotFoundException", f"The {which} queue does not exist: {arn}", 404)
    return queue


def _is_dead_letter_queue(arn):
    for queue in sqs._queues.values():
        policy = queue["attributes"].get("RedrivePolicy")
        if policy and json.loads(policy).get("deadLetterTargetArn") == arn:
            return True
    return False


def _move(task, source):
    pause = 1 / task["MaxNumberOfMessagesPerSecond"] if "MaxNumberOfMessagesPerSecond" in task else 0
    try:
        while task["Status"] == "RUNNING" and _move_one(task, source):
            time.sleep(pause)
        task["Status"] = "CANCELLED" if task["Status"] == "CANCELLING" else "COMPLETED"
    except sqs._Err as error:
        task.update(Status="FAILED", FailureReason=error.message)


def _move_one(task, source):
    with sqs._queues_lock:
        now, started = time.time(), task["StartedTimestamp"] / 1000
        # What arrives after the start is not moved, or a message that fails again would go round for ever.
        message = next((m for m in source["messages"] if m["visible_at"] <= now and m.get("sent_at", 0) <= started), None)
        if message is None or task["ApproximateNumberOfMessagesMoved"] >= task["ApproximateNumberOfMessagesToMove"]:
            return False
        destination_arn = task.get("DestinationArn") or message.get("sys", {}).get("DeadLetterQueueSourceArn")
        if not destination_arn:
            raise sqs._Err("CouldNotDetermineMessageSource", "CouldNotDetermineMessageSource")
        destination = _queue(destination_arn, "destination")
        system = {name: value for name, value in message.get("sys", {}).items() if name != "DeadLetterQueueSourceArn"}
        system["SentTimestamp"] = str(int(now * 1000))
        source["messages"].remove(message)
        # A moved message is a new one: new id, new time, not yet received.
        destination["messages"].append(
            {**message, "id": new_uuid(), "sys": system, "sent_at": now, "visible_at": now, "receive_count": 0,
             "first_receive_at": None, "receipt_handle": None}
        )
        task["ApproximateNumberOfMessagesMoved"] += 1
    sqs.esm_wake.set()
    return True
