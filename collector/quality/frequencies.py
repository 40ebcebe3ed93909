"""How often each answer is given, and how two questions go together. Pure: documents' answers in, counts out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from collector.intake.measures import values_at
from collector.questionnaires.missing import KEY, REASONS
from collector.questionnaires.model_items import Item

CHOICE, NUMBER, DATE, TEXT = "choice", "number", "date", "text"
#: Different numbers that each get a line; more are put into `BINS` spans of the same width.
SINGLE_NUMBERS, BINS = 12, 10
#: Different days that each get a line; more are counted by month.
SINGLE_DAYS = 31


@dataclass(frozen=True)
class Line:
    """An answer, or a span of them, and how often it was given; `code` is a choice's value or a reason's code."""

    label: str
    count: int
    code: str = ""
    is_reason: bool = False


@dataclass(frozen=True)
class Frequencies:
    """The answers to one question. `answered`: how often it was; `not_asked`: responses, or rows, in which it was not.

    Percentages are of `asked`, answers and reasons together; where several choices may be given they add up to more than a hundred.
    """

    kind: str
    lines: Sequence[Line] = field(default=())
    answered: int = 0
    not_asked: int = 0
    least: float | None = None
    middle: float | None = None
    most: float | None = None

    @property
    def asked(self) -> int:
        """How often it was answered or a reason was given."""
        return self.answered + sum(line.count for line in self.lines if line.is_reason)


@dataclass(frozen=True)
class Crossed:
    """A table of two questions: `counts[row][column]`, with the labels of rows and columns."""

    rows: Sequence[str]
    columns: Sequence[str]
    counts: Sequence[Sequence[int]]


def kind_of(item: Item) -> str:
    """What can be counted of a question's answers."""
    if "itemset" in item.node and item.node.get("control") in ("select1", "select"):
        return CHOICE
    kind = item.node.get("type")
    if kind in ("int", "decimal"):
        return NUMBER
    return DATE if kind in ("date", "dateTime") else TEXT


def count(item: Item, documents: Iterable[Mapping[str, Any]], labels: Mapping[str, str]) -> Frequencies:
    """Count the answers to `item` in the answers of `documents`; `labels` of choices by value, in the order of the list."""
    names = item.path.split("/")
    values: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    answered = not_asked = 0
    for answers in documents:
        found = [value for value in values_at(answers, names) if value]
        why = [code for code in values_at(answers, [*names[:-1], names[-1] + KEY]) if code in REASONS]
        answered += len(found)
        not_asked += not found and not why
        reasons.update(why)
        for value in found:
            values.update(set(parts_of(item, value)))
    kind = kind_of(item)
    lines = [Line(code, reasons[code], code, is_reason=True) for code in REASONS if reasons[code]]
    if kind == CHOICE:
        codes = [*labels, *sorted(value for value in values if value not in labels)]
        lines[:0] = [Line(labels.get(code) or code, values[code], code) for code in codes]
    elif kind == DATE:
        lines[:0] = count_days(values)
    elif kind == NUMBER:
        numbers = Counter(
            {number: times for value, times in values.items() if (number := to_number(value)) is not None}
        )
        if numbers:
            every = sorted(numbers.elements())
            lines[:0] = count_numbers(numbers)
            return Frequencies(kind, lines, answered, not_asked, every[0], median(every), every[-1])
    return Frequencies(kind, lines, answered, not_asked)


def parts_of(item: Item, value: str) -> list[str]:
    """The choices of an answer: several in one where several may be given."""
    return value.split() if item.node.get("control") == "select" else [value]


def to_number(text: str) -> float | None:
    """The number that a text is; None for what is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None


def count_numbers(numbers: Counter[float]) -> list[Line]:
    """A line for each number, or spans of the same width where there are many."""
    if len(numbers) <= SINGLE_NUMBERS:
        return [Line(written(number), numbers[number]) for number in sorted(numbers)]
    least, most = min(numbers), max(numbers)
    is_whole = all(number == int(number) for number in numbers)
    width = (most - least + (1 if is_whole else 0)) / BINS
    width = -(-width // 1) if is_whole else width
    spans: Counter[int] = Counter()
    for number, times in numbers.items():
        spans[min(BINS - 1, int((number - least) / width))] += times
    last = max(spans)
    return [
        Line(_span(least + at * width, least + (at + 1) * width - (1 if is_whole else 0)), spans[at])
        for at in range(last + 1)
    ]


def _span(start: float, end: float) -> str:
    return written(start) if start == end else f"{written(start)}–{written(end)}"


def written(number: float) -> str:
    """A number without needless decimals."""
    return f"{round(number, 2):.15g}"


def count_days(values: Counter[str]) -> list[Line]:
    """A line for each day as it was answered, whatever zone anybody is in (A65), or for each month where there are many."""
    days: Counter[str] = Counter()
    for value, times in values.items():
        days[value[:10]] += times
    if len(days) <= SINGLE_DAYS:
        return [Line(day, days[day]) for day in sorted(days)]
    months: Counter[str] = Counter()
    for day, times in days.items():
        months[day[:7]] += times
    return [Line(month, months[month]) for month in sorted(months)]


def cross(
    row: Item,
    column: Item,
    documents: Iterable[Mapping[str, Any]],
    row_labels: Mapping[str, str],
    column_labels: Mapping[str, str],
) -> Crossed:
    """Count two questions with choices against each other, in responses that answer both. Neither stands in a repeat."""
    pairs: Counter[tuple[str, str]] = Counter()
    for answers in documents:
        ones, others = (
            {part for value in values_at(answers, item.path.split("/")) for part in parts_of(item, value)}
            for item in (row, column)
        )
        pairs.update((one, other) for one in ones for other in others)
    rows = _present(row_labels, {one for one, _ in pairs})
    columns = _present(column_labels, {other for _, other in pairs})
    return Crossed(
        [row_labels.get(code) or code for code in rows],
        [column_labels.get(code) or code for code in columns],
        [[pairs[one, other] for other in columns] for one in rows],
    )


def _present(labels: Mapping[str, str], found: set[str]) -> list[str]:
    return [*(code for code in labels if code in found), *sorted(found - labels.keys())]
