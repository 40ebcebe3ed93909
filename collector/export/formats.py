"""The formats of exports: what each is called, what it is for, and which writer makes it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from collector.export.jobs.making import Maker, Making, Meter, Wanted, Written, from_dataset
from collector.export.sheets.sheet import Dataset, Progress
from collector.export.sheets.spool import counted
from collector.export.sheets.walk import count_responses, walk_responses
from collector.export.writers import codebook, ndjson
from collector.export.writers.codebook_html import write_codebook_html
from collector.export.writers.codebook_xlsx import write_codebook_xlsx
from collector.export.writers.csv_zip import csv_pieces, csv_suffix
from collector.export.writers.geojson import write_geojson
from collector.export.writers.media_files import read_media
from collector.export.writers.media_zip import write_media
from collector.export.writers.statistics import plan
from collector.export.writers.statistics.bundle import suffix_of
from collector.export.writers.statistics.dta import write_dta
from collector.export.writers.statistics.sav import write_sav
from collector.export.writers.xlsx import write_xlsx
from collector.store.contents import FILES, contents


@dataclass(frozen=True)
class Format:
    """A format: its name, what it is for, its maker; `stem`: what stands in names of its files between the form and the day."""

    title: Any
    about: Any
    make: Maker
    stem: str = ""


def always(suffix: str) -> Callable[[Dataset], str]:
    """The ending of a format that is one file whatever the tables."""
    return lambda _dataset: suffix


def make_csv(making: Making) -> Written:
    """CSV is written while responses are read: each counts as both at once."""
    it, path = making.wanted, making.folder / "file"
    of = (it.questionnaire_id, it.options, it.selection)
    with Session(it.engine) as session:
        suffix = csv_suffix(session, *of, time_zone=it.time_zone)
    with path.open("wb") as file:
        file.writelines(
            csv_pieces(
                it.engine,
                *of,
                time_zone=it.time_zone,
                folder=making.folder,
                on_progress=making.meter.on_both,
                # Files are made in a process that answers no requests.
                is_background=True,
            )
        )
    return Written(path, suffix)


def make_media(making: Making) -> Written:
    """Files that came with responses are copied while responses are read."""
    it, path = making.wanted, making.folder / "file"
    walk = counted(walk_responses(it.engine, it.questionnaire_id, it.selection), making.meter.on_both)
    files = read_media(it.engine, walk, partial(contents().open, FILES))
    write_media(files, path, lambda _number: None)
    return Written(path, ".zip")


def write_parquet(dataset: Dataset, path: Path, on_rows: Progress) -> None:
    """Parquet, by a library that takes 50 MB: it is loaded by the process that writes it, and by no other."""
    from collector.export.writers import parquet

    parquet.write_parquet(dataset, path, on_rows)


FORMATS: dict[str, Format] = {
    "csv": Format("CSV", _l("Opens everywhere. With repeats: a ZIP of one file a table."), make_csv),
    "xlsx": Format("Excel", _l("A workbook with a sheet a table."), from_dataset(write_xlsx, always(".xlsx"))),
    "sav": Format(
        "SPSS",
        _l("With the texts of questions and choices. With repeats: a ZIP of one file a table."),
        from_dataset(write_sav, lambda dataset: suffix_of(dataset, ".sav"), plan.wanted),
    ),
    "dta": Format(
        "Stata",
        _l("With the texts of questions and choices. With repeats: a ZIP of one file a table."),
        from_dataset(write_dta, lambda dataset: suffix_of(dataset, ".dta"), plan.wanted),
    ),
    "parquet": Format(
        "Parquet",
        _l("For R, Python and databases. With repeats: a ZIP of one file a table."),
        from_dataset(write_parquet, lambda dataset: suffix_of(dataset, ".parquet")),
    ),
    "ndjson": Format(
        "NDJSON",
        _l("A line of JSON a response, nested as the form is."),
        from_dataset(ndjson.write_ndjson, always(".ndjson"), ndjson.wanted),
    ),
    "geojson": Format(
        "GeoJSON",
        _l("A point, line or area a response, for maps."),
        from_dataset(write_geojson, always(".geojson")),
    ),
    "media": Format(
        _l("Photos and other files"), _l("A ZIP with a list of what each file belongs to."), make_media, "files-"
    ),
    "codebook_xlsx": Format(
        _l("Codebook, Excel"),
        _l("Each column: its question in each language, its type, its choices. No answers."),
        from_dataset(write_codebook_xlsx, always(".xlsx"), codebook.wanted),
        "codebook-",
    ),
    "codebook_html": Format(
        _l("Codebook, to print"),
        _l("The same as a page."),
        from_dataset(write_codebook_html, always(".html"), codebook.wanted),
        "codebook-",
    ),
}


def write_export(wanted: Wanted, folder: Path, on_progress: Callable[[int, int], None]) -> Written:
    """Write a file into `folder`, with whatever is needed on the way. `on_progress` is called with what is done, of what.

    Raises CollectorError where the responses do not fit the format.
    """
    with Session(wanted.engine) as session:
        total = count_responses(session, wanted.questionnaire_id, wanted.selection)
    return FORMATS[wanted.options.format].make(Making(wanted, folder, Meter(total, on_progress)))
