"""Writes to questionnaires: an uploaded workbook becomes a draft version, a draft is published."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.journal import record
from collector.questionnaires.compile import Compiled
from collector.store import Questionnaire, Version, utc_now
from collector.store.questionnaires import DRAFT, PUBLISHED, REPLACED


@dataclass(frozen=True)
class Workbook:
    """A workbook as it was uploaded."""

    name: str
    content: bytes


def add_draft(session: Session, compiled: Compiled, workbook: Workbook, *, by: str | None) -> Version:
    """Store what was compiled without an error as the draft of its questionnaire, in place of an earlier draft.

    A content that is published already is not stored again: its version is given.
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
        version = _insert_version(session, questionnaire, compiled, workbook, by)
        record(session, "questionnaire.upload", compiled.form_id, user_id=by, number=version.number)
    return version


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
        created_by=by,
    )
    session.add(version)
    session.flush()
    session.expire(questionnaire, ["versions"])
    return version


def publish_version(session: Session, version: Version, *, by: str | None) -> None:
    """Make `version` the one that phones get. Earlier versions stay valid for responses already begun."""
    if version.state == DRAFT:
        version.state = PUBLISHED
        version.published_at = utc_now()
        version.published_by = by
    version.questionnaire.current_version_id = version.id
    session.flush()
    record(session, "questionnaire.publish", version.questionnaire.form_id, user_id=by, number=version.number)


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
