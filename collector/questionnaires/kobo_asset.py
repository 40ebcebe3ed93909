"""A form as KoboToolbox's API gives it (an asset in JSON) -> the sheets of a workbook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from collector.questionnaires.findings import Finding, WorkbookRefused
from collector.questionnaires.workbook import Sheet, SheetRow, Workbook, cell_text, refuse

SHEETS = ("survey", "choices")
ROW_LIMIT, COLUMN_LIMIT = 60_000, 400


def is_asset(content: bytes) -> bool:
    """Whether this is JSON, which no workbook is."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_asset(content: bytes, filename: str) -> Workbook:
    """The sheets of an asset: `content` with its survey, choices and settings, or that part alone. Raises: WorkbookRefused."""
    try:
        asset = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise WorkbookRefused(Finding("not_a_workbook", {"name": filename})) from None
    form = asset.get("content", asset)
    if not isinstance(form, dict) or not isinstance(form.get("survey"), list):
        refuse("not_a_workbook", name=filename)
    translations = form.get("translations")
    languages = [str(name or "") for name in translations] if isinstance(translations, list) else [""]
    sheets = {
        name: _sheet(name, form[name], languages) for name in SHEETS if isinstance(form.get(name), list) and form[name]
    }
    sheets["settings"] = _sheet("settings", [_settings(form, asset)], [""])
    return Workbook(sheets, list(sheets))


def _settings(form: Mapping[str, Any], asset: Mapping[str, Any]) -> dict[str, Any]:
    given = form.get("settings")
    first = given[0] if isinstance(given, list) and given else given
    settings = {key: value for key, value in first.items() if value} if isinstance(first, dict) else {}
    # Responses name the form by the asset's uid, unless its author gave it an id.
    identity = {"form_id": asset.get("uid"), "form_title": asset.get("name"), "version": asset.get("version_id")}
    aliases = {"form_id": ("id_string", "form_id"), "form_title": ("title", "form_title"), "version": ("version",)}
    for key, value in identity.items():
        if value and not any(alias in settings for alias in aliases[key]):
            settings[key] = value
    return settings


def _sheet(name: str, rows: list[Any], languages: list[str]) -> Sheet:
    """Rows of keys and values as a sheet: a list of values is a text in each of the languages."""
    at: dict[str, int] = {}
    kept = []
    for number, row in enumerate(rows, 2):
        cells: dict[int, str] = {}
        for header, value in _cells(row if isinstance(row, dict) else {}, languages):
            text = cell_text(value)
            if text:
                cells[at.setdefault(header, len(at))] = text
        if cells:
            kept.append(SheetRow(number, cells))
    if len(kept) > ROW_LIMIT or len(at) > COLUMN_LIMIT:
        refuse("too_many_rows", limit=ROW_LIMIT)
    return Sheet(name, {position: header for header, position in at.items()}, kept)


def _cells(row: Mapping[str, Any], languages: list[str]) -> list[tuple[str, Any]]:
    cells: list[tuple[str, Any]] = []
    for key, value in row.items():
        if isinstance(value, list):
            if key == "tags":
                continue
            for language, text in zip(languages, value, strict=False):
                cells.append((f"{key}::{language}" if language else key, text))
        elif not isinstance(value, dict):
            cells.append((key, value))
    return cells
