"""Which texts of a workbook lack a translation (A55)."""

from __future__ import annotations

from collector.questionnaires.columns import TEXT_COLUMNS, TRANSLATABLE, Languages, Table, TableRow
from collector.questionnaires.findings import Finding

DEFAULT = "default"
# A form in ten languages with one column empty would give thousands of lines that nobody reads.
LISTED = 200


def languages_of(tables: dict[str, Table], languages: Languages) -> list[str]:
    """The form's languages, in the order of the workbook's columns, survey before choices."""
    used: dict[str, None] = {}
    for kind in ("survey", "choices"):
        for column in tables[kind].columns.values() if kind in tables else ():
            if column.base in TRANSLATABLE and column.language:
                used[column.language] = None
    return [name for name in languages.names if name in used]


def default_language_of(tables: dict[str, Table], languages: Languages, wanted: str) -> str:
    """The language that columns without one are in.

    The settings sheet says (`wanted`); else, where every label has its language, the first of them, so that a lone
    `hint` does
    not make a language of its own; else pyxform's name "default".
    """
    if wanted:
        return languages.name(wanted)
    survey = tables["survey"]
    labels = [column for column in survey.columns.values() if column.base == "label"]
    if labels and all(column.language for column in labels):
        return labels[0].language
    return DEFAULT


def missing_translations(tables: dict[str, Table], all_languages: list[str], default: str) -> list[Finding]:
    """A warning for each text that is there in one language and not in another; whole columns once; at most LISTED of
    them.
    """
    found: list[Finding] = []
    wanted = list(dict.fromkeys([default, *all_languages])) if _has_plain(tables) else all_languages
    for kind in ("survey", "choices"):
        table = tables.get(kind)
        if table is None or len(wanted) < 2:
            continue
        for base in TEXT_COLUMNS:
            keys = {language: _key(table, base, language, default) for language in wanted}
            if any(keys.values()):
                found.extend(_missing_of(table, base, keys))
    if len(found) > LISTED:
        rest = len(found) - LISTED
        found[LISTED:] = [Finding("translations_more", {"count": rest})]
    return found


def _has_plain(tables: dict[str, Table]) -> bool:
    return any(
        column.base in TEXT_COLUMNS and not column.language
        for kind in ("survey", "choices")
        for column in (tables[kind].columns.values() if kind in tables else ())
    )


def _key(table: Table, base: str, language: str, default: str) -> str | None:
    """The column that holds `base` in `language`, or None."""
    for key in (f"{base}::{language}", base if language == default else ""):
        if key in table.columns:
            return key
    return None


def _missing_of(table: Table, base: str, keys: dict[str, str | None]) -> list[Finding]:
    found = []
    for language, key in keys.items():
        if key is None:
            column = f"{base}::{language}"
            found.append(Finding("translation_missing", {"what": base, "language": language}, table.name, 1, column))
    for row in table.rows:
        given = [key for key in keys.values() if key and row.get(key)]
        for language, key in keys.items():
            if given and key and not row.get(key):
                found.append(table.finding("translation_missing", row, key, what=_name(row, base), language=language))
    return found


def _name(row: TableRow, base: str) -> str:
    return f"{row.get('name') or row.get('type')} ({base})"
