"""Files of responses, in a zip file with a list of them, `files.csv`, that joins them to the tables.

Each is copied as it is: photos and recordings are compressed already. Those that have not arrived are in the list alone.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import SEEK_END
from itertools import groupby
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO
from zipfile import ZipFile

from collector.export.sheets.sheet import Progress
from collector.export.writers.media_names import MediaNames, question_of, row_key
from collector.export.writers.zip_files import new_zip, packed_large, stored

LIST = "files.csv"
COLUMNS = ("file", "response_id", "key", "question", "name", "sha256", "size_bytes", "state")
ARRIVED, MISSING = "arrived", "missing"
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class MediaFile:
    """A file that a response names: the document's `path` of its question, its `name` there, where its bytes are.

    `source` opens them, or raises FileNotFoundError; None while they have not arrived. `size_bytes`: None where nobody knows.
    """

    response_id: str
    path: str
    name: str
    sha256: str = ""
    size_bytes: int | None = None
    source: Callable[[], BinaryIO] | None = None


def write_media(files: Iterable[MediaFile], path: Path, on_files: Progress) -> None:
    """Write the files, those of a response one after the other, to a zip file at `path`. `on_files` is told each."""
    with new_zip(path) as archive, tempfile.TemporaryFile("w+b", dir=path.parent) as raw:
        listed = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        # The mark lets Excel read Chinese names (A57).
        listed.write("\ufeff")
        rows = csv.writer(listed, lineterminator="\r\n")
        rows.writerow(COLUMNS)
        for response_id, of_response in groupby(files, key=lambda file: file.response_id):
            names = MediaNames(response_id)
            for file in of_response:
                name = names.add(file.path, file.name)
                is_there = _copy(archive, name, file.source)
                rows.writerow(
                    [
                        name if is_there else "",
                        response_id,
                        row_key(response_id, file.path),
                        question_of(file.path),
                        file.name,
                        file.sha256,
                        "" if file.size_bytes is None else file.size_bytes,
                        ARRIVED if is_there else MISSING,
                    ]
                )
                on_files(1)
        listed.flush()
        raw.seek(0)
        with packed_large(archive, LIST) as target:
            copyfileobj(raw, target, BLOCK_BYTES)


def _copy(archive: ZipFile, name: str, source: Callable[[], BinaryIO] | None) -> bool:
    """Copy a file's bytes; False where there are none, as when its response was deleted a moment ago."""
    if source is None:
        return False
    try:
        opened = source()
    except FileNotFoundError:
        return False
    with opened, stored(archive, name, opened.seek(0, SEEK_END)) as target:
        opened.seek(0)
        copyfileobj(opened, target, BLOCK_BYTES)
    return True
