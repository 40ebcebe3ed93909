"""The actions of an XForm (ODK XForms, "Actions") -> `actions` of the form model."""

from __future__ import annotations

from typing import Any

from lxml import etree

from collector.questionnaires.xml_names import ODK, XFORMS, local_name

# Events, and their names in other specifications and older forms.
_EVENTS = {
    "odk-instance-first-load": "odk-instance-first-load",
    "odk-instance-load": "odk-instance-load",
    "xforms-ready": "odk-instance-first-load",
    "odk-new-repeat": "odk-new-repeat",
    "jr-insert": "odk-new-repeat",
    "xforms-value-changed": "xforms-value-changed",
}
_SETVALUE = f"{{{XFORMS}}}setvalue"
_SETGEOPOINT = f"{{{ODK}}}setgeopoint"


def read_actions(model: etree._Element, body: etree._Element, binds: dict[str, etree._Element]) -> list[dict[str, Any]]:
    """The actions in document order, one for each event. What records sound in the background is left out: a browser
    may not.
    """
    return [
        action
        for part in (model, body)
        for element in part.iter(_SETVALUE, _SETGEOPOINT)
        for action in _actions(element, binds)
    ]


def _actions(element: etree._Element, binds: dict[str, etree._Element]) -> list[dict[str, Any]]:
    target = _target(element, binds)
    made = []
    for event in dict.fromkeys(_EVENTS.get(written, "") for written in (element.get("event") or "").split()):
        if not event or not target:
            continue
        action: dict[str, Any] = {"event": event, "ref": target}
        action |= {"kind": "setgeopoint"} if element.tag == _SETGEOPOINT else {"value": _value(element)}
        if event == "xforms-value-changed":
            action["source"] = _source(element)
        made.append(action)
    return made


def _target(element: etree._Element, binds: dict[str, etree._Element]) -> str:
    ref = (element.get("ref") or "").strip()
    if not ref and element.get("bind"):
        return next((path for path, bind in binds.items() if bind.get("id") == element.get("bind")), "")
    return ref


def _value(element: etree._Element) -> str:
    """The expression; a value written as the element's content is a literal (XForms 1.0, 10.1.9)."""
    if element.get("value") is not None:
        return str(element.get("value")).strip()
    text = element.text or ""
    return f'"{text}"' if "'" in text else f"'{text}'"


def _source(element: etree._Element) -> str:
    """The path of the control that the action stands in."""
    parent = element.getparent()
    while parent is not None and local_name(parent) != "body":
        if parent.get("ref"):
            return str(parent.get("ref")).strip()
        parent = parent.getparent()
    return ""
