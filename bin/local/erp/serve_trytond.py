"""Serves one Tryton database over HTTP until its parent is gone.

python serve_trytond.py CONFIG DATABASE PORT
"""

import logging
import os
import sys
import threading
import time


def main(config_file, database, port):
    threading.Thread(target=end_with_parent, args=(os.getppid(),), daemon=True).start()
    logging.basicConfig(level=logging.WARNING, format='%(asctime)s %(levelname)s %(name)s %(message)s')
    logging.getLogger('werkzeug').setLevel(logging.ERROR)

    import trytond.config as config
    config.update_etc(config_file)
    from trytond.pool import Pool
    from trytond.wsgi import app
    from werkzeug.serving import run_simple
    Pool.start()
    Pool(database).init()
    application = one_at_a_time(app) if config.get('database', 'uri').startswith('sqlite') else app
    run_simple('127.0.0.1', int(port), application, threaded=True)


def one_at_a_time(app):
    """SQLite has one writer, and Tryton checks a record's stamp before it takes that writer's lock: eight equal requests
    at once all pass the check. Handed over one at a time, each sees what the one before it has done."""
    lock = threading.Lock()

    def serialised(environ, start_response):
        with lock:
            return app(environ, start_response)
    return serialised


def end_with_parent(parent):
    while os.getppid() == parent:
        time.sleep(0.25)
    os._exit(0)


if __name__ == '__main__':
    main(*sys.argv[1:])
