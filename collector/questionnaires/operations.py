"""Writes to questionnaires: an uploaded workbook becomes a draft version, a draft is published, settings are kept."""

import errno
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.journal import record
from collector.questionnaires.beside import BesideFile
from collector.questionnaires.compile import Compiled
from collector.questionnaires.personal import fields_of
from collector.questionnaires.uploads import Workbook
from collector.store import Questionnaire, Version, VersionFile, utc_now
from collector.store.contents import FORM_FILES, contents
from collector.store.questionnaires import DRAFT, PUBLISHED, REPLACED

log = logging.getLogger(__name__)


def add_draft(session: Session, compiled: Compiled, workbook: Workbook, *, by: str | None) -> Version:
    """Store what was compiled without an error as the draft of its questionnaire, in place of an earlier draft.

    A content that is published already is not stored again: its version is given. Raises CollectorError `unavailable`
    when the disk takes no file.
    """
    questionnaire = session.scalar(select(Questionnaire).where(Questionnaire.form_id == compiled.form_id))
    if questionnaire is None:
        questionnaire = Questionnaire(form_id=compiled.form_id)
        session.add(questionnaire)
        session.flush()
    same = select(Version).where(
        Version.questionnaire_id == questionnaire.id,
        Version.model_hash == compiled.model_hash,
        Version.state != REPLACED,
    )
    version = session.scalar(same)
    if version is None:
        _mark_personal(questionnaire, compiled)
        version = _insert_version(session, questionnaire, compiled, workbook, by)
        session.add_all(_keep_file(version.id, file, workbook.files) for file in compiled.files)
        session.flush()
        record(session, "questionnaire.upload", compiled.form_id, user_id=by, number=version.number)
    return version


def _mark_personal(questionnaire: Questionnaire, compiled: Compiled) -> None:
    """Mark new questions that look personal, so that nobody's answers are shown for want of a thought. The office may take it back.

    Not those of which the workbook says that they are not.
    """
    known = {field.path for field in fields_of(json.loads(version.model_json) for version in questionnaire.versions)}
    fields = fields_of([json.loads(compiled.model_json or "")])
    passed_over = known | set(compiled.not_personal)
    fresh = [field.path for field in fields if field.looks_personal and field.path not in passed_over]
    if fresh:
        questionnaire.personal_fields = [*(questionnaire.personal_fields or []), *fresh]


def _insert_version(
    session: Session, questionnaire: Questionnaire, compiled: Compiled, workbook: Workbook, by: str | None
) -> Version:
    for earlier in questionnaire.versions:
        if earlier.state == DRAFT:
            earlier.state = REPLACED
    last = session.scalar(select(func.max(Version.number)).where(Version.questionnaire_id == questionnaire.id))
    model_json = compiled.model_json or ""
    version = Version(
        questionnaire_id=questionnaire.id,
        number=(last or 0) + 1,
        version=compiled.version,
        title=compiled.title,
        titles=compiled.titles,
        model_hash=compiled.model_hash,
        model_json=model_json,
        model_bytes=len(model_json.encode()),
        xform=compiled.xform,
        workbook=workbook.content,
        workbook_name=workbook.name[:255],
        warnings=[asdict(warning) for warning in compiled.warnings],
        personal_fields=compiled.personal,
        consent=compiled.consent,
        created_by=by,
    )
    session.add(version)
    session.flush()
    session.expire(questionnaire, ["versions"])
    return version


def _keep_file(version_id: int, file: BesideFile, uploaded: Mapping[str, bytes]) -> VersionFile:
    """A file that a version names, its bytes on the disk before the version is committed."""
    kept = VersionFile(
        version_id=version_id,
        name=file.name,
        is_list=file.is_list,
        size_bytes=file.size,
        media_type=file.type,
        row_count=file.rows if file.is_list else None,
        sheet=file.sheet or "",
        sheet_row=file.row,
    )
    if file.content is None:
        return kept
    try:
        kept.sha256 = contents().keep_bytes(FORM_FILES, file.content)
        # Of a list the upload is kept too: it is what people get back, and what a later draft is compiled from.
        original = original_of(file.name, uploaded) if file.is_list else file.content
        kept.original_sha256 = contents().keep_bytes(FORM_FILES, original or file.content)
    except OSError as error:
        log.error("files of questionnaires cannot be written: %s", errno.errorcode.get(error.errno or 0, "unknown"))
        raise CollectorError("unavailable") from None
    return kept


def original_of(name: str, uploaded: Mapping[str, bytes]) -> bytes | None:
    """The uploaded file that a form means by `name`, as beside.py finds it; None without."""
    if name in uploaded:
        return uploaded[name]
    return next((content for other, content in uploaded.items() if other.casefold() == name.casefold()), None)


def publish_version(session: Session, version: Version, *, by: str | None, for_testing: bool = False) -> None:
    """Make `version` the one that phones get. Earlier versions stay valid for responses already begun.

    `for_testing`: try the questionnaire out first; without effect on one that was published before.
    """
    if for_testing and version.questionnaire.current_version_id is None:
        set_testing(session, version.questionnaire, True, by=by)
    if version.state == DRAFT:
        version.state = PUBLISHED
        version.published_at = utc_now()
        version.published_by = by
    version.questionnaire.current_version_id = version.id
    mark_by_workbook(version.questionnaire, version)
    session.flush()
    record(session, "questionnaire.publish", version.questionnaire.form_id, user_id=by, number=version.number)


def mark_by_workbook(questionnaire: Questionnaire, version: Version) -> None:
    """Mark what the version's workbook marks as personal. What is marked already stays: answers to earlier versions are still there."""
    marked = list(questionnaire.personal_fields or [])
    fresh = [path for path in version.personal_fields or [] if path not in marked]
    if fresh:
        questionnaire.personal_fields = [*marked, *fresh]


def add_duplicate(
    session: Session, source_id: int, compiled: Compiled, workbook: Workbook, *, by: str | None
) -> Version:
    """Store a copy of a questionnaire as a draft, with what the office has set for the original; not when it is open."""
    version = add_draft(session, compiled, workbook, by=by)
    source, copy = session.get_one(Questionnaire, source_id), version.questionnaire
    copy.personal_fields = list(source.personal_fields)
    copy.duplicate_keys = list(source.duplicate_keys)
    copy.quality_rules = dict(source.quality_rules)
    session.flush()
    record(session, "questionnaire.duplicate", copy.form_id, user_id=by, source=source.form_id)
    return version


def set_testing(session: Session, questionnaire: Questionnaire, is_testing: bool, *, by: str | None) -> None:
    """Begin or end trying a questionnaire out. What was finished between the two is a test, whenever it arrives."""
    if questionnaire.is_testing == is_testing:
        return
    questionnaire.is_testing = is_testing
    if is_testing:
        # Before the first publishing there was nothing in earnest that could still be on a phone.
        questionnaire.testing_since = utc_now() if questionnaire.current_version_id is not None else None
    else:
        questionnaire.live_since = utc_now()
    session.flush()
    record(session, "questionnaire.test", questionnaire.form_id, user_id=by, on=is_testing)


def set_archived(session: Session, questionnaire: Questionnaire, is_archived: bool, *, by: str | None) -> None:
    """Put a questionnaire into the archive, or bring it back. Its responses stay, and those still on phones are taken in."""
    if (questionnaire.archived_at is not None) == is_archived:
        return
    questionnaire.archived_at = utc_now() if is_archived else None
    session.flush()
    action = "questionnaire.archive" if is_archived else "questionnaire.unarchive"
    record(session, action, questionnaire.form_id, user_id=by)


def set_personal_fields(session: Session, questionnaire: Questionnaire, paths: list[str], *, by: str | None) -> None:
    """Keep which questions tell who somebody is, by their paths; those that the workbook of the current version marks stay marked."""
    questionnaire.personal_fields = paths
    if questionnaire.current_version is not None:
        mark_by_workbook(questionnaire, questionnaire.current_version)
    session.flush()
    record(session, "questionnaire.personal_fields", questionnaire.form_id, user_id=by, count=len(paths))


def set_window(
    session: Session,
    questionnaire: Questionnaire,
    opens_at: datetime | None,
    closes_at: datetime | None,
    *,
    by: str | None,
) -> None:
    """Set when a questionnaire is open; None: without a limit on that side. Phones learn it at their next sync."""
    questionnaire.opens_at, questionnaire.closes_at = opens_at, closes_at
    session.flush()
    record(
        session,
        "questionnaire.window",
        questionnaire.form_id,
        user_id=by,
        opens_at=opens_at.isoformat() if opens_at else None,
        closes_at=closes_at.isoformat() if closes_at else None,
    )


def name_clash(session: Session, version: Version) -> dict[str, Any] | None:
    """The published version of the same questionnaire that bears the same version name, as `{"number"}`; None without."""
    clash = session.scalar(
        select(Version.number).where(
            Version.questionnaire_id == version.questionnaire_id,
            Version.version == version.version,
            Version.state == PUBLISHED,
            Version.id != version.id,
        )
    )
    return None if clash is None else {"number": clash}
