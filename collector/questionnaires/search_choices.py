"""The appearance `search('file', …)`: choices that are the rows of a CSV file beside the workbook.

Source: ODK documentation, "Dynamic selects from pre-loaded data". The choices sheet gives one row whose name and label
are columns of the file (several label columns separated by commas), and further rows with whole numbers as names,
which are ordinary choices. The function takes 1, 4 or 6 arguments: the file; how to compare, the columns and the text
that is looked for; a column and the value that it must have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collector.questionnaires.columns import Table
from collector.questionnaires.findings import Finding, WorkbookRefused

_CALL = re.compile(r"\bsearch\s*\(", re.IGNORECASE)
_LITERAL = re.compile(r"""^\s*(['"])(.*)\1\s*$""", re.DOTALL)
_COLUMN = re.compile(r"^[^\W\d][\w.\-]*$")
_STATIC = re.compile(r"^[+-]?\d+$")
# A relative path in the appearance starts from the question; inside a predicate it would start from the item.
_RELATIVE = re.compile(r"(?<![\w/.)\]])\.\./")
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_COMPARE = {
    "contains": "contains({column}, {text})",
    "startswith": "starts-with({column}, {text})",
    "endswith": "substring({column}, string-length({column}) - string-length({text}) + 1) = {text}",
}


class SearchMalformed(WorkbookRefused):
    """The call cannot be understood; `part` says what of it."""

    def __init__(self, part: str) -> None:
        super().__init__(Finding("search_malformed", {"part": part.strip()}))


@dataclass(frozen=True)
class Search:
    """A call as understood. `rest` is the appearance without it; `how` is "" where all rows are choices."""

    file: str
    rest: str
    how: str = ""
    columns: tuple[str, ...] = ()
    text: str = ""
    filter_column: str = ""
    filter_value: str = ""

    def nodeset(self, list_id: str) -> str:
        """The path to the rows that are choices. The column and value that must be equal come first, because the engine
        finds them by index.
        """
        predicates = [f"[{self.filter_column} = {self.filter_value}]"] if self.filter_column else []
        if self.how:
            predicates.append(f"[{' or '.join(self._condition(column) for column in self.columns)}]")
        return f"instance('{list_id}')/root/item{''.join(predicates)}"

    def _condition(self, column: str) -> str:
        if self.how == "matches":
            return f"{column} = {self.text}"
        return _COMPARE[self.how].format(column=_lower(column), text=_lower(self.text))


def parse_search(appearance: str) -> Search | None:
    """The call in an appearance, None where there is none.

    Raises: SearchMalformed.
    """
    call = _CALL.search(appearance)
    if call is None:
        return None
    arguments, end = _arguments(appearance, call.end())
    rest = " ".join((appearance[: call.start()] + " " + appearance[end:]).split())
    if len(arguments) not in (1, 4, 6):
        raise SearchMalformed(appearance[call.start() : end])
    file = _literal(arguments[0])
    file = file if file.lower().endswith(".csv") else f"{file}.csv"
    if len(arguments) == 1:
        return Search(file, rest)
    how = _literal(arguments[1]).strip().lower()
    columns = tuple(_column(column) for column in _literal(arguments[2]).split(","))
    if how != "matches" and how not in _COMPARE:
        raise SearchMalformed(arguments[1])
    filters = (_column(_literal(arguments[4])), _anchored(arguments[5])) if len(arguments) == 6 else ("", "")
    return Search(file, rest, how, columns, _anchored(arguments[3]), *filters)


def is_static(name: str) -> bool:
    """Whether a choice of a searched list is an ordinary one, rather than the names of columns."""
    return bool(_STATIC.match(name.strip()))


def check_searches(survey: Table) -> Iterator[Finding]:
    """An error for each call that cannot be understood."""
    for row in survey.rows:
        try:
            parse_search(row.get("appearance"))
        except SearchMalformed as error:
            yield survey.finding("search_malformed", row, "appearance", **error.finding.params)


def _arguments(text: str, start: int) -> tuple[list[str], int]:
    """The arguments of the call whose bracket opened before `start`, and where the call ends."""
    arguments, depth, quote, begun = [], 1, "", start
    for at in range(start, len(text)):
        sign = text[at]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        if not quote and (depth == 0 or (depth == 1 and sign == ",")):
            arguments.append(text[begun:at].strip())
            begun = at + 1
        if depth == 0:
            return arguments, at + 1
    raise SearchMalformed(text)


def _literal(argument: str) -> str:
    found = _LITERAL.match(argument)
    if found is None:
        raise SearchMalformed(argument)
    return found.group(2)


def _column(name: str) -> str:
    if not _COLUMN.match(name.strip()):
        raise SearchMalformed(name)
    return name.strip()


def _anchored(expression: str) -> str:
    return _RELATIVE.sub("current()/../", expression)


def _lower(expression: str) -> str:
    # Collect compares by SQLite's LIKE, which makes no difference between A and a.
    return f"translate({expression}, '{_UPPER}', '{_LOWER}')"
