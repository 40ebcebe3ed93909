"""Bringing a database to the present layout, by the migrations in `migrations/`."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from collector.settings import PROJECT_ROOT

#: Key of the PostgreSQL advisory lock that lets one process at a time migrate ("coll" in ASCII).
LOCK_KEY = 0x636F6C6C


def upgrade(engine: Engine) -> None:
    """Run the migrations that `engine`'s database lacks, in one transaction. Several hosts may start at once."""
    with engine.connect() as plain:
        connection = plain.execution_options(is_write=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
            command.upgrade(make_config(connection), "head")


def make_config(connection: object) -> Config:
    """Alembic's configuration over `connection`."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT_ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config
