"""What the column `type` says: beginnings and ends of groups, selects with their lists, and plain question types."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyxform import aliases, constants
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from collector.questionnaires.spelling import nearest

_CONTROL = re.compile(
    r"^(begin|end)[\s_]+(" + "|".join(sorted(aliases.control, key=len, reverse=True)) + r")\b\s*(.*)$", re.IGNORECASE
)
_SELECT_COMMANDS = sorted(aliases.select, key=len, reverse=True)
_OTHER = re.compile(r"\s+(or_other|or specify other|or other)$", re.IGNORECASE)
_PLAIN = {*QUESTION_TYPE_DICT, *aliases._type_alias_map, *aliases.settings_header, "audit", "osm"}
_PLAIN_FOLDED = {name.casefold(): name for name in _PLAIN}
# Types of other tools (CHT, SurveyCTO, web forms) whose meaning is plain -> how they are asked.
_READ_AS = {
    "number": "decimal",
    "numeric": "decimal",
    "float": "decimal",
    "double": "decimal",
    "long": "integer",
    "tel": "text",
    "phone": "text",
    "email address": "text",
    "textarea": "text",
    "text area": "text",
    "paragraph": "text",
    "picture": "image",
    "signature": "image",
    "html": "note",
    "label": "note",
}
# What authors write for a type of that meaning, where something is still for them to say.
_MEANT = {
    "dropdown": "select_one list",
    "radio": "select_one list",
    "boolean": "select_one list",
    "yes_no": "select_one list",
    "checkbox": "select_multiple list",
    "single choice": "select_one list",
    "multiple choice": "select_multiple list",
}
# Constructs of KoboToolbox's form builder -> what they are in XLSForm.
_KOBO = {
    "kobomatrix": "begin group / end group, field-list, table-list",
    "score": "begin group / select_one / end group, table-list",
    "rank": "rank list",
}
_KOBO_TYPE = re.compile(r"^(?:begin|end)[\s_]*(kobomatrix|score|rank)$|^(score|rank)__\w+$", re.IGNORECASE)
_USUAL = (
    "text", "integer", "decimal", "date", "time", "dateTime", "datetime", "note", "calculate", "image", "audio",
    "video", "file", "geopoint",
    "geotrace", "geoshape", "barcode", "range", "acknowledge", "hidden", "start", "end", "today", "deviceid",
    "username", "select_one list",
    "select_multiple list", "rank list", "begin group", "end group", "begin repeat", "end repeat",
)  # fmt: skip


@dataclass(frozen=True)
class QuestionType:
    """A type as understood: `role` is "begin", "end", "select", "plain" or "unknown".

    `kind` is group, repeat or loop for begin and end; the select's command for a select; else the type itself.
    `list_name` is the list of a select. `text` is how the type is passed on. `written` is the type of another tool
    that was read as this one, "" where it is one of XLSForm.
    """

    role: str
    kind: str
    text: str
    list_name: str = ""
    has_other: bool = False
    written: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether the volunteer sees it, so that it needs a label."""
        if self.role != "plain":
            return self.role == "select"
        # An action, such as start-geopoint, runs in the background; so does background-geopoint, a trigger by name.
        return self.control not in ("", "action") and not self.kind.startswith("background-")

    @property
    def control(self) -> str:
        """The XForms control of a plain type, such as "input" or "upload"; "" where it has none."""
        return str(self._control().get("tag", ""))

    @property
    def is_picture(self) -> bool:
        """Whether the answer is a picture."""
        return bool(self._control().get("mediatype") == "image/*")

    def _control(self) -> dict[str, str]:
        if self.role != "plain":
            return {}
        known = QUESTION_TYPE_DICT.get(aliases._type_alias_map.get(self.kind, self.kind), {})
        control: dict[str, str] = known.get("control", {})
        return control

    @property
    def is_multiple(self) -> bool:
        """Whether the answer is several names separated by spaces."""
        return self.role == "select" and aliases.select.get(self.kind) in (
            constants.SELECT_ALL_THAT_APPLY,
            constants.RANK,
        )

    @property
    def is_from_file(self) -> bool:
        """Whether the choices are in a file beside the workbook."""
        return self.kind in aliases.select_from_file

    @property
    def is_external(self) -> bool:
        """Whether the choices are on the sheet external_choices."""
        return self.kind == "select_one_external"


def read_type(text: str) -> QuestionType:
    """What `text` of the column type means; case and extra blanks do not matter."""
    tidy = " ".join(text.split())
    control = _CONTROL.match(tidy)
    if control:
        role, alias, rest = control.group(1).lower(), control.group(2).lower(), control.group(3)
        kind = aliases.control[alias]
        passed = f"{role} {alias} {rest}".strip() if role == "begin" else f"{role} {alias}"
        return QuestionType(role, kind, passed, list_name=rest.removeprefix("over "))
    folded = tidy.casefold()
    for command in _SELECT_COMMANDS:
        if folded == command or folded.startswith(command + " "):
            return _select(command, tidy[len(command) :].strip())
    if folded in _PLAIN_FOLDED:
        plain = tidy if tidy in _PLAIN else _PLAIN_FOLDED[folded]
        return QuestionType("plain", plain, plain)
    if folded.startswith("hidden ") and folded[7:] in _PLAIN_FOLDED:
        # What a hidden value holds is not told by its type in XForms; authors write it all the same.
        return QuestionType("plain", "hidden", "hidden")
    meaning = "text" if folded.startswith("db:") else _READ_AS.get(folded)
    if meaning:
        return QuestionType("plain", meaning, meaning, written=tidy)
    if folded.startswith("osm "):
        return QuestionType("plain", "osm", tidy)
    return QuestionType("unknown", tidy, tidy)


def _select(command: str, rest: str) -> QuestionType:
    has_other = bool(_OTHER.search(rest))
    list_name = _OTHER.sub("", rest)
    # External choices travel with the ordinary ones, so the question becomes an ordinary select.
    passed = "select_one" if command == "select_one_external" else command
    text = f"{passed} {list_name}{' or_other' if has_other else ''}".strip()
    return QuestionType("select", command, text, list_name, has_other)


def kobo_remedy(text: str) -> str:
    """What to write in place of a construct of KoboToolbox's form builder; "" where `text` is none."""
    found = _KOBO_TYPE.match(" ".join(text.split()))
    return _KOBO[(found.group(1) or found.group(2)).lower()] if found else ""


def nearest_type(text: str) -> str | None:
    """The type that an unknown `text` most likely stands for, or None."""
    folded = " ".join(text.split()).casefold()
    return _MEANT.get(folded) or nearest(folded, _USUAL)
