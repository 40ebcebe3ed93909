"""Checks of choice lists: missing lists and names, names given twice (A47), names with spaces (A49), a misnamed sheet
(A50).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from collector.questionnaires.columns import Column, Table, TableRow
from collector.questionnaires.findings import Finding
from collector.questionnaires.outline import Item, Outline
from collector.questionnaires.spelling import nearest


@dataclass
class Lists:
    """The rows of every list by its name, ordinary and external ones apart, and the findings on the way."""

    ordinary: dict[str, list[TableRow]] = field(default_factory=dict)
    external: dict[str, list[TableRow]] = field(default_factory=dict)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def check_choices(
    tables: dict[str, Table], outline: Outline, sheet_names: list[str], is_duplicate_allowed: bool
) -> Lists:
    """Reads both choice sheets and holds them against the questions that use them."""
    lists = Lists()
    for kind, target in (("choices", lists.ordinary), ("external_choices", lists.external)):
        if kind in tables:
            _read_lists(tables[kind], target, lists)
    if "choices" in tables and not is_duplicate_allowed:
        _check_duplicates(tables["choices"], outline, lists)
    for item in outline.items:
        if item.type.role == "select" or item.type.kind == "loop":
            _check_question(item, tables, lists, sheet_names)
    _check_spaces(tables, outline, lists)
    return lists


def merge_external(tables: dict[str, Table]) -> None:
    """Puts the external choices behind the ordinary ones: in the form model there is one kind of list.

    Mutates: `tables`.
    """
    external = tables.pop("external_choices", None)
    if external is None:
        return
    choices = tables.setdefault("choices", Table("choices"))
    for key, column in external.columns.items():
        choices.columns.setdefault(key, column)
    choices.rows.extend(external.rows)


def read_label_filters(tables: dict[str, Table], languages: list[str]) -> None:
    """Reads `label::English` in a choice_filter, which names a column of the sheet, as the choice's label: in the XForm
    the labels of lists with languages are in its texts (ODK XForms, "Languages").

    Mutates: the survey's rows.
    """
    headers = [f"label::{language}" for language in sorted(languages, key=len, reverse=True)]
    for row in tables["survey"].rows:
        for header in headers if "label::" in row.get("choice_filter") else ():
            row.values["choice_filter"] = row.get("choice_filter").replace(header, "jr:itext(itextId)")


def _read_lists(table: Table, target: dict[str, list[TableRow]], lists: Lists) -> None:
    if table.rows and "name" not in table.columns:
        lists.errors.append(table.finding("column_missing", None, None, column="name"))
        return
    if table.rows and "list_name" not in table.columns:
        lists.errors.append(table.finding("column_missing", None, None, column="list_name"))
        return
    has_labels = any(column.base == "label" for column in table.columns.values())
    for row in table.rows:
        list_name, name = row.get("list_name"), row.get("name")
        is_labelled = any(key.split("::")[0] in ("label", "image", "audio", "video") for key in row.values)
        if not list_name and not name:
            # A remark beside the lists; it makes no choice.
            row.values.clear()
        elif not list_name:
            lists.warnings.append(table.finding("choice_list_missing", row, "list_name", name=name))
            row.values.clear()
        elif not name:
            lists.errors.append(table.finding("choice_name_missing", row, "name", list=list_name))
        else:
            target.setdefault(list_name, []).append(row)
            if has_labels and not is_labelled:
                lists.warnings.append(table.finding("choice_label_missing", row, "label", name=name, list=list_name))
            if not is_labelled:
                key = next((key for key, column in table.columns.items() if column.base == "label"), "label")
                table.columns.setdefault(key, Column(key, "label", "", key))
                row.values[key] = name


def _check_duplicates(table: Table, outline: Outline, lists: Lists) -> None:
    for list_name, rows in lists.ordinary.items():
        seen: dict[str, list[TableRow]] = {}
        for row in rows:
            seen.setdefault(row.get("name"), []).append(row)
        twice = {name: same for name, same in seen.items() if len(same) > 1}
        if twice and _are_told_apart(list(twice.values()), list_name, outline):
            same = next(iter(twice.values()))
            params = {"list": list_name, "count": len(twice), "name": same[0].get("name"), "rows": _numbers(same)}
            lists.warnings.append(table.finding("choice_twice_filtered", same[1], "name", **params))
            continue
        for name, same in twice.items():
            lists.errors.append(
                table.finding("choice_twice", same[1], "name", list=list_name, name=name, rows=_numbers(same))
            )


def _numbers(rows: list[TableRow]) -> str:
    return ", ".join(str(row.number) for row in rows)


def _are_told_apart(doubles: list[list[TableRow]], list_name: str, outline: Outline) -> bool:
    """Whether no question can show two choices of the same name at once (docs/decisions/0006): each that uses the list
    filters it, by columns in which the choices of one name differ.
    """
    users = [item for item in outline.items if item.type.list_name == list_name]
    return bool(users) and all(
        item.type.role == "select" and _columns_tell_apart(doubles, item.row.get("choice_filter")) for item in users
    )


def _columns_tell_apart(doubles: list[list[TableRow]], choice_filter: str) -> bool:
    if re.search(r"\b(or|not)\b", choice_filter):
        return False
    columns = {key for same in doubles for row in same for key in row.values if key not in ("name", "list_name")}
    compared = [name for name in columns if re.search(rf"(?<![\w$/{{.-]){re.escape(name)}\s*=(?!=)", choice_filter)]
    return all(len({tuple(map(row.get, compared)) for row in same}) == len(same) for same in doubles)


def _check_question(item: Item, tables: dict[str, Table], lists: Lists, sheet_names: list[str]) -> None:
    survey, list_name = tables["survey"], item.type.list_name
    if not list_name:
        lists.errors.append(survey.finding("list_not_named", item.row, "type", type=item.type.kind))
        return
    if item.type.is_from_file or "${" in list_name:
        return
    known = lists.external if item.type.is_external else lists.ordinary
    if list_name in known:
        return
    kind = "external_choices" if item.type.is_external else "choices"
    if kind not in tables:
        if not any(finding.code in ("sheet_missing", "choices_missing") for finding in lists.errors):
            lists.errors.append(_sheet_missing(kind, item, survey, sheet_names))
        return
    near = nearest(list_name, known)
    code = "list_missing_near" if near else "list_missing"
    lists.errors.append(survey.finding(code, item.row, "type", list=list_name, near=near))


def _sheet_missing(kind: str, item: Item, survey: Table, sheet_names: list[str]) -> Finding:
    similar = nearest(kind, [name for name in sheet_names if name != survey.name])
    if similar:
        return Finding("sheet_missing", {"sheet": kind, "similar": similar}, sheet=kind)
    return survey.finding("choices_missing", item.row, "type", name=item.name, list=item.type.list_name)


def _check_spaces(tables: dict[str, Table], outline: Outline, lists: Lists) -> None:
    multiple = {item.type.list_name: item for item in outline.items if item.type.is_multiple}
    for kind, of_kind in (("choices", lists.ordinary), ("external_choices", lists.external)):
        for list_name, rows in of_kind.items():
            spaced = [row for row in rows if any(character.isspace() for character in row.get("name"))]
            if not spaced:
                continue
            table, first = tables[kind], spaced[0]
            if kind == "external_choices" or list_name not in multiple:
                params = {"list": list_name, "name": first.get("name"), "count": len(spaced)}
                lists.warnings.append(table.finding("choice_space_single", first, "name", **params))
                continue
            for row in spaced:
                name = row.get("name")
                params = {"list": list_name, "name": name, "row": row.number, "remedy": "_".join(name.split())}
                params["question"] = multiple[list_name].name
                lists.errors.append(table.finding("choice_space_multiple", row, "name", **params))
