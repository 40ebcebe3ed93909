"""Attachments and the files beside questionnaires: rows against journal and responses, bytes on the disk against rows."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from collector.intake.files import hash_file
from collector.store import File, VersionFile
from collector.verify.report import Report
from collector.verify.scratch import Scratch

ATTACHMENTS, FORM_FILES = "files", "form-files"


def check_file_rows(connection: Connection, scratch: Scratch, report: Report) -> None:
    """Hold each attachment's row against the journal, and keep in `scratch` what has to lie on the disk."""
    columns = (File.id, File.response_id, File.name, File.sha256, File.size_bytes, File.completed_at)
    for row in connection.execute(select(*columns), execution_options={"yield_per": 1000}):
        if row.completed_at is None:
            scratch.add("upload", row.id)
            continue
        report.count("files")
        scratch.add("complete", row.response_id, row.name, row.sha256)
        scratch.add("content", ATTACHMENTS, row.sha256, row.size_bytes)
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


def check_contents(data_dir: Path, scratch: Scratch, report: Report) -> None:
    """Read every file that has to be on the disk, and name those that nothing in the database asks for."""
    for folder, sha256, size in scratch.rows("content"):
        report.count("contents on the disk")
        path = data_dir / folder / sha256[:2] / sha256
        name = path.relative_to(data_dir)
        if not path.is_file():
            report.fault("file_missing", name, f"{name} is not on the disk")
        elif size is not None and path.stat().st_size != size:
            message = f"{name} has {path.stat().st_size} bytes instead of {size}"
            report.fault("file_changed", name, message)
        elif hash_file(path) != sha256:
            report.fault("file_changed", name, f"{name}: its bytes are not what its SHA-256 says")
    for folder in (ATTACHMENTS, FORM_FILES):
        for path in _walk(data_dir / folder):
            is_upload = path.parent.name == "partial" and scratch.find("upload", id=path.name)
            is_content = path.parent.name == path.name[:2] and scratch.find("content", folder=folder, sha256=path.name)
            if not (is_upload or is_content):
                name = path.relative_to(data_dir)
                report.note("stray_file", name, f"{name}: nothing in the database asks for it")


def _walk(folder: Path) -> Iterator[Path]:
    """The files in the folders of `folder`, and in itself."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir():
            yield from path.iterdir()
        else:
            yield path
