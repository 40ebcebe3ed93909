"""Names of variables that SPSS and Stata take, each once, and as near to the questionnaire's as their rules allow. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from collector.export.sheets.sheet import Dataset, Variable
from collector.export.writers.statistics.cut import cut_bytes

#: What a header by name or path consists of; one by label has blanks and punctuation, and is no name.
_NAMELIKE = re.compile(r"[\w/.:\-]+")
_SPSS_RESERVED = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})
# fmt: off
_STATA_RESERVED = frozenset({
    "_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n", "_pi", "_pred", "_rc", "_skip",
    "strl", "using", "with",
})
# fmt: on
_STATA_STORAGE = re.compile(r"str\d*")


@dataclass(frozen=True)
class LegalNames:
    """What a variable is called in SPSS (64 bytes at most) and in Stata (32 characters at most)."""

    spss: str
    stata: str


class Namer:
    """Gives names, each once whatever the case of its letters, since SPSS takes `Age` and `age` for the same."""

    def __init__(self, is_short: bool) -> None:
        self.is_short = is_short
        self._taken: set[str] = set()

    def name_all(self, wanted: Sequence[str]) -> list[str]:
        """A legal name for each of these paths. Those that are legal as they are keep theirs, wherever they stand."""
        names = [self._legal(path) for path in wanted]
        kept = {}
        for index, (path, name) in enumerate(zip(wanted, names, strict=True)):
            if path == name and name.casefold() not in self._taken:
                self._taken.add(name.casefold())
                kept[index] = name
        return [kept[index] if index in kept else self.name_one(name) for index, name in enumerate(names)]

    def name_one(self, name: str) -> str:
        """A legal name, with a number behind it if it is taken: `name_2`."""
        for number in count(1):
            ending = f"_{number}" if number > 1 else ""
            unique = self._fit(name, len(ending)) + ending
            if unique.casefold() not in self._taken:
                break
        self._taken.add(unique.casefold())
        return unique

    def _legal(self, path: str) -> str:
        parts = [_legal_part(part) for part in path.split("/")]
        name = "_".join(parts).strip("_")
        # The question says more than the groups around it: those in front go first.
        while len(parts) > 1 and self._fit(name) != name:
            parts.pop(0)
            name = "_".join(parts).strip("_")
        name = name or "v"
        if not name[0].isalpha() or self._is_reserved(name.casefold()):
            name = f"v_{name}"
        return self._fit(name)

    def _is_reserved(self, name: str) -> bool:
        return name in _SPSS_RESERVED or name in _STATA_RESERVED or bool(_STATA_STORAGE.fullmatch(name))

    def _fit(self, name: str, less: int = 0) -> str:
        return (name[: 32 - less] if self.is_short else cut_bytes(name, 64 - less)).rstrip("_")


def _legal_part(part: str) -> str:
    """The part with an underscore for each character that is no letter, digit or underscore."""
    return "".join(
        sign if sign == "_" or unicodedata.category(sign) in _LETTERS else "_"
        for sign in unicodedata.normalize("NFC", part)
    )


_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd"})


def wanted_names(variables: Iterable[Variable]) -> list[str]:
    """What the variables should be called: their headers, or their keys where headers are labels."""
    return [variable.name if _NAMELIKE.fullmatch(variable.name) else variable.key for variable in variables]


def name_map(dataset: Dataset) -> dict[str, list[LegalNames]]:
    """By name of the sheet, what each of its variables is called in SPSS and Stata, in their order."""
    maps = {}
    for sheet in dataset.sheets:
        wanted = wanted_names(sheet.variables)
        pairs = zip(Namer(False).name_all(wanted), Namer(True).name_all(wanted), strict=True)
        maps[sheet.name] = [LegalNames(spss, stata) for spss, stata in pairs]
    return maps
