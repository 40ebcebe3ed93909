"""The survey sheet read from top to bottom: which questions there are, in which groups, and where that does not add
up (A44).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from collector.questionnaires.columns import MEDIA_COLUMNS, Table, TableRow
from collector.questionnaires.findings import Finding
from collector.questionnaires.question_types import QuestionType, kobo_remedy, nearest_type, read_type
from collector.questionnaires.texts import NO_LABEL

_YES = ("yes", "true", "true()")
# Names become XML element names (XML 1.0, 2.3) and are used in XPath, where a colon would be a prefix.
_NAME = re.compile(r"^[^\W\d][\w.\-\u00b7]*$")


@dataclass
class Item:
    """A row of the survey that makes a node of the form: a question, group, repeat or loop. `path` begins with the
    root's name.
    """

    row: TableRow
    type: QuestionType
    name: str
    path: str
    parent: Item | None = None


@dataclass
class Outline:
    """All items in order, and the errors and warnings met on the way."""

    items: list[Item] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def rows_by_name(self) -> dict[str, list[int]]:
        """The row numbers at which each name is given."""
        rows: dict[str, list[int]] = {}
        for item in self.items:
            rows.setdefault(item.name, []).append(item.row.number)
        return rows


def read_outline(survey: Table, root_name: str, *, has_entities: bool = False) -> Outline:
    """Walks the survey. Rows that are disabled, or hold neither type nor name nor label, are passed over and emptied.
    `has_entities`: there is a sheet that declares entities.

    Mutates: `survey` (types in the spelling passed on, rows emptied).
    """
    walk = _Walk(survey, root_name, has_entities)
    for row in survey.rows:
        if row.get("disabled").lower() in _YES or not _says_something(row):
            row.values.clear()
        else:
            row.values.pop("disabled", None)
            walk.take(row)
    walk.finish()
    return walk.outline


def is_yes(text: str) -> bool:
    """Whether a settings or column value says yes."""
    return text.strip().lower() in _YES


def is_name(text: str) -> bool:
    """Whether `text` can name a question."""
    return bool(_NAME.match(text))


def _says_something(row: TableRow) -> bool:
    return bool(row.get("type") or row.get("name") or any(key.split("::")[0] == "label" for key in row.values))


class _Walk:
    def __init__(self, survey: Table, root_name: str, has_entities: bool) -> None:
        self.survey = survey
        self._has_entities = has_entities
        self.root_name = root_name
        self.outline = Outline()
        self._open: list[Item] = []
        self._names: list[dict[str, int]] = [{}]

    def take(self, row: TableRow) -> None:
        """Adds one row."""
        if not row.get("type"):
            self._error("type_missing", row, "type", name=row.get("name") or _label(row))
            return
        kind = read_type(row.get("type"))
        row.values["type"] = kind.text
        if kind.written:
            self._warn("type_read_as", row, "type", type=kind.written, meaning=kind.text)
        if kind.kind == "background-audio":
            self._warn("action_unsupported", row, "type", name=row.get("name"))
        if kind.kind == "osm":
            self._warn("type_osm", row, "type")
        if kind.written == "signature" and not row.get("appearance"):
            row.values["appearance"] = "signature"
        if kind.role == "unknown":
            self._unknown_type(row, kind)
        elif kind.role == "end":
            self._close(row, kind)
        else:
            self._add(row, kind)

    def finish(self) -> None:
        """Reports what is still open at the end of the sheet."""
        for item in self._open:
            self._error("group_not_closed", item.row, "type", kind=item.type.kind, name=item.name, row=item.row.number)

    def _add(self, row: TableRow, kind: QuestionType) -> None:
        if row.get("save_to") and not self._has_entities:
            self._error("save_to_alone", row, "save_to", property=row.get("save_to"))
        if not kind.is_shown:
            _drop_no_label(row)
        name = self._name(row, kind)
        parent = self._open[-1] if self._open else None
        item = Item(row, kind, name, f"{parent.path if parent else '/' + self.root_name}/{name}", parent)
        self.outline.items.append(item)
        if kind.role == "begin":
            self._open.append(item)
            self._names.append({})
            self._drop_required(row, kind)
        else:
            self._check_content(row, kind, name)

    def _check_content(self, row: TableRow, kind: QuestionType, name: str) -> None:
        """What pyxform would refuse without telling the row: nothing to show, or nothing to calculate."""
        given = {key.split("::")[0] for key in row.values}
        is_calculated = bool(given & {"calculation", "trigger"})
        if kind.kind == "calculate" and not given & {"calculation", "default"}:
            self._error("calculation_missing", row, "calculation", name=name)
        if kind.control == "upload" and not kind.is_picture and row.get("default"):
            self._warn("default_file", row, "default", name=name)
        if kind.is_shown and not is_calculated and not given & {"label", "hint", *MEDIA_COLUMNS}:
            self._error("label_missing", row, _label_key(self.survey), name=name)

    def _name(self, row: TableRow, kind: QuestionType) -> str:
        name = row.get("name")
        if kind.kind == "audit":
            name = row.values["name"] = "audit"
        if not name and kind.kind in ("note", "begin group", "group"):
            # Nobody refers to a nameless note or group, so any name that is not taken does.
            name = row.values["name"] = f"generated_{kind.kind}_name_{row.number}"
        if not name:
            self._error("name_missing", row, "name", type=kind.text)
            return f"row_{row.number}"
        if not is_name(name):
            self._error("name_invalid", row, "name", name=name)
        elif name == "meta" and not self._open and (kind.role, kind.kind) != ("begin", "group"):
            # At the top of the form, meta is the group that holds instanceID and the like.
            self._error("name_reserved", row, "name")
        first = self._names[-1].setdefault(name, row.number)
        if first != row.number:
            self._error("name_twice", row, "name", name=name, rows=f"{first}, {row.number}")
        return name

    def _drop_required(self, row: TableRow, kind: QuestionType) -> None:
        """A group cannot be required; the cell is dropped so that nothing half takes effect (A52)."""
        for key in [key for key in row.values if key.split("::")[0] in ("required", "required_message")]:
            value = row.values.pop(key)
            if key == "required" and value.lower() not in ("no", "false", "false()"):
                self._warn("group_required", row, key, kind=kind.kind, row=row.number)

    def _close(self, row: TableRow, kind: QuestionType) -> None:
        if not self._open:
            self._error("group_not_opened", row, "type", kind=kind.kind, row=row.number)
            return
        top = self._open[-1]
        if top.type.kind == kind.kind:
            self._open.pop()
            self._names.pop()
        elif any(item.type.kind == kind.kind for item in self._open):
            params = {"open_kind": top.type.kind, "open_name": top.name, "open_row": top.row.number}
            self._error("group_crossed", row, "type", kind=kind.kind, row=row.number, **params)
            while self._open.pop().type.kind != kind.kind:
                self._names.pop()
            self._names.pop()
        else:
            self._error("group_not_opened", row, "type", kind=kind.kind, row=row.number)

    def _unknown_type(self, row: TableRow, kind: QuestionType) -> None:
        near, remedy = nearest_type(kind.text), kobo_remedy(kind.text)
        if kind.text.casefold() == "include":
            self._error("type_include", row, "type")
        elif remedy:
            self._error("type_kobo", row, "type", type=kind.text, remedy=remedy)
        elif near:
            self._error("type_unknown_near", row, "type", type=kind.text, near=near)
        else:
            self._error("type_unknown", row, "type", type=kind.text)
        if row.get("name"):
            # The question counts as there, so that references to it are not reported as well.
            self.outline.items.append(Item(row, kind, row.get("name"), f"/{self.root_name}/{row.get('name')}"))

    def _error(self, code: str, at: TableRow, column: str, /, **params: object) -> None:
        self.outline.errors.append(self.survey.finding(code, at, column, **params))

    def _warn(self, code: str, at: TableRow, column: str, /, **params: object) -> None:
        self.outline.warnings.append(self.survey.finding(code, at, column, **params))


def _label_key(survey: Table) -> str:
    return next((key for key, column in survey.columns.items() if column.base == "label"), "label")


def _drop_no_label(row: TableRow) -> None:
    """Takes out the words NO_LABEL, which forms of the CHT give to what has none. Mutates: `row`."""
    for key in [key for key, text in row.values.items() if text == NO_LABEL and key.split("::")[0] == "label"]:
        del row.values[key]


def _label(row: TableRow) -> str:
    return next((text for key, text in row.values.items() if key.split("::")[0] == "label"), "")
