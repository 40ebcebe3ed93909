"""The `setvalue` actions of an XForm (ODK XForms, "Actions") -> `actions` of the form model."""

from __future__ import annotations

from typing import Any

from lxml import etree

from collector.questionnaires.findings import Finding
from collector.questionnaires.xml_names import ODK, XFORMS, local_name

# The same events under the names of other specifications and older forms.
_EVENTS = {
    "odk-instance-first-load": "odk-instance-first-load",
    "odk-instance-load": "odk-instance-first-load",
    "xforms-ready": "odk-instance-first-load",
    "odk-new-repeat": "odk-new-repeat",
    "jr-insert": "odk-new-repeat",
    "xforms-value-changed": "xforms-value-changed",
}
_BACKGROUND = {f"{{{ODK}}}setgeopoint", f"{{{ODK}}}recordaudio"}


def read_actions(
    model: etree._Element, body: etree._Element, binds: dict[str, etree._Element]
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """The actions in document order, one for each event, and warnings for those that run only in the background of
    other apps.
    """
    actions: list[dict[str, Any]] = []
    warnings: list[Finding] = []
    for element in [*model.iter(), *body.iter()]:
        if element.tag == f"{{{XFORMS}}}setvalue":
            actions.extend(_setvalue(element, binds))
        elif element.tag in _BACKGROUND:
            warnings.append(Finding("action_unsupported", {"name": str(element.get("ref", "")).rsplit("/", 1)[-1]}))
    return actions, warnings


def _setvalue(element: etree._Element, binds: dict[str, etree._Element]) -> list[dict[str, Any]]:
    target = _target(element, binds)
    # An attribute of an entity declaration is no question of the form.
    if not target or "@" in target:
        return []
    made = []
    for event in dict.fromkeys(_EVENTS.get(written, "") for written in (element.get("event") or "").split()):
        if not event:
            continue
        action: dict[str, Any] = {"event": event, "ref": target, "value": _value(element)}
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
