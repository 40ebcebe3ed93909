"""Cells of a worksheet as XML (ECMA-376 part 1, section 18.3.1.4). Pure.

A column remembers the XML of texts that come again and again, so that a row is mostly a matter of joining.
"""

import re
from collections.abc import Callable
from datetime import date, datetime

from collector.export.options import OFFSET
from collector.export.sheets.sheet import INDICATOR, Variable
from collector.export.writers import typed

#: Characters of a cell, as UTF-16 counts them (Excel, "Specifications and limits").
MAX_CHARACTERS = 32_767
#: What stands at the end of a text that goes on in the sheet of long texts.
GOES_ON = " … [cut: the whole text is in the sheet “{sheet}”]"
#: Numbers of the styles in `styles.xml`, see xlsx_parts.py.
HEADER_STYLE, DAY_STYLE, MOMENT_STYLE = 1, 2, 3
#: Excel takes 1900 for a leap year: its day numbers are those of everybody else only from here on.
FIRST_DAY = date(1900, 3, 1)
DAY_ZERO = date(1899, 12, 30)
MOMENT_ZERO = datetime(1899, 12, 30)
DAY_SECONDS = 86_400

#: What XML cannot hold, and the carriage return, which it would turn into a new line.
UNHOLDABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
#: A text that Excel would take for such a character.
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
#: Half of a character of UTF-16, which no file in UTF-8 can hold.
HALVES = re.compile("[\ud800-\udfff]")
#: Numbers that are written as they are, which is nearly all of them.
WHOLE = re.compile(f"-?(0|[1-9][0-9]{{0,{typed.SAFE_DIGITS - 1}}})")
PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


def as_xml(text: str) -> str:
    """`text` as the content of an element: control characters as `_x0001_` (section 22.9.2.19), half characters as �."""
    if not SPECIAL.search(text):
        return text
    text = LOOKS_ESCAPED.sub("_x005F_", HALVES.sub("\ufffd", text))
    text = UNHOLDABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def column_letters(index: int) -> str:
    """`A` for 0, `AA` for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cut_text(text: str, characters: int) -> tuple[str, str]:
    """The beginning of `text` with at most so many characters of UTF-16, never half of one, and the rest."""
    whole = HALVES.sub("\ufffd", text)
    head = whole.encode("utf-16-le")[: 2 * characters].decode("utf-16-le", "ignore")
    return head, whole[len(head) :]


class Cells(dict[str, str]):
    """The cells of a column by their texts: each is what follows on the cell's address, `<c r="A1`.

    `letters`, `name`: of the column; `kind`: makes what a cell is besides a text, if it can be; `cut`: takes what is too long for a
    cell, behind the letters and the name; `end`: what such a cell ends with; `remembered`: number of texts that are.
    """

    #: The longest text that a column remembers.
    REMEMBERED_LENGTH = 60

    def __init__(
        self,
        letters: str,
        name: str,
        kind: Callable[[str], str | None] | None,
        cut: list[tuple[str, str, str]],
        end: str,
        remembered: int,
    ):
        super().__init__()
        self.letters, self.name, self.kind, self.cut, self.end = letters, name, kind, cut, end
        self.remembered = remembered

    def __missing__(self, text: str) -> str:
        made = (self.kind(text) if self.kind else None) or self.text_cell(text)
        if len(text) <= self.REMEMBERED_LENGTH and len(self) < self.remembered:
            self[text] = made
        return made

    def text_cell(self, text: str) -> str:
        """A cell that no program takes for a number or a formula (A58, A59)."""
        return text_cell(self._fitted(text))

    def header(self) -> str:
        """The column's first cell."""
        return text_cell(self._fitted(self.name), HEADER_STYLE)

    def _fitted(self, text: str) -> str:
        if len(text) <= MAX_CHARACTERS // 2 or not cut_text(text, MAX_CHARACTERS)[1]:
            return text
        self.cut.append((self.letters, self.name, text))
        return cut_text(text, MAX_CHARACTERS - len(self.end))[0] + self.end


def text_cell(text: str, style: int = 0) -> str:
    """A text's cell, from behind its address."""
    kept = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    styled = f' s="{style}"' if style else ""
    return f'"{styled} t="inlineStr"><is><t{kept}>{as_xml(text)}</t></is></c>'


def kind_of(variable: Variable, times: str) -> Callable[[str], str | None] | None:
    """What makes a cell of `variable` that is more than a text; it gives None for what stays text. `times`: see options.py."""
    if variable.type == "dateTime" and times != OFFSET:
        return moment_cell
    return KINDS.get(variable.type)


def whole_cell(text: str) -> str | None:
    """A number; one with more digits than Excel keeps, or with a leading zero, stays text (A58)."""
    return f'"><v>{text}</v></c>' if WHOLE.fullmatch(text) else None


def decimal_cell(text: str) -> str | None:
    """A number."""
    if len(text) <= typed.SAFE_DIGITS and PLAIN.fullmatch(text):
        return f'"><v>{text}</v></c>'
    number = typed.decimal_number(text)
    # A whole number with more digits than Excel keeps would lose its last ones.
    if number is None or len(text.partition(".")[0].lstrip("-")) > typed.SAFE_DIGITS:
        return None
    return f'"><v>{number!r}</v></c>'


def truth_cell(text: str) -> str | None:
    """A TRUE or FALSE."""
    value = typed.truth(text)
    return None if value is None else f'" t="b"><v>{int(value)}</v></c>'


def day_cell(text: str) -> str | None:
    """A date, which has no zone (A65)."""
    value = typed.day(text)
    return None if value is None or value < FIRST_DAY else f'" s="{DAY_STYLE}"><v>{(value - DAY_ZERO).days}</v></c>'


def moment_cell(text: str) -> str | None:
    """A date with its time, in the one zone that the header names."""
    value = typed.wall_time(text)
    if value is None or value.date() < FIRST_DAY:
        return None
    passed = value - MOMENT_ZERO
    number = passed.days + (passed.seconds + passed.microseconds / 1_000_000) / DAY_SECONDS
    return f'" s="{MOMENT_STYLE}"><v>{number!r}</v></c>'


KINDS = {
    "int": whole_cell,
    INDICATOR: whole_cell,
    "decimal": decimal_cell,
    "boolean": truth_cell,
    "date": day_cell,
}
