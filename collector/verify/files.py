"""Attachments and the files beside questionnaires: rows against journal and responses, bytes on the disk against rows."""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from sqlalchemy import Connection, select

from collector.store import File, VersionFile
from collector.store.contents import FILES, FORM_FILES, Contents
from collector.store.contents.keeping import PIECES, path_of
from collector.store.data_keys import CannotOpen
from collector.verify.report import Report
from collector.verify.scratch import Scratch

#: Bytes of a file that are read at a time.
BLOCK_BYTES = 1024 * 1024


def check_file_rows(connection: Connection, scratch: Scratch, report: Report) -> None:
    """Hold each attachment's row against the journal, and keep in `scratch` what has to lie on the disk."""
    columns = (File.id, File.response_id, File.name, File.sha256, File.size_bytes, File.completed_at)
    for row in connection.execute(select(*columns), execution_options={"yield_per": 1000}):
        if row.completed_at is None:
            scratch.add("upload", row.id)
            continue
        report.count("files")
        scratch.add("complete", row.response_id, row.name, row.sha256)
        scratch.add("content", FILES, row.sha256, row.size_bytes)
        same = {"response": row.response_id, "sha256": row.sha256, "size": row.size_bytes}
        if scratch.take("file", id=row.id, **same):
            continue
        journalled = scratch.find("file", id=row.id)
        name = f"file {row.name} of response {row.response_id}"
        if journalled is None:
            report.fault("arrival_unknown", row.id, f"{name}: the journal does not know it")
        else:
            scratch.take("file", id=row.id)
            report.fault("hash_changed", row.id, f"{name}: it is not the one of journal entry {journalled[4]}")


def keep_form_files(connection: Connection, scratch: Scratch) -> None:
    """Keep in `scratch` the files beside questionnaires that have to lie on the disk; what phones fetch has a known size."""
    columns = (VersionFile.sha256, VersionFile.original_sha256, VersionFile.size_bytes)
    for row in connection.execute(select(*columns), execution_options={"yield_per": 1000}):
        if row.original_sha256:
            scratch.add("content", FORM_FILES, row.original_sha256, None)
        if row.sha256:
            scratch.add("content", FORM_FILES, row.sha256, row.size_bytes)


def check_contents(contents: Contents, scratch: Scratch, report: Report) -> None:
    """Read every file that has to be kept, and name those that nothing in the database asks for."""
    for kind, sha256, size in scratch.rows("content"):
        report.count("contents on the disk")
        name = path_of(kind, sha256)
        try:
            with contents.open(kind, sha256) as content:
                found_size, found_sha256 = measure(content)
        except FileNotFoundError:
            report.fault("file_missing", name, f"{name} is not on the disk")
        except CannotOpen as error:
            report.fault("file_changed", name, f"{name}: {error}")
        except OSError as error:
            report.fault("file_unreadable", name, f"{name} cannot be read: {error.strerror}")
        else:
            if size is not None and found_size != size:
                report.fault("file_changed", name, f"{name} has {found_size} bytes instead of {size}")
            elif found_sha256 != sha256:
                report.fault("file_changed", name, f"{name}: its bytes are not what its SHA-256 says")
    try:
        for name in find_strays(contents, scratch):
            report.note("stray_file", name, f"{name}: nothing in the database asks for it")
    except OSError as error:
        report.fault("file_unreadable", "files", f"the files that are kept cannot be listed: {error.strerror}")


def find_strays(contents: Contents, scratch: Scratch) -> Iterator[str]:
    """Where those files and pieces of uploads lie that nothing in the database asks for."""
    for kind in (FILES, FORM_FILES):
        for name, _kept_at in contents.names(kind):
            if not scratch.find("content", folder=kind, sha256=name):
                yield path_of(kind, name)
    for upload_id in sorted({upload_id for upload_id, _kept_at in contents.piece_ids()}):
        if not scratch.find("upload", id=upload_id):
            yield f"{PIECES}/{upload_id}"


def measure(content: BinaryIO) -> tuple[int, str]:
    """How many bytes a file has, and their SHA-256, hex."""
    digest, size_bytes = hashlib.sha256(), 0
    while block := content.read(BLOCK_BYTES):
        digest.update(block)
        size_bytes += len(block)
    return size_bytes, digest.hexdigest()
