"""Starts MiniStack with the project's repairs. It reads its settings from the environment (see local-cloud.ts).

POSTONCE_STOP_WITH_PARENT=1: ends when standard input does, that is when whoever started it is gone, however it went.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

MINISTACK_VERSION = "1.5.33"


def main():
    require_version()
    folder = take_temporary_folder()
    leave_nothing_behind(folder)
    from repairs import apply_repairs

    apply_repairs()
    if os.environ.get("POSTONCE_STOP_WITH_PARENT") == "1":
        stop_with_parent()
    from ministack import app
    from ministack.core import lambda_runtime

    try:
        app.main()
    finally:
        lambda_runtime.reset()
        shutil.rmtree(folder, ignore_errors=True)


def require_version():
    from importlib.metadata import version

    found = version("ministack")
    if found != MINISTACK_VERSION:
        sys.exit(f"local cloud: MiniStack {found} is installed, the repairs are written for {MINISTACK_VERSION}")


def take_temporary_folder():
    """Node workers unpack their code here: outside the clone, whose node_modules no function may lean on."""
    folder = tempfile.mkdtemp(prefix="postonce-cloud-")
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    return folder


def leave_nothing_behind(folder):
    """Node workers live in the launcher's process group. A guard that holds the other end of a pipe kills the group
    when the launcher is gone, kill -9 included, which no handler in the launcher itself could do."""
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    reader, writer = os.pipe()
    subprocess.Popen(
        ["sh", "-c", 'trap "" TERM INT HUP; cat >/dev/null; rm -rf "$1"; kill -KILL -- "-$2"', "guard", folder, str(os.getpid())],
        stdin=reader,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(reader)
    globals()["guard_pipe"] = writer  # Open as long as the launcher lives.


def stop_with_parent():
    def watch():
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="stop-with-parent", daemon=True).start()


if __name__ == "__main__":
    main()
