"""Sealing what is stored anew: with the key in force, or, for the way back to an earlier release, not at all.

Row by row in short transactions while phones go on sending; what is done already is passed over, so that it can be broken off anywhere
and begun again, by several at once too.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    bindparam,
    func,
    inspect,
    literal,
    select,
    tuple_,
    type_coerce,
    update,
)

from collector.store.base import Base
from collector.store.data_keys import ID_BYTES, MAGIC, CannotOpen, DataKeys
from collector.store.sealed import SealedBytes, SealedFloat, StoredBytes

#: Rows that are looked at in one transaction, and bytes that are read in it unless one alone has more.
ROWS, BYTES = 500, 2_000_000
HEAD_BYTES = len(MAGIC) + ID_BYTES


class Turned(NamedTuple):
    """How many values of a column were written anew, and how many could not be opened and stayed as they are."""

    done: int
    damaged: int


def sealed_columns() -> Iterator[Column[Any]]:
    """The columns of all tables that are sealed."""
    for table in Base.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, SealedBytes))


def count_values(connection: Connection, column: Column[Any]) -> dict[str, int]:
    """How many values of a column are sealed with which key, by its id, hex; "" for those that are not sealed."""
    head = head_of(column)
    counted = select(head, func.count()).where(*is_something(column)).group_by(head)
    counts: dict[str, int] = {}
    for found, number in connection.execute(counted):
        id_ = found[len(MAGIC) :].hex() if found.startswith(MAGIC) and len(found) == HEAD_BYTES else ""
        counts[id_] = counts.get(id_, 0) + number
    return counts


def has_unsealed(connection: Connection) -> bool:
    """Tell whether anything stands in the open that is sealed from now on."""
    for column in sealed_columns():
        start = type_coerce(func.substr(column, 1, len(MAGIC)), StoredBytes())
        is_open = start != literal(MAGIC, StoredBytes())
        if connection.execute(select(literal(1)).where(*is_something(column), is_open).limit(1)).first():
            return True
    return False


def seal_column(engine: Engine, column: Column[Any], keys: DataKeys, say: Callable[[int], None]) -> Turned:
    """Seal with the key in force what is not. `say` is told of every step."""
    head = bindparam("head", MAGIC + keys.keys[0].id, type_=StoredBytes())
    return turn_column(engine, column, head_of(column) != head, lambda stored: keys.seal(keys.open(stored)), say)


def unseal_column(engine: Engine, column: Column[Any], keys: DataKeys, say: Callable[[int], None]) -> Turned:
    """Write what is sealed as it was before there were keys."""
    is_sealed = type_coerce(func.substr(column, 1, len(MAGIC)), StoredBytes()) == literal(MAGIC, StoredBytes())
    return turn_column(engine, column, is_sealed, lambda stored: plain_value(engine, column, keys.open(stored)), say)


def plain_value(engine: Engine, column: Column[Any], plain: bytes) -> Any:
    """What the release before kept: SQLite's columns know texts and numbers from bytes."""
    if engine.dialect.name != "sqlite":
        return plain
    return float(plain) if isinstance(column.type, SealedFloat) else plain.decode("utf-8", "replace")


def turn_column(
    engine: Engine,
    column: Column[Any],
    is_wanted: ColumnElement[bool],
    turn: Callable[[bytes], Any],
    say: Callable[[int], None],
) -> Turned:
    """Write each wanted value of a column anew as `turn` gives it. One that it cannot open stays as it is."""
    table: Table = column.table
    keys = list(table.primary_key.columns)
    changed = update(table).where(*(key == bindparam(f"key_{key.name}") for key in keys))
    changed = changed.values({column: bindparam("turned", type_=StoredBytes())})
    after: tuple[Any, ...] | None = None
    done = damaged = 0
    while True:
        with engine.connect().execution_options(is_write=True) as connection, connection.begin():
            wanted = and_(*is_something(column), is_wanted, *_beyond(keys, after))
            rows, last = _read_some(connection, column, keys, wanted)
            if last is None:
                return Turned(done, damaged)
            turned = []
            for *key, stored in rows:
                try:
                    values = {f"key_{column.name}": value for column, value in zip(keys, key, strict=True)}
                    turned.append(values | {"turned": turn(stored)})
                except CannotOpen:
                    damaged += 1
            if turned:
                connection.execute(changed, turned)
            after = last
            done += len(turned)
        say(done)


def _read_some(
    connection: Connection, column: Column[Any], keys: list[Column[Any]], wanted: ColumnElement[bool]
) -> tuple[list[Any], tuple[Any, ...] | None]:
    """The next keys and stored values, few enough to be in memory together, and the last key that was looked at; None at the end.

    Rows that somebody else holds are passed over.
    """
    size = func.length(column).label("size_bytes")
    sizes = connection.execute(select(*keys, size).where(wanted).order_by(*keys).limit(ROWS)).all()
    last, number, total = None, 0, 0
    for *key, size_bytes in sizes:
        total += size_bytes
        if number and total > BYTES:
            break
        last, number = tuple(key), number + 1
    if last is None:
        return [], None
    stored = type_coerce(column, StoredBytes())
    query = select(*keys, stored).where(wanted).order_by(*keys).limit(number)
    # PostgreSQL: nobody waits for somebody here who waits for somebody else. SQLite has one writer in any case.
    return list(connection.execute(query.with_for_update(key_share=True, skip_locked=True))), last


def head_of(column: Column[Any]) -> ColumnElement[Any]:
    """The first bytes of what stands in a column: what it begins with, and the id of the key."""
    return type_coerce(func.substr(column, 1, HEAD_BYTES), StoredBytes())


def is_something(column: Column[Any]) -> tuple[ColumnElement[bool], ...]:
    """The condition that anything stands in a column."""
    return (column.is_not(None), func.length(column) > 0)


def _beyond(keys: list[Column[Any]], after: tuple[Any, ...] | None) -> tuple[ColumnElement[bool], ...]:
    return () if after is None else (tuple_(*keys) > tuple_(*after),)


def wipe(engine: Engine) -> None:
    """Let go of what was written anew: on SQLite the log goes into the database, on PostgreSQL the space of old rows is free."""
    with engine.connect() as plain:
        if engine.dialect.name == "sqlite":
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
            return
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        there = set(inspect(connection).get_table_names())
        for name in sorted({column.table.name for column in sealed_columns()} & there):
            connection.exec_driver_sql(f"VACUUM {name}")
