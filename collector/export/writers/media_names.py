"""Names of the files of responses in a zip file: `<response>/<question>.<ending>`, legal wherever they are unpacked. Pure."""

import re
from pathlib import PurePosixPath

#: What Windows does not allow in a name (Microsoft, "Naming files, paths, and namespaces"), and what is no character.
FORBIDDEN = re.compile('[<>:"/\\\\|?*\x00-\x1f\ud800-\udfff]')
#: Names of devices there, whatever their ending.
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
#: Position of a row of a repeat, as a document's path has it.
POSITION = re.compile(r"\[([0-9]+)\]")
#: Characters of a question's part and of an ending, so that names stay short enough for Windows.
QUESTION_CHARACTERS, ENDING_CHARACTERS = 80, 10


class MediaNames:
    """The names that the files of one response have so far."""

    def __init__(self, response_id: str):
        self._folder = response_id
        self._taken: set[str] = set()

    def add(self, path: str, name: str) -> str:
        """The name of a file that was called `name`, answer to the question at the document's `path` (`/data/members[2]/photo`).

        The row of a repeat stands behind its name, `members-2.photo.jpg`; further files of one question are numbered, `photo-2.jpg`.
        """
        question = POSITION.sub(r"-\1", place_of(path)).replace("/", ".")
        stem = FORBIDDEN.sub("_", question).strip(". ")[-QUESTION_CHARACTERS:].strip(". ") or "file"
        if RESERVED.fullmatch(stem.partition(".")[0]):
            stem = f"_{stem}"
        ending = FORBIDDEN.sub("_", PurePosixPath(name).suffix.lower())[:ENDING_CHARACTERS].rstrip(". ")
        number, unique = 1, stem + ending
        while unique.lower() in self._taken:
            number += 1
            unique = f"{stem}-{number}{ending}"
        self._taken.add(unique.lower())
        return f"{self._folder}/{unique}"


def place_of(path: str) -> str:
    """A document's path without the root, whatever that is called: `members[2]/photo`."""
    return path.strip("/").partition("/")[2]


def row_key(response_id: str, path: str) -> str:
    """Key of the row that a file's question is in, as tables have it: `<response>/members[2]`, or the response's id."""
    row, found, _ = place_of(path).rpartition("]")
    return f"{response_id}/{row}]" if found else response_id


def question_of(path: str) -> str:
    """The question's path from the form's root: `members/photo`."""
    return POSITION.sub("", place_of(path))
