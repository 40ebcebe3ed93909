"""The words by which a text is found: of what is stored and of what somebody looks for, in the same way. Pure."""

import re
import unicodedata

#: Longest word that is kept, characters; what is longer is found by its beginning.
WORD_LENGTH = 40
#: Letters that a beginning of a word has by which it can be found. A longer one finds whole words only, where the words are hidden.
MIN_BEGINNING, MAX_BEGINNING = 2, 12
#: Scripts that write words without blanks between them: Han with its extensions, and the Japanese syllabaries.
_UNSPACED = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]").match


def terms_of(text: str) -> set[str]:
    """The words of `text`, folded (NFKC, case-folded): words of letters and digits, and pairs of neighbouring Han characters.

    A Han character that stands alone is a word; 城南社区 is found by 城南, by 南社 and by all of it, since a search wants every pair.
    """
    terms: set[str] = set()
    for run in _RUN.findall(fold(text)):
        if not _IS_UNSPACED(run):
            terms.add(run[:WORD_LENGTH])
        elif len(run) == 1:
            terms.add(run)
        else:
            terms |= {run[at : at + 2] for at in range(len(run) - 1)}
    return terms


def beginnings_of(word: str) -> list[str]:
    """The beginnings by which a word of letters is found as well, without the whole word. Pairs of Han and numbers have none."""
    if not word[:1].isalpha() or _IS_UNSPACED(word):
        return []
    return [word[:length] for length in range(MIN_BEGINNING, min(len(word) - 1, MAX_BEGINNING) + 1)]


def fold(text: str) -> str:
    """`text` without differences of case, width and composition."""
    if text.isascii():
        return text.lower()
    # Folding may undo the composition, so that it is composed once more.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def squeeze(text: str) -> str:
    """`text` folded and without blanks: "Ana  Silva" and "ana silva" are the same."""
    return "".join(fold(text).split())
