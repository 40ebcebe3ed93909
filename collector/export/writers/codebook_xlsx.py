"""The codebook as a workbook: variables, choices, versions, notes.

Headers are the same in each language, as those of data are; what stands below them is in the present language.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from collector.export.sheets.sheet import Cell, Dataset, Progress, Sheet, Variable
from collector.export.writers import codebook_words as words
from collector.export.writers.codebook import Chapter, Codebook, Entry, read_codebook
from collector.export.writers.xlsx import Workbook

VARIABLE_COLUMNS = (
    "table", "name", "question", "spss_name", "stata_name", "type", "about", "choices", "versions",
    "reason_column", "spss_missing", "is_personal", "remark",
)  # fmt: skip
CHOICE_COLUMNS = ("table", "name", "number", "value")
VERSION_COLUMNS = ("version", "columns")
NOTE_COLUMNS = ("format", "no_answer", "not_asked", "reason", "note")
#: Columns of whole numbers.
NUMBERS = frozenset({"choices", "number", "columns"})


def write_codebook_xlsx(dataset: Dataset, path: Path, on_rows: Progress) -> None:
    """Write the codebook of an export to `path`. `on_rows` is told of the rows of the export, all of which are read."""
    codebook = read_codebook(dataset)
    languages = dataset.languages
    labels = tuple(f"label ({language})" for language in languages)
    with Workbook(path, dataset.title) as workbook:
        for name, columns, rows in (
            ("variables", VARIABLE_COLUMNS + labels, list(_variable_rows(codebook, languages))),
            ("choices", CHOICE_COLUMNS + labels, list(_choice_rows(codebook, languages))),
            ("versions", VERSION_COLUMNS, list(_version_rows(codebook))),
            ("notes", NOTE_COLUMNS, list(_note_rows())),
        ):
            workbook.add_sheet(_sheet(name, columns, rows), name, lambda _rows: None)
    on_rows(sum(sheet.row_count for sheet in dataset.sheets))


def _variable_rows(codebook: Codebook, languages: Sequence[str]) -> Iterator[list[Cell]]:
    for chapter, entry in _entries(codebook):
        variable = entry.variable
        yield [
            chapter.name,
            variable.name,
            variable.path,
            entry.names.spss,
            entry.names.stata,
            variable.type,
            entry.about,
            str(len(variable.choices)) if variable.choices else "",
            ", ".join(variable.versions),
            entry.reason,
            "; ".join(f"{code} = {kind}" for code, kind in entry.codes),
            "1" if entry.is_personal else "",
            entry.remark,
            *entry.labels(languages),
        ]


def _choice_rows(codebook: Codebook, languages: Sequence[str]) -> Iterator[list[Cell]]:
    for chapter, entry in _entries(codebook):
        for number, choice in enumerate(entry.variable.choices, start=1):
            labels = [choice.labels.get(language, "") for language in languages]
            yield [chapter.name, entry.variable.name, str(number), choice.value, *labels]


def _version_rows(codebook: Codebook) -> Iterator[list[Cell]]:
    for version, count in codebook.versions:
        yield [version, str(count)]


def _note_rows() -> Iterator[list[Cell]]:
    for rule in words.RULES:
        yield [*map(str, rule), ""]
    for note in words.NOTES:
        yield ["", "", "", "", str(note)]


def _entries(codebook: Codebook) -> Iterator[tuple[Chapter, Entry]]:
    for chapter in codebook.chapters:
        for entry in chapter.entries:
            yield chapter, entry


def _sheet(name: str, columns: Sequence[str], rows: list[list[Cell]]) -> Sheet:
    variables = tuple(Variable(column, column, "int" if column in NUMBERS else "string") for column in columns)
    widths = tuple(max((len((row[at] or "").encode()) for row in rows), default=0) for at in range(len(columns)))
    return Sheet(name, variables, len(rows), widths, lambda: iter(rows))
