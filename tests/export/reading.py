"""Exports read back by other readers than those that wrote them: Python's csv and zipfile."""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.export.options import Options
from collector.export.sheets.selection import Selection
from collector.export.sheets.sheet import Dataset
from collector.export.sheets.spool import make_dataset
from collector.export.sheets.tables import MAIN
from collector.export.writers.csv_zip import csv_pieces, table_pieces
from collector.store import Questionnaire

ZONE = "Asia/Shanghai"
Rows = list[dict[str, str]]


def questionnaire_id(app: Flask, form_id: str = "household") -> int:
    """The id of a questionnaire."""
    with Session(app.extensions["collector_engine"]) as session:
        return session.scalars(select(Questionnaire.id).where(Questionnaire.form_id == form_id)).one()


def csv_rows(content: bytes) -> Rows:
    """The rows of a CSV file by its header, no column of which may be there twice."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert len(set(header)) == len(header)
    return [dict(zip(header, row, strict=True)) for row in rows]


def table(app: Flask, name: str = MAIN, selection: Selection | None = None, **options: Any) -> Rows:
    """The rows of one table as CSV has them."""
    return csv_rows(
        b"".join(
            table_pieces(
                app.extensions["collector_engine"],
                questionnaire_id(app),
                Options(**options),
                selection or Selection(),
                name,
                time_zone=ZONE,
            )
        )
    )


def whole(
    app: Flask, folder: Path, selection: Selection | None = None, *, is_background: bool = False, **options: Any
) -> bytes:
    """The whole export as CSV: the file's content."""
    progress: list[int] = []
    content = b"".join(
        csv_pieces(
            app.extensions["collector_engine"],
            questionnaire_id(app),
            Options(**options),
            selection or Selection(),
            time_zone=ZONE,
            folder=folder,
            on_progress=progress.append,
            is_background=is_background,
        )
    )
    assert list(folder.iterdir()) == [], "nothing is left behind"
    return content


def unzipped(content: bytes) -> dict[str, Rows]:
    """The tables of a zip by their files' names."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: csv_rows(archive.read(name)) for name in archive.namelist()}


@contextmanager
def dataset(app: Flask, folder: Path, selection: Selection | None = None, **options: Any) -> Iterator[Dataset]:
    """The export as sheets."""
    with make_dataset(
        app.extensions["collector_engine"],
        questionnaire_id(app),
        Options(**options),
        selection or Selection(),
        folder,
        lambda _number: None,
        time_zone=ZONE,
    ) as made:
        yield made
