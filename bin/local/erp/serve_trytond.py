"""Serves one Tryton database over HTTP until its parent is gone.

python serve_trytond.py CONFIG DATABASE PIDFILE PORT

Loading Tryton's modules takes seconds. So this process loads them once and never serves anything itself: that is done
by a child, and when the child is killed, the next one serves within milliseconds. What a crash loses is lost as ever: no
child knows anything of the one before it. PIDFILE holds the process id of the child.
"""

import gc
import logging
import os
import signal
import sys
import threading
import time


def main(config_file, database, pidfile, port):
    supervisor = os.getppid()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.basicConfig(level=logging.WARNING, format='%(asctime)s %(levelname)s %(name)s %(message)s')
    logging.getLogger('werkzeug').setLevel(logging.ERROR)

    import trytond.config as config
    config.update_etc(config_file)
    from trytond.pool import Pool
    import trytond.wsgi
    Pool.start()
    Pool(database).init()
    gc.freeze()
    while True:
        server = os.fork()
        if server == 0:
            serve(config_file, int(port), trytond.wsgi.app)
        try:
            write(pidfile, server)
            status = until_ended(server, supervisor)
        except BaseException:
            os.kill(server, signal.SIGKILL)
            raise
        if status is None:
            return
        # Killed, it is started again, however often. What ended by itself will do so again, says the supervisor.
        if not os.WIFSIGNALED(status):
            sys.exit(f'The ERP server {server} ended by itself')
        print(f'The ERP server {server} was killed; starting another', flush=True)


def serve(config_file, port, app):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=end_with_parent, args=(os.getppid(),), daemon=True).start()
    try:
        import trytond.config as config
        from werkzeug.serving import run_simple
        # It may say something else than when the modules were loaded.
        config.update_etc(config_file)
        application = app
        if config.get('database', 'uri').startswith('sqlite'):
            keep_connections()
            application = one_at_a_time(app)
        run_simple('127.0.0.1', port, application, threaded=True)
    finally:
        os._exit(1)


def until_ended(server, supervisor):
    """The status of the server's end, or None when it is the supervisor that is gone."""
    while True:
        ended, status = os.waitpid(server, os.WNOHANG)
        if ended:
            return status
        if os.getppid() != supervisor:
            os.kill(server, signal.SIGKILL)
            return None
        time.sleep(0.01)


def one_at_a_time(app):
    """SQLite has one writer, and Tryton checks a record's stamp before it takes that writer's lock: eight equal requests
    at once all pass the check. Handed over one at a time, each sees what the one before it has done."""
    lock = threading.Lock()

    def serialised(environ, start_response):
        with lock:
            return app(environ, start_response)
    return serialised


def keep_connections():
    """Tryton opens an SQLite file anew for each transaction, and SQLite then reads the whole schema, of hundreds of tables.
    A connection that is given back is taken by the next transaction instead, as Tryton itself does on PostgreSQL."""
    from trytond.backend.sqlite import database

    class Kept(database.SQLiteConnection):
        def __init__(self, *args, **kwargs):
            # Each request has a thread of its own; a connection is in one at a time.
            super().__init__(*args, check_same_thread=False, **kwargs)

    open_anew = database.Database.connect
    idle = []

    def connect(self):
        if self._conn is None:
            try:
                self._conn = idle.pop()
            except IndexError:
                open_anew(self)
        return self

    def put_connection(self, connection=None):
        if connection is not None:
            connection.rollback()
            self._conn = None
            idle.append(connection)

    database.SQLiteConnection = Kept
    database.Database.connect = connect
    database.Database.put_connection = put_connection


def end_with_parent(parent):
    while os.getppid() == parent:
        time.sleep(0.1)
    os._exit(0)


def write(path, pid):
    with open(path + '.new', 'w') as file:
        file.write(str(pid))
    os.replace(path + '.new', path)


if __name__ == '__main__':
    main(*sys.argv[1:])
