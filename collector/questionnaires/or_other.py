"""`or_other` of a select: a further choice, and a text question for it, written out as rows of their own (A51).

pyxform would add them too, but to every question that shares the list, always in English, without a name that other
rows could refer to, and not where there is a choice_filter.
"""

from __future__ import annotations

from dataclasses import replace

from collector.questionnaires.columns import Column, Table, TableRow
from collector.questionnaires.outline import Item, Outline
from collector.questionnaires.question_types import read_type
from collector.questionnaires.texts import language_code

OTHER = "other"
_CHOICE = {"": "Other", "zh": "其他", "fr": "Autre", "es": "Otro", "pt": "Outro", "de": "Sonstiges", "sw": "Nyingine"}
_QUESTION = {
    "": "Specify other.", "zh": "请说明。", "fr": "Précisez.", "es": "Especifique.", "pt": "Especifique.",
    "de": "Bitte angeben.", "sw": "Taja nyingine.",
}  # fmt: skip


def expand_other(tables: dict[str, Table], outline: Outline, default_language: str) -> None:
    """Writes out every `or_other`. Texts in columns without a language are in `default_language`.

    Mutates: `tables` (survey and choices), `outline` (the new questions).
    """
    plain = {item.type.list_name for item in outline.items if item.type.list_name and not item.type.has_other}
    for item in [item for item in outline.items if item.type.has_other]:
        name = item.type.list_name
        kind = "external_choices" if item.type.is_external else "choices"
        if kind in tables and not item.type.is_from_file:
            name = _add_choice(tables[kind], name, name in plain, default_language)
        _set_list(item, name)
        if f"{item.path}_{OTHER}" not in {other.path for other in outline.items}:
            _add_question(tables["survey"], outline, item, default_language)


def _add_choice(choices: Table, list_name: str, is_shared: bool, default_language: str) -> str:
    """Adds the choice to the list, or to a copy where other questions use the list too; gives the name of that list."""
    own = [row for row in choices.rows if row.get("list_name") == list_name]
    if not own or any(row.get("name") == OTHER for row in own):
        return list_name
    name = f"{list_name}_or_{OTHER}" if is_shared else list_name
    present = [row.get("name") for row in choices.rows if row.get("list_name") == name]
    if is_shared and not present:
        choices.rows += [TableRow(row.number, {**row.values, "list_name": name}, row.sheet) for row in own]
    if OTHER not in present:
        labels = _labels(choices, _CHOICE, default_language)
        choices.rows.append(TableRow(own[-1].number, {"list_name": name, "name": OTHER, **labels}, own[-1].sheet))
    return name


def _set_list(item: Item, name: str) -> None:
    command = item.type.text.removesuffix(" or_other").removesuffix(f" {item.type.list_name}")
    item.type = replace(item.type, list_name=name, has_other=False, text=f"{command} {name}")
    item.row.values["type"] = item.type.text
    if item.row.get("choice_filter"):
        item.row.values["choice_filter"] = f"({item.row.get('choice_filter')}) or name = '{OTHER}'"


def _add_question(survey: Table, outline: Outline, item: Item, default_language: str) -> None:
    survey.columns.setdefault("relevant", Column("relevant", "relevant", "", "relevant"))
    values = {
        "type": "text",
        "name": f"{item.name}_{OTHER}",
        "relevant": f"selected(../{item.name}, '{OTHER}')",
        **_labels(survey, _QUESTION, default_language),
    }
    row = TableRow(item.row.number, values, item.row.sheet)
    survey.rows.insert(next(at for at, other in enumerate(survey.rows) if other is item.row) + 1, row)
    added = Item(row, read_type("text"), values["name"], f"{item.path}_{OTHER}", item.parent)
    outline.items.insert(outline.items.index(item) + 1, added)


def _labels(table: Table, words: dict[str, str], default_language: str) -> dict[str, str]:
    """The words in each language that the table has labels in, English where they are not known."""
    labels = [column for column in table.columns.values() if column.base == "label"]
    if not labels:
        labels = [table.columns.setdefault("label", Column("label", "label", "", "label"))]
    return {column.key: _word(words, column.language or default_language) for column in labels}


def _word(words: dict[str, str], language: str) -> str:
    return words.get(language_code(language).replace("_", "-").split("-")[0].lower(), words[""])
