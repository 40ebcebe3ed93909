"""What the headers of an XLSForm sheet mean: other spellings of one column, languages, and columns that repeat each
other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from collector.questionnaires.findings import Finding
from collector.questionnaires.workbook import Sheet, clean_header

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
ALIASES = {
    "survey": SURVEY_ALIASES,
    "choices": CHOICES_ALIASES,
    "external_choices": CHOICES_ALIASES,
    "settings": SETTINGS_ALIASES,
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
OTHER_COLUMNS = ("type", "name", "default", "appearance", "parameters", "disabled", "list_name")
SETTINGS_COLUMNS = (
    "form_id", "form_title", "version", "instance_name", "default_language", "style", "allow_choice_duplicates",
    "public_key", "submission_url", "auto_send", "auto_delete", "clean_text_values", "namespaces", "omit_instanceid",
)  # fmt: skip
MALFORMED = "malformed : "
KNOWN = {*TEXT_COLUMNS, *MEDIA_COLUMNS, *EXPRESSION_COLUMNS, *OTHER_COLUMNS}
TRANSLATABLE = {*TEXT_COLUMNS, *MEDIA_COLUMNS}


# Columns that pyxform understands besides, and prefixes of those that set an attribute of the XForm.
_FURTHER_SURVEY = {"intent", "autoplay", "rows", "noapperrorstring", "no_app_error_string"}
_FURTHER_GROUPS = ("bind", "body", "control")


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
        came_from: dict[str, Column] = {}
        for at, text in source.cells.items():
            column = columns[at]
            if column.key in values and values[column.key] != text:
                if column.key not in conflicts:
                    conflicts.add(column.key)
                    errors.append(
                        _conflict(sheet.name, source.number, came_from[column.key], column, values[column.key], text)
                    )
                continue
            values[column.key] = text
            came_from[column.key] = column
        table.rows.append(TableRow(source.number, values, sheet.name))
    ignored = [
        Finding("column_ignored", {"column": column.header}, sheet.name, 1, column.header)
        for column in columns.values()
        if column.base.startswith(MALFORMED)
    ]
    return table, errors, [*ignored, *_merged(sheet.name, columns, conflicts)]


def is_read(kind: str, key: str) -> bool:
    """Whether the column `key` of a sheet of that kind takes part in the form; others are the author's remarks."""
    base = key.split("::")[0]
    if kind == "survey":
        return base in KNOWN or base.lower() in _FURTHER_SURVEY or (base in _FURTHER_GROUPS and "::" in key)
    if kind == "settings":
        return base in SETTINGS_COLUMNS or base == "attribute"
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
    if not has_double_colon and ":" in header and not header.lower().startswith("jr:"):
        # The single colon is the old spelling; it counts only where no header of the sheet has the double one.
        parts = [part.strip() for part in header.split(":")]
    aliases = ALIASES.get(kind, {})
    for count in (2, 1):
        base = "::".join(_snake(part) for part in parts[:count])
        base = aliases.get(base, base)
        is_known = base in KNOWN or (kind == "settings" and base in SETTINGS_COLUMNS)
        if len(parts) >= count and is_known:
            further = parts[count:]
            if len(further) > 1 and base in TRANSLATABLE:
                # Two headers in one cell. It names no language; as a column of its own it does no harm.
                return f"{MALFORMED}{header.replace('::', ' : ')}", ""
            language = "".join(further)
            return (base, language) if base in TRANSLATABLE or not language else (header, "")
    return "::".join([parts[0], *parts[1:]]), ""


def _snake(part: str) -> str:
    return "_".join(part.split()).lower()


def _conflict(sheet: str, row: int, first: Column, second: Column, first_value: str, second_value: str) -> Finding:
    params = {"first": first.header, "second": second.header, "first_value": first_value, "second_value": second_value}
    return Finding("columns_conflict", params, sheet, row, second.header)


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
