"""Choice lists: the secondary instances of an XForm -> `lists`, and the selects that draw on them -> `itemset`."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from collector.questionnaires.search_choices import Search, is_static, parse_search
from collector.questionnaires.texts import Texts
from collector.questionnaires.xml_names import XFORMS, local_name

# The answers of the response before, which the phone has (ODK XForms, "Last-saved").
LAST_SAVED = "__last-saved"
_ITEXT_COLUMN = re.compile(r"^\s*jr:itext\(\s*([\w.\-]+)\s*\)\s*$")


class Lists:
    """Collects the lists of one form by id. Shape of one: {"columns": [str], "rows": [[str]]}, or {"file": name} for a
    list that is kept beside the workbook.
    """

    def __init__(self, model: etree._Element) -> None:
        self.by_id: dict[str, dict[str, Any]] = {}
        for instance in model.iterfind(f"{{{XFORMS}}}instance"):
            list_id = instance.get("id")
            if list_id and list_id != LAST_SAVED:
                self.by_id[list_id] = _list(list_id, instance)

    def itemset(self, control: etree._Element, path: str, texts: Texts) -> dict[str, Any] | None:
        """The `itemset` of a select control, or None where it has no choices."""
        search = parse_search(control.get("appearance", ""))
        if search is not None:
            return self._searched(search, control, path, texts)
        itemset = control.find(f"{{{XFORMS}}}itemset")
        if itemset is not None:
            return _itemset(itemset)
        if control.get("query"):
            # Source: XForms of select_one_external; its choices have the columns name and label.
            return {"nodeset": control.get("query"), "value": "name", "label": "label", "is_itext": False}
        items = control.findall(f"{{{XFORMS}}}item")
        return self._inline(items, path, texts) if items else None

    def text_keys(self) -> set[str]:
        """The keys of texts that the lists show."""
        return {
            row[entry["columns"].index("itextId")]
            for entry in self.by_id.values()
            if "itextId" in entry.get("columns", ())
            for row in entry["rows"]
        }

    def _searched(self, search: Search, control: etree._Element, path: str, texts: Texts) -> dict[str, Any]:
        """The rows of a file, after the ordinary choices of the list, which take the shape of the file's rows."""
        list_id = self._file_list(search.file)
        value, label = "name", "label"
        ordinary: list[tuple[str, str]] = []
        for item in control.findall(f"{{{XFORMS}}}item"):
            name = item.findtext(f"{{{XFORMS}}}value", "").strip()
            key = texts.key_of(item.find(f"{{{XFORMS}}}label"), f"items{path.replace('/', '-')}-{name}")
            said = texts.take_plain(key) or name
            if is_static(name):
                ordinary.append((name, said))
            else:
                value, label = name, ",".join(part.strip() for part in said.split(","))
        if "," in label:
            self.by_id[list_id].setdefault("joined", []).append(label)
        nodeset = search.nodeset(list_id)
        if ordinary:
            own_id = f"items{path.replace('/', '-')}"
            columns = [value] if value == label else [value, label]
            self.by_id[own_id] = {"columns": columns, "rows": [list(row[: len(columns)]) for row in ordinary]}
            nodeset = f"instance('{own_id}')/root/item | {nodeset}"
        return {"nodeset": nodeset, "value": value, "label": label, "is_itext": False}

    def _file_list(self, file: str) -> str:
        """The id of the list that is kept in that file."""
        for list_id, entry in self.by_id.items():
            if entry.get("file") == file:
                return list_id
        stem = file.rpartition(".")[0]
        list_id = file if stem in self.by_id else stem
        self.by_id[list_id] = {"file": file}
        return list_id

    def _inline(self, items: list[etree._Element], path: str, texts: Texts) -> dict[str, Any]:
        """Choices written in the control itself become a list of their own."""
        list_id = "items" + path.replace("/", "-")
        rows = []
        for number, item in enumerate(items):
            value = item.findtext(f"{{{XFORMS}}}value", "").strip()
            key = texts.key_of(item.find(f"{{{XFORMS}}}label"), f"{list_id}-{number}") or texts.add(
                f"{list_id}-{number}", value
            )
            rows.append([key or "", value])
        self.by_id[list_id] = {"columns": ["itextId", "name"], "rows": rows}
        return {"nodeset": f"instance('{list_id}')/root/item", "value": "name", "label": "itextId", "is_itext": True}


def _list(list_id: str, instance: etree._Element) -> dict[str, Any]:
    source = instance.get("src")
    if source:
        return {"file": source.rsplit("/", 1)[-1]}
    root = next((child for child in instance if isinstance(child.tag, str)), None)
    columns: dict[str, int] = {}
    records: list[dict[str, str]] = []
    for item in root if root is not None else ():
        record: dict[str, str] = {}
        for child in item:
            name = local_name(child)
            columns.setdefault(name, len(columns))
            record[name] = (child.text or "").strip()
        records.append(record)
    return {"columns": list(columns), "rows": [[record.get(name, "") for name in columns] for record in records]}


def _itemset(itemset: etree._Element) -> dict[str, Any]:
    value, label = itemset.find(f"{{{XFORMS}}}value"), itemset.find(f"{{{XFORMS}}}label")
    label_ref = "label" if label is None else label.get("ref", "label")
    in_itext = _ITEXT_COLUMN.match(label_ref)
    return {
        "nodeset": itemset.get("nodeset", ""),
        "value": "name" if value is None else value.get("ref", "name"),
        "label": in_itext.group(1) if in_itext else label_ref,
        "is_itext": in_itext is not None,
    }
