"""JSONata in states: what an expression sees, and what it may give.

AWS: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html ($states.result and $states.errorOutput
     exist only where there is one; no $eval; an expression that gives no JSON fails with States.QueryEvaluationError)
     https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html (Execution, State, StateMachine,
     Task)
     https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html (a Condition is true or false)
     https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html (Output is a field of every state)
     https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html (Timestamp: with T and an offset)
     https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html (Error and Cause may be left out)
Stock MiniStack shows its own fields in the context, takes any value for a condition, a day for a moment, and leaves out a
Choice state's own Output.
"""
import re

from ministack.services import stepfunctions as sf
from patching import rewrite, wrap

REPAIR = "expressions"

CONTEXT = ("Execution", "State", "StateMachine", "Task", "Map")
JSON_TYPES = (bool, int, float, str, list, dict)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
# AWS allows a second to an expression. Here dozens of executions share one interpreter, and none may fail for waiting.
MAX_MILLISECONDS = 30_000


def apply():
    rewrite(
        sf, "_evaluate_jsonata", REPAIR,
        (
            '    states = {\n        "input": raw_input,\n        "result": result,\n        "errorOutput": error_output,\n        "context": ctx,\n    }\n',
            "    states = _visible_states(raw_input, ctx, result, error_output)\n",
        ),
        ("timeout=1000", "timeout=_MAX_MILLISECONDS"),
        ("    return value\n", "    return _only_json(expression, value)\n"),
        _visible_states=visible_states, _only_json=only_json, _MAX_MILLISECONDS=MAX_MILLISECONDS,
    )
    rewrite(sf, "_jsonata_result_defined", REPAIR, ("timeout=1000", "timeout=_MAX_MILLISECONDS"))
    wrap(sf, "_register_sfn_jsonata_functions", _without_eval, REPAIR)
    rewrite(
        sf, "_evaluate_jsonata_choice_rule", REPAIR,
        ("return _truthy(_evaluate_jsonata(expr, raw_input, ctx))", "return _boolean(_evaluate_jsonata(expr, raw_input, ctx))"),
        ("return _truthy(condition)", "return _boolean(condition)"),
        _boolean=boolean,
    )
    rewrite(
        sf, "_execute_choice", REPAIR,
        (
            "            _apply_state_assign(state_def, raw_input, ctx)\n            return raw_input, default\n",
            "            output = _apply_jsonata_output(state_def, raw_input, ctx, default=raw_input)\n"
            "            _apply_state_assign(state_def, raw_input, ctx)\n            return output, default\n",
        ),
    )
    rewrite(
        sf, "_jsonata_wait_timestamp", REPAIR,
        ("    if _parse_ts(timestamp) is None:\n", "    if not _is_moment(timestamp) or _parse_ts(timestamp) is None:\n"),
        _is_moment=MOMENT.fullmatch,
    )
    rewrite(sf, "_fail_state_error", REPAIR, ('"Error", "States.Fail"', '"Error", ""'))


def visible_states(raw_input, ctx, result, error_output):
    states = {"input": raw_input, "context": {name: ctx[name] for name in CONTEXT if name in ctx}}
    if result is not None:
        states["result"] = result
    if error_output is not None:
        states["errorOutput"] = error_output
    return states


def result_that_is_there(result):
    """A result may be null, and is there nevertheless."""
    return sf.jsonata.utils.Utils.NULL_VALUE if result is None else result


def only_json(expression, value):
    if value is None or isinstance(value, JSON_TYPES):
        return value
    raise sf._ExecutionError(
        "States.QueryEvaluationError", f"The JSONata expression '{expression}' returned an unsupported result type."
    )


def boolean(value):
    if isinstance(value, bool):
        return value
    raise sf._ExecutionError(
        "States.QueryEvaluationError", f"The Condition returned an unexpected result type. Expected 'boolean': {value!r}"
    )


def _without_eval(original):
    def register(expression):
        original(expression)
        expression.register_lambda("eval", no_eval)

    return register


def no_eval(*_):
    raise ValueError("T1006: Attempted to invoke a non-function")
