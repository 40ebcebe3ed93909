"""A column whose text is sealed with the data keys: in the database nobody can read it (docs/decisions/0024-sealed-at-rest.md)."""

from typing import Any

from sqlalchemy import Double, LargeBinary, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from collector.store.data_keys import DataKeys


class SealedBytes(TypeDecorator[bytes]):
    """UTF-8 as bytes, sealed on its way in and opened on its way out. What was stored before there were keys is given as it is.

    `length`: characters of the column that it was before. Nothing at all is kept as nothing at all.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, length: int = 0) -> None:
        super().__init__()
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite keeps bytes in a column of any type: its older tables need not be made anew."""
        return dialect.type_descriptor(self.on_sqlite() if dialect.name == "sqlite" else LargeBinary())

    def on_sqlite(self) -> TypeEngine[Any]:
        """What SQLite calls the column."""
        return String(self.length) if self.length else Text()

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Seal."""
        return keys_of(dialect).seal(value) if value else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Open. Raises CannotOpen."""
        if value is None:
            return None
        return keys_of(dialect).open(value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value)


class StoredBytes(SealedBytes):
    """What stands in such a column, sealed or not: for whoever verifies it, copies it, or seals it anew."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """As it is."""
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """As it is, as bytes."""
        if isinstance(value, float):
            return repr(value).encode()
        return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value


class SealedText(SealedBytes):
    """The same as text."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Seal."""
        return super().process_bind_param(None if value is None else value.encode("utf-8", "surrogateescape"), dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Open. Raises CannotOpen."""
        opened = super().process_result_value(value, dialect)
        return None if opened is None else opened.decode("utf-8", "surrogateescape")


class BareDouble(Double[float]):
    """A column that is called DOUBLE and takes what it is given."""

    def bind_processor(self, dialect: Dialect) -> None:
        """None: bytes stay bytes."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """None."""


class SealedFloat(SealedBytes):
    """The same of a number."""

    cache_ok = True

    def on_sqlite(self) -> TypeEngine[Any]:
        """What SQLite calls the column."""
        return BareDouble()

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Seal."""
        return super().process_bind_param(None if value is None else repr(float(value)).encode(), dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Open. Raises CannotOpen."""
        opened = value if isinstance(value, float) else super().process_result_value(value, dialect)
        return None if opened is None else float(opened)


def give_keys(dialect: Dialect, keys: DataKeys) -> None:
    """Let the columns of an engine with this dialect seal and open with `keys`."""
    dialect.collector_data_keys = keys  # type: ignore[attr-defined]


def keys_of(dialect: Dialect) -> DataKeys:
    """The keys that `dialect` was given."""
    keys: DataKeys = dialect.collector_data_keys  # type: ignore[attr-defined]
    return keys


def keys_of_session(session: Session) -> DataKeys:
    """The keys of the database that `session` works with."""
    return keys_of(session.get_bind().dialect)
