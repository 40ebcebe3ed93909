"""Checks of the settings sheet: the form's id, its default language, and the questions that tell the place."""

from __future__ import annotations

import re

from collector.questionnaires.columns import SETTINGS_WITHOUT_EFFECT, Column, Table, TableRow
from collector.questionnaires.findings import Finding
from collector.questionnaires.outline import Outline
from collector.questionnaires.spelling import nearest

PLACE_PATH = "attribute::place_path"
#: A form_id stands in addresses and in the names of exported files.
FORM_ID = re.compile(r"[^./\\%?#\x00-\x1f\x7f][^/\\%?#\x00-\x1f\x7f]*")
#: The characters that the database keeps of each.
LENGTH_LIMITS = {"form_id": 64, "version": 255, "form_title": 500}


def first_row(tables: dict[str, Table]) -> dict[str, str]:
    """The settings by column; only the sheet's first row counts."""
    settings = tables.get("settings")
    return settings.rows[0].values if settings and settings.rows else {}


def check_settings(
    tables: dict[str, Table], outline: Outline, languages: list[str], fallback_id: str
) -> tuple[list[Finding], list[Finding]]:
    """Errors, then warnings."""
    values = first_row(tables)
    errors: list[Finding] = []
    warnings: list[Finding] = []
    if not values.get("form_id"):
        warnings.append(Finding("form_id_missing", {"form_id": fallback_id}, "settings", None, "form_id"))
    elif not FORM_ID.fullmatch(values["form_id"]):
        errors.append(
            tables["settings"].finding("form_id_invalid", _row(tables), "form_id", form_id=values["form_id"][:64])
        )
    for column, limit in LENGTH_LIMITS.items():
        if len(values.get(column, "")) > limit:
            errors.append(
                tables["settings"].finding("setting_too_long", _row(tables), column, column=column, limit=limit)
            )
    default = values.get("default_language", "")
    loose = {name.replace(" ", "").casefold() for name in languages}
    if default and languages and default.replace(" ", "").casefold() not in loose:
        params = {"language": default, "languages": ", ".join(languages)}
        warnings.append(
            tables["settings"].finding("default_language_unknown", _row(tables), "default_language", **params)
        )
    for column in SETTINGS_WITHOUT_EFFECT:
        if values.get(column):
            code = "public_key_ignored" if column == "public_key" else "setting_ignored"
            warnings.append(tables["settings"].finding(code, _row(tables), column, column=column))
    names = {item.name for item in outline.items}
    for name in values.get(PLACE_PATH, "").split():
        if name not in names:
            errors.append(tables["settings"].finding("place_path_unknown", _row(tables), PLACE_PATH, name=name))
    return errors, warnings


def misnamed_settings(names: list[str], survey: str) -> list[Finding]:
    """A warning where there is no sheet settings, but one whose name looks like it. `survey` is the survey sheet's
    name.
    """
    similar = nearest("settings", [name for name in names if name != survey])
    return [Finding("sheet_similar", {"similar": similar, "sheet": "settings"}, similar)] if similar else []


def prepare_settings(tables: dict[str, Table], default_language: str) -> None:
    """Tells pyxform what has been checked already: duplicates in choice lists, and how the default language is spelled.

    Mutates: `tables`.
    """
    settings = tables.setdefault("settings", Table("settings"))
    if not settings.rows:
        settings.rows.append(TableRow(2, {}, settings.name))
    # pyxform knows this one setting by a mixed-case name only.
    if "omit_instanceid" in settings.rows[0].values:
        settings.columns["omit_instanceID"] = Column("omit_instanceID", "omit_instanceID", "", "omit_instanceID")
        settings.rows[0].values["omit_instanceID"] = settings.rows[0].values.pop("omit_instanceid")
    for key, value in (("allow_choice_duplicates", "yes"), ("default_language", default_language)):
        settings.columns.setdefault(key, Column(key, key, "", key))
        settings.rows[0].values[key] = value


def _row(tables: dict[str, Table]) -> TableRow:
    return tables["settings"].rows[0]
