"""Answers and what a file says of their sending -> the response document that intake takes (docs/sync-protocol.md). Pure.

The same row of the same file gives the same document, byte for byte: whatever is imported twice is stored once.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID, uuid5

from collector.importing.answers import Misfit
from collector.importing.questions import Questions
from collector.importing.values import moment_text
from collector.intake.documents import FILE_NAME
from collector.questionnaires.instances import MediaName, response_id_of

#: Where the ids of responses come from whose file gives none, and the names of files that cannot keep theirs.
NAMESPACE = UUID("b1f6c1a4-6a0c-4b55-8f0e-0d9f7b6f2a11")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}")


@dataclass(frozen=True)
class Sending:
    """What a file says of one response besides its answers; what it does not say is "".

    `given_id`: the id there, such as `uuid:…`; `instance_id`: by which other clients know it.
    """

    given_id: str = ""
    instance_id: str = ""
    version: str = ""
    started_at: str = ""
    finished_at: str = ""
    submitted_at: str = ""
    submitter: str = ""
    place: str = ""
    instance_name: str = ""


@dataclass(frozen=True)
class Form:
    """The questionnaire that responses are imported into.

    `models`: hash of the form model by version's name, as intake finds them; `version`: of what names no version that is known.
    """

    form_id: str
    version: str
    questions: Questions
    models: Mapping[str, str] = field(default_factory=dict)
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Named:
    """A file that a response names: its name in the answers, the one that it is kept under, and where it is asked for."""

    name: str
    kept: str
    path: str


@dataclass(frozen=True)
class Incoming:
    """A response of the file: its row, the document that was made of it, and the files that it names.

    `hint`: the folder, or the UUID in a folder's name, by which the files of one response are told from those of another; `misfits`: cells
    that are no answers that their questions can have.
    """

    number: int
    id: str
    text: str
    instance_id: str = ""
    files: tuple[Named, ...] = ()
    hint: str = ""
    misfits: tuple[Misfit, ...] = ()


def media_of(answers: Any, questions: Questions, path: tuple[str, ...] = (), at: str = "/data") -> Iterator[MediaName]:
    """The files that answers name, each with its positional path (`/data/members[2]/photo`), in the order of the answers."""
    if not questions.has_files:
        return
    if isinstance(answers, Mapping):
        for name, inner in answers.items():
            yield from media_of(inner, questions, (*path, name), f"{at}/{name}")
    elif isinstance(answers, list):
        for number, row in enumerate(answers, 1):
            yield from media_of(row, questions, path, f"{at}[{number}]")
    elif isinstance(answers, str) and path in questions.by_path and questions.by_path[path].is_file:
        yield MediaName(at, answers)


def make_document(
    form: Form, source: str, answers: dict[str, Any], sending: Sending, media: Iterable[MediaName], **more: Any
) -> dict[str, Any]:
    """The document without its id; `more` is kept in it as well. Answers keep the names of files that they have."""
    version = sending.version if sending.version in form.models else form.version
    finished = moment_text(sending.finished_at) or moment_text(sending.submitted_at) or ""
    document = {
        "form": form.form_id,
        "version": version,
        "model": form.models.get(version, ""),
        "base": None,
        "place": sending.place.strip() or None,
        "author": None,
        "source": "import",
        "imported_from": source,
        "instance_id": sending.instance_id,
        "version_there": sending.version,
        "submitted_at": sending.submitted_at.strip(),
        "submitter": sending.submitter.strip(),
        "started_at": (moment_text(sending.started_at) or "")[:40],
        "finished_at": finished[:40],
        "tz": form.time_zone,
        "answers": answers,
        "instance_name": sending.instance_name,
        "files": [_file(name) for name in media],
    }
    return {key: value for key, value in (document | more).items() if value != "" or key in ("version", "model")}


def _file(media: MediaName) -> dict[str, str]:
    named = {"name": kept_name(media.name), "path": media.path}
    return named if named["name"] == media.name else named | {"original_name": media.name}


def named_files(media: Iterable[MediaName]) -> tuple[Named, ...]:
    """The files of a response, with the names under which they are kept."""
    return tuple(Named(found.name, kept_name(found.name), found.path) for found in media)


def kept_name(name: str) -> str:
    """The name under which a file is kept: its own, or where that holds signs that file systems trip over, one made of it."""
    if FILE_NAME.fullmatch(name):
        return name
    ending = PurePosixPath(name).suffix
    return f"{uuid5(NAMESPACE, name)}{ending if _ENDING.fullmatch(ending) else ''}"


class Ids:
    """The ids of the responses of one file, in the order in which they stand there."""

    def __init__(self, form_id: str) -> None:
        self._form_id = form_id
        self._seen: Counter[bytes] = Counter()

    def of(self, document: Mapping[str, Any], sending: Sending) -> str:
        """The id that the file gives, else one made of the content; where all of it is the same as before, it is another one."""
        if sending.given_id.strip():
            return response_id_of(sending.given_id)
        content = content_of(document)
        digest = sha256(content.encode()).digest()
        self._seen[digest] += 1
        return str(uuid5(NAMESPACE, f"{self._form_id}\n{content}\n{self._seen[digest]}"))


def as_text(id_: str, document: Mapping[str, Any]) -> str:
    """The document with its id, as the text that is kept."""
    return json.dumps({"id": id_} | dict(document), ensure_ascii=False, separators=(",", ":"))


def content_of(document: Mapping[str, Any]) -> str:
    """What tells one response without an id from another: all that its row says."""
    kept = {key: document[key] for key in ("answers", "submitted_at", "place") if key in document}
    return json.dumps(kept, ensure_ascii=True, sort_keys=True)


def times_of(questions: Questions, answers: Mapping[str, Any]) -> tuple[str, str, str]:
    """Beginning, end and name that the answers themselves tell: the questions `start` and `end`, and `instanceName`; "" without."""
    found = {"start": "", "end": ""}
    for question in questions.of(()):
        kind, which = question.preload
        if kind == "timestamp" and which in found:
            found[which] = text_at(answers, question.path)
    return found["start"], found["end"], text_at(answers, ("meta", "instanceName"))


def text_at(answers: Any, path: tuple[str, ...]) -> str:
    """The answer at a path, if it is a text; else ""."""
    for name in path:
        answers = answers.get(name) if isinstance(answers, Mapping) else None
    return answers if isinstance(answers, str) else ""
