"""The tables of an export as CSV: one file, or a zip with a file for each table. Streams while it walks."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.export.options import Options
from collector.export.sheets.layout import Layout
from collector.export.sheets.plan import Plan, make_plan
from collector.export.sheets.selection import Selection
from collector.export.sheets.sheet import Progress
from collector.export.sheets.spool import counted, prepared
from collector.export.sheets.tables import MAIN
from collector.export.sheets.walk import read_names, walk_responses, walk_rows
from collector.export.writers.csv_format import first_line
from collector.export.writers.csv_parts import Part, PartMaker, has_two_processors, parts_by_two, parts_of
from collector.export.writers.zip_files import LEVEL

#: Bytes that are taken at once from a file of rows.
PIECE = 1 << 16


def csv_suffix(
    session: Session, questionnaire_id: int, options: Options, selection: Selection, *, time_zone: str
) -> str:
    """What the name of the file ends with: `.csv` for one table, `.zip` for several."""
    plan = make_plan(session, questionnaire_id, options, selection, time_zone=time_zone)
    return ".csv" if plan.is_wide or len(plan.tables) == 1 else ".zip"


def csv_pieces(
    engine: Engine,
    questionnaire_id: int,
    options: Options,
    selection: Selection,
    *,
    time_zone: str,
    folder: Path,
    on_progress: Progress,
    is_background: bool = False,
) -> Iterator[bytes]:
    """The export in pieces: CSV if it has one table, else a zip. Temporary files lie in `folder`.

    `on_progress` is told how many responses were read. `is_background`: this process serves nobody, so a second one may help it.
    Raises CollectorError `export_option`, `export_too_wide`.
    """
    with Session(engine) as session:
        plan = make_plan(session, questionnaire_id, options, selection, time_zone=time_zone)
        names = read_names(session, questionnaire_id, selection)
    with TemporaryDirectory(dir=folder, prefix="csv-") as kept:
        if is_background and has_two_processors() and not plan.is_wide:
            layouts = plan.layouts()
            maker = PartMaker(layouts, options, selection, names)
            parts = _told(parts_by_two(maker, walk_rows(engine, questionnaire_id, selection)), on_progress)
        else:
            walk = counted(walk_responses(engine, questionnaire_id, selection), on_progress)
            layouts, walk = prepared(plan, walk, Path(kept))
            parts = parts_of(layouts, options, walk)
        yield from _one_file(layouts[0], parts, options) if len(layouts) == 1 else _zipped(plan, layouts, parts, kept)


def _told(parts: Iterator[Part], on_progress: Progress) -> Iterator[Part]:
    for part in parts:
        yield part
        on_progress(part.responses)


def table_pieces(
    engine: Engine,
    questionnaire_id: int,
    options: Options,
    selection: Selection,
    table_name: str,
    *,
    time_zone: str,
    folder: Path | None = None,
) -> Iterator[bytes]:
    """One table in pieces, by its name; `MAIN` is the main one. Raises CollectorError `not_found`, and as csv_pieces does."""
    with Session(engine) as session:
        plan = make_plan(session, questionnaire_id, options, selection, time_zone=time_zone)
    if plan.is_wide and table_name == MAIN:
        return _wide_table(engine, plan, folder)
    layout = next((one for one in ([] if plan.is_wide else plan.layouts()) if one.name == table_name), None)
    if layout is None:
        raise CollectorError("not_found")
    walk = walk_responses(engine, questionnaire_id, selection)
    return _one_file(layout, parts_of([layout], options, walk), options)


def _wide_table(engine: Engine, plan: Plan, folder: Path | None) -> Iterator[bytes]:
    with TemporaryDirectory(dir=folder, prefix="csv-") as kept:
        walk = walk_responses(engine, plan.questionnaire_id, plan.selection)
        [layout], walk = prepared(plan, walk, Path(kept))
        yield from _one_file(layout, parts_of([layout], plan.options, walk), plan.options)


def _one_file(layout: Layout, parts: Iterator[Part], options: Options) -> Iterator[bytes]:
    # Whoever waits sees at once that something comes.
    yield _first_line(layout, options)
    for part in parts:
        yield part.tables[0]


def _first_line(layout: Layout, options: Options) -> bytes:
    header = [variable.name for variable in layout.variables]
    return first_line(header, has_mark=options.bom, is_safe=options.safe)


class _Outlet:
    """Where the zip is written to and pieces are taken from: it is sent while it is made, so nothing goes back in it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Keep a piece until it is taken."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """There is nothing behind it to be flushed."""

    def take(self) -> bytes:
        """All that was written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def _zipped(plan: Plan, layouts: Sequence[Layout], parts: Iterator[Part], folder: str) -> Iterator[bytes]:
    """The main table goes out while the walk is under way; the rows of the others wait in files for their turn."""
    outlet = _Outlet()
    with ExitStack() as stack, ZipFile(outlet, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:  # type: ignore[call-overload]
        waiting: list[IO[Any]] = [stack.enter_context(TemporaryFile(dir=folder)) for _ in layouts[1:]]
        with archive.open(_entry(plan, layouts[0]), "w", force_zip64=True) as main:
            targets: list[IO[Any]] = [main, *waiting]
            for layout, target in zip(layouts, targets, strict=True):
                target.write(_first_line(layout, plan.options))
            for part in parts:
                for rows, target in zip(part.tables, targets, strict=True):
                    target.write(rows)
                yield outlet.take()
        for layout, file in zip(layouts[1:], waiting, strict=True):
            file.seek(0)
            with archive.open(_entry(plan, layout), "w", force_zip64=True) as entry:
                while piece := file.read(PIECE):
                    entry.write(piece)
                    yield outlet.take()
    yield outlet.take()


def _entry(plan: Plan, layout: Layout) -> str:
    return "-".join(part for part in (plan.form_id, layout.name) if part) + ".csv"
