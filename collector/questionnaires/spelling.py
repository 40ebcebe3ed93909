"""What an author plainly meant: straight quotes for curly ones in expressions, and the nearest known name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from collector.questionnaires.workbook import INVISIBLE

_SINGLE = "'\u2018\u2019\u201a\u201b"
_DOUBLE = '"\u201c\u201d\u201e\u201f'
_SIGNS = {
    "\u2212": "-",
    "\u2013": "-",
    "\u00a0": " ",
    "\u3000": " ",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
    "\uffe5": "$",
}
# Chinese input methods give full-width forms of the ASCII signs: U+FF01 to U+FF5E are U+0021 to U+007E in order.
_SIGNS.update({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})
_SIGNS.update(dict.fromkeys(INVISIBLE, ""))

# pyxform makes every curly quote straight, in labels too. These private characters carry them past it (A46).
_CARRIED = {"\u2018": "\ue018", "\u2019": "\ue019", "\u201c": "\ue01c", "\u201d": "\ue01d"}
_CARRY = str.maketrans(_CARRIED)
_RESTORE = str.maketrans({carrier: quote for quote, carrier in _CARRIED.items()})


def straighten(expression: str) -> str:
    """`expression` with straight quotes and plain signs; what stands inside a quoted literal stays as typed."""
    out: list[str] = []
    at = 0
    while at < len(expression):
        character = expression[at]
        family = _SINGLE if character in _SINGLE else _DOUBLE if character in _DOUBLE else ""
        if family and at == len(expression.rstrip()) - 1:
            # A quote that opens nothing at the very end was left over when the expression was edited.
            at += 1
        elif family:
            end = _literal_end(expression, at, family)
            out.append(_literal(expression[at + 1 : end], family[0], is_closed=end < len(expression)))
            at = end + 1
        else:
            out.append(_SIGNS.get(character, character))
            at += 1
    return "".join(out)


def _literal_end(expression: str, start: int, family: str) -> int:
    """Where the literal that begins at `start` ends: at its own kind of quote, or at any of the family if that never
    comes.
    """
    opener = expression[start]
    if opener == family[0] and opener in expression[start + 1 :]:
        closers = opener
    else:
        closers = "".join(quote for quote in family if quote not in "\u2018\u201c")
    for at in range(start + 1, len(expression)):
        if expression[at] in closers:
            return at
    return len(expression)


def _literal(text: str, quote: str, is_closed: bool) -> str:
    # An apostrophe inside a literal that is now closed by an apostrophe would end it early.
    if quote in text:
        quote = '"' if quote == "'" else "'"
    return f"{quote}{text}{quote if is_closed else ''}"


def carry_quotes(text: str) -> str:
    """`text` with its curly quotes as private characters, for the way through pyxform."""
    return text.translate(_CARRY)


def restore_quotes(text: str) -> str:
    """Undoes `carry_quotes`."""
    return text.translate(_RESTORE)


def nearest(name: str, known: Iterable[str], likeness: float = 0.7) -> str | None:
    """The known name that `name` is most likely a slip of, or None where none is near. `likeness` is between 0 and 1
    (the same).
    """
    by_folded = {candidate.casefold(): candidate for candidate in known}
    if name.casefold() in by_folded:
        return by_folded[name.casefold()]
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=likeness)
    return by_folded[found[0]] if found else None
