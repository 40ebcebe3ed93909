"""Making a backup: one snapshot of the database, then the contents that it names, while the server goes on."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from zipfile import ZipFile

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DatabaseError

from collector.archive.container import (
    KEYS,
    MANIFEST,
    add_json,
    adding,
    content_member,
    table_member,
    writing_zip,
)
from collector.archive.faults import ArchiveFault, place_of_files, reason_of
from collector.archive.keys import InstallationKeys
from collector.archive.layout import head_revision, revision_of
from collector.archive.named_contents import is_named, named_contents
from collector.archive.rows import Table, all_tables, line_of, read_rows
from collector.store import JournalEntry
from collector.store.contents import Contents, ContentsAway
from collector.store.data_keys import DataKeys
from collector.store.key_guard import read_recorded
from collector.store.sealed_streams import seal_stream
from collector.verify.operations import snapshot

#: Number of the file's shape. One that only adds to it stays the same.
FORMAT = 1
#: Names of faults and of erased contents that the manifest keeps; all are counted and told.
MAX_KEPT = 1000


@dataclass
class Outcome:
    """What a backup holds, and what it lacks."""

    rows: dict[str, int] = field(default_factory=dict)
    contents: int = 0
    content_bytes: int = 0
    #: SHA-256 of the rows of each table, hex.
    hashes: dict[str, str] = field(default_factory=dict)
    journal_hash: str = ""
    #: Contents that were erased between the snapshot and their copying: they belong in no backup any more.
    erased: list[str] = field(default_factory=list)
    #: Contents that the database needs and that could not be read whole.
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """An installation to back up: its database, contents and keys, and who hears how far it is."""

    engine: Engine
    contents: Contents
    keys: InstallationKeys
    version: str
    say: Callable[[str], None]

    @property
    def data_keys(self) -> DataKeys:
        """The keys that seal what is stored."""
        return self.keys.data_keys


def write_backup(
    source: Source, target: BinaryIO, passphrase: str | None, made_at: datetime, begun: Callable[[], None]
) -> Outcome:
    """Write a backup into `target`. `begun` is called once the moment is fixed that the backup shows.

    Contents that cannot be read are faults of the outcome, all the rest is in the backup. Raises ArchiveFault where there is nothing
    to back up, or a table cannot be read.
    """
    outcome = Outcome()
    with snapshot(source.engine) as connection, writing_zip(target, passphrase) as archive:
        revision = revision_of(connection)
        if revision != head_revision():
            raise ArchiveFault(
                "The database has another layout than this release. Bring it up to date with"
                " `flask --app wsgi collector init`, or back it up with the release that it is of."
            )
        known = {key.id.hex() for key in source.data_keys.keys}
        if later := sorted(read_recorded(connection) - known):
            raise ArchiveFault(f"The data key {later[0]} came into use after this backup was begun. Begin it again.")
        # The snapshot is taken with the first reading, so that what is written from now on is not in it.
        last = select(JournalEntry.hash).order_by(JournalEntry.id.desc()).limit(1)
        outcome.journal_hash = connection.execute(last).scalar() or ""
        begun()
        tables = all_tables()
        for table in tables:
            source.say(table.name)
            _add_table(archive, connection, table, outcome)
        source.say("contents")
        for kind, name in named_contents(connection):
            _add_content(archive, source, kind, name, outcome)
        if passphrase is not None:
            add_json(archive, KEYS, source.keys.as_dict())
        add_json(archive, MANIFEST, _manifest(source, made_at, revision, tables, outcome))
    return outcome


def _add_table(archive: ZipFile, connection: Connection, table: Table, outcome: Outcome) -> None:
    digest, count = hashlib.sha256(), 0
    try:
        with adding(archive, table_member(table.name), is_deflated=True) as member:
            for row in read_rows(connection, table):
                line = line_of(row)
                digest.update(line)
                member.write(line)
                count += 1
    except DatabaseError as error:
        raise ArchiveFault(
            f"The table {table.name} cannot be read to its end: {reason_of(error)}."
            " `flask --app wsgi collector verify` says what is damaged."
        ) from None
    outcome.rows[table.name], outcome.hashes[table.name] = count, digest.hexdigest()


def _add_content(archive: ZipFile, source: Source, kind: str, name: str, outcome: Outcome) -> None:
    """Copy one content, sealed. What is read only in part stays in the ZIP unreadable, and the manifest names it."""
    fault = ""
    try:
        with source.contents.open(kind, name) as plain:
            hashing = Hashing(plain)
            with adding(archive, content_member(kind, name)) as member:
                # The seal's context: no other file can stand in for this one.
                size_bytes = seal_stream(hashing, member, source.data_keys.keys[0], f"{kind}/{name}")  # type: ignore[arg-type]
        if hashing.hexdigest() != name:
            fault = "its bytes are not what its SHA-256 says"
    except FileNotFoundError:
        fault = "it is not there"
    except ContentsAway as error:
        raise ArchiveFault(f"{place_of_files(error)} Nothing was backed up.") from None
    except OSError as error:
        fault = f"it cannot be read: {error.strerror or error}"
    if not fault:
        outcome.contents += 1
        outcome.content_bytes += size_bytes
        return
    with source.engine.connect() as now:
        if is_named(now, kind, name):
            outcome.faults.append(f"{kind}/{name}: {fault}")
            source.say(f"fault: {kind}/{name}: {fault}")
        else:
            outcome.erased.append(f"{kind}/{name}")


class Hashing:
    """Reads from a file and hashes what it read."""

    def __init__(self, plain: BinaryIO) -> None:
        self._plain, self._digest = plain, hashlib.sha256()

    def read(self, size_bytes: int = -1) -> bytes:
        """As a file's."""
        found = self._plain.read(size_bytes)
        self._digest.update(found)
        return found

    def hexdigest(self) -> str:
        """SHA-256 of what was read, hex."""
        return self._digest.hexdigest()


def _manifest(
    source: Source, made_at: datetime, revision: str, tables: list[Table], outcome: Outcome
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_by": f"Collector {source.version}",
        "made_at": made_at.isoformat(timespec="seconds"),
        "database": source.engine.dialect.name,
        "revision": revision,
        "journal_hash": outcome.journal_hash,
        "data_keys": [key.id.hex() for key in source.data_keys.keys],
        "tables": {
            table.name: table.as_dict() | {"rows": outcome.rows[table.name], "sha256": outcome.hashes[table.name]}
            for table in tables
        },
        "contents": {"number": outcome.contents, "bytes": outcome.content_bytes},
        "erased": outcome.erased[:MAX_KEPT],
        "fault_count": len(outcome.faults),
        "faults": outcome.faults[:MAX_KEPT],
    }
