"""An author's workbook -> the form model that phones fetch, or the findings that tell the author what to mend."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from collector.questionnaires.beside import BesideFile, attach_files
from collector.questionnaires.choices import check_choices, merge_external, read_label_filters
from collector.questionnaires.columns import Languages, Table, read_table
from collector.questionnaires.convert import convert_tables
from collector.questionnaires.findings import Finding, WorkbookRefused
from collector.questionnaires.kobo import read_kobo
from collector.questionnaires.kobo_asset import is_asset, read_asset
from collector.questionnaires.meta_group import rename_meta, restore_meta
from collector.questionnaires.missing import check_reasons
from collector.questionnaires.model import canonical_json, model_hash
from collector.questionnaires.model_faults import model_faults
from collector.questionnaires.or_other import expand_other
from collector.questionnaires.outline import Outline, is_name, is_yes, read_outline
from collector.questionnaires.privacy_columns import Marks, mark_model, personal_of, read_marks
from collector.questionnaires.references import check_references, straighten_expressions
from collector.questionnaires.search_choices import check_searches
from collector.questionnaires.settings_sheet import (
    LENGTH_LIMITS,
    check_settings,
    first_row,
    misnamed_settings,
    prepare_settings,
)
from collector.questionnaires.spelling import nearest
from collector.questionnaires.translations import default_language_of, languages_of, missing_translations
from collector.questionnaires.workbook import Workbook, clean_header, read_workbook
from collector.questionnaires.xform import compile_xform

# pyxform's own name for the root; another is taken where a question has it, because `${data}` would then mean two
# things.
_ROOT_NAMES = ("data", "form", "questionnaire", "root_of_form")


@dataclass(frozen=True)
class Compiled:
    """The result for one workbook. With `errors` there is no model: `model_json` is None, and what is unknown is "".

    `files` are those that the form names beside the workbook, missing ones included, in the order it names them.
    """

    form_id: str = ""
    version: str = ""
    title: str = ""
    xform: str = ""
    model_json: str | None = None
    model_hash: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    warnings: list[Finding] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    files: list[BesideFile] = field(default_factory=list)
    #: Paths of the questions that the workbook marks as personal, and of those of which it says that they are not.
    personal: list[str] = field(default_factory=list)
    not_personal: list[str] = field(default_factory=list)
    #: The question that asks for consent (`Version.consent`).
    consent: dict[str, Any] | None = None


def compile_workbook(content: bytes, filename: str, files: Mapping[str, bytes] | None = None) -> Compiled:
    """The form model of an XLSForm workbook (.xlsx, .xlsm or .xls, or an asset of KoboToolbox), with all that its author should know.

    `files` are those beside it, by name: lists (.csv, .geojson, .xml) and media.
    Never raises for what a file may hold: a file that cannot be read comes back as one error.
    """
    warnings: list[Finding] = []
    try:
        read = read_asset if is_asset(content) else read_workbook
        workbook = read(content, filename)
        return _compile(workbook, Path(filename).stem, files or {}, warnings)
    except WorkbookRefused as refused:
        return Compiled(warnings=warnings, errors=[refused.finding])


def _compile(workbook: Workbook, stem: str, files: Mapping[str, bytes], warnings: list[Finding]) -> Compiled:
    languages = Languages()
    tables, errors = _tables(workbook, languages, warnings)
    warnings += read_kobo(tables)
    warnings += straighten_expressions(tables)
    root_name = _root_name(tables["survey"])
    outline = read_outline(tables["survey"], root_name, has_entities="entities" in tables)
    if not outline.items and not outline.errors:
        raise WorkbookRefused(Finding("workbook_empty", sheet=tables["survey"].name))
    settings = first_row(tables)
    default = default_language_of(tables, languages, settings.get("default_language", ""))
    expand_other(tables, outline, default)
    duplicates = is_yes(settings.get("allow_choice_duplicates", ""))
    lists = check_choices(tables, outline, workbook.names, duplicates)
    all_languages = languages_of(tables, languages)
    setting_errors, setting_warnings = check_settings(tables, outline, all_languages, _form_id(stem))
    errors += [*outline.errors, *lists.errors, *check_references(tables, outline), *check_searches(tables["survey"])]
    marks, wrong_marks = read_marks(tables, outline)
    errors += [*setting_errors, *wrong_marks]
    doubts = check_reasons(tables["survey"], outline)
    warnings += [*outline.warnings, *lists.warnings, *setting_warnings, *doubts]
    if errors:
        return Compiled(warnings=warnings, errors=in_order(errors))
    warnings += missing_translations(tables, all_languages, default)
    _prepare(tables, all_languages, default)
    xform, notes = convert_tables(tables, root_name, default, _form_id(stem))
    warnings += notes
    return _finish(restore_meta(xform), all_languages, tables, outline, files, warnings, marks)


def _finish(
    xform: str,
    languages: list[str],
    tables: dict[str, Table],
    outline: Outline,
    files: Mapping[str, bytes],
    warnings: list[Finding],
    marks: Marks,
) -> Compiled:
    compiled = compile_xform(xform, languages)
    not_personal = mark_model(compiled.model, marks)
    beside = attach_files(compiled.model, files, tables)
    model_json = canonical_json(compiled.model)
    errors, doubts = model_faults(model_json, tables, outline)
    about = compiled.model["form"]
    warnings += [*beside.warnings, *doubts]
    errors = [*beside.errors, *errors]
    return Compiled(
        form_id=about["id"],
        version=about["version"],
        title=about["title"],
        xform=xform,
        model_json=None if errors else model_json,
        model_hash="" if errors else model_hash(model_json),
        titles=about["titles"],
        warnings=in_order(warnings),
        errors=in_order(errors),
        files=beside.files,
        personal=personal_of(compiled.model),
        not_personal=not_personal,
        consent=marks.consent,
    )


def in_order(findings: list[Finding]) -> list[Finding]:
    """The findings by sheet and row, so that an author can go through the workbook once."""
    order = {None: 0, "settings": 1, "survey": 2, "choices": 3}
    return sorted(findings, key=lambda finding: (order.get(finding.sheet, 4), finding.sheet or "", finding.row or 0))


def _tables(
    workbook: Workbook, languages: Languages, warnings: list[Finding]
) -> tuple[dict[str, Table], list[Finding]]:
    if "survey" not in workbook.sheets:
        _refuse_without_survey(workbook)
    tables: dict[str, Table] = {}
    errors: list[Finding] = []
    for kind in ("survey", "choices", "external_choices", "settings", "entities"):
        if kind in workbook.sheets:
            tables[kind], wrong, odd = read_table(kind, workbook.sheets[kind], languages)
            errors += wrong
            warnings += odd
    survey = tables["survey"]
    if not survey.rows:
        raise WorkbookRefused(Finding("workbook_empty", sheet=survey.name))
    if "settings" not in tables:
        warnings += misnamed_settings(workbook.names, survey.name)
    for column in ("type", "name"):
        if column not in survey.columns:
            raise WorkbookRefused(Finding("column_missing", {"column": column}, survey.name, 1, column))
    return tables, errors


def _refuse_without_survey(workbook: Workbook) -> None:
    from_author = [name for name in workbook.names if clean_header(name).lower() not in workbook.sheets]
    similar = nearest("survey", from_author)
    if similar:
        raise WorkbookRefused(Finding("sheet_missing", {"sheet": "survey", "similar": similar}, sheet="survey"))
    raise WorkbookRefused(Finding("survey_missing", {"sheets": ", ".join(workbook.names)}))


def _root_name(survey: Table) -> str:
    names = {row.get("name") for row in survey.rows}
    return next(name for name in (*_ROOT_NAMES, "root_0f2c") if name not in names)


def _form_id(stem: str) -> str:
    """A form id from a file's name: blanks and signs become _."""
    candidate = re.sub(r"[^\w.\-]+", "_", stem).strip("_") or "form"
    candidate = candidate if is_name(candidate) else f"form_{candidate}"
    return candidate[: LENGTH_LIMITS["form_id"]]


def _prepare(tables: dict[str, Table], languages: list[str], default_language: str) -> None:
    """What pyxform needs to hear, once everything is checked. Mutates: `tables`."""
    merge_external(tables)
    read_label_filters(tables, languages)
    rename_meta(tables)
    prepare_settings(tables, default_language)
