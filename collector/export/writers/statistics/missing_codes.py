"""Why a cell is empty, as numbers that SPSS leaves out of its statistics and Stata sorts behind all others. Pure."""

import re
from collections.abc import Collection

NOT_ASKED, DONT_KNOW, DECLINED = "not_asked", "dont_know", "declined"
#: In the order in which Stata numbers them: .a, .b, .c.
KINDS = (DONT_KNOW, DECLINED, NOT_ASKED)
#: What cells without an answer hold: nothing, or None where it was not asked for; where they stand with reasons, those too.
NO_ANSWERS: frozenset[str | None] = frozenset({None, ""})
NO_ANSWERS_BUT_REASONS = NO_ANSWERS | {DONT_KNOW, DECLINED}
_ENDINGS = {NOT_ASKED: 97, DONT_KNOW: 98, DECLINED: 99}

#: They stand in the data, so in the language of the data and not in that of whoever asks for the file.
_WORDS = {
    False: {NOT_ASKED: "Not asked", DONT_KNOW: "Does not know", DECLINED: "Declined", "1": "Yes", "0": "No"},
    True: {NOT_ASKED: "未询问", DONT_KNOW: "不知道", DECLINED: "拒绝回答", "1": "是", "0": "否"},
}
_CHINESE = re.compile(r"\bzh|中文|汉语|漢語|chinese", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def words(language: str, title: str) -> dict[str, str]:
    """What the kinds and yes and no are called: in Chinese where the language is, or is not named and the title is."""
    is_chinese = _HAN.search(title) if language == "default" else _CHINESE.search(language)
    return _WORDS[bool(is_chinese)]


def kind_of(cell: str | None) -> str:
    """The kind of a cell without an answer, "" if it is not known why."""
    return NOT_ASKED if cell is None else cell


def first_codes() -> dict[str, int]:
    """The numbers that stand for the kinds unless one is an answer."""
    return {kind: -ending for kind, ending in _ENDINGS.items()}


def choose_codes(kinds: Collection[str], values: Collection[float]) -> dict[str, int] | None:
    """A number for each of the kinds that occur, none of which is a value of the column; None if there are none left.

    -97, -98 and -99, else -997, -998 and -999, and so on: the first three of which none is an answer.
    """
    for hundreds in range(2, 15):
        codes = {kind: -(10**hundreds - 100 + ending) for kind, ending in _ENDINGS.items()}
        if not any(code in values for code in codes.values()):
            return {kind: codes[kind] for kind in KINDS if kind in kinds}
    return None


def could_be_code(cell: str) -> bool:
    """Whether the cell could be one of our numbers: it begins as all of them do."""
    return cell.startswith("-9")
