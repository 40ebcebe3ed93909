"""Reads for the questionnaire pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, selectinload

from collector.questionnaires.findings import Finding
from collector.questionnaires.messages import MESSAGES
from collector.store import Questionnaire, ResponseCount, Version, VersionFile
from collector.store.questionnaires import DRAFT, REPLACED


@dataclass(frozen=True)
class QuestionnaireRow:
    """A questionnaire in the list: its current version (None before the first publishing) and its waiting draft.

    `responses`: those that count; `tests`: those filled in while it was tried out.
    """

    questionnaire: Questionnaire
    current: Version | None
    draft: Version | None
    responses: int
    tests: int = 0

    @property
    def newest(self) -> Version | None:
        """The version whose title stands for the questionnaire."""
        return self.current or self.draft


@dataclass(frozen=True)
class FindingRow:
    """A finding in the reader's language; sheet, row and column are "" where it has no such place."""

    sheet: str
    row: str
    column: str
    message: str


def title_of(version: Version | None, language: str) -> str:
    """The title in `language`, else in the questionnaire's default language; "" without a version."""
    if version is None:
        return ""
    return version.titles.get(language) or version.title or version.questionnaire.form_id


def list_questionnaires(session: Session) -> list[QuestionnaireRow]:
    """All questionnaires in the order in which they were made, archived ones too."""
    counts = _counts(session, true())
    query = select(Questionnaire).options(selectinload(Questionnaire.versions)).order_by(Questionnaire.id)
    return [make_row(questionnaire, counts) for questionnaire in session.scalars(query)]


def _counts(session: Session, condition: ColumnElement[bool]) -> dict[tuple[int, bool], int]:
    """Numbers of responses by questionnaire and whether they are tests."""
    total = func.sum(ResponseCount.number)
    query = select(ResponseCount.questionnaire_id, ResponseCount.is_test, total).where(condition)
    grouped = query.group_by(ResponseCount.questionnaire_id, ResponseCount.is_test)
    return {(questionnaire_id, is_test): int(count) for questionnaire_id, is_test, count in session.execute(grouped)}


def make_row(questionnaire: Questionnaire, counts: Mapping[tuple[int, bool], int]) -> QuestionnaireRow:
    """Sum up one questionnaire."""
    by_id = {version.id: version for version in questionnaire.versions}
    draft = next((version for version in questionnaire.versions if version.state == DRAFT), None)
    current = by_id.get(questionnaire.current_version_id or 0)
    responses, tests = (counts.get((questionnaire.id, is_test), 0) for is_test in (False, True))
    return QuestionnaireRow(questionnaire, current, draft, responses, tests)


def find_questionnaire(session: Session, form_id: str) -> QuestionnaireRow | None:
    """The questionnaire with `form_id`, or None."""
    questionnaire = session.scalar(select(Questionnaire).where(Questionnaire.form_id == form_id))
    if questionnaire is None:
        return None
    return make_row(questionnaire, _counts(session, ResponseCount.questionnaire_id == questionnaire.id))


def find_version(session: Session, form_id: str, number: int) -> Version | None:
    """The version `number` of the questionnaire with `form_id`, or None."""
    query = select(Version).join(Version.questionnaire)
    return session.scalar(query.where(Questionnaire.form_id == form_id, Version.number == number))


def listed_versions(questionnaire: Questionnaire) -> list[Version]:
    """The versions that still mean something, newest first: drafts that a later upload replaced are left out."""
    return [version for version in reversed(questionnaire.versions) if version.state != REPLACED]


def files_of(session: Session, version: Version) -> list[VersionFile]:
    """The files that a version names, in the order in which it names them, lists first."""
    query = select(VersionFile).where(VersionFile.version_id == version.id)
    return list(session.scalars(query.order_by(VersionFile.is_list.desc(), VersionFile.id)))


def versions_with_files(session: Session, questionnaire: Questionnaire) -> set[int]:
    """Ids of the versions that files were uploaded for."""
    query = select(VersionFile.version_id).join(Version, Version.id == VersionFile.version_id)
    wanted = Version.questionnaire_id == questionnaire.id, VersionFile.original_sha256.is_not(None)
    return set(session.scalars(query.where(*wanted).distinct()))


def find_file(session: Session, version: Version, column: Any, sha256: str) -> VersionFile | None:
    """The file of a version whose `column`, one of its hashes, is `sha256`; None without."""
    return session.scalar(select(VersionFile).where(VersionFile.version_id == version.id, column == sha256).limit(1))


def read_findings(findings: Iterable[Finding | Mapping[str, Any]], language: str) -> list[FindingRow]:
    """Findings, as compiled or as stored with a version, in the reader's language."""
    rows = []
    for stored in findings:
        finding = stored if isinstance(stored, Finding) else Finding(**stored)
        # A warning that an earlier release stored may have a code that no longer exists.
        message = finding.text(language) if finding.code in MESSAGES else finding.code
        rows.append(FindingRow(finding.sheet or "", str(finding.row or ""), finding.column or "", message))
    return rows
