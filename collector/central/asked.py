"""What a request is about: a questionnaire, and what of its responses whoever asks may see."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_login import current_user
from sqlalchemy import ColumnElement, Select, select

from collector.accounts.scope import current_scope
from collector.central.blueprint import require_project
from collector.central.conditions import Names, condition_of
from collector.central.filters import parse_filter
from collector.central.people import People, read_people
from collector.central.schema import FormSchema, schema_of
from collector.errors import CollectorError
from collector.export.options import Options
from collector.export.queries import find_questionnaire
from collector.export.sheets.selection import Selection, selection_for
from collector.export.sheets.tables import Table
from collector.export.sheets.versions import questionnaire_tables
from collector.store import Questionnaire, Response, Version, utc_now
from collector.store.session import database, reading


@dataclass(frozen=True)
class Asked:
    """A published questionnaire. Test responses are never among those that are given."""

    questionnaire: Questionnaire
    version: Version

    @cached_property
    def selection(self) -> Selection:
        """Which responses and answers."""
        sees_personal = bool(current_user.sees_personal)
        return selection_for(reading(), self.questionnaire, Options(), current_scope(), sees_personal=sees_personal)

    @cached_property
    def tables(self) -> list[Table]:
        """Its tables over all versions, with the questions that may be seen."""
        return self.selection.shown(questionnaire_tables(reading(), self.questionnaire.id))

    @cached_property
    def schema(self) -> FormSchema:
        """The same as OData has them."""
        return schema_of(self.tables)

    @cached_property
    def people(self) -> People:
        """Everybody's number."""
        return read_people(reading())

    def author_ids(self) -> Select[Any]:
        """Ids of those whose responses are in the selection, as a query."""
        return select(Response.author_id).where(*self.selection.conditions(self.questionnaire.id)).distinct()

    def conditions(self, text: str) -> tuple[ColumnElement[bool], ...]:
        """What a `$filter` says as conditions on responses; none for an empty one."""
        if not text.strip():
            return ()
        names = Names(self.people.ids, database().dialect.name == "sqlite")
        return (condition_of(parse_filter(text, utc_now()), names),)


def asked_for(project_id: int, form_id: str) -> Asked:
    """The questionnaire with that form id. Raises CollectorError `not_found` for one that is not published, or archived."""
    require_project(project_id)
    questionnaire: Any = find_questionnaire(reading(), form_id)
    if questionnaire is None or questionnaire.current_version is None or questionnaire.archived_at is not None:
        raise CollectorError("not_found")
    return Asked(questionnaire, questionnaire.current_version)
