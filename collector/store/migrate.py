"""Bringing a database to the present layout, by the migrations in `migrations/`."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from collector.settings import PROJECT_ROOT
from collector.store.key_guard import record_keys
from collector.store.sealed import keys_of

#: Key of the PostgreSQL advisory lock that lets one process at a time migrate ("coll" in ASCII).
LOCK_KEY = 0x636F6C6C


def upgrade(engine: Engine) -> None:
    """Run the migrations that `engine`'s database lacks, in one transaction, and write its data keys down. Several hosts may start at once.

    Raises LostKey where the database is sealed with a key that is not here.
    """
    with engine.connect() as plain:
        connection = plain.execution_options(is_write=True)
        with connection.begin():
            let_others_wait(connection)
            command.upgrade(make_config(connection), "head")
            record_keys(connection, keys_of(engine.dialect))


def let_others_wait(connection: Connection) -> None:
    """Let no other host migrate, or set the installation up, until this transaction ends. SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})


def make_config(connection: object) -> Config:
    """Alembic's configuration over `connection`."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT_ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config
