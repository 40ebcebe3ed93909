"""`submissions.csv` and `submissions.csv.zip`: tables over one walk, then files, streamed as they are made."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import ColumnElement, Engine

from collector.central.csv_tables import CsvTable
from collector.central.people import People
from collector.central.queries import Page, Submission, system_of, walk_submissions
from collector.export.sheets.selection import Selection
from collector.store.contents import FILES, Contents

#: Tables shrink to a tenth at the fastest level already.
LEVEL = 1
BLOCK_BYTES = 64 * 1024


@dataclass(frozen=True)
class Source:
    """Which responses go into the tables, newest first."""

    engine: Engine
    questionnaire_id: int
    selection: Selection
    people: People
    conditions: tuple[ColumnElement[bool], ...] = ()

    def walk(self) -> Iterator[Submission]:
        """The responses."""
        return walk_submissions(self.engine, self.questionnaire_id, self.selection, Page(self.conditions))


class Sink(io.RawIOBase):
    """Takes what a zip file writes, until somebody takes it along. Cannot be gone back in, so that nothing is corrected later."""

    def __init__(self) -> None:
        self._parts = bytearray()

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, content: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        """Keep these bytes."""
        self._parts += content
        return len(content)

    def take(self) -> bytes:
        """What was written since the last time."""
        found = bytes(self._parts)
        self._parts.clear()
        return found


class Rows:
    """Writes rows as CSV (RFC 4180) into bytes."""

    def __init__(self) -> None:
        self._buffer = io.StringIO()
        self.write = csv.writer(self._buffer, lineterminator="\r\n").writerow

    def take(self) -> bytes:
        """What was written since the last time. Half characters become `?`: UTF-8 has none."""
        text = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return text.encode("utf-8", "replace")

    @property
    def is_full(self) -> bool:
        """Whether it is time to take."""
        return self._buffer.tell() >= BLOCK_BYTES


def main_csv(source: Source, table: CsvTable) -> Iterator[bytes]:
    """The main table, piece by piece."""
    rows = Rows()
    rows.write(table.header)
    for submission in source.walk():
        system = system_of(submission, source.people)
        for row in table.rows(submission.instance_id, submission.walked.answers, system):
            rows.write(row)
        if rows.is_full:
            yield rows.take()
    yield rows.take()


def zip_pieces(source: Source, tables: Sequence[CsvTable], files: Contents | None) -> Iterator[bytes]:
    """The zip, piece by piece. `files`: where the files of responses lie, None to leave them out.

    The main table is packed while it is read; rows of repeats wait in temporary files, so that all come from the same walk.
    """
    sink = Sink()
    media = Media()
    with ExitStack() as stack, ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        main, *repeats = tables
        waiting = [stack.enter_context(TemporaryFile()) for _ in repeats]
        buffers = [Rows() for _ in repeats]
        for buffer, table in zip(buffers, repeats, strict=True):
            buffer.write(table.header)
        with archive.open(main.name, "w", force_zip64=True) as entry:
            rows = Rows()
            rows.write(main.header)
            for submission in source.walk():
                _write_rows(source, submission, [(main, rows), *zip(repeats, buffers, strict=True)])
                media.add(submission)
                for buffer, file in zip(buffers, waiting, strict=True):
                    if buffer.is_full:
                        file.write(buffer.take())
                if rows.is_full:
                    entry.write(rows.take())
                    yield sink.take()
            entry.write(rows.take())
        for table, buffer, file in zip(repeats, buffers, waiting, strict=True):
            file.write(buffer.take())
            file.seek(0)
            yield from _pack(archive, sink, ZipInfo(table.name), ZIP_DEFLATED, file)
        for name, sha256 in media.entries() if files else ():
            assert files is not None
            # A response may have been deleted a moment ago.
            with suppress(FileNotFoundError), files.open(FILES, sha256) as content:
                yield from _pack(archive, sink, ZipInfo(name), ZIP_STORED, content)
    yield sink.take()


def _write_rows(source: Source, submission: Submission, tables: Sequence[tuple[CsvTable, Rows]]) -> None:
    system = system_of(submission, source.people)
    for table, rows in tables:
        for row in table.rows(submission.instance_id, submission.walked.answers, system):
            rows.write(row)


def _pack(archive: ZipFile, sink: Sink, info: ZipInfo, how: int, content: IO[bytes]) -> Iterator[bytes]:
    info.compress_type = how
    with archive.open(info, "w", force_zip64=True) as entry:
        while block := content.read(BLOCK_BYTES):
            entry.write(block)
            yield sink.take()
    yield sink.take()


class Media:
    """The files of the responses in a zip. A name that another response has used already gets the response's id as its folder."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def add(self, submission: Submission) -> None:
        """Note the files of a response that have arrived."""
        for attachment in submission.attachments:
            if attachment.file is None:
                continue
            name = f"media/{attachment.name}"
            if self._found.get(name, attachment.file.sha256) != attachment.file.sha256:
                name = f"media/{submission.walked.response_id}/{attachment.name}"
            self._found[name] = attachment.file.sha256

    def entries(self) -> list[tuple[str, str]]:
        """Name and SHA-256 of each."""
        return list(self._found.items())
