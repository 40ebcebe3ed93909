"""The versions of a questionnaire that an export is made of, and their tables."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.export.sheets.tables import Table, tables_of
from collector.store import Response, Version


@dataclass(frozen=True)
class AskedVersion:
    """A version: its id, number, name (the form's own word for it), titles by language code, and form model."""

    id: int
    number: int
    name: str
    title: str
    titles: dict[str, str]
    model: dict[str, Any]


def asked_versions(session: Session, questionnaire_id: int, numbers: Collection[int] = ()) -> list[AskedVersion]:
    """Those that were published or that a response was filled in with, oldest first. `numbers`: only these."""
    used = select(Response.version_id).where(Response.questionnaire_id == questionnaire_id).distinct()
    query = (
        select(Version.id, Version.number, Version.version, Version.title, Version.titles, Version.model_json)
        .where(Version.questionnaire_id == questionnaire_id)
        .where(Version.published_at.is_not(None) | Version.id.in_(used))
        .order_by(Version.number)
    )
    if numbers:
        query = query.where(Version.number.in_(numbers))
    return [AskedVersion(*row[:-1], json.loads(row[-1])) for row in session.execute(query)]


def merged_tables(versions: Collection[AskedVersion]) -> list[Table]:
    """Their tables."""
    return tables_of((version.model for version in versions), [version.number for version in versions])


def questionnaire_tables(session: Session, questionnaire_id: int) -> list[Table]:
    """The tables of a questionnaire over all its versions."""
    return merged_tables(asked_versions(session, questionnaire_id))
