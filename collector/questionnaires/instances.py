"""A filled-in form as XML, read: who it is, its answers as the form model nests them, and the files that it names. Pure.

Source: ODK XForms, section "Instance" and "Metadata"; OpenRosa 1.0 Metadata Schema. The other way round: instance_writing.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from lxml import etree

from collector.errors import CollectorError
from collector.questionnaires import missing
from collector.questionnaires.xml_names import JR, ORX, XFORMS, local_name, parse

#: Bytes of one instance; more is no interview.
MAX_INSTANCE_BYTES = 4 * 1024 * 1024
#: Elements inside each other: as many as a response document may have (collector/intake/documents.py), but for what is around answers.
MAX_DEPTH = 90
#: Namespace of the attribute that holds why a question has no answer; no other client writes it.
MISSING_NAMESPACE = "urn:collector:missing"
#: Where response ids come from that an instance id gives which is no UUID.
NAMESPACE = UUID("0d6f2a5e-8c55-4c0e-9a35-6f1f8a2f3f0b")
#: What is taken for the name of a file where no model tells which questions have files.
FILE_LIKE = re.compile(
    r"[^/\\\s][^/\\]{0,200}\.(?:jpe?g|png|gif|webp|heic|m4a|mp3|amr|aac|ogg|wav|3gpp?|mp4|mov|webm|pdf|csv|svg)", re.I
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TEMPLATE = f"{{{JR}}}template"
_META = "meta"


@dataclass(frozen=True)
class FormInstance:
    """An instance and what it says of itself; what it does not say is "".

    `deprecated_id`: instance id of what it is a later edition of (OpenRosa Metadata Schema, deprecatedID).
    """

    root: etree._Element
    form_id: str
    version: str
    instance_id: str
    deprecated_id: str
    instance_name: str

    @property
    def is_encrypted(self) -> bool:
        """Whether its answers are encrypted (ODK XForms, section "Encrypted submissions")."""
        return str(self.root.get("encrypted", "")).strip().lower() == "yes"

    @property
    def written(self) -> str:
        """Its XML as text, as it was read."""
        return str(etree.tostring(self.root, encoding="unicode"))


@dataclass(frozen=True)
class MediaName:
    """A file that an instance names: where (`/data/members[2]/photo`, as files of response documents say it), and how."""

    path: str
    name: str


def read_instance(xml: bytes) -> FormInstance:
    """Read an instance. Entities and whatever lies outside of it are never followed.

    Raises CollectorError `instance_too_large`, `instance_malformed` (details: `line`), `instance_with_doctype`, `instance_without_form`.
    """
    if len(xml) > MAX_INSTANCE_BYTES:
        raise CollectorError("instance_too_large", limit_bytes=MAX_INSTANCE_BYTES)
    try:
        root = parse(xml)
    except etree.XMLSyntaxError as error:
        raise CollectorError("instance_malformed", line=error.lineno or 1) from None
    except ValueError:
        raise CollectorError("instance_with_doctype") from None
    too_deep = next((element for element, depth in _walk(root, 1) if depth > MAX_DEPTH), None)
    if too_deep is not None:
        raise CollectorError("instance_malformed", line=too_deep.sourceline or 1)
    form_id = (root.get("id") or _own_namespace(root)).strip()
    if not form_id:
        raise CollectorError("instance_without_form")
    meta = next((child for child in root if local_name(child) == _META), None)
    return FormInstance(
        root=root,
        form_id=form_id,
        version=(root.get("version") or root.get(f"{{{ORX}}}version") or "").strip(),
        instance_id=_meta_text(meta, "instanceID") or root.get("instanceID", "").strip(),
        deprecated_id=_meta_text(meta, "deprecatedID"),
        instance_name=_meta_text(meta, "instanceName"),
    )


def response_id_of(instance_id: str, xml: bytes = b"") -> str:
    """The response id that belongs to an instance id: the UUID in `uuid:…`, else one made of it, or of the XML where there is none."""
    found = instance_id.strip().lower().removeprefix("uuid:")
    if _UUID.fullmatch(found):
        return found
    return str(uuid5(NAMESPACE, instance_id.strip() or sha256(xml).hexdigest()))


def answers_of(instance: FormInstance, model: Mapping[str, Any] | None) -> dict[str, Any]:
    """The answers, nested as docs/form-model.md says. What the model does not know is kept as well.

    Without a model, elements that stand beside each other under one name are taken for rows of a repeat.
    """
    return _group(instance.root, model["root"] if model else None, is_root=True)


def media_of(answers: Mapping[str, Any], model: Mapping[str, Any] | None) -> list[MediaName]:
    """The files that answers name, in their order: what questions of type binary hold; without a model, what looks like a file's name."""
    if model is None:
        texts = _texts(answers, "/data")
        return [MediaName(path, text) for path, text in texts if FILE_LIKE.fullmatch(text)]
    return list(_media(answers, model["root"], f"/{model['root']['name']}"))


def _walk(element: etree._Element, depth: int) -> Iterator[tuple[etree._Element, int]]:
    """Elements with their depth, without recursion."""
    waiting = [(element, depth)]
    while waiting:
        at, depth = waiting.pop()
        yield at, depth
        waiting += [(child, depth + 1) for child in at]


def _own_namespace(root: etree._Element) -> str:
    """The namespace that stands for the form's id where there is no attribute `id` (OpenRosa, FormSubmissionAPI)."""
    namespace = etree.QName(root).namespace or ""
    return "" if namespace == XFORMS else namespace


def _meta_text(meta: etree._Element | None, name: str) -> str:
    found = None if meta is None else next((child for child in meta if local_name(child) == name), None)
    return "" if found is None else (found.text or "").strip()


def _group(element: etree._Element, node: Mapping[str, Any] | None, *, is_root: bool = False) -> dict[str, Any]:
    known = {child["name"]: child for child in node.get("children", ())} if node else {}
    answers: dict[str, Any] = {}
    if not is_root and (node is None or any(name.startswith("@") for name in known)):
        answers |= {f"@{name}": value for name, value in _plain_attributes(element) if value}
    by_name: dict[str, list[etree._Element]] = {}
    for child in element:
        if child.get(_TEMPLATE) is None:
            by_name.setdefault(local_name(child), []).append(child)
    for name, children in by_name.items():
        answers |= _child(name, children, known.get(name))
    return answers


def _child(name: str, elements: list[etree._Element], node: Mapping[str, Any] | None) -> dict[str, Any]:
    """What elements of one name give their group: nothing where there is no answer in them."""
    reason = elements[0].get(f"{{{MISSING_NAMESPACE}}}reason")
    found: dict[str, Any] = {name + missing.KEY: reason} if reason else {}
    kind = node["kind"] if node else ""
    if kind == "repeat":
        return found | {name: [_group(row, node) for row in elements]}
    if kind == "group":
        value: Any = {}
        for element in elements:
            value |= _group(element, node)
    elif kind == "question":
        value = _text(elements[0])
    else:
        values = [value for value in map(_unknown, elements) if value]
        value = values if len(elements) > 1 else next(iter(values), "")
    return found | {name: value} if value else found


def _unknown(element: etree._Element) -> Any:
    """An element that the model does not know: a group where it has elements in it, else an answer, if it is more than white space."""
    if len(element):
        return _group(element, None)
    text = _text(element)
    return text if text.strip() else ""


def _text(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext()) if len(element) else element.text or ""


def _plain_attributes(element: etree._Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in element.attrib.items() if not str(name).startswith("{")]


def _texts(answers: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(answers, str):
        yield path, answers
    elif isinstance(answers, list):
        for number, row in enumerate(answers, 1):
            yield from _texts(row, f"{path}[{number}]")
    elif isinstance(answers, Mapping):
        for name, inner in answers.items():
            yield from _texts(inner, f"{path}/{name}")


def _media(answers: Any, node: Mapping[str, Any], path: str) -> Iterator[MediaName]:
    if not isinstance(answers, Mapping):
        return
    for child in node.get("children", ()):
        value, at = answers.get(child["name"]), f"{path}/{child['name']}"
        if child["kind"] == "question":
            if child.get("type") == "binary" and isinstance(value, str):
                yield MediaName(at, value)
        elif child["kind"] == "repeat":
            rows = value if isinstance(value, list) else []
            for number, row in enumerate(rows, 1):
                yield from _media(row, child, f"{at}[{number}]")
        else:
            yield from _media(value, child, at)
