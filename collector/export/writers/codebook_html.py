"""The codebook as a page of its own that can be printed or kept beside the data, in the present language."""

from pathlib import Path

from flask import current_app

from collector.export.sheets.sheet import Dataset, Progress
from collector.export.writers import codebook_words as words
from collector.export.writers.codebook import read_codebook

#: Choices of one question that the page lists; the workbook has all.
MOST_CHOICES = 200


def write_codebook_html(dataset: Dataset, path: Path, on_rows: Progress) -> None:
    """Write the codebook of an export to `path`. `on_rows` is told of the rows of the export, all of which are read.

    Needs an application context. Shape of the template's context: `codebook`, `rules` and `notes` (codebook_words.py), `most_choices`.
    """
    page = current_app.jinja_env.get_template("export/codebook.html").stream(
        codebook=read_codebook(dataset), rules=words.RULES, notes=words.NOTES, most_choices=MOST_CHOICES
    )
    page.enable_buffering(100)
    with path.open("wb") as file:
        # Half characters become �: UTF-8 has none.
        page.dump(file, "utf-8", "replace")
    on_rows(sum(sheet.row_count for sheet in dataset.sheets))
