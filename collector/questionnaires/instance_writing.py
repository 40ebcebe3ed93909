"""Answers as the XML of a filled-in form. Pure. The other way round: instances.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from collector.questionnaires import missing
from collector.questionnaires.instances import MISSING_NAMESPACE

#: Characters that XML 1.0 cannot hold (section 2.2).
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_META = "meta"
_REASON = f"{{{MISSING_NAMESPACE}}}reason"


def write_instance(
    model: Mapping[str, Any] | None,
    answers: Mapping[str, Any],
    *,
    form_id: str,
    version: str,
    instance_id: str,
    deprecated_id: str = "",
) -> bytes:
    """The instance of `answers`, in form order as far as the model knows them; UTF-8.

    `instance_id` and `deprecated_id` take the place of those in the answers. A name that XML cannot have is left out, a
    character that it cannot hold becomes U+FFFD.
    """
    root = etree.Element(model["root"]["name"] if model else "data", nsmap={"missing": MISSING_NAMESPACE})
    root.set("id", _clean(form_id))
    if version:
        root.set("version", _clean(version))
    kept = answers.get(_META)
    own = {"instanceID": instance_id} | ({"deprecatedID": deprecated_id} if deprecated_id else {})
    whole = {**answers, _META: {**(kept if isinstance(kept, Mapping) else {}), **own}}
    _fill(root, whole, model["root"] if model else {})
    etree.cleanup_namespaces(root)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _fill(parent: etree._Element, answers: Mapping[str, Any], node: Mapping[str, Any]) -> None:
    known = {child["name"]: child for child in node.get("children", ())}
    reasons = {
        name.removesuffix(missing.KEY): reason
        for name, reason in answers.items()
        if name.endswith(missing.KEY) and isinstance(reason, str)
    }
    given = dict.fromkeys([*answers, *reasons])
    ordered = [*(name for name in known if name in given), *(name for name in given if name not in known)]
    for name in ordered:
        value = answers.get(name, "")
        if name.startswith("@"):
            _set_attribute(parent, name[1:], value)
        elif not name.endswith(missing.KEY):
            for one in value if isinstance(value, list) else [value]:
                _add(parent, name, one, known.get(name, {}), reasons.get(name, ""))


def _add(parent: etree._Element, name: str, value: Any, node: Mapping[str, Any], reason: str) -> None:
    try:
        element = etree.SubElement(parent, name)
    except ValueError:
        return
    if reason:
        element.set(_REASON, _clean(reason))
    if isinstance(value, Mapping):
        _fill(element, value, node)
    elif isinstance(value, str):
        element.text = _clean(value)


def _set_attribute(element: etree._Element, name: str, value: Any) -> None:
    if isinstance(value, str):
        try:
            element.set(name, _clean(value))
        except ValueError:
            return


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
