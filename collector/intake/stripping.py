"""What is left of a response document when answers are erased. Pure: docs/privacy.md says what goes and what stays."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from collector.intake.documents import SCHEMA, Document
from collector.questionnaires.missing import KEY as REASON_KEY
from collector.questionnaires.personal import MADE_OF_ANSWERS

#: What is erased: answers to personal questions, or every answer.
PERSONAL, ALL = "personal", "all"
EXTENTS = (PERSONAL, ALL)
#: What a document says besides answers: all that stays of it. Anything else may hold answers, as the XML of another client does.
KEPT_KEYS = (*SCHEMA.fields, "language", "edited_at")
#: The group of what a form keeps of itself, and what of it is made of answers.
META = "meta"
_MADE_OF_ANSWERS = frozenset({*MADE_OF_ANSWERS, "meta/entity"})
#: What stays of that group whatever is erased: by this another client's response is known again.
_IDS = ("instanceID", "deprecatedID")
#: The check that is about the answers as a whole and holds no longer once they are erased.
ABOUT_ALL = frozenset({"no_consent"})


@dataclass(frozen=True)
class Erasable:
    """What of a questionnaire's answers is erased. All are paths without the root's name.

    `personal`: questions and groups that are marked as personal, in the office or by the workbook of any version. `known`: all that any
    version has: what none has might be anything, and goes with the personal. `consent`: the questions that ask for consent; what was
    said there stays, since the organisation has to be able to show it.
    """

    personal: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    consent: frozenset[str] = frozenset()

    def is_erased(self, path: str, extent: str) -> bool:
        """Tell whether the answer at `path` goes."""
        if path in self.consent:
            return False
        if path.partition("/")[0] == META:
            is_id = path in {f"{META}/{name}" for name in _IDS}
            return (extent == ALL and not is_id) or _is_within(path, _MADE_OF_ANSWERS)
        return extent == ALL or path not in self.known or _is_within(path, self.personal)


def strip(read: Mapping[str, Any], extent: str, erasable: Erasable, place: str) -> dict[str, Any]:
    """The document `read`, parsed JSON, without what is erased. `place`: the code of its place, which stays when the answer goes."""
    answers, files = read.get("answers"), read.get("files")
    kept = {key: value for key, value in read.items() if key in KEPT_KEYS}
    return kept | {
        "answers": _strip_group(answers, extent, erasable, "") if isinstance(answers, dict) else {},
        "files": [
            file
            for file in (files if isinstance(files, list) else ())
            if isinstance(file, dict) and not erasable.is_erased(_path_in(str(file.get("path") or "")), extent)
        ],
        "instance_name": "",
        "place": place or None,
        "erased": extent,
    }


def _strip_group(group: Mapping[str, Any], extent: str, erasable: Erasable, above: str) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in group.items():
        path = f"{above}{name.removesuffix(REASON_KEY)}"
        if isinstance(value, dict):
            # The phone leaves out a group in which nothing is answered, too.
            if inner := _strip_group(value, extent, erasable, f"{path}/"):
                kept[name] = inner
        elif isinstance(value, list):
            if not erasable.is_erased(path, extent):
                kept[name] = [
                    _strip_group(row, extent, erasable, f"{path}/") if isinstance(row, dict) else {} for row in value
                ]
        elif not erasable.is_erased(path, extent):
            kept[name] = value
    return kept


def _is_within(path: str, paths: Collection[str]) -> bool:
    while path:
        if path in paths:
            return True
        path = path.rpartition("/")[0]
    return False


def _path_in(path: str) -> str:
    """The path of a file or a flag without the root's name and positions: `/data/members[2]/photo` is `members/photo`."""
    return "/".join(name.partition("[")[0] for name in path.strip("/").split("/")[1:])


def strip_document(document: Document, extent: str, erasable: Erasable, place: str) -> Document:
    """A document as it came without what is erased. It keeps the hash of what came, by which a phone that sends it again is known."""
    try:
        parsed = json.loads(document.text)
    except (ValueError, RecursionError):
        parsed = None
    readable = document.problem is None and isinstance(parsed, dict)
    # Of what cannot be read nobody can tell what is an answer.
    text = as_text(strip(parsed, extent, erasable, place)) if readable else "{}"
    read = SCHEMA.load(json.loads(text) | {"id": document.read["id"]}) if readable else {}
    return replace(document, text=text, read=read, erased_hash=hash_of(text))


def as_text(document: Mapping[str, Any]) -> str:
    """A document as text; a lone surrogate, which has no UTF-8, as an escape."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode()


def hash_of(text: str) -> str:
    """SHA-256 of a text, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def strip_flags(flags: Iterable[Mapping[str, Any]], extent: str, erasable: Erasable) -> list[dict[str, Any]]:
    """The flags of a document without those about answers that are erased."""
    return [
        dict(flag)
        for flag in flags
        if flag["code"] not in ABOUT_ALL
        and not (flag.get("path") and erasable.is_erased(_path_in(str(flag["path"])), extent))
    ]
