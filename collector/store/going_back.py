"""Taking a database's layout back to an earlier release's, without losing in silence what only the later one can hold."""

from dataclasses import dataclass

from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from collector.store.migrate import let_others_wait, make_config

#: What an earlier release does without: signs of machines and of a day, files that are made again, the log of backups, what was
#: erased and is looked at once more, and the ids of data keys, which are written down anew on the way forward.
OF_NO_CONSEQUENCE = frozenset(
    {
        "hosts",
        "backups",
        "used_nonces",
        "data_keys",
        "erased_contents",
        "export_jobs",
        "export_choices",
        "failed_sign_ins.what",
    }
)
#: Values, as text, that hold nothing, whatever a column's default is.
EMPTY = ("", "null", "[]", "{}")


@dataclass(frozen=True)
class Lost:
    """What the earlier layout has no place for: `name` is a table or `table.column`, `rows` how many rows hold something there."""

    name: str
    rows: int


class WouldLose(Exception):
    """Going back would lose what `lost` lists; nothing was changed."""

    def __init__(self, lost: list[Lost]) -> None:
        super().__init__(", ".join(f"{each.name}: {each.rows} rows" for each in lost))
        self.lost = lost


class CannotGoBack(ValueError):
    """There is no way to that layout; the message says why. Nothing was changed."""


def go_back(engine: Engine, revision: str, *, accepts_loss: bool = False) -> str:
    """Take the layout back to `revision`, in one transaction, and give the revision that it was at.

    Raises WouldLose (never with `accepts_loss`), and CannotGoBack where `revision` is unknown or no earlier one, or where
    documents are sealed.
    """
    with engine.connect() as plain:
        connection = plain.execution_options(is_write=True)
        with connection.begin():
            let_others_wait(connection)
            before = current_revision(connection)
            if revision == before:
                return before
            lost = what_would_go(connection, revision)
            if revision > before:
                raise CannotGoBack(f"The layout is at {before}, which is earlier than {revision}.")
            if lost and not accepts_loss:
                raise WouldLose(lost)
            try:
                command.downgrade(make_config(connection), revision)
            except ValueError as error:
                raise CannotGoBack(str(error)) from None
            return before


def current_revision(connection: Connection) -> str:
    """The revision that the database is at, "" before the first."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def what_would_go(connection: Connection, revision: str) -> list[Lost]:
    """Tables and columns that hold something and that the layout of `revision` does not have. Raises CannotGoBack for an unknown one."""
    kept = layout_of(revision)
    lost = []
    inspector = inspect(connection)
    for table in inspector.get_table_names():
        if table not in kept and table not in OF_NO_CONSEQUENCE:
            lost.append(Lost(table, count_rows(connection, table, "1 = 1")))
        for column in inspector.get_columns(table) if table in kept else []:
            name = f"{table}.{column['name']}"
            if column["name"] not in kept[table] and name not in OF_NO_CONSEQUENCE:
                lost.append(Lost(name, count_filled(connection, table, column["name"], column["default"])))
    return [each for each in lost if each.rows]


def layout_of(revision: str) -> dict[str, set[str]]:
    """The columns of every table in the layout of `revision`, from its migrations. Raises CannotGoBack where there is none of that name."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        try:
            command.upgrade(make_config(connection), revision)
        except CommandError:
            raise CannotGoBack(
                f"There is no layout {revision!r}. They are named 0001, 0002 and so on (CHANGELOG.md)."
            ) from None
        inspector = inspect(connection)
        return {
            table: {column["name"] for column in inspector.get_columns(table)} for table in inspector.get_table_names()
        }


def count_filled(connection: Connection, table: str, column: str, default: str | None) -> int:
    """How many rows of `table` say something in `column`: neither nothing nor `default`, SQL such as `'app'::character varying`."""
    empty = {*EMPTY, (default or "").partition("::")[0].strip("'")}
    names = {f"empty_{number}": value for number, value in enumerate(sorted(empty))}
    listed = ", ".join(f":{name}" for name in names)
    filled = f'"{column}" IS NOT NULL AND CAST("{column}" AS TEXT) NOT IN ({listed})'
    return count_rows(connection, table, filled, names)


def count_rows(connection: Connection, table: str, condition: str, values: dict[str, str] | None = None) -> int:
    """How many rows of `table` fulfil `condition`. Names come from the database's own catalogue."""
    query = text(f'SELECT count(*) FROM "{table}" WHERE {condition}')  # noqa: S608
    return int(connection.execute(query, values or {}).scalar_one())
