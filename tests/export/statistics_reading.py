"""SPSS and Stata files read back by a reader that is not ours."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy
import pyreadstat

from collector.export.sheets.sheet import Dataset
from collector.export.writers.statistics.dta import write_dta
from collector.export.writers.statistics.sav import write_sav
from tests.export.sheets import ignore


def read_sav(dataset: Dataset, folder: Path, **options: Any) -> tuple[dict[str, list[Any]], Any]:
    """The columns by name and all else of the .sav file of a dataset with one table."""
    path = folder / "file.sav"
    write_sav(dataset, path, ignore)
    return as_lists(*pyreadstat.read_sav(path, output_format="dict", **options))


def read_dta(dataset: Dataset, folder: Path, **options: Any) -> tuple[dict[str, list[Any]], Any]:
    """The columns by name and all else of the .dta file of a dataset with one table."""
    path = folder / "file.dta"
    write_dta(dataset, path, ignore)
    return as_lists(*pyreadstat.read_dta(path, output_format="dict", **options))


def as_lists(columns: dict[str, Any], about: Any) -> tuple[dict[str, list[Any]], Any]:
    """Columns as lists, with None where there is no number."""
    return {
        name: [None if isinstance(value, float | numpy.floating) and numpy.isnan(value) else value for value in column]
        for name, column in columns.items()
    }, about


def entries_of(path: Path) -> dict[str, bytes]:
    """Content of each file of a zip by its name."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
