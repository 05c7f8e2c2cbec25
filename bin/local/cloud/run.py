"""One run of an execution: from its start, or a redrive, to its end. Whatever waits inside it is woken when it ends."""
import contextvars
import json
import queue
import threading

from ministack.services import stepfunctions

# Step Functions counts bytes of UTF-8, of state input, output and results alike.
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
MAX_PAYLOAD_BYTES = 262_144

_current = contextvars.ContextVar("postonce_run", default=None)
_runs = {}


class RunEnded(Exception):
    """The execution was stopped, timed out or failed elsewhere while this thread was busy for it."""


class Run:
    def __init__(self, execution):
        self.execution = execution
        self._lock = threading.Lock()
        self._ended = False
        self._on_end = {}

    def check(self):
        if self._ended:
            raise RunEnded

    def sleep(self, seconds):
        woken = threading.Event()
        with self.when_ended(woken.set):
            woken.wait(min(seconds, threading.TIMEOUT_MAX))
        self.check()

    def within(self, seconds, call, *arguments):
        """The result of a call that may take so long and no longer. What it started goes on by itself, as a Lambda
        does whose Task has timed out. Returns None, or a list of one, as a result may be None too."""
        results = queue.SimpleQueue()

        def work():
            try:
                results.put(("result", call(*arguments)))
            except Exception as error:
                results.put(("error", error))

        threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True).start()
        with self.when_ended(lambda: results.put(("error", RunEnded()))):
            try:
                kind, value = results.get(timeout=min(seconds, threading.TIMEOUT_MAX))
            except queue.Empty:
                return None
        if kind == "error":
            raise value
        return [value]

    def when_ended(self, callback):
        """While the block runs, `callback` is called at once when the run ends."""
        return _WhileOpen(self, callback)

    def end(self):
        with self._lock:
            if self._ended:
                return
            self._ended = True
            callbacks = list(self._on_end.values())
            self._on_end.clear()
        if _runs.get(self.execution["executionArn"]) is self:
            del _runs[self.execution["executionArn"]]
        for callback in callbacks:
            callback()

    def __enter__(self):
        _runs[self.execution["executionArn"]] = self
        self._mark = _current.set(self)
        return self

    def __exit__(self, *_):
        self.end()
        _current.reset(self._mark)


class _WhileOpen:
    def __init__(self, run, callback):
        self.run, self.callback = run, callback

    def __enter__(self):
        with self.run._lock:
            if self.run._ended:
                raise RunEnded
            self.run._on_end[id(self)] = self.callback

    def __exit__(self, *_):
        with self.run._lock:
            self.run._on_end.pop(id(self), None)


def current_run():
    return _current.get()


def end_run(execution_arn):
    run = _runs.get(execution_arn)
    if run:
        run.end()


def encode(value):
    """JSON as Step Functions writes it: compact, in UTF-8."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def encode_within_limit(value, what):
    text = encode(value)
    if len(text.encode("utf-8", "surrogatepass")) > MAX_PAYLOAD_BYTES:
        raise stepfunctions._ExecutionError(
            "States.DataLimitExceeded",
            f"{what} with a size exceeding the maximum number of bytes service limit.",
        )
    return text
