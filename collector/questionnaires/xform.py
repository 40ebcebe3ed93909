"""XForm XML -> form model, as docs/form-model.md has it.

The order of the nodes is that of the primary instance, which is the author's; the body says how each is shown and
`bind`
what rules it has. Source: ODK XForms specification, getodk.github.io/xforms-spec.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from collector.questionnaires.actions import read_actions
from collector.questionnaires.findings import Finding, WorkbookRefused
from collector.questionnaires.itemsets import Lists
from collector.questionnaires.missing import read_reasons
from collector.questionnaires.model import LAYOUT
from collector.questionnaires.search_choices import parse_search
from collector.questionnaires.texts import Texts
from collector.questionnaires.xml_names import ENTITIES, JR, ODK, ORX, XFORMS, XHTML, local_name, parse

_CONTROLS = {"input", "secret", "select1", "select", "rank", "upload", "range", "trigger"}
# Other spellings of a data type, in older forms and other tools.
_TYPES = {
    "integer": "int", "long": "int", "double": "decimal", "datetime": "dateTime", "select1": "string", "select":
    "string",
    "selectone": "string", "rank": "odk:rank", "text": "string", "": "string",
}  # fmt: skip
_KNOWN_TYPES = {
    "string", "int", "decimal", "boolean", "date", "time", "dateTime", "geopoint", "geotrace", "geoshape", "barcode",
    "binary", "odk:rank",
}  # fmt: skip
_RULES = (("required", "required"), ("constraint", "constraint"), ("calculate", "calculate"), ("readonly", "readonly"))
_NOT_PARAMETERS = {"ref", "nodeset", "appearance", "mediatype", "query", "class", "bind"}
_ENTITY = "entity"
_TEMPLATE = f"{{{JR}}}template"


@dataclass
class _Form:
    """What the walk through the primary instance looks things up in."""

    texts: Texts
    lists: Lists
    binds: dict[str, etree._Element]
    controls: dict[str, etree._Element] = field(default_factory=dict)
    groups: dict[str, etree._Element] = field(default_factory=dict)
    repeats: dict[str, etree._Element] = field(default_factory=dict)
    #: Paths of questions with the appearance `hidden`, or in a group that has it: nobody is asked them.
    hidden: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class CompiledXForm:
    """The form model. `texts` still allows changes to the model's texts."""

    model: dict[str, Any]
    texts: Texts


def compile_xform(xml: bytes | str, languages: list[str] | None = None) -> CompiledXForm:
    """The form model of an XForm. `languages` gives the order of the languages where it is known from a workbook.

    Raises: WorkbookRefused (`xform_malformed`).
    """
    try:
        document = parse(xml)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise WorkbookRefused(Finding("xform_malformed", {"detail": str(error)})) from error
    model, body, instance = _parts(document)
    texts = Texts(model)
    form = _Form(texts, Lists(model), _binds(model))
    _read_body(body, form)
    root = _node(instance, "/" + local_name(instance), form, is_root=True)
    texts.drop_missing()
    texts.drop_taken(form.lists.text_keys())
    return CompiledXForm(
        {
            "model": LAYOUT,
            "form": _about(document, body, instance, texts, languages or []),
            "root": root,
            "texts": texts.by_language,
            "lists": form.lists.by_id,
            "media": {},
            "actions": read_actions(model, body, form.binds),
        },
        texts,
    )


def _parts(document: etree._Element) -> tuple[etree._Element, etree._Element, etree._Element]:
    model = document.find(f".//{{{XFORMS}}}model")
    body = document.find(f"{{{XHTML}}}body")
    instance = None if model is None else model.find(f"{{{XFORMS}}}instance")
    primary = None if instance is None else next((child for child in instance if isinstance(child.tag, str)), None)
    if model is None or body is None or primary is None:
        raise WorkbookRefused(Finding("xform_malformed", {"detail": "it lacks a model, a body or a primary instance"}))
    return model, body, primary


def _about(
    document: etree._Element, body: etree._Element, instance: etree._Element, texts: Texts, languages: list[str]
) -> dict[str, Any]:
    """The key `form`: who the form is. Attributes of the instance carry what the settings sheet adds as
    `attribute::…`.
    """
    titles = {
        name.removeprefix("title_"): value for name, value in instance.attrib.items() if str(name).startswith("title_")
    }
    title = (document.findtext(f"{{{XHTML}}}head/{{{XHTML}}}title") or "").strip()
    form_id = instance.get("id") or local_name(instance)
    return {
        "id": form_id,
        "version": instance.get("version") or instance.get(f"{{{ORX}}}version") or "",
        "title": title or form_id,
        "languages": texts.languages(languages),
        "default_language": texts.default,
        "style": body.get("class", ""),
        "place_path": instance.get("place_path", "").split(),
        "titles": titles,
    }


def _binds(model: etree._Element) -> dict[str, etree._Element]:
    """Binds by path, those of attributes (`/data/meta/entity/@id`) among them."""
    return {bind.get("nodeset", "").strip(): bind for bind in model.iterfind(f"{{{XFORMS}}}bind")}


def _read_body(element: etree._Element, form: _Form, base: str = "", *, is_hidden: bool = False) -> None:
    """Collects controls, groups and repeats by the path that they show."""
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = local_name(child)
        is_child_hidden = is_hidden or "hidden" in child.get("appearance", "").split()
        if name in _CONTROLS:
            path = _path(child, "ref", base, form)
            form.controls.setdefault(path, child)
            if is_child_hidden:
                form.hidden.add(path)
        elif name == "group":
            path = _path(child, "ref", base, form) if child.get("ref") or child.get("bind") else base
            if path != base:
                form.groups.setdefault(path, child)
            _read_body(child, form, path, is_hidden=is_child_hidden)
        elif name == "repeat":
            path = _path(child, "nodeset", base, form)
            form.repeats.setdefault(path, child)
            _read_body(child, form, path, is_hidden=is_child_hidden)


def _path(element: etree._Element, attribute: str, base: str, form: _Form) -> str:
    """The absolute path that a control shows: its ref, or that of the bind that it names."""
    ref = (element.get(attribute) or element.get("ref") or "").strip()
    if not ref and element.get("bind"):
        ref = next((path for path, bind in form.binds.items() if bind.get("id") == element.get("bind")), "")
    return ref if ref.startswith("/") or not ref else f"{base}/{ref}"


def _node(element: etree._Element, path: str, form: _Form, *, is_root: bool = False) -> dict[str, Any]:
    name = local_name(element)
    children = [child for child in element if isinstance(child.tag, str)]
    if path in form.repeats:
        return _repeat(name, path, children, form)
    attributes = [] if is_root else _attributes(element, path, form)
    if is_root or children or attributes or path in form.groups:
        node: dict[str, Any] = {"name": name, "kind": "group"}
        _describe(node, path, form.groups.get(path), form)
        node["children"] = [*attributes, *_children(children, path, form)]
        return node
    return _question(element, path, form)


def _attributes(element: etree._Element, path: str, form: _Form) -> list[dict[str, Any]]:
    """The attributes of an entity's declaration, or of another element that binds give values, as questions."""
    names = [str(name) for name in element.attrib if not str(name).startswith("{")]
    if local_name(element) != _ENTITY and not any(f"{path}/@{name}" in form.binds for name in names):
        return []
    nodes = []
    for name in names:
        node: dict[str, Any] = {"name": f"@{name}", "kind": "question"}
        bind = form.binds.get(f"{path}/@{name}")
        node["type"] = _type(bind, None)
        if bind is not None:
            _describe(node, f"{path}/@{name}", None, form)
            _rule(node, f"{path}/@{name}", bind, form)
        if element.get(name):
            node["default"] = element.get(name)
        nodes.append(node)
    return nodes


def _children(elements: list[etree._Element], path: str, form: _Form) -> list[dict[str, Any]]:
    """The child nodes. A repeat may stand there twice, as its template and as its first row: one node is made of
    them.
    """
    by_name: dict[str, etree._Element] = {}
    for element in elements:
        name = local_name(element)
        if name not in by_name or element.get(_TEMPLATE) is not None:
            by_name[name] = element
    return [_node(element, f"{path}/{name}", form) for name, element in by_name.items()]


def _repeat(name: str, path: str, children: list[etree._Element], form: _Form) -> dict[str, Any]:
    repeat = form.repeats[path]
    node: dict[str, Any] = {"name": name, "kind": "repeat"}
    _describe(node, path, form.groups.get(path), form)
    if "appearance" not in node and repeat.get("appearance"):
        node["appearance"] = " ".join(repeat.get("appearance", "").split())
    count = repeat.get(f"{{{JR}}}count")
    if count:
        node["count"] = count.strip()
    if (repeat.get(f"{{{JR}}}noAddRemove") or "").strip() in ("true()", "true"):
        node["fixed"] = True
    node["children"] = _children(children, path, form)
    return node


def _describe(node: dict[str, Any], path: str, shown: etree._Element | None, form: _Form) -> None:
    """Label, hint, appearance and relevance, which every kind of node can have."""
    if shown is not None:
        for what in ("label", "hint"):
            key = form.texts.key_of(shown.find(f"{{{XFORMS}}}{what}"), f"{path}:{what}")
            if key:
                node[what] = key
        appearance = shown.get("appearance", "")
        search = parse_search(appearance)
        words = " ".join(appearance.split()) if search is None else search.rest
        if words:
            node["appearance"] = words
    bind = form.binds.get(path)
    relevant = None if bind is None else bind.get("relevant")
    if relevant and relevant.strip() != "true()":
        node["relevant"] = relevant.strip()


def _question(element: etree._Element, path: str, form: _Form) -> dict[str, Any]:
    node: dict[str, Any] = {"name": local_name(element), "kind": "question"}
    control, bind = form.controls.get(path), form.binds.get(path)
    node["type"] = _type(bind, control)
    if control is not None:
        _show(node, path, control, form)
        if path in form.hidden:
            del node["control"]
    _describe(node, path, control, form)
    if bind is not None:
        _rule(node, path, bind, form)
    reasons = read_reasons("" if bind is None else bind.get("missing", ""))
    if reasons and node.get("control") and node.get("readonly") != "true()":
        node["missing"] = reasons
    parameters = {
        **_parameters(control, with_plain=True), **_parameters(bind, with_plain=False), **_tick_labels(control)
    }  # fmt: skip
    if parameters:
        node["parameters"] = parameters
    # A picture to begin with is drawn on; any other file would be an answer whose file the phone does not have.
    is_file = node["type"] == "binary" and not node.get("mediatype", "").startswith("image/")
    if element.text and element.text.strip() and not is_file:
        node["default"] = element.text.strip()
    return node


def _type(bind: etree._Element | None, control: etree._Element | None) -> str:
    written = "" if bind is None else (bind.get("type") or "").strip()
    written = written.removeprefix("xsd:").removeprefix("xs:")
    found = written if written in _KNOWN_TYPES else _TYPES.get(written.casefold(), "string")
    # An upload without a type would be taken for text, and its file for a word.
    return "binary" if found == "string" and control is not None and local_name(control) == "upload" else found


def _show(node: dict[str, Any], path: str, control: etree._Element, form: _Form) -> None:
    kind = "input" if local_name(control) == "secret" else local_name(control)
    if control.get("query"):
        kind = "select1"
    node["control"] = kind
    if control.get("mediatype"):
        node["mediatype"] = control.get("mediatype")
    if kind in ("select", "select1", "rank"):
        itemset = form.lists.itemset(control, path, form.texts)
        if itemset:
            node["itemset"] = itemset


def _rule(node: dict[str, Any], path: str, bind: etree._Element, form: _Form) -> None:
    for attribute, key in _RULES:
        expression = (bind.get(attribute) or "").strip()
        # What is never required or read-only, and a constraint that always holds, is the same as none.
        if expression and expression != ("true()" if key == "constraint" else "false()"):
            node[key] = expression
    for attribute, key in (("requiredMsg", "required_message"), ("constraintMsg", "constraint_message")):
        text = form.texts.key_of_message(bind.get(f"{{{JR}}}{attribute}"), f"{path}:jr:{attribute}")
        if text:
            node[key] = text
    if bind.get(f"{{{ENTITIES}}}saveto"):
        node["save_to"] = bind.get(f"{{{ENTITIES}}}saveto")
    preload, params = bind.get(f"{{{JR}}}preload"), bind.get(f"{{{JR}}}preloadParams")
    if preload:
        node["preload"] = preload
        if params:
            # uri:deviceid gives the same value with its kind before it, where a phone knows it.
            node["preload_params"] = params.removeprefix("uri:")


def _tick_labels(control: etree._Element | None) -> dict[str, str]:
    """The id of the list that names steps of a range (`tick_labelset`). They are no choices: other steps are answers too."""
    itemset = None if control is None or local_name(control) != "range" else control.find(f"{{{XFORMS}}}itemset")
    found = None if itemset is None else re.match(r"instance\('([^']+)'\)", itemset.get("nodeset") or "")
    return {"tick-labels": found[1]} if found else {}


def _parameters(element: etree._Element | None, *, with_plain: bool) -> dict[str, str]:
    """Attributes such as `start`, `end`, `step` of a control and `orx:max-pixels` of a bind, without their prefix."""
    found = {}
    for name, value in {} if element is None else element.attrib.items():
        qualified = etree.QName(name)
        is_plain = qualified.namespace is None and with_plain and qualified.localname not in _NOT_PARAMETERS
        if is_plain or qualified.namespace in (ORX, ODK):
            found[qualified.localname] = str(value)
    return found
