"""Many values in one statement whose text is always the same: each database reads it once, however many there are.

Written for what a push does, where most of the time went into making statements (docs/decisions/0030-push-cost.md).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Boolean, ColumnElement, FromClause, Table, Text, bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from collector.store.arrays import array_text

DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
#: Rows that go into one statement of SQLite's where each statement costs much.
MANY = 50
#: How a value is turned into what the database's driver takes; None: it is taken as it is.
Binder = Callable[[Any], Any] | None


class ArrayText(UserDefinedType[Any]):
    """An array whose text is given: the parameter itself has the type, so that PostgreSQL reads the text once and not for each row."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_more: Any) -> str:
        """The array's type."""
        return self.name


class ListOf(TypeDecorator[Any]):
    """A list of values as one parameter, in text: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        self.item = item
        super().__init__()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array where there are any."""
        is_array = dialect.name == "postgresql"
        return dialect.type_descriptor(ArrayText(_array_type(self.item)) if is_array else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Any collection as text."""
        return array_text(value) if dialect.name == "postgresql" else json.dumps(list(value))


class among(FunctionElement[bool]):
    """Whether a column has one of the values of a list, the parameter `name`."""

    name = "among"
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        values: BindParameter[Any] = bindparam(name, type_=ListOf(column.type))
        super().__init__(column, values)
        self.type = Boolean()

    def self_group(self, against: Any = None) -> Any:
        """As it is: SQLite would get `… IN (…) = 1`, for which it reads the whole table and no index."""
        return self


@compiles(among, "postgresql")
def _among_array(element: Any, compiler: Any, **kwargs: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **kwargs)} = ANY ({compiler.process(values, **kwargs)})"


@compiles(among)
def _among_json(element: Any, compiler: Any, **kwargs: Any) -> str:
    column, values = element.clauses
    given = compiler.process(values, **kwargs)
    return f"{compiler.process(column, **kwargs)} IN (SELECT value FROM json_each({given}))"  # noqa: S608 - names of ours.


def insert_rows(
    session: Session, table: FromClause, rows: Sequence[Mapping[str, Any]], *, is_watched: bool = False
) -> None:
    """Insert `rows`, which all have the same columns, those with defaults among them: no default is filled in here.

    `is_watched`: triggers follow the table. SQLite then copies each page that a statement changes, so that many rows go into one.
    """
    if not rows:
        return
    connection = session.connection()
    dialect = connection.dialect
    assert isinstance(table, Table)
    names = tuple(rows[0])
    text, binders = _insert_text(table, names, dialect.name), _binders(table, names, dialect)
    columns = [_bound([row[name] for row in rows], bind) for name, bind in zip(names, binders, strict=True)]
    if dialect.name == "postgresql":
        connection.exec_driver_sql(text, tuple(map(array_text, columns)))
        return
    given = list(zip(*columns, strict=True))
    while is_watched and len(given) >= MANY:
        many, given = given[:MANY], given[MANY:]
        together = f"{text}{f', ({_places(names)})' * (MANY - 1)}"
        connection.exec_driver_sql(together, tuple(value for row in many for value in row))
    if given:
        connection.exec_driver_sql(text, given[0] if len(given) == 1 else given)


def _bound(values: list[Any], bind: Binder) -> list[Any]:
    """The values of a column as the driver takes them."""
    if bind is None:
        return values
    if len(values) > 1 and isinstance(values[0], datetime):
        # Rows that come together share their moments. Not so what is sealed: equal values must not be seen to be equal.
        made = {id(value): bind(value) for value in {id(value): value for value in values}.values()}
        return [made[id(value)] for value in values]
    return [bind(value) for value in values]


@lru_cache(maxsize=64)
def _insert_text(table: Table, names: tuple[str, ...], dialect_name: str) -> str:
    columns = ", ".join(names)
    if dialect_name != "postgresql":
        return f"INSERT INTO {table.name} ({columns}) VALUES ({_places(names)})"  # noqa: S608 - names of ours.
    arrays = ", ".join(f"CAST(%s AS {_array_type(table.c[name].type)})" for name in names)
    return f"INSERT INTO {table.name} ({columns}) SELECT * FROM unnest({arrays})"  # noqa: S608 - names of ours.


def _places(names: Sequence[str]) -> str:
    return ", ".join("?" * len(names))


def _array_type(type_: TypeEngine[Any]) -> str:
    # Without its length: to a length a cast cuts in silence, where an insert refuses.
    return f"{type_.dialect_impl(DIALECT).compile(DIALECT).split('(')[0]}[]"


@lru_cache(maxsize=64)
def _binders(table: Table, names: tuple[str, ...], dialect: Dialect) -> list[Binder]:
    return [table.c[name].type._cached_bind_processor(dialect) for name in names]
