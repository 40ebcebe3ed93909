"""The columns that a question becomes: its own, one for each choice, the parts of a place on earth, why it has no answer. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from collector.export import options
from collector.export.options import Options
from collector.export.sheets.sheet import INDICATOR, Cell, Choice
from collector.export.sheets.tables import Column
from collector.export.sheets.times import Change, header_ending, moment_change

#: Parts of a geopoint in the order in which it is written: degrees, degrees, metres, metres.
POINT_PARTS = ("latitude", "longitude", "altitude", "accuracy")
#: Between labels of choices in one cell.
BETWEEN_LABELS = "; "


@dataclass(frozen=True)
class Drawn:
    """A column drawn from a question's answer. `ending` and `label_ending`: of its header; `change`: what is done to the answer.

    `choice`: the one that an indicator tells of.
    """

    type: str
    ending: str = ""
    label_ending: str = ""
    change: Change | None = None
    choice: Choice | None = None


@dataclass(frozen=True)
class Drawing:
    """How questions become columns: the options, the chosen and the default language by their names, the district's time zone."""

    options: Options
    language: str
    default_language: str
    time_zone: str

    def label(self, labels: Mapping[str, str], name: str) -> str:
        """A label in the chosen language, else in the default one, else in any, else `name`; in one line."""
        return " ".join(Choice(name, labels).label(self.language, self.default_language).split())

    def drawn(self, column: Column) -> Iterator[Drawn]:
        """The columns of a question, but for the one that says why there is no answer."""
        is_split = self.options.multiple != options.ONE and column.control == "select" and column.choices
        if not is_split or self.options.multiple == options.BOTH:
            yield self._own_column(column)
        if is_split:
            for choice in column.choices:
                label = self.label(choice.labels, choice.value)
                yield Drawn(INDICATOR, f"/{choice.value}", f" / {label}", indicator(choice.value), choice)
        if column.type == "geopoint":
            for at, part in enumerate(POINT_PARTS):
                yield Drawn("decimal", f"-{part}", f" ({part})", point_part(at))

    def _own_column(self, column: Column) -> Drawn:
        if column.type == "dateTime":
            times, zone = self.options.times, self.time_zone
            label_ending = {options.OFFSET: "", options.UTC: " (UTC)"}.get(times, f" ({zone})")
            return Drawn(column.type, header_ending(times, zone), label_ending, moment_change(times, zone))
        if self.options.choices == options.LABELS and column.choices:
            labels = {choice.value: choice.label(self.language, self.default_language) for choice in column.choices}
            return Drawn(column.type, change=labels_of(labels, is_multiple=column.is_multiple))
        return Drawn(column.type)


def indicator(value: str) -> Change:
    """Whether the choice `value` is among those of an answer: "1" or "0"; without an answer nothing (A60)."""
    wanted = f" {value} "

    def change(cell: Cell) -> Cell:
        if not cell:
            return cell
        return "1" if wanted in f" {cell} " else "0"

    return change


def labels_of(labels: Mapping[str, str], *, is_multiple: bool) -> Change:
    """The labels of an answer's choices; a value without one stays as it is."""

    def change(cell: Cell) -> Cell:
        if not cell:
            return cell
        if is_multiple:
            return BETWEEN_LABELS.join(labels.get(value, value) for value in cell.split())
        return labels.get(cell, cell)

    return change


def point_part(at: int) -> Change:
    """One part of a geopoint; "" where it has fewer."""

    def change(cell: Cell) -> Cell:
        if not cell:
            return cell
        parts = cell.split()
        return parts[at] if at < len(parts) <= len(POINT_PARTS) and len(parts) > 1 else ""

    return change
