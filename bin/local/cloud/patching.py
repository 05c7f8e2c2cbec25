"""How a repair changes MiniStack: in memory, and only where it finds exactly what it was written against.

A repair that does not find its target ends the start-up with its own name: an upgrade can lose no repair silently.
"""
import hashlib
import inspect
import sys
import textwrap


class TargetNotFound(SystemExit):
    def __init__(self, repair, what):
        super().__init__(f"local cloud: repair '{repair}' does not fit this MiniStack: {what}")


def swap(source, old, new, repair):
    """Replaces every occurrence of a text that has to be there."""
    if old not in source:
        raise TargetNotFound(repair, f"its target text is gone: {old.strip()[:90]!r}")
    return source.replace(old, new)


def source_of(owner, name, repair):
    function = getattr(owner, name, None)
    if function is None:
        raise TargetNotFound(repair, f"{_name(owner)}.{name} is gone")
    if hasattr(function, "repaired_source"):  # Another repair was here before.
        return function.repaired_source
    try:
        return textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError) as error:
        raise TargetNotFound(repair, f"the source of {_name(owner)}.{name} cannot be read: {error}") from error


def rewrite(owner, name, repair, *swaps, **names):
    """Compiles a function again with some of its text swapped, where it was; `names` are added to what it can see."""
    source = source_of(owner, name, repair)
    for old, new in swaps:
        source = swap(source, old, new, repair)
    scope = sys.modules[getattr(owner, name).__module__].__dict__
    scope.update(names)
    local = {}
    exec(compile(source, f"<repair {repair}: {name}>", "exec"), scope, local)
    local[name].repaired_source = source
    setattr(owner, name, local[name])


def replace(owner, name, new, repair, *, fingerprint):
    """Puts our own function in the place of one whose source is known to the letter."""
    found = hashlib.sha256(source_of(owner, name, repair).encode()).hexdigest()[:12]
    if found != fingerprint:
        raise TargetNotFound(repair, f"{_name(owner)}.{name} has changed (fingerprint {found}, expected {fingerprint})")
    setattr(owner, name, new)


def wrap(owner, name, wrapper, repair):
    """`wrapper(original)` gives the function that takes its place."""
    original = getattr(owner, name, None)
    if original is None:
        raise TargetNotFound(repair, f"{_name(owner)}.{name} is gone")
    setattr(owner, name, wrapper(original))


def _name(owner):
    return getattr(owner, "__qualname__", None) or owner.__name__
