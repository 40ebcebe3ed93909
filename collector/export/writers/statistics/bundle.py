"""One table as a file of its own, several as a zip with a file for each."""

from collections.abc import Callable
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from collector.export.sheets.sheet import Dataset, Sheet
from collector.export.writers.zip_files import new_zip, packed_large

#: Writes one sheet into a file that can be searched.
WriteSheet = Callable[[Sheet, IO[bytes]], None]


def suffix_of(dataset: Dataset, suffix: str) -> str:
    """`suffix` (`.sav`) for one table, `.zip` for several."""
    return suffix if len(dataset.sheets) == 1 else ".zip"


def write_tables(dataset: Dataset, path: Path, suffix: str, write_sheet: WriteSheet) -> None:
    """Write the dataset to `path`: as it is when it has one table, else zipped, each as `form-table.sav`."""
    if len(dataset.sheets) == 1:
        with path.open("w+b") as file:
            write_sheet(dataset.sheets[0], file)
        return
    part = path.with_name(f"{path.name}.part")
    try:
        with new_zip(path) as archive:
            for sheet in dataset.sheets:
                with part.open("w+b") as file:
                    write_sheet(sheet, file)
                    file.seek(0)
                    name = "-".join(piece for piece in (dataset.form_id, sheet.name) if piece) + suffix
                    with packed_large(archive, name) as target:
                        copyfileobj(file, target, 2**20)
    finally:
        part.unlink(missing_ok=True)
