"""The rows of an export on their way to a writer: one walk puts them aside, and they can be read as often as wanted.

All sheets come from one walk, so that keys join whatever arrives meanwhile (A63), and memory holds some hundred rows at a time.
"""

import marshal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import orjson
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector.export.options import Options
from collector.export.sheets.layout import Layout
from collector.export.sheets.plan import Plan, make_plan
from collector.export.sheets.selection import Selection
from collector.export.sheets.sheet import Cell, Dataset, Progress, Sheet
from collector.export.sheets.walk import Walked, walk_responses
from collector.export.sheets.wide import Widths, widen

#: Rows that are put aside at a time.
ROWS_A_PIECE = 200
#: Bytes in front of each piece of a file, which say how long it is.
SIZE_BYTES = 8


@contextmanager
def make_dataset(
    engine: Engine,
    questionnaire_id: int,
    options: Options,
    selection: Selection,
    folder: Path,
    on_progress: Progress,
    *,
    time_zone: str,
) -> Iterator[Dataset]:
    """The sheets of an export with their rows, which lie in files in `folder` until the block ends.

    `on_progress` is told how many responses were read. `time_zone`: the district's. Raises CollectorError `export_option`,
    `export_too_wide`.
    """
    with Session(engine) as session:
        plan = make_plan(session, questionnaire_id, options, selection, time_zone=time_zone)
    with TemporaryDirectory(dir=folder, prefix="rows-") as rows:
        walk = counted(walk_responses(engine, questionnaire_id, selection), on_progress)
        yield read_sheets(plan, walk, Path(rows))


def counted(walk: Iterable[Walked], on_progress: Progress) -> Iterator[Walked]:
    """The walk, telling how far it has come."""
    number = 0
    for number, response in enumerate(walk, start=1):
        yield response
        if number % ROWS_A_PIECE == 0:
            on_progress(ROWS_A_PIECE)
    on_progress(number % ROWS_A_PIECE)


def prepared(plan: Plan, walk: Iterator[Walked], folder: Path) -> tuple[list[Layout], Iterator[Walked]]:
    """The sheets of a plan, and the walk to fill them. Where repeats become columns, the responses are put aside in `folder` first:
    how many columns there are is known when all have been seen.
    """
    if not plan.is_wide:
        return plan.layouts(), walk
    widths: Widths = {}
    with (folder / "responses").open("wb") as file:
        for response in walk:
            widen(widths, plan.tables, response.answers)
            _write_piece(file, marshal.dumps(_kept(response)))
    return plan.layouts(widths), _read_kept(folder / "responses")


def read_sheets(plan: Plan, walk: Iterator[Walked], folder: Path) -> Dataset:
    """Put the rows of a walk aside in `folder`."""
    layouts, walk = prepared(plan, walk, folder)
    spools = [Spool(layout, folder / f"sheet-{at}") for at, layout in enumerate(layouts)]
    for response in walk:
        for spool in spools:
            spool.add(response)
    return Dataset(
        form_id=plan.form_id,
        title=plan.title,
        sheets=tuple(spool.finish() for spool in spools),
        language=plan.drawing.language,
        default_language=plan.drawing.default_language,
        languages=plan.languages,
        versions=tuple(version.name for version in plan.versions),
        times=plan.options.times,
        not_asked=plan.options.not_asked,
        personal=plan.personal,
    )


class Spool:
    """The rows of one sheet in a file."""

    def __init__(self, layout: Layout, path: Path) -> None:
        self.layout = layout
        self.path = path
        self.row_count = 0
        self.widths = [0] * len(layout.variables)
        self._waiting: list[list[Cell]] = []
        self._file: BinaryIO = path.open("wb")

    def add(self, response: Walked) -> None:
        """Take the rows of a response."""
        self._waiting += self.layout.rows(response)
        if len(self._waiting) >= ROWS_A_PIECE:
            self._write()

    def finish(self) -> Sheet:
        """The sheet, once all rows are there."""
        self._write()
        self._file.close()
        path = self.path
        return Sheet(
            self.layout.name, self.layout.variables, self.row_count, tuple(self.widths), lambda: read_rows(path)
        )

    def _write(self) -> None:
        if not self._waiting:
            return
        self.row_count += len(self._waiting)
        self.widths = [
            max(width, widest(cells))
            for width, cells in zip(self.widths, zip(*self._waiting, strict=True), strict=True)
        ]
        # Rows are texts and nothing else, for which JSON is written in a tenth of the time.
        _write_piece(self._file, orjson.dumps(self._waiting))
        self._waiting.clear()


def widest(cells: Iterable[Cell]) -> int:
    """Bytes in UTF-8 of the longest of some cells."""
    written = [cell for cell in cells if cell]
    if "".join(written).isascii():
        return max(map(len, written), default=0)
    return max(len(cell.encode("utf-8", "surrogatepass")) for cell in written)


def read_rows(path: Path) -> Iterator[list[Cell]]:
    """The rows in a file of a spool."""
    for piece in _read_pieces(path):
        yield from orjson.loads(piece)


def _write_piece(file: BinaryIO, piece: bytes) -> None:
    file.write(len(piece).to_bytes(SIZE_BYTES, "little") + piece)


def _read_pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while size := file.read(SIZE_BYTES):
            yield file.read(int.from_bytes(size, "little"))


def _kept(response: Walked) -> tuple[Any, ...]:
    """A response as marshal can write it; the moments are not needed for rows, which have them as texts."""
    return tuple(response._replace(received_at=None, revised_at=None))  # type: ignore[arg-type]


def _read_kept(path: Path) -> Iterator[Walked]:
    # This process wrote them a moment ago.
    return (Walked(*marshal.loads(piece)) for piece in _read_pieces(path))  # noqa: S302
