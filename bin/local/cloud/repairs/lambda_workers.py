"""Node workers: the runtime's own binary, a limit on how many run at once, and an end as on AWS.

AWS: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (nodejs24.x runs Node 24)
     https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html (Runtime.ExitError, "Runtime exited
     with error: signal: killed"; time-outs as Sandbox.Timedout, "Task timed out after 3.00 seconds")
     https://docs.aws.amazon.com/lambda/latest/dg/runtimes-context.html (a crash or time-out resets the environment)
Stock MiniStack runs the `node` of its PATH, starts a process for every concurrent call (745 of them for 200 events) and
names a dead process Runtime.HandlerError.
"""
import contextvars
import os
import threading

from ministack.core import lambda_runtime
from ministack.services import lambda_svc
from patching import rewrite, wrap

REPAIR = "lambda_workers"


def apply():
    wrap(lambda_runtime, "_detect_runtime_binary", _with_own_binary, REPAIR)
    wrap(lambda_svc, "_execute_function_dispatch", _with_slots, REPAIR)
    rewrite(
        lambda_runtime.Worker, "invoke", REPAIR,
        # A handled error leaves the worker alive; anything else ends it at once, as a sandbox does.
        ('if response.get("status") == "error":', 'if response.get("status") == "error" and not response.get("handled"):'),
        ("_signal(proc)", "proc.kill()"),
        (
            'result_box.append({"status": "error", "error": "Worker process died"})',
            'result_box.append(_exit_error(self._proc))',
        ),
        ('"error": f"Task timed out after {timeout}.00 seconds"', '"errorType": "Sandbox.Timedout", "error": f"Task timed out after {timeout}.00 seconds"'),
        _exit_error=_exit_error,
    )
    # An environment that cannot start fails its own invocation, with the error's own name, and no other.
    rewrite(
        lambda_runtime.Worker, "_spawn", REPAIR,
        (
            'raise RuntimeError(f"Worker init failed: {response.get(\'error\')}")',
            'raise _InitFailed(response.get("error"), response.get("errorType") or "Runtime.ImportModuleError")',
        ),
        (
            'raise RuntimeError(f"Worker process exited immediately. stderr: {stderr_out}")',
            'raise _InitFailed("Runtime exited during init", "Runtime.ExitError")',
        ),
        _InitFailed=InitFailed,
    )
    rewrite(
        lambda_svc, "_execute_function_warm", REPAIR,
        (
            "invalidate_worker(func_name, qualifier=qualifier, account=get_account_id(), region=get_region())",
            "_discard_worker(worker)",
        ),
        ('"errorType": type(e).__name__', '"errorType": getattr(e, "error_type", "Runtime.Unknown")'),
        _discard_worker=_discard,
    )
    # New code: environments at work finish what they do, and are not used again.
    rewrite(
        lambda_runtime, "invalidate_worker", REPAIR,
        ("    kill_workers(doomed)\n", "    kill_workers([worker for worker in doomed if not worker.in_use])\n"),
    )
    lambda_svc.invalidate_worker = lambda_runtime.invalidate_worker  # It was imported by name.
    wrap(lambda_svc, "release_worker", _ending_the_retired, REPAIR)


class InitFailed(RuntimeError):
    def __init__(self, message, error_type):
        super().__init__(message)
        self.error_type = error_type


def _discard(worker):
    with lambda_runtime._lock:
        for key, workers in list(lambda_runtime._workers.items()):
            if worker in workers:
                workers.remove(worker)
    lambda_runtime.kill_workers([worker])


def _ending_the_retired(original):
    def release(worker):
        original(worker)
        if worker is None:
            return
        with lambda_runtime._lock:
            pooled = any(worker in workers for workers in lambda_runtime._workers.values())
        if not pooled:
            lambda_runtime.kill_workers([worker])

    return release


def _with_own_binary(original):
    def detect(runtime):
        binary, script = original(runtime)
        if runtime.startswith("nodejs"):
            binary = os.environ.get(f"POSTONCE_NODE{runtime[6:8]}") or binary
        return binary, script

    return detect


def _with_slots(original):
    """At most so many handlers run at once, the rest wait. A handler that calls another function does not take a
    second slot, or nested calls would wait for each other."""
    slots = threading.BoundedSemaphore(int(os.environ.get("POSTONCE_LAMBDA_SLOTS", "24")))
    inside = contextvars.ContextVar("postonce_lambda_slot", default=False)

    def dispatch(*args, **kwargs):
        if inside.get() or (lambda_svc._invoke_depth.get() or 0) > 1:
            return original(*args, **kwargs)
        with slots:
            mark = inside.set(True)
            try:
                return original(*args, **kwargs)
            finally:
                inside.reset(mark)

    return dispatch


def _exit_error(process):
    try:
        code = process.wait(timeout=2)
    except Exception:
        code = None
    how = "signal: killed" if code is None or code < 0 else f"exit status {code}"
    return {"status": "error", "error": f"Runtime exited with error: {how}", "errorType": "Runtime.ExitError"}
