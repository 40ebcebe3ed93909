"""Many values in one statement whose text is always the same: each database reads it once, however many there are.

Written for what a push does, where most of the time went into making statements (docs/decisions/0030-push-cost.md).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, BindParameter, Boolean, ColumnElement, FromClause, Table, Text, bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
#: How a value is turned into what the database's driver takes; None: it is taken as it is.
Binder = Callable[[Any], Any] | None


class ListOf(TypeDecorator[Any]):
    """A list of values as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        self.item = item
        super().__init__()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array where there are any."""
        return dialect.type_descriptor(ARRAY(self.item) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Any collection as a list."""
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


class among(FunctionElement[bool]):
    """Whether a column has one of the values of a list, the parameter `name`."""

    name = "among"
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        values: BindParameter[Any] = bindparam(name, type_=ListOf(column.type))
        super().__init__(column, values)
        self.type = Boolean()


@compiles(among, "postgresql")
def _among_array(element: Any, compiler: Any, **kwargs: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **kwargs)} = ANY ({compiler.process(values, **kwargs)})"


@compiles(among)
def _among_json(element: Any, compiler: Any, **kwargs: Any) -> str:
    column, values = element.clauses
    given = compiler.process(values, **kwargs)
    return f"{compiler.process(column, **kwargs)} IN (SELECT value FROM json_each({given}))"  # noqa: S608 - names of ours.


def insert_rows(session: Session, table: FromClause, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, which all have the same columns, those with defaults among them: no default is filled in here."""
    if not rows:
        return
    connection = session.connection()
    dialect = connection.dialect
    assert isinstance(table, Table)
    names = tuple(rows[0])
    text, binders = _insert_text(table, names, dialect.name), _binders(table, names, dialect)
    columns = [
        [row[name] if bind is None else bind(row[name]) for row in rows]
        for name, bind in zip(names, binders, strict=True)
    ]
    if dialect.name == "postgresql":
        connection.exec_driver_sql(text, tuple(columns))
    else:
        connection.exec_driver_sql(text, list(zip(*columns, strict=True)))


@lru_cache(maxsize=64)
def _insert_text(table: Table, names: tuple[str, ...], dialect_name: str) -> str:
    columns = ", ".join(names)
    if dialect_name != "postgresql":
        return f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - names of ours.
    # Without their lengths: to a length a cast cuts in silence, where an insert refuses.
    types = [table.c[name].type.dialect_impl(DIALECT).compile(DIALECT).split("(")[0] for name in names]
    arrays = ", ".join(f"CAST(%s AS {type_}[])" for type_ in types)
    return f"INSERT INTO {table.name} ({columns}) SELECT * FROM unnest({arrays})"  # noqa: S608 - names of ours.


def _binders(table: Table, names: Sequence[str], dialect: Dialect) -> list[Binder]:
    return [table.c[name].type._cached_bind_processor(dialect) for name in names]
