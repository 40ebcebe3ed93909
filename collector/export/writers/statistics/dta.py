"""Stata datasets (.dta) of format 118, which Stata 14 and later read, streamed: what each variable is, then the observations.

Source: Stata's help "dta", File formats .dta.
"""

from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from collector.errors import CollectorError
from collector.export.sheets.sheet import Dataset, Progress, Sheet
from collector.export.writers.statistics import missing_codes
from collector.export.writers.statistics.bundle import write_tables
from collector.export.writers.statistics.cut import as_bytes, cut_bytes
from collector.export.writers.statistics.dta_data import write_data
from collector.export.writers.statistics.dta_parts import DtaVariable, Parts, write_head, write_tail
from collector.export.writers.statistics.names import Namer, wanted_names
from collector.export.writers.statistics.plan import DAY, MOMENT, TEXT, TIME, Plan, first_plans
from collector.export.writers.statistics.reading import Reader, settle

#: Bytes of the longest text that stands in its observation; longer ones stand in a block behind all of them ("strL"), and shorter ones
#: too where observations would be longer than all of Stata's editions take.
MOST_TEXT, MOST_TEXT_OF_MANY, MOST_OBSERVATION = 2_045, 100, 800_000
#: Variables that the format can number.
MOST_VARIABLES = 32_767
#: Characters of a label of a variable; bytes of a label of a value.
MOST_LABEL, MOST_VALUE_LABEL = 80, 32_000
#: Bytes of a note.
MOST_NOTE = 67_000
#: Whole numbers that can have a label.
LEAST_LABELLED, MOST_LABELLED = -2_147_483_647, 2_147_483_620
#: .a, .b and .c in a table of labels, in the order of the kinds of missing answers.
LABELLED_MISSING = {kind: 2_147_483_622 + number for number, kind in enumerate(missing_codes.KINDS)}


def write_dta(dataset: Dataset, path: Path, on_rows: Progress) -> None:
    """Write the dataset to `path`: a Stata dataset, or a zip of one for each table (`bundle.suffix_of`).

    Raises: CollectorError `export_too_wide` for more variables than the format takes.
    """

    def write_sheet(sheet: Sheet, file: IO[bytes]) -> None:
        if len(sheet.variables) > MOST_VARIABLES:
            raise CollectorError(
                "export_too_wide",
                table=sheet.name or dataset.form_id,
                columns=len(sheet.variables),
                limit=MOST_VARIABLES,
            )
        parts = Parts(file)
        with TemporaryFile(dir=path.parent) as observations, TemporaryFile(dir=path.parent) as long_texts:

            def write(readers: list[Reader], tell: Progress) -> None:
                for part in (observations, long_texts):
                    part.seek(0)
                    part.truncate()
                variables = describe(dataset, sheet, [reader.plan for reader in readers])
                write_data(observations, long_texts, variables, readers, sheet.rows(), tell)

            first = [_without_time(plan) for plan in first_plans(sheet, dataset.times)]
            variables = describe(dataset, sheet, settle(sheet, first, write, on_rows))
            write_head(parts, variables, sheet.row_count, as_bytes(dataset.title[:MOST_LABEL]))
            write_tail(parts, variables, observations, long_texts)

    write_tables(dataset, path, ".dta", write_sheet)


def describe(dataset: Dataset, sheet: Sheet, plans: list[Plan]) -> list[DtaVariable]:
    """The file's variables, one for each of the sheet's."""
    names = Namer(is_short=True).name_all(wanted_names(sheet.variables))
    words = missing_codes.words(dataset.language, dataset.title)
    observation = sum(max(8, min(plan.width, MOST_TEXT)) for plan in plans)
    most_text = MOST_TEXT if observation <= MOST_OBSERVATION else MOST_TEXT_OF_MANY
    described = []
    for variable, plan, name in zip(sheet.variables, plans, names, strict=True):
        label = as_bytes(variable.label[:MOST_LABEL])
        if plan.kind == TEXT:
            width = max(1, plan.width) if plan.width <= most_text else None
            shown = f"%{width}s" if width else "%9s"
            described.append(DtaVariable(name, label, shown, width=width, note=_note(dataset, plan)))
        else:
            labels = _labels(dataset, plan, words)
            described.append(DtaVariable(name, label, _shown(plan), is_number=True, labels=labels))
    return described


def _without_time(plan: Plan) -> Plan:
    """The plan, times of the day as texts with their offset: Stata has no number for them."""
    return plan.as_text() if plan.kind == TIME else plan


def _shown(plan: Plan) -> str:
    """The format in which Stata shows a number."""
    if plan.kind == DAY:
        return "%td"
    if plan.kind == MOMENT:
        return "%tc"
    return "%18.0g" if plan.decimals else f"%{min(max(8, plan.width), 18)}.0f"


def _labels(dataset: Dataset, plan: Plan, words: dict[str, str]) -> tuple[tuple[int, bytes], ...]:
    """Labels of a number's values, ascending: its choices', yes and no, and why there is no answer."""
    labels: dict[int, str] = {}
    for choice in plan.choices:
        if LEAST_LABELLED <= int(choice.value) <= MOST_LABELLED:
            labels.setdefault(int(choice.value), choice.label(dataset.language, dataset.default_language))
    if plan.has_words:
        labels |= {1: words["1"], 0: words["0"]}
    labels |= {LABELLED_MISSING[kind]: words[kind] for kind in plan.codes}
    return tuple((value, as_bytes(cut_bytes(label, MOST_VALUE_LABEL))) for value, label in sorted(labels.items()))


def _note(dataset: Dataset, plan: Plan) -> bytes:
    """A note with the labels of choices whose values are texts, as Stata labels numbers alone."""
    labels: dict[str, str] = {}
    for choice in plan.choices:
        labels.setdefault(choice.value, choice.label(dataset.language, dataset.default_language))
    return as_bytes(cut_bytes("; ".join(f"{value} = {label}" for value, label in labels.items()), MOST_NOTE))
