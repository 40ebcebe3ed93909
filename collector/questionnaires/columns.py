"""What the headers of an XLSForm sheet mean: other spellings of one column, languages, and columns that repeat each
other.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from collector.questionnaires.findings import Finding
from collector.questionnaires.spelling import nearest
from collector.questionnaires.workbook import Sheet, SheetRow, clean_header, column_letters

# Other names for a column (XLSForm reference, "Column aliases", and older forms) -> the name used from here on.
SURVEY_ALIASES = {
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "bind::required": "required",
    "bind::constraint": "constraint",
    "bind::calculate": "calculation",
    "bind::readonly": "readonly",
    "bind::jr:constraintmsg": "constraint_message",
    "bind::jr:requiredmsg": "required_message",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "calculate": "calculation",
    "read_only": "readonly",
    "caption": "label",
    "command": "type",
    "tag": "name",
    "value": "name",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "control::jr:count": "repeat_count",
    "body::jr:count": "repeat_count",
    "control::appearance": "appearance",
    "body::appearance": "appearance",
    "media::image": "image",
    "media::big-image": "big-image",
    "media::audio": "audio",
    "media::video": "video",
    "instance::default": "default",
    "bind::entities:saveto": "save_to",
}
CHOICES_ALIASES = {
    "list": "list_name",
    "caption": "label",
    "value": "name",
    "media::image": "image",
    "media::big-image": "big-image",
    "media::audio": "audio",
    "media::video": "video",
}
SETTINGS_ALIASES = {
    "id_string": "form_id",
    "set_form_id": "form_id",
    "title": "form_title",
    "set_form_title": "form_title",
}
ENTITIES_ALIASES = {"dataset": "list_name"}
ALIASES = {
    "survey": SURVEY_ALIASES,
    "choices": CHOICES_ALIASES,
    "external_choices": CHOICES_ALIASES,
    "settings": SETTINGS_ALIASES,
    "entities": ENTITIES_ALIASES,
}
TEXT_COLUMNS = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
MEDIA_COLUMNS = ("image", "big-image", "audio", "video")
# Columns whose cells are expressions; curly quotes are straightened only here (A46).
EXPRESSION_COLUMNS = (
    "relevant",
    "constraint",
    "calculation",
    "required",
    "readonly",
    "choice_filter",
    "repeat_count",
    "trigger",
)
OTHER_COLUMNS = (
    "type", "name", "default", "appearance", "parameters", "disabled", "list_name", "save_to", "bind::missing",
)  # fmt: skip
SETTINGS_COLUMNS = (
    "form_id", "form_title", "version", "instance_name", "default_language", "style", "allow_choice_duplicates",
    "clean_text_values", "namespaces", "omit_instanceid", "omit_instanceID",
)  # fmt: skip
# Settings for other servers and apps: known, told to the author, and not passed on.
SETTINGS_WITHOUT_EFFECT = ("public_key", "submission_url", "auto_send", "auto_delete")
# Read here and not passed on to pyxform (privacy_columns.py).
PRIVACY_COLUMNS = ("personal", "consent")
ENTITIES_COLUMNS = ("list_name", "entity_id", "create_if", "update_if", "label", "repeat")
MALFORMED = "malformed : "
KNOWN = {*TEXT_COLUMNS, *MEDIA_COLUMNS, *EXPRESSION_COLUMNS, *OTHER_COLUMNS}
TRANSLATABLE = {*TEXT_COLUMNS, *MEDIA_COLUMNS}


# Columns that pyxform understands besides, and prefixes of those that set an attribute of the XForm.
_FURTHER_SURVEY = {"intent", "autoplay", "rows", "noapperrorstring", "no_app_error_string"}
_FURTHER_GROUPS = ("bind", "body", "control")
# How like a known header an unknown one must be for a slip.
_SLIP = 0.84
# First words of headers that mean nothing undivided.
_DIVIDED = {*_FURTHER_GROUPS, "media", "instance"}
# A namespace's prefix, whose colon divides nothing: the jr of bind:jr:constraintMsg.
_PREFIXED = re.compile(r"\b(jr|orx|odk|entities):", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """One column: `key` as passed on ("label::English (en)"), `base` ("label"), `language` ("" where none), `header`
    as written.
    """

    key: str
    base: str
    language: str
    header: str


@dataclass
class TableRow:
    """A row's number in the sheet, its values by column key, and the headers they stood under where columns were
    merged.
    """

    number: int
    values: dict[str, str]
    sheet: str

    def get(self, key: str) -> str:
        """The value under `key`, "" where the cell is empty."""
        return self.values.get(key, "")


@dataclass
class Table:
    """A sheet with understood columns. `name` is the sheet's name as the author wrote it."""

    name: str
    columns: dict[str, Column] = field(default_factory=dict)
    rows: list[TableRow] = field(default_factory=list)

    def header(self, key: str) -> str:
        """The header that the author wrote for the column `key`."""
        column = self.columns.get(key)
        return column.header if column else key

    def finding(self, code: str, at: TableRow | None, key: str | None, /, **params: object) -> Finding:
        """A finding at that row and column of this sheet."""
        return Finding(
            code, params, at.sheet if at else self.name, at.number if at else None, self.header(key) if key else None
        )


class Languages:
    """The languages met so far, so that `English(en)` and `English (en)` are one language, spelled as first met
    (A45).
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self._spelling: dict[str, str] = {}

    def name(self, written: str) -> str:
        """The language that `written` means, in the spelling used throughout the form."""
        tidy = clean_header(written)
        loose = tidy.replace(" ", "").casefold()
        if loose not in self._spelling:
            self._spelling[loose] = tidy
            self.names.append(tidy)
        return self._spelling[loose]


def read_table(kind: str, sheet: Sheet, languages: Languages) -> tuple[Table, list[Finding], list[Finding]]:
    """The sheet as a table, then errors, then warnings. `kind` is the sheet's XLSForm name ("survey", "choices", …)."""
    table = Table(sheet.name)
    columns = _columns(kind, sheet, languages)
    table.columns = {}
    for column in columns.values():
        table.columns.setdefault(column.key, column)
    errors: list[Finding] = []
    conflicts: set[str] = set()
    for source in sheet.rows:
        values: dict[str, str] = {}
        came_from: dict[str, int] = {}
        for at, text in source.cells.items():
            column = columns[at]
            if column.key in values and values[column.key] != text:
                if column.key not in conflicts:
                    conflicts.add(column.key)
                    errors.append(_conflict(sheet, source, came_from[column.key], at))
                continue
            values[column.key] = text
            came_from[column.key] = at
        table.rows.append(TableRow(source.number, values, sheet.name))
    return table, errors, [*_ignored(kind, sheet.name, columns), *_merged(sheet.name, columns, conflicts)]


def is_read(kind: str, key: str) -> bool:
    """Whether the column `key` of a sheet of that kind takes part in the form; others are the author's remarks."""
    base = key.split("::")[0]
    if kind == "survey":
        return base in KNOWN or base.lower() in _FURTHER_SURVEY or (base in _FURTHER_GROUPS and "::" in key)
    if kind == "settings":
        return base in SETTINGS_COLUMNS or base == "attribute"
    if kind == "entities":
        return key in ENTITIES_COLUMNS
    # Further columns of a choice list serve choice filters; they become XML elements, so they need names without
    # blanks.
    return base in KNOWN or not (" " in key or ":" in key)


def _columns(kind: str, sheet: Sheet, languages: Languages) -> dict[int, Column]:
    has_double_colon = any("::" in header for header in sheet.headers.values())
    columns: dict[int, Column] = {}
    for at, header in sheet.headers.items():
        base, language = _split(kind, header, has_double_colon)
        language = languages.name(language) if language else ""
        columns[at] = Column(f"{base}::{language}" if language else base, base, language, header)
    return columns


def _split(kind: str, header: str, has_double_colon: bool) -> tuple[str, str]:
    """The column and the language that a header means. Source: XLSForm reference, "Multiple language support"."""
    parts = [part.strip() for part in header.split("::")]
    if len(parts) == 1 and _is_old_spelling(header, has_double_colon):
        parts = [part.replace("\0", ":").strip() for part in _PREFIXED.sub("\\1\0", header).split(":")]
    aliases = ALIASES.get(kind, {})
    for count in (2, 1):
        base = "::".join(_snake(part) for part in parts[:count])
        base = aliases.get(base, base)
        is_known = base in _known(kind)
        if len(parts) >= count and is_known:
            further = parts[count:]
            if len(further) > 1 and base in TRANSLATABLE:
                # Two headers in one cell. It names no language; as a column of its own it does no harm.
                return f"{MALFORMED}{header.replace('::', ' : ')}", ""
            language = "".join(further)
            return (base, language) if base in TRANSLATABLE or not language else (header, "")
    return "::".join([parts[0], *parts[1:]]), ""


def _is_old_spelling(header: str, has_double_colon: bool) -> bool:
    """Whether a single colon divides the header, as it did in older forms.

    Where other headers of the sheet have the double one, it still does after a word that can only be divided.
    """
    first = _snake(header.split(":")[0])
    if ":" not in header or first in ("jr", "orx", "odk", "entities"):
        return False
    return not has_double_colon or first in TRANSLATABLE or first in _DIVIDED


def _known(kind: str) -> Collection[str]:
    if kind == "settings":
        return {*SETTINGS_COLUMNS, *SETTINGS_WITHOUT_EFFECT}
    if kind == "survey":
        return KNOWN | set(PRIVACY_COLUMNS)
    return ENTITIES_COLUMNS if kind == "entities" else KNOWN


def _snake(part: str) -> str:
    return "_".join(part.split()).lower()


def _conflict(sheet: Sheet, row: SheetRow, first: int, second: int) -> Finding:
    """Two columns (positions from 0) that mean the same and say different things in that row."""
    headers = [sheet.headers[first], sheet.headers[second]]
    names = headers
    if headers[0] == headers[1]:
        names = [f"{header} ({column_letters(at)})" for header, at in zip(headers, (first, second), strict=True)]
    params = {
        "first": names[0],
        "second": names[1],
        "first_value": row.cells[first],
        "second_value": row.cells[second],
    }
    return Finding("columns_conflict", params, sheet.name, row.number, names[1])


def _ignored(kind: str, sheet: str, columns: dict[int, Column]) -> list[Finding]:
    """A warning for each header that is not read although its author most likely meant it to be."""
    found = []
    for column in columns.values():
        if column.base.startswith(MALFORMED):
            found.append(Finding("column_ignored", {"column": column.header}, sheet, 1, column.header))
        elif (
            kind in ("survey", "settings", "entities")
            and not is_read(kind, column.key)
            and column.base not in _known(kind)
        ):
            near = nearest(_snake(column.base.split("::")[0]), _known(kind), _SLIP)
            if near and near not in {other.base for other in columns.values()}:
                params = {"column": column.header, "near": near}
                found.append(Finding("column_similar", params, sheet, 1, column.header))
    return found


def _merged(sheet: str, columns: dict[int, Column], conflicts: set[str]) -> list[Finding]:
    """A warning for each column that says the same as an earlier one, nothing where they contradict (that is an
    error).
    """
    seen: dict[str, Column] = {}
    found = []
    for column in columns.values():
        earlier = seen.setdefault(column.key, column)
        if earlier is not column and column.key not in conflicts:
            params = {"first": earlier.header, "second": column.header}
            found.append(Finding("columns_merged", params, sheet, 1, column.header))
    return found
