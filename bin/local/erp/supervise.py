"""Keeps a server running: starts it again on the same data when it dies, and ends it when nobody needs it.

python supervise.py PARENT COMMAND...

PARENT is the process whose end also ends this one, or 0.
Nothing of the ERP is imported here, so that what kills the server leaves this process alone.
"""

import os
import signal
import subprocess
import sys
import time

RESTART_PAUSE_SECONDS = 0.1
STOP_SECONDS = 5
QUICK_DEATH_SECONDS = 5
QUICK_DEATHS_ALLOWED = 5


def main(parent, *command):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    quick_deaths = 0
    while quick_deaths < QUICK_DEATHS_ALLOWED:
        started = time.monotonic()
        server = subprocess.Popen(command)
        try:
            while server.poll() is None:
                time.sleep(0.1)
                if not lives(int(parent)):
                    return
        finally:
            stop(server)
        # Killed, it is started again, however often. What ends by itself at once will do so again.
        ended_by_itself = server.returncode >= 0 and time.monotonic() - started < QUICK_DEATH_SECONDS
        quick_deaths = quick_deaths + 1 if ended_by_itself else 0
        print(f'The ERP server {server.pid} ended with {server.returncode}; starting it again', flush=True)
        time.sleep(RESTART_PAUSE_SECONDS)
    sys.exit(f'The ERP server ended {QUICK_DEATHS_ALLOWED} times within {QUICK_DEATH_SECONDS} seconds of its start')


def stop(server):
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def lives(pid):
    if pid == 0:
        return True
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False


if __name__ == '__main__':
    main(*sys.argv[1:])
