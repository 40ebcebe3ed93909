"""Checks of choice lists: missing lists and names, names given twice (A47), names with spaces (A49), a misnamed sheet
(A50).
"""

from __future__ import annotations

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
        _check_duplicates(tables["choices"], lists)
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


def _check_duplicates(table: Table, lists: Lists) -> None:
    for list_name, rows in lists.ordinary.items():
        seen: dict[str, list[TableRow]] = {}
        for row in rows:
            seen.setdefault(row.get("name"), []).append(row)
        for name, same in seen.items():
            if len(same) > 1:
                numbers = ", ".join(str(row.number) for row in same)
                lists.errors.append(
                    table.finding("choice_twice", same[1], "name", list=list_name, name=name, rows=numbers)
                )


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
            for row in rows:
                name = row.get("name")
                if not any(character.isspace() for character in name):
                    continue
                table = tables[kind]
                if kind == "choices" and list_name in multiple:
                    question, remedy = multiple[list_name].name, "_".join(name.split())
                    params = {
                        "list": list_name,
                        "name": name,
                        "row": row.number,
                        "question": question,
                        "remedy": remedy,
                    }
                    lists.errors.append(table.finding("choice_space_multiple", row, "name", **params))
                else:
                    lists.warnings.append(table.finding("choice_space_single", row, "name", list=list_name, name=name))
