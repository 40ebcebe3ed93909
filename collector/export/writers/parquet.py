"""Parquet: a file for each table, columns typed, their labels and choices in the fields' metadata.

A column whose cells do not all fit its type is text, so that none is lost. In columns of text "" is no answer to a question that was
asked, null one that was not; in others both are null.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyarrow
from pyarrow import parquet

from collector.export.options import DISTRICT, OFFSET
from collector.export.sheets.sheet import INDICATOR, Cell, Dataset, Progress, Sheet, Variable
from collector.export.writers import typed
from collector.export.writers.zip_files import new_zip, stored

#: Rows that are in memory at a time, and that a reader can skip; and the most cells in them.
ROWS_A_GROUP, CELLS_A_GROUP = 5_000, 100_000
INT64 = range(-(2**63), 2**63)


def write_parquet(dataset: Dataset, path: Path, on_rows: Progress) -> None:
    """Write `dataset` to `path`: its table, or a zip file with a Parquet file for each."""
    if len(dataset.sheets) == 1:
        with path.open("wb") as file:
            _write_sheet(dataset, dataset.sheets[0], file, on_rows)
        return
    with new_zip(path) as archive:
        for sheet in dataset.sheets:
            name = "-".join(part for part in (dataset.form_id, sheet.name) if part) + ".parquet"
            with stored(archive, name) as entry:
                _write_sheet(dataset, sheet, entry, on_rows)


def _write_sheet(dataset: Dataset, sheet: Sheet, file: IO[bytes], on_rows: Progress) -> None:
    kinds = fitting_kinds(sheet, dataset.times)
    fields = [
        pyarrow.field(variable.name, kind.type, metadata=_about_variable(variable))
        for variable, kind in zip(sheet.variables, kinds, strict=True)
    ]
    schema = pyarrow.schema(fields, metadata=_about_table(dataset, sheet))
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for rows in _groups(sheet):
            columns: Sequence[Sequence[Cell]] = list(zip(*rows, strict=True)) if fields else []
            arrays = [
                pyarrow.array(kind.values(column), kind.type) for kind, column in zip(kinds, columns, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema), row_group_size=ROWS_A_GROUP)
            on_rows(len(rows))


class Kind:
    """A column's type, and what makes a value of a cell; None for what does not fit. Without `read`: text."""

    def __init__(self, type: pyarrow.DataType, read: Callable[[str], Any] | None = None):
        self.type, self._read = type, read

    def fits(self, texts: set[Cell]) -> bool:
        """Whether each of them is a value of the type."""
        read = self._read
        return read is None or all(read(text) is not None for text in texts if text)

    def values(self, column: Sequence[Cell]) -> Sequence[Any]:
        """The values of a column's cells."""
        read = self._read
        if read is None:
            return [_whole(text) for text in column]
        return [read(text) if text else None for text in column]


def fitting_kinds(sheet: Sheet, times: str) -> list[Kind]:
    """What each column is, once all cells were seen."""
    kinds = [kind_of(variable, times) for variable in sheet.variables]
    waiting = {index for index, kind in enumerate(kinds) if kind is not TEXT}
    if not waiting:
        return kinds
    for rows in _groups(sheet):
        for index in list(waiting):
            if not kinds[index].fits({row[index] for row in rows}):
                kinds[index] = TEXT
                waiting.remove(index)
    return kinds


def kind_of(variable: Variable, times: str) -> Kind:
    """What a column is if all its cells fit. `times`: see options.py."""
    if variable.type != "dateTime":
        return KINDS.get(variable.type, TEXT)
    return {OFFSET: TEXT, DISTRICT: WALL_TIME}.get(times, MOMENT)


def _int64(text: str) -> int | None:
    number = typed.whole_number(text)
    return number if number is not None and number in INT64 else None


def _whole(text: Cell) -> Cell:
    """`text` with � for half characters, which UTF-8 has no bytes for."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


TEXT = Kind(pyarrow.string())
#: Moments in UTC; those of the district's time zone as its clocks show them, which its header names.
MOMENT = Kind(pyarrow.timestamp("us", "UTC"), typed.moment)
WALL_TIME = Kind(pyarrow.timestamp("us"), typed.wall_time)
KINDS = {
    "int": Kind(pyarrow.int64(), _int64),
    INDICATOR: Kind(pyarrow.int64(), _int64),
    "decimal": Kind(pyarrow.float64(), typed.decimal_number),
    "boolean": Kind(pyarrow.bool_(), typed.truth),
    "date": Kind(pyarrow.date32(), typed.day),
}


def _groups(sheet: Sheet) -> Iterator[list[list[Cell]]]:
    size = max(1, min(ROWS_A_GROUP, CELLS_A_GROUP // max(len(sheet.variables), 1)))
    rows = sheet.rows()
    while group := list(islice(rows, size)):
        yield group


def _about_variable(variable: Variable) -> dict[str, str]:
    about = {"key": variable.key, "path": variable.path, "type": variable.type, "label": variable.label}
    choices = [{"value": choice.value, "labels": dict(choice.labels)} for choice in variable.choices]
    return about | ({"choices": json.dumps(choices, ensure_ascii=False)} if choices else {})


def _about_table(dataset: Dataset, sheet: Sheet) -> dict[str, str]:
    return {
        "form_id": dataset.form_id,
        "title": dataset.title,
        "table": sheet.name,
        "versions": json.dumps(dataset.versions, ensure_ascii=False),
    }
