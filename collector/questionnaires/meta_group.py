"""Groups and questions that an author named `meta`, a name that pyxform keeps for itself.

ODK XForms has one `meta` at the top of a response, with instanceID and the like; a group of that name there shares it,
as forms of the CHT expect, and elsewhere the name is as good as any. They go through pyxform under another name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml import etree

from collector.questionnaires.columns import Table
from collector.questionnaires.xml_names import XFORMS, local_name, parse

NAME = "meta"
_STAND_IN = "meta_b7d1f0"
_REFERENCE = re.compile(r"\$\{\s*meta\s*\}")


def rename_meta(tables: Mapping[str, Table]) -> None:
    """Gives what is named `meta`, and references to it, the name under which pyxform takes them.

    Mutates: the tables' rows.
    """
    survey = tables["survey"]
    if not any(row.get("name") == NAME for row in survey.rows):
        return
    for row in survey.rows:
        if row.get("name") == NAME:
            row.values["name"] = _STAND_IN
    for table in tables.values():
        for row in table.rows:
            for key, text in row.values.items():
                if "${" in text:
                    row.values[key] = _REFERENCE.sub(f"${{{_STAND_IN}}}", text)


def restore_meta(xform: str) -> str:
    """The XForm with the author's name again, and one `meta` at the top of its instance."""
    if _STAND_IN not in xform:
        return xform
    document = parse(xform.replace(_STAND_IN, NAME))
    instance = document.find(f".//{{{XFORMS}}}model/{{{XFORMS}}}instance")
    if instance is not None:
        for root in _elements(instance):
            _merge(root)
    return '<?xml version="1.0"?>' + str(etree.tostring(document, encoding="unicode"))


def _merge(root: etree._Element) -> None:
    groups = [child for child in _elements(root) if local_name(child) == NAME]
    for other in groups[1:]:
        groups[0].extend(list(other))
        root.remove(other)


def _elements(parent: etree._Element) -> Iterable[etree._Element]:
    return [child for child in parent if isinstance(child.tag, str)]
