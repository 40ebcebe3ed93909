"""`$filter` of OData -> a tree of comparisons. Pure; what the names in it mean is for conditions.py to say.

Source: OData Version 4.0, part 2 (URL Conventions), section 5.1.1; of it what ODK Central takes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from collector.errors import CollectorError

COMPARISONS = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})
#: Functions that give a part of a moment.
PARTS = frozenset({"year", "month", "day", "hour", "minute", "second"})
#: Tokens of a filter and parentheses inside each other: more than anybody writes, few enough for the database's own limits.
MAX_TOKENS = 400
MAX_DEPTH = 30

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<mark>[()])
      | (?P<text>'(?:[^']|'')*')
      | (?P<moment>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+\ -]\d\d:\d\d)?)?)(?![\w:.])
      | (?P<number>-?\d{1,18})(?![\w.:-])
      | (?P<word>[$A-Za-z_][\w$/]*)
    )""",
    re.VERBOSE | re.ASCII,
)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+ -]\d\d:\d\d)?)?", re.ASCII)


@dataclass(frozen=True)
class Field:
    """A property, as the filter writes it, at a position (from 1)."""

    name: str
    at: int


@dataclass(frozen=True)
class Literal:
    """A value: a moment, a number, a text, true, false, or null (None)."""

    value: datetime | int | str | bool | None
    at: int


@dataclass(frozen=True)
class Part:
    """A part of a moment: `year(…)` and the like."""

    name: str
    of: Field | Literal
    at: int


Operand = Field | Literal | Part


@dataclass(frozen=True)
class Comparison:
    """`left operator right`."""

    operator: str
    left: Operand
    right: Operand
    at: int


@dataclass(frozen=True)
class Joined:
    """Two expressions and what joins them: `and` or `or`."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True)
class Negated:
    """`not …`."""

    inner: "Expression"


Expression = Comparison | Joined | Negated


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def parse_filter(text: str, now: datetime) -> Expression:
    """Read a filter; `now()` in it is `now`.

    Raises CollectorError `odata_filter` where it cannot be read, `odata_filter_unsupported` for what this server does not do.
    """
    tokens = list(_tokens(text))
    if not tokens or len(tokens) > MAX_TOKENS:
        raise unreadable(text, 1)
    parser = _Parser(tokens, len(text) + 1, now)
    found = parser.either(0)
    if parser.here is not None:
        raise unreadable(parser.here.text, parser.here.at)
    return found


def unreadable(text: str, at: int) -> CollectorError:
    """What is wrong at a position."""
    return CollectorError("odata_filter", text=text[:60], at=at)


def unsupported(text: str, at: int) -> CollectorError:
    """What is right, but not done here."""
    return CollectorError("odata_filter_unsupported", text=text[:60], at=at)


def read_moment(text: str) -> datetime | None:
    """A moment or day of a filter, UTC where it names no zone; None for one that does not exist. A blank stands for a `+` that an
    address lost."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    day, minutes, seconds, fraction, zone = found.groups()
    micros = int((fraction or "0").ljust(6, "0")[:6])
    try:
        moment = time.fromisoformat(f"{minutes or '00:00'}:{seconds or '00'}").replace(microsecond=micros)
        return datetime.combine(date.fromisoformat(day), moment, _zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if text in (None, "Z"):
        return UTC
    assert text is not None
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return timezone(-offset if text[0] == "-" else offset)


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while text[position:].strip():
        found = _TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            raise unreadable(text[start:], start + 1)
        yield _Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup) + 1)
        position = found.end()


class _Parser:
    """Reads tokens from left to right, by rising strength: or, and, not, comparison."""

    def __init__(self, tokens: list[_Token], end: int, now: datetime) -> None:
        self.tokens = tokens
        self.end = end
        self.now = now
        self.index = 0

    @property
    def here(self) -> _Token | None:
        """The token that is next; None at the end."""
        return self.tokens[self.index] if self.index < len(self.tokens) else None

    def is_word(self, *words: str) -> bool:
        """Tell whether the next token is one of these words or marks."""
        return self.here is not None and self.here.kind in ("word", "mark") and self.here.text in words

    def take(self) -> _Token:
        """Take the next token. Raises CollectorError `odata_filter` at the end."""
        token = self.here
        if token is None:
            raise unreadable("", self.end)
        self.index += 1
        return token

    def expect(self, mark: str) -> None:
        """Take this mark. Raises CollectorError `odata_filter` for anything else."""
        token = self.take()
        if token.kind != "mark" or token.text != mark:
            raise unreadable(token.text, token.at)

    def either(self, depth: int) -> Expression:
        """What `or` joins."""
        found = self.both(depth)
        while self.is_word("or"):
            self.take()
            found = Joined("or", found, self.both(depth))
        return found

    def both(self, depth: int) -> Expression:
        """What `and` joins."""
        found = self.single(depth)
        while self.is_word("and"):
            self.take()
            found = Joined("and", found, self.single(depth))
        return found

    def single(self, depth: int) -> Expression:
        """A comparison, or an expression in parentheses or after `not`."""
        if depth > MAX_DEPTH:
            token = self.take()
            raise unreadable(token.text, token.at)
        if self.is_word("not"):
            self.take()
            return Negated(self.single(depth + 1))
        if self.is_word("("):
            self.take()
            found = self.either(depth + 1)
            self.expect(")")
            return found
        return self.comparison()

    def comparison(self) -> Comparison:
        """Two operands and what compares them."""
        left = self.operand()
        token = self.take()
        if token.kind != "word":
            raise unreadable(token.text, token.at)
        if token.text not in COMPARISONS:
            raise unsupported(token.text, token.at) if token.text in _OTHERS else unreadable(token.text, token.at)
        return Comparison(token.text, left, self.operand(), token.at)

    def operand(self) -> Operand:
        """A property, a value, or a function of one."""
        token = self.take()
        if token.kind == "word" and self.is_word("("):
            return self.call(token)
        return self.value(token)

    def call(self, token: _Token) -> Operand:
        """The function that `token` names, with what it is given."""
        self.expect("(")
        if token.text == "now":
            self.expect(")")
            return Literal(self.now, token.at)
        if token.text not in PARTS:
            raise unsupported(token.text, token.at)
        inner = self.operand()
        self.expect(")")
        if isinstance(inner, Part):
            raise unreadable(token.text, token.at)
        return Part(token.text, inner, token.at)

    def value(self, token: _Token) -> Field | Literal:
        """What one token stands for."""
        if token.kind == "text":
            return Literal(token.text[1:-1].replace("''", "'"), token.at)
        if token.kind == "number":
            return Literal(int(token.text), token.at)
        if token.kind == "moment":
            moment = read_moment(token.text)
            if moment is None:
                raise unreadable(token.text, token.at)
            return Literal(moment, token.at)
        if token.kind != "word":
            raise unreadable(token.text, token.at)
        if token.text in _CONSTANTS:
            return Literal(_CONSTANTS[token.text], token.at)
        return Field(token.text, token.at)


_CONSTANTS: dict[str, bool | None] = {"null": None, "true": True, "false": False}
#: Operators of OData that ODK Central does not take either.
_OTHERS = frozenset({"add", "sub", "mul", "div", "mod", "has", "in"})
