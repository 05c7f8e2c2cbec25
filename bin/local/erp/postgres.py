"""What the local ERP needs of a PostgreSQL server besides Tryton: databases made, copied and renamed.

python postgres.py URL exists NAME | create NAME | rename FROM TO | copy TEMPLATE TO
"""

import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def main(url, action, *names):
    parts = urlsplit(url)
    with psycopg.connect(urlunsplit(parts._replace(path='/postgres')), autocommit=True) as connection:
        identifiers = [sql.Identifier(name) for name in names]
        if action == 'exists':
            found = connection.execute('select 1 from pg_database where datname = %s', names).fetchone()
            print('yes' if found else 'no')
        elif action == 'create':
            connection.execute(sql.SQL('drop database if exists {} with (force)').format(*identifiers))
            connection.execute(sql.SQL('create database {}').format(*identifiers))
        elif action == 'rename':
            connection.execute(sql.SQL('drop database if exists {} with (force)').format(identifiers[1]))
            connection.execute(sql.SQL('alter database {} rename to {}').format(*identifiers))
        elif action == 'copy':
            connection.execute(sql.SQL('drop database if exists {} with (force)').format(identifiers[1]))
            connection.execute(sql.SQL('create database {} template {}').format(identifiers[1], identifiers[0]))
        else:
            sys.exit(f'Unknown action {action}')


if __name__ == '__main__':
    main(*sys.argv[1:])
