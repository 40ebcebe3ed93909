"""Which contents the rows name, and whether one that is not there any more was erased meanwhile."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from collector.store import File, VersionFile
from collector.store.contents import FILES, FORM_FILES

#: Kinds of contents that are backed up and moved. Uploads between two steps and files of exports are made again by who wants them.
KINDS = (FILES, FORM_FILES)


def named_contents(connection: Connection) -> Iterator[tuple[str, str]]:
    """Kind and name (SHA-256) of each content that the database needs, once."""
    attachments = sa.select(File.sha256).where(File.completed_at.is_not(None)).distinct()
    beside = sa.union(
        sa.select(VersionFile.sha256).where(VersionFile.sha256.is_not(None)),
        sa.select(VersionFile.original_sha256).where(VersionFile.original_sha256.is_not(None)),
    )
    for kind, statement in ((FILES, attachments), (FORM_FILES, beside)):
        for (name,) in connection.execute(statement, execution_options={"yield_per": 1000}):
            yield kind, name


def is_named(connection: Connection, kind: str, name: str) -> bool:
    """Whether the database needs that content."""
    attachment = sa.exists().where(File.sha256 == name, File.completed_at.is_not(None))
    beside = sa.exists().where(sa.or_(VersionFile.sha256 == name, VersionFile.original_sha256 == name))
    return bool(connection.execute(sa.select(attachment if kind == FILES else beside)).scalar())
