"""Erased is gone: what SQLite no longer needs is overwritten, in the database's file and in its log.

By itself SQLite leaves what was deleted in the free parts of its pages, and in the write-ahead log until that begins anew
(sqlite.org/pragma.html, secure_delete and wal_checkpoint). PostgreSQL's VACUUM gives such room to others; docs/privacy.md says when.
"""

from sqlalchemy import Engine
from sqlalchemy.orm import Session


def overwrite_deleted(session: Session) -> None:
    """Let the connection of a session overwrite with zeros what it deletes. Without effect on PostgreSQL."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete=ON")


def empty_log(engine: Engine) -> bool:
    """Bring all of SQLite's write-ahead log into the database and cut it to nothing, once no transaction is open here.

    Gives whether it is empty: not while somebody still reads what was before. Of other databases True.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        row = cursor.fetchone()
        cursor.close()
    finally:
        connection.close()
    return row is not None and row[0] == 0
