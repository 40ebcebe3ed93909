"""Names of worksheets: legal, at most 31 characters, each once (A70). Pure."""

import re

LONGEST = 31
#: What Excel does not allow in a name, and what XML does not.
FORBIDDEN = re.compile("[\\[\\]:*?/\\\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
#: A name that Excel keeps for itself.
RESERVED = "history"
CUT = "…"


class SheetNames:
    """The names that a workbook has so far."""

    def __init__(self) -> None:
        self._taken = {RESERVED}

    def add(self, wanted: str) -> str:
        """`wanted` as a sheet can be called: cut in its middle, since names differ at both ends, and numbered if it is taken.

        Capital and small letters are the same to Excel.
        """
        clean = FORBIDDEN.sub("_", wanted).strip().strip("'") or "sheet"
        name, number = _shorten(clean, ""), 1
        while name.lower() in self._taken:
            number += 1
            name = _shorten(clean, f" ({number})")
        self._taken.add(name.lower())
        return name


def _shorten(name: str, ending: str) -> str:
    room = LONGEST - _length(ending)
    tail = (room - 1) // 2
    head = room - 1 - tail
    if _length(name) > room:
        while _length(name[:head]) > room - 1 - tail:
            head -= 1
        while _length(name[-tail:]) > (room - 1) // 2:
            tail -= 1
        name = name[:head] + CUT + name[-tail:]
    return name + ending


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
