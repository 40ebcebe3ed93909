"""A submission as a response document (docs/sync-protocol.md, "The response document"). Pure: the same XML gives the same document.

So whatever comes again, over several requests or after a broken connection, is known by its content hash.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from collector.intake.answer_changes import apply_changes
from collector.intake.documents import FILE_NAME
from collector.intake.flags import read_moment
from collector.intake.placing import find_answer
from collector.questionnaires.instances import FormInstance, answers_of, media_of

#: What says in a document which protocol brought it.
SOURCE = "openrosa"
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")


@dataclass(frozen=True)
class Origin:
    """What a document says beyond the XML: the response that it belongs to, the revision that it is made from, who sent it with what."""

    response_id: str
    base: int | None
    author_id: str
    device_id: str


@dataclass(frozen=True)
class Shape:
    """The form model to read answers by (None: there is none), and the hash of the version's own, "" where that is not known here."""

    tree: Mapping[str, Any] | None
    model_hash: str


def make_document(instance: FormInstance, xml: str, origin: Origin, shape: Shape) -> str:
    """The response document of a submission. It holds the XML as it came, under `xml`."""
    answers = answers_of(instance, shape.tree)
    # It says which edition this is, and answers nothing; the form does not have it.
    meta = answers.get("meta")
    if isinstance(meta, dict):
        answers["meta"] = {name: value for name, value in meta.items() if name != "deprecatedID"}
    named = media_of(answers, shape.tree)
    changed = {_inner(media.path): stored_name(media.name) for media in named if stored_name(media.name) != media.name}
    started_at, finished_at = (moment_of(answers, shape.tree, which) for which in ("start", "end"))
    paths: dict[str, str] = {}
    for media in named:
        paths.setdefault(stored_name(media.name), media.path)
    document = {
        "id": origin.response_id,
        "form": instance.form_id,
        "version": instance.version,
        "model": shape.model_hash,
        "base": origin.base,
        "place": None,
        "author": origin.author_id,
        "device": origin.device_id,
        "started_at": started_at,
        "finished_at": finished_at,
        "tz": zone_of(finished_at or started_at),
        "answers": apply_changes(answers, changed),
        "instance_name": instance.instance_name,
        "files": [{"name": name, "path": path} for name, path in paths.items()],
        "source": SOURCE,
        "instance": instance.instance_id,
        "deprecated": instance.deprecated_id,
        "xml": xml,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def stored_name(name: str) -> str:
    """The name of a file here: its own, or one made of it where it holds what a file system or a header would trip over."""
    if FILE_NAME.fullmatch(name):
        return name
    suffix = _SUFFIX.search(name)
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
    return f"file-{digest[:32]}{suffix[0].lower() if suffix else ''}"


def moment_of(answers: dict[str, Any], tree: Mapping[str, Any] | None, which: str) -> str:
    """When the interview began ("start") or ended ("end"), as the phone wrote it; "" where the form does not ask or it is no moment."""
    names = [which] if tree is None else list(_timestamps(tree["root"], which))
    found = next((answer for name in names if (answer := find_answer(answers, name))), "")
    return found if len(found) <= 40 and read_moment(found) is not None else ""


def zone_of(moment: str) -> str:
    """The zone with the offset of a moment, if that is of whole hours; else "", and the offset itself is used.

    The names count westwards: Etc/GMT-8 is eight hours east.
    """
    found = read_moment(moment)
    offset = found.utcoffset() if isinstance(found, datetime) else None
    hours, rest = divmod(offset or timedelta(), timedelta(hours=1))
    return "" if found is None or rest or abs(hours) > 12 else f"Etc/GMT{-hours:+d}"


def _timestamps(node: Mapping[str, Any], which: str) -> Iterator[str]:
    for child in node.get("children", ()):
        if child.get("preload") == "timestamp" and child.get("preload_params") == which:
            yield child["name"]
        yield from _timestamps(child, which)


def _inner(path: str) -> str:
    """A path without the root's name, as changes to answers have it."""
    return path.lstrip("/").partition("/")[2]
