"""Keeps a server from working with other data keys than those that its database is sealed with.

Each key is written down (table `data_keys`) before anything is sealed with it. A server that lacks one of them does not start, and makes no
new key beside a database that has one: what it sealed then, and all that was sealed before, would be parted for good.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from collector.settings import Settings
from collector.store.data_keys import DataKeys, load_data_keys
from collector.store.hosts import SealedWith

#: Name of the file of data keys in the data folder.
KEYS_FILE = "data_key"
#: Key of the PostgreSQL advisory lock under which keys are written down ("keys" in ASCII).
LOCK_KEY = 0x6B657973
#: Seconds to wait for a database that does not answer before its keys are asked for again later.
WAIT_S = 5


class LostKey(ValueError):
    """A data key that this installation needs is not here. The message says which, where it is looked for and what to do; no key."""


def open_data_keys(settings: Settings) -> tuple[DataKeys, set[str] | None]:
    """The data keys of the installation with these settings, and the ids of those that its database says it needs; None: it was silent.

    They are made once, for a database that needs none yet. Raises LostKey, ValueError.
    """
    path = settings.data_dir / KEYS_FILE
    recorded = find_recorded(settings.database_url)
    if not settings.data_key and not path.exists():
        if recorded is None:
            raise LostKey(
                f"There is no data key in {path}, and the database does not answer whether it needs one. Start the database, or put"
                " the file back from where you keep a copy."
            )
        if recorded:
            raise LostKey(_lost_message(recorded, path, is_given=False))
    keys = load_data_keys(settings.data_key, path)
    require_keys(keys, recorded or (), path, is_given=bool(settings.data_key))
    return keys, recorded


def require_keys(keys: DataKeys, ids: Iterable[str], path: Path, *, is_given: bool) -> None:
    """Raise LostKey if one of the keys with these ids, hex, is not here."""
    lost = sorted(id_ for id_ in ids if not keys.knows(bytes.fromhex(id_)))
    if lost:
        raise LostKey(_lost_message(lost, path, is_given=is_given))


def _lost_message(ids: Iterable[str], path: Path, *, is_given: bool) -> str:
    names = ", ".join(sorted(ids))
    place = "the setting DATA_KEY" if is_given else f"the file {path}"
    return (
        f"What is stored is sealed with the data key {names}, which is not here. It is looked for in {place}. Nothing was changed, and"
        " nothing was lost: put the key back from where you keep a copy (docs/keys.md), or from an encrypted backup, or from another host"
        " of this installation, and start again."
    )


def find_recorded(database_url: str) -> set[str] | None:
    """Ids of the keys that the database is sealed with, hex; empty before the first one; None where it does not answer."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        if not url.database or not Path(url.database).exists():
            return set()
        engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": WAIT_S})
    else:
        engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": WAIT_S})
    try:
        with engine.connect() as connection:
            return read_recorded(connection)
    except OperationalError:
        return None
    except DatabaseError:
        # A damaged file: whoever starts on it is told of that, and not of keys.
        return None
    finally:
        engine.dispose()


def read_recorded(connection: Connection) -> set[str]:
    """Ids of the keys that are written down, hex; none before the table is there."""
    if not inspect(connection).has_table(SealedWith.__tablename__):
        return set()
    return set(connection.scalars(select(SealedWith.id)))


def record_keys(connection: Connection, keys: DataKeys, path: Path | None = None) -> None:
    """Write down, in the transaction of `connection`, that things are sealed with `keys`. Raises LostKey where another host has been
    quicker with keys that are not here.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    recorded = read_recorded(connection)
    require_keys(keys, recorded, path or Path(KEYS_FILE), is_given=keys.path is None)
    # The first one seals; the last one marks what has to be found again.
    ids = dict.fromkeys((keys.keys[0].id.hex(), keys.keys[-1].id.hex()))
    missing = [{"id": id_} for id_ in ids if id_ not in recorded]
    if missing:
        connection.execute(insert(SealedWith), missing)


def guard(engine: Engine, keys: DataKeys, recorded: set[str] | None, path: Path) -> None:
    """Write the key in force down before it seals anything, or have the database asked as soon as it answers.

    A database without any is written to by the migrations (migrate.py). Raises LostKey.
    """
    if recorded is None:
        _guard_connections(engine, keys, path)
    elif recorded and keys.keys[0].id.hex() not in recorded:
        with engine.connect() as plain:
            connection = plain.execution_options(is_write=True)
            with connection.begin():
                record_keys(connection, keys, path)
        # A process that serves is divided from this one: it must not find an open connection.
        engine.dispose()


def _guard_connections(engine: Engine, keys: DataKeys, path: Path) -> None:
    """Ask the database about its keys as soon as it answers: it did not when the server started."""
    asked = False

    def ask(connection: Any, _record: Any) -> None:
        nonlocal asked
        if asked:
            return
        recorded = find_recorded(engine.url.render_as_string(hide_password=False))
        if recorded is not None:
            require_keys(keys, recorded, path, is_given=keys.path is None)
            asked = True

    event.listen(engine, "connect", ask)
