"""Bringing a backup back into an empty installation: checked on the way in, read back, and only then there, all at once."""

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from collector.archive.backup import FORMAT, MAX_KEPT
from collector.archive.container import KEYS, MANIFEST, content_member, reading_zip, table_member
from collector.archive.faults import ArchiveFault, place_of_files, reason_of
from collector.archive.keys import keys_for, put_back
from collector.archive.layout import is_known
from collector.archive.loading import analyse, has_tables, load_rows, make_tables, set_sequences, waiting_keys
from collector.archive.named_contents import KINDS
from collector.archive.rows import Row, Table, line_of, read_rows, read_table
from collector.journal import record
from collector.settings import MAX_FILE_BYTES, Settings
from collector.store.contents import Contents, ContentsAway, WrongContent, open_contents
from collector.store.data_keys import CannotOpen, DataKeys
from collector.store.sealed_streams import open_sealed
from collector.store.session import make_engine

#: Lies in the data folder while a restore is not finished: what it has put among the contents by then does not keep the next try away.
UNFINISHED = "restore-unfinished"
DAMAGED = "The backup is damaged: {place}. Nothing was restored. Take another backup."


@dataclass(frozen=True)
class Restored:
    """What was restored, and with which keys it is read."""

    manifest: dict[str, Any]
    keys: DataKeys
    rows: int
    contents: int
    #: Settings that were given and so hold instead of what the backup carries.
    given: list[str]


def require_finished(data_dir: Path) -> None:
    """Raise ArchiveFault where a restore was interrupted: a fresh installation in its place would hide that."""
    if (data_dir / UNFINISHED).exists():
        raise ArchiveFault(
            f"A restore was interrupted here. Run `flask --app wsgi collector restore` again, which begins anew;"
            f" or empty {data_dir} if you do not want it any more."
        )


def restore(path: Path, passphrase: str | None, settings: Settings, say: Callable[[str], None]) -> Restored:
    """Restore the backup at `path` into the empty installation of `settings`. Raises ArchiveFault; nothing serves then."""
    with readable(), reading_zip(path, passphrase) as archive:
        manifest = read_manifest(archive)
        tables = read_tables(manifest)
        carried = json.loads(archive.read(KEYS)) if KEYS in archive.namelist() else None
        keys = keys_for(manifest, carried, settings)
        engine = make_engine(settings.database_url, keys)
        try:
            contents = open_contents(settings, keys)
            require_empty(engine, contents, settings)
            _mark(settings.data_dir / UNFINISHED, path.name, _bucket(settings))
            given = put_back(carried, settings) if carried is not None else []
            number = restore_contents(archive, manifest, contents, keys, say)
            rows = restore_tables(archive, manifest, tables, engine, say)
        finally:
            engine.dispose()
    (settings.data_dir / UNFINISHED).unlink()
    return Restored(manifest, keys, rows, number, given)


@contextmanager
def readable() -> Iterator[None]:
    """Say of what only damage explains that the backup is damaged, and of a place of files that it is away. Raises ArchiveFault."""
    try:
        yield
    except (CannotOpen, BadZipFile, zlib.error, EOFError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ArchiveFault(DAMAGED.format(place=error)) from None
    except ContentsAway as error:
        raise ArchiveFault(f"{place_of_files(error)} There is no installation yet: begin the restore again.") from None


def read_manifest(archive: ZipFile) -> dict[str, Any]:
    """What the backup says of itself. Raises ArchiveFault for one that this release cannot read."""
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    newer = (
        "This backup was made by {made_by}, which is newer. Install that release, or a later one, and restore again."
    )
    if not isinstance(manifest.get("format"), int):
        raise ArchiveFault(DAMAGED.format(place="its manifest has no format"))
    if manifest["format"] > FORMAT or not is_known(str(manifest.get("revision"))):
        raise ArchiveFault(newer.format(made_by=manifest.get("made_by")))
    return manifest


def read_tables(manifest: dict[str, Any]) -> list[Table]:
    """The tables of a backup. Raises ArchiveFault."""
    try:
        return [read_table(name, shape) for name, shape in manifest["tables"].items()]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ArchiveFault(DAMAGED.format(place=f"its manifest: {error}")) from None


def require_empty(engine: Engine, contents: Contents, settings: Settings) -> None:
    """Raise ArchiveFault unless there is neither a database nor a content here."""
    is_begun = (settings.data_dir / UNFINISHED).exists()
    try:
        with engine.connect() as connection:
            if has_tables(connection) and is_begun:
                raise ArchiveFault(
                    f"A restore was interrupted here after the database {engine.url.render_as_string()} was filled, and before that was"
                    " noted. Drop that database (with SQLite: its files in the data folder), make an empty one, and restore again."
                )
            if has_tables(connection):
                raise ArchiveFault(
                    f"There is something in the database {engine.url.render_as_string()} already, and a restore never overwrites."
                    " Name an empty database with DATABASE_URL, or, with SQLite, move its files out of the data folder."
                )
    except DatabaseError as error:
        raise ArchiveFault(
            f"The database {engine.url.render_as_string()} cannot be reached: {reason_of(error)}"
        ) from None
    if is_begun and _begun_bucket(settings) == _bucket(settings):
        return
    for kind in KINDS:
        if next(iter(contents.names(kind)), None) is not None:
            raise ArchiveFault(
                f"There are files in {_bucket(settings) or settings.data_dir} already ({kind}), and a restore never"
                " overwrites. Name an empty folder with DATA_DIR, or another place with FILES_URL."
            )


def restore_contents(
    archive: ZipFile, manifest: dict[str, Any], contents: Contents, keys: DataKeys, say: Callable[[str], None]
) -> int:
    """Keep every content of the backup, and give their number. Raises ArchiveFault for one that is not what its name says."""
    number = 0
    lost = {fault.split(":")[0] for fault in manifest["faults"]} | set(manifest["erased"])
    for info in archive.infolist():
        folder, _, place = info.filename.partition("/")
        kind, _, name = place.partition("/")
        if folder != "contents" or kind not in KINDS:
            continue
        try:
            _restore_content(archive, kind, name, contents, keys)
        except (CannotOpen, BadZipFile, WrongContent):
            # One that the backup itself could not read is named in it; beyond a thousand it names them no more.
            if place in lost or len(lost) >= MAX_KEPT:
                continue
            raise ArchiveFault(DAMAGED.format(place=f"the file {place}")) from None
        number += 1
        if number % 1000 == 0:
            say(f"contents: {number}")
    if number != manifest["contents"]["number"]:
        place = f"it holds {number} files and should hold {manifest['contents']['number']}"
        raise ArchiveFault(DAMAGED.format(place=place))
    return number


def _restore_content(archive: ZipFile, kind: str, name: str, contents: Contents, keys: DataKeys) -> None:
    """Keep one content. Raises CannotOpen, BadZipFile or WrongContent for one that is damaged."""
    with SpooledTemporaryFile(max_size=2 * MAX_FILE_BYTES) as sealed:
        with archive.open(content_member(kind, name)) as member:
            shutil.copyfileobj(member, sealed)
        sealed.seek(0)
        contents.keep_stream(kind, name, open_sealed(cast(BinaryIO, sealed), keys, f"{kind}/{name}"))


def restore_tables(
    archive: ZipFile, manifest: dict[str, Any], tables: list[Table], engine: Engine, say: Callable[[str], None]
) -> int:
    """Load, read back and bring up to date all tables in one transaction, and give the number of rows. Raises ArchiveFault."""
    count = 0
    with engine.connect() as plain:
        connection = plain.execution_options(is_write=True)
        try:
            with connection.begin():
                make_tables(connection, manifest["revision"])
                with waiting_keys(connection):
                    for table in tables:
                        say(table.name)
                        count += _restore_table(archive, connection, table, manifest["tables"][table.name])
                set_sequences(connection, tables)
                for table in tables:
                    _require_read_back(connection, table, manifest["tables"][table.name]["sha256"])
                make_tables(connection, "head")
        except DatabaseError as error:
            raise ArchiveFault(f"The database does not take what is in the backup: {reason_of(error)}") from None
    analyse(engine)
    return count


def _restore_table(archive: ZipFile, connection: Connection, table: Table, said: dict[str, Any]) -> int:
    digest, count = hashlib.sha256(), 0

    def rows() -> Iterator[Row]:
        nonlocal count
        with archive.open(table_member(table.name)) as member:
            for line in member:
                digest.update(line)
                count += 1
                yield json.loads(line)

    try:
        load_rows(connection, table, rows())
    except KeyError:
        raise ArchiveFault(DAMAGED.format(place=f"the table {table.name} is not in it")) from None
    if digest.hexdigest() != said["sha256"] or count != said["rows"]:
        raise ArchiveFault(DAMAGED.format(place=f"the table {table.name} is not what its SHA-256 says"))
    return count


def _require_read_back(connection: Connection, table: Table, sha256: str) -> None:
    """Raise ArchiveFault unless the database gives back what it was given."""
    digest = hashlib.sha256()
    for row in read_rows(connection, table):
        digest.update(line_of(row))
    if digest.hexdigest() != sha256:
        raise ArchiveFault(f"The table {table.name} reads otherwise than it was written. Nothing was restored.")


def note_restored(engine: Engine, restored: Restored) -> None:
    """Write into the journal what was restored."""
    with Session(engine) as session:
        session.connection(execution_options={"is_write": True})
        made_at, journal_hash = restored.manifest["made_at"], restored.manifest["journal_hash"]
        record(session, "backup.restore", made_at=made_at, journal_hash=journal_hash, rows=restored.rows)
        session.commit()


def _bucket(settings: Settings) -> str:
    """Bucket and prefix where files lie, or "" for the data folder."""
    return settings.files_url.split("?")[0]


def _begun_bucket(settings: Settings) -> str:
    """Where the interrupted restore put files, as `_bucket` says it: only what lies there can be its own."""
    _backup, _, bucket = (settings.data_dir / UNFINISHED).read_text().rstrip("\n").partition("\n")
    return bucket


def _mark(path: Path, name: str, bucket: str) -> None:
    with path.open("w") as file:
        file.write(f"{name}\n{bucket}\n")
        file.flush()
        os.fsync(file.fileno())
