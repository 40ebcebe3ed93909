"""How each column is kept in SPSS and Stata, as far as its type says it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from collector.export.options import LABEL, OFFSET, PATH, VALUES, Options
from collector.export.sheets.sheet import INDICATOR, Choice, Sheet, Variable
from collector.export.writers.statistics import missing_codes, values

TEXT, NUMBER, DAY, MOMENT, TIME = "text", "number", "day", "moment", "time"
#: Why a column of another type is kept as text.
NOT_OF_TYPE, NO_CODES = "not_of_type", "no_codes"


def wanted(options: Options) -> Options:
    """The options that data for SPSS and Stata is made with: values, as labels are kept beside, and names as headers."""
    return replace(options, choices=VALUES, headers=PATH if options.headers == LABEL else options.headers)


@dataclass(frozen=True)
class Plan:
    """How a column is kept.

    `kind`: text, number, day, moment or time; `read`: gives what a cell says, for all kinds but text; `width`: bytes of its longest
    cell; `decimals`: most digits behind the point; `codes`: numbers in SPSS that stand for why there is no answer, of the kinds that
    occur; `choices`: whose labels go with the values; `has_words`: whether 1 and 0 are yes and no; `reason`: index of the column that
    says why there is no answer; `is_scale`: whether it measures; `why_text`: why a column of another type is text, "" if it is not.
    """

    kind: str
    read: Callable[[str], float | datetime] | None = None
    width: int = 0
    decimals: int = 0
    codes: dict[str, int] = field(default_factory=missing_codes.first_codes)
    choices: tuple[Choice, ...] = ()
    has_words: bool = False
    reason: int | None = None
    is_scale: bool = False
    why_text: str = ""

    def is_written_as(self, other: "Plan") -> bool:
        """Whether the cells are the same bytes by the other plan, which was made before they were read."""
        return self.kind == other.kind and self.codes.items() <= other.codes.items()

    def as_text(self, choices: tuple[Choice, ...] = (), why_text: str = "") -> "Plan":
        """The plan that keeps the cells as they are written."""
        return Plan(TEXT, width=self.width, codes={}, choices=choices, why_text=why_text)


def first_plans(sheet: Sheet, times: str) -> list[Plan]:
    """What the types of the variables say, before a cell was seen."""
    return [
        replace(_first_plan(variable, times), width=width)
        for variable, width in zip(sheet.variables, sheet.widths, strict=True)
    ]


def _first_plan(variable: Variable, times: str) -> Plan:
    choices = () if variable.is_multiple else variable.choices
    reason = variable.reason
    if variable.type == INDICATOR or variable.type == "boolean":
        return Plan(NUMBER, values.read_boolean, has_words=True, reason=reason)
    if choices and all(values.CODE.fullmatch(choice.value) for choice in choices):
        return Plan(NUMBER, values.read_code, choices=choices, reason=reason)
    if variable.type in ("int", "decimal"):
        return Plan(NUMBER, values.read_number, reason=reason, is_scale=True)
    if variable.type == "date":
        return Plan(DAY, values.read_day, reason=reason, is_scale=True)
    if variable.type == "dateTime" and times != OFFSET:
        return Plan(MOMENT, values.read_moment, reason=reason, is_scale=True)
    if variable.type == "time":
        return Plan(TIME, values.read_time, reason=reason, is_scale=True)
    return Plan(TEXT, choices=choices, codes={})
