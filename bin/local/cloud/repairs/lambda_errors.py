"""A Node handler's error keeps its name, and a handled error leaves the execution environment alive.

AWS: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html (errorType, errorMessage, trace)
     https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (error names; Lambda.Unknown,
     Sandbox.Timedout, Lambda.TooManyRequestsException)
     https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (environments are reused)
Stock MiniStack names every error Runtime.HandlerError and ends the worker after each.
"""
from ministack.core import lambda_runtime
from ministack.services import lambda_svc, stepfunctions
from patching import rewrite, swap

REPAIR = "lambda_errors"

FAILURE = """
function _failure(err) {
  const name = err && (err.name || (err.constructor && err.constructor.name));
  return { status: "error", handled: true, error: String((err && err.message) || err), trace: (err && err.stack) || "", errorType: name || "Error" };
}
let handlerFn = null;
"""


def apply():
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    script = swap(script, "let handlerFn = null;", FAILURE, REPAIR)
    script = swap(script, 'status: "error", error: String(err.message || err), trace: err.stack || ""', "..._failure(err)", REPAIR)
    script = swap(script, 'status: "error", error: e.message, trace: e.stack', "..._failure(e)", REPAIR)
    script = swap(script, 'status: "error", error: e.message\n', '..._failure(e)\n', REPAIR)
    # Nothing reads the worker's answers any more: the launcher is gone.
    script = swap(script, 'rl.on("line", async (line) => {', 'rl.on("close", () => process.exit(0));\nrl.on("line", async (line) => {', REPAIR)
    lambda_runtime._NODEJS_WORKER_SCRIPT = script

    rewrite(
        lambda_svc, "_execute_function_warm", REPAIR,
        ('error_type = "Runtime.HandlerError"', 'error_type = result.get("errorType") or "Runtime.HandlerError"'),
        (
            '                    "errorType": error_type,\n                },',
            '                    "errorType": error_type,\n'
            '                    **({"trace": result["trace"].split("\\n")} if result.get("trace") else {}),\n'
            '                },',
        ),
    )
    # A throttled Lambda answers with __type and no errorType.
    rewrite(
        stepfunctions, "_call_lambda", REPAIR,
        (
            'body.get("errorType", "Lambda.Unknown")',
            'body.get("errorType") or ("Lambda." + body["__type"] if body.get("__type") else "Lambda.Unknown")',
        ),
        # A handler that returns a text returns a text, also where it could be read as JSON.
        ("isinstance(body, (str, bytes))", "isinstance(body, bytes)"),
    )
