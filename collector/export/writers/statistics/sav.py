"""SPSS system files (.sav), streamed: what each variable is, which is certain when all cases are coded, then the cases.

Source: PSPP developer's guide, "System File Format".
"""

from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO

from collector.export.sheets.sheet import Dataset, Progress, Sheet
from collector.export.writers.statistics import missing_codes
from collector.export.writers.statistics.bundle import write_tables
from collector.export.writers.statistics.cut import as_bytes, cut_bytes
from collector.export.writers.statistics.names import Namer, wanted_names
from collector.export.writers.statistics.plan import DAY, MOMENT, TEXT, TIME, Plan, first_plans
from collector.export.writers.statistics.reading import Reader, settle
from collector.export.writers.statistics.sav_cases import write_cases
from collector.export.writers.statistics.sav_dictionary import MOST_TEXT, Label, SavVariable, write_dictionary

#: Bytes of the longest text that can have a label, and of the longest label.
MOST_LABEL = 120
MOST_VARIABLE_LABEL = 255

# Formats of output: type, width, decimals ("Variable Record").
A, F, TIME_FORMAT, DATETIME, SDATE = 1, 5, 21, 22, 39
FORMATS = {DAY: (SDATE, 10, 0), MOMENT: (DATETIME, 20, 0), TIME: (TIME_FORMAT, 8, 0)}
NOMINAL, SCALE = 1, 3


def write_sav(dataset: Dataset, path: Path, on_rows: Progress) -> None:
    """Write the dataset to `path`: a system file, or a zip of one for each table (`bundle.suffix_of`)."""

    def write_sheet(sheet: Sheet, file: IO[bytes]) -> None:
        with TemporaryFile(dir=path.parent) as cases:

            def write(readers: list[Reader], tell: Progress) -> None:
                cases.seek(0)
                cases.truncate()
                variables = describe(dataset, sheet, [reader.plan for reader in readers])
                write_cases(cases, variables, readers, sheet.rows(), tell)

            plans = settle(sheet, first_plans(sheet, dataset.times), write, on_rows)
            write_dictionary(file, describe(dataset, sheet, plans), sheet.row_count, dataset.title)
            cases.seek(0)
            copyfileobj(cases, file, 2**20)

    write_tables(dataset, path, ".sav", write_sheet)


def describe(dataset: Dataset, sheet: Sheet, plans: list[Plan]) -> list[SavVariable]:
    """The file's variables in the order of the sheet's; one with longer texts than fit stands for several of the file's."""
    namer = Namer(is_short=False)
    names = namer.name_all(wanted_names(sheet.variables))
    words = missing_codes.words(dataset.language, dataset.title)
    described = []
    for column, (variable, plan, name) in enumerate(zip(sheet.variables, plans, names, strict=True)):
        label = cut_bytes(variable.label, MOST_VARIABLE_LABEL)
        if plan.kind != TEXT:
            described.append(_number(column, plan, name, label, _number_labels(dataset, plan, words)))
            continue
        labels = _text_labels(dataset, plan)
        width = max(1, plan.width, *(len(as_bytes(choice.value)) for choice in plan.choices if labels))
        described.append(_text(column, min(width, MOST_TEXT), name, label, labels))
        # A piece may be a few bytes shorter than it could, as it ends between two characters.
        for part in range(1, -(-width // (MOST_TEXT - 3)) if width > MOST_TEXT else 1):
            described.append(_text(column, MOST_TEXT, namer.name_one(name), label, [], part))
    return described


def _number(column: int, plan: Plan, name: str, label: str, labels: list[Label]) -> SavVariable:
    shown = FORMATS.get(plan.kind) or (F, min(max(8, plan.width + 1), 40), plan.decimals)
    return SavVariable(
        column, name, label, 0, shown, labels, tuple(plan.codes.values()), SCALE if plan.is_scale else NOMINAL
    )


def _text(column: int, width: int, name: str, label: str, labels: list[Label], part: int = 0) -> SavVariable:
    return SavVariable(column, name, label, width, (A, min(width, 255), 0), labels, (), NOMINAL, part)


def _number_labels(dataset: Dataset, plan: Plan, words: dict[str, str]) -> list[Label]:
    """Labels of a number's values, each value once: its choices', yes and no, and why there is no answer."""
    labels: dict[float, str] = {}
    for choice in plan.choices:
        labels.setdefault(float(choice.value), choice.label(dataset.language, dataset.default_language))
    if plan.has_words:
        labels |= {1.0: words["1"], 0.0: words["0"]}
    labels |= {float(code): words[kind] for kind, code in plan.codes.items()}
    return [(value, as_bytes(cut_bytes(label, MOST_LABEL))) for value, label in labels.items()]


def _text_labels(dataset: Dataset, plan: Plan) -> list[Label]:
    """Labels of a text's values, each value once; SPSS labels no text that is longer than a label may be."""
    labels: dict[bytes, bytes] = {}
    for choice in plan.choices:
        label = choice.label(dataset.language, dataset.default_language)
        labels.setdefault(as_bytes(choice.value), as_bytes(cut_bytes(label, MOST_LABEL)))
    fits = max((plan.width, *map(len, labels))) <= MOST_LABEL
    return list(labels.items()) if fits else []
