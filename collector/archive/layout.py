"""The layout of a database by the number of its last migration."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from collector.store.migrate import make_config


def head_revision() -> str:
    """The number of this release's last migration."""
    return ScriptDirectory.from_config(make_config(None)).get_current_head() or ""


def revision_of(connection: Connection) -> str:
    """The number of the last migration that was run there; "" for an empty database."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def is_known(revision: str) -> bool:
    """Whether this release has that migration; it has none of a later release."""
    return any(
        script.revision == revision for script in ScriptDirectory.from_config(make_config(None)).walk_revisions()
    )
