"""What a codebook says of each column of an export. Pure but for the words, which are those of the present language."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from collector.export.options import VALUES, Options
from collector.export.sheets.sheet import INDICATOR, Dataset, Sheet, Variable
from collector.export.sheets.tables import is_within
from collector.export.writers import codebook_words as words
from collector.export.writers.statistics.names import LegalNames, name_map
from collector.export.writers.statistics.plan import Plan
from collector.export.writers.statistics.reading import plan_sheet


@dataclass(frozen=True)
class Entry:
    """A column: its `variable`, names in SPSS and Stata, how it is kept there, whether it is of a personal question.

    `reason`: header of the column that says why there is no answer, "" without one; `explains`: header of the question whose reason
    it is, "" for others.
    """

    variable: Variable
    names: LegalNames
    plan: Plan
    is_personal: bool
    reason: str = ""
    explains: str = ""

    @property
    def about(self) -> str:
        """What the column holds."""
        variable = self.variable
        if self.explains:
            return words.reason_of(self.explains)
        if not variable.path:
            return words.own_column(variable.key)
        if variable.type == INDICATOR:
            return words.type_of(INDICATOR)
        if variable.choices:
            return words.type_of("several" if variable.is_multiple else "one")
        return words.type_of(variable.type)

    @property
    def codes(self) -> list[tuple[int, str]]:
        """Numbers in SPSS that stand for why there is no answer, each with what it stands for."""
        return [(code, words.missing_kind(kind)) for kind, code in self.plan.codes.items()]

    @property
    def remark(self) -> str:
        """Why a column of another type is text in SPSS and Stata; "" if it is not."""
        return words.why_text(self.plan.why_text)

    def labels(self, languages: Sequence[str]) -> list[str]:
        """The question's text in each of the languages, "" where it has none."""
        return [self.variable.labels.get(language, "") for language in languages]


@dataclass(frozen=True)
class Chapter:
    """A table: its name, `form.repeat` for a repeat, number of rows, and columns."""

    name: str
    row_count: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Codebook:
    """A codebook: of what, its tables; of each version how many columns are of questions that it asks."""

    dataset: Dataset
    chapters: tuple[Chapter, ...]
    versions: tuple[tuple[str, int], ...]


def wanted(options: Options) -> Options:
    """The options of the dataset that a codebook is read from: with values, as files for SPSS and Stata have them."""
    return replace(options, choices=VALUES)


def read_codebook(dataset: Dataset) -> Codebook:
    """The codebook of an export with the same options. Reads all rows once: how columns are kept depends on them."""
    names = name_map(dataset)
    chapters = tuple(
        Chapter(
            ".".join(part for part in (dataset.form_id, sheet.name) if part),
            sheet.row_count,
            tuple(_entries(dataset, sheet, names[sheet.name])),
        )
        for sheet in dataset.sheets
    )
    asked = [variable.versions for sheet in dataset.sheets for variable in sheet.variables if variable.path]
    versions = tuple((version, sum(version in of_variable for of_variable in asked)) for version in dataset.versions)
    return Codebook(dataset, chapters, versions)


def _entries(dataset: Dataset, sheet: Sheet, names: Sequence[LegalNames]) -> list[Entry]:
    variables = sheet.variables
    explains: dict[int, str] = {}
    for variable in variables:
        if variable.reason is not None:
            explains.setdefault(variable.reason, variable.name)
    return [
        Entry(
            variable,
            legal,
            plan,
            bool(variable.path) and is_within(variable.path, dataset.personal),
            "" if variable.reason is None else variables[variable.reason].name,
            explains.get(at, ""),
        )
        for at, (variable, legal, plan) in enumerate(
            zip(variables, names, plan_sheet(sheet, dataset.times), strict=True)
        )
    ]
