"""Reads of the API: responses by pages, with what of them a person may see."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from collector.accounts.scope import Scope
from collector.api.cursors import read_cursor, write_cursor
from collector.languages import local_moment
from collector.place_order import read_order
from collector.questionnaires.published import form_model
from collector.questionnaires.shown_answers import shown_answers
from collector.store import Decision, Erasure, Questionnaire, Response, ResponseCount, Revision, User, Version

#: Columns of a response that go out as they are.
COLUMNS = (
    "id", "state", "is_test", "is_conflicted", "flag_count", "missing_files", "started_at", "finished_at", "received_at",
    "received_on", "consent", "erased",
)  # fmt: skip
#: Days between which arrivals lie; a filter beyond lets all or nothing through.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True)
class Reader:
    """Who reads: their places, and whether they see answers that tell who somebody is."""

    scope: Scope
    sees_personal: bool

    def hidden(self, questionnaire: Questionnaire) -> frozenset[str] | None:
        """Paths of the questions whose answers are not shown; None: nothing is hidden."""
        return None if self.sees_personal else frozenset(str(path) for path in questionnaire.personal_fields)


@dataclass(frozen=True)
class Page:
    """Responses as the API gives them, and the cursor behind them."""

    items: Sequence[Mapping[str, Any]] = field(default_factory=list)
    next: str | None = None


def find_page(session: Session, wanted: Mapping[str, Any], reader: Reader) -> Page:
    """A page of the responses that `wanted` (ResponseListSchema) lets through."""
    is_newest_first = wanted["order"] == "newest"
    query = select(Response).where(reader.scope.condition(Response.place_id), *_conditions(session, wanted))
    if "cursor" in wanted:
        query = query.where(_beyond(*read_cursor(wanted["cursor"]), is_newest_first))
    order = (Response.received_at, Response.id)
    query = query.order_by(*(column.desc() if is_newest_first else column.asc() for column in order))
    found = list(session.scalars(query.limit(wanted["limit"] + 1)))
    shown = found[: wanted["limit"]]
    following = write_cursor(shown[-1].received_at, shown[-1].id) if len(found) > len(shown) else None
    return Page(describe(session, shown, reader, with_answers=wanted["answers"]), following)


def _conditions(session: Session, wanted: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    found = [and_(Response.is_test) if wanted["tests"] else Response.is_test.is_(False)]
    if "questionnaire" in wanted:
        owner = select(Questionnaire.id).where(Questionnaire.form_id == wanted["questionnaire"])
        found.append(Response.questionnaire_id == (session.scalar(owner) or 0))
    if "state" in wanted:
        found.append(Response.state == wanted["state"])
    if "author" in wanted:
        found.append(Response.author_id == wanted["author"])
    if "place" in wanted:
        order = read_order(session)
        place = order.find(wanted["place"])
        found.append(Response.place_id.in_(order.under([place.id])) if place else false())
    if "since" in wanted:
        found.append(Response.received_at >= _midnight(wanted["since"]))
    if "until" in wanted:
        found.append(Response.received_at < _midnight(min(wanted["until"], LAST_DAY) + timedelta(days=1)))
    if "updated_since" in wanted:
        found.append(_updated_since(wanted["updated_since"]))
    return found


def _midnight(day: date) -> datetime:
    return local_moment(datetime.combine(min(max(day, FIRST_DAY), LAST_DAY + timedelta(days=1)), time()))


def _updated_since(moment: datetime) -> ColumnElement[bool]:
    of_revision = exists().where(Revision.response_id == Response.id, Revision.received_at >= moment)
    is_later = or_(Decision.at >= moment, Decision.undone_at >= moment)
    of_decision = exists().where(Decision.response_id == Response.id, is_later)
    # Whoever keeps a copy has to learn that answers are to go from it.
    return or_(of_revision, of_decision, exists().where(Erasure.response_id == Response.id, Erasure.at >= moment))


def _beyond(received_at: datetime, response_id: str, is_newest_first: bool) -> ColumnElement[bool]:
    """The first comparison is what an index begins at."""
    at, id_ = Response.received_at, Response.id
    if is_newest_first:
        return and_(at <= received_at, or_(at < received_at, id_ < response_id))
    return and_(at >= received_at, or_(at > received_at, id_ > response_id))


def describe(
    session: Session, responses: Sequence[Response], reader: Reader, *, with_answers: bool
) -> list[dict[str, Any]]:
    """Responses as the API gives them, in their order."""
    questionnaires = by_id(session, Questionnaire, {response.questionnaire_id for response in responses})
    versions = by_id(session, Version, {response.version_id for response in responses})
    authors = by_id(session, User, {response.author_id for response in responses})
    updated = _updated(session, [response.id for response in responses])
    documents = current_documents(session, [response.id for response in responses]) if with_answers else {}
    models = {id_: models_of(session, one, reader) for id_, one in questionnaires.items()} if with_answers else {}
    described = []
    for response in responses:
        questionnaire = questionnaires[response.questionnaire_id]
        version, author = versions.get(response.version_id), authors.get(response.author_id)
        item = {name: getattr(response, name) for name in COLUMNS} | {
            "questionnaire": questionnaire.form_id,
            "version": version.version if version else "",
            "revision": response.current_revision,
            "place": response.place_code,
            "author": response.author_id,
            "author_name": author.name if author else None,
            "instance_name": response.instance_name if reader.hidden(questionnaire) is None else None,
            "updated_at": max(response.received_at, *updated.get(response.id, ())),
        }
        if response.id in documents:
            item["answers"] = read_answers(
                documents[response.id], models[questionnaire.id], reader.hidden(questionnaire)
            )
        described.append(item)
    return described


def by_id(session: Session, table: Any, ids: Iterable[Any]) -> dict[Any, Any]:
    """Rows of a table by their ids."""
    wanted = {id_ for id_ in ids if id_ is not None}
    return {row.id: row for row in session.scalars(select(table).where(table.id.in_(wanted)))} if wanted else {}


def _updated(session: Session, ids: Sequence[str]) -> dict[str, list[datetime]]:
    """When revisions of these responses came and decisions about them were made, the latest of each kind."""
    found: dict[str, list[datetime]] = {}
    kinds: tuple[tuple[Any, Any], ...] = (
        (Revision.response_id, Revision.received_at),
        (Decision.response_id, Decision.at),
        (Decision.response_id, Decision.undone_at),
        (Erasure.response_id, Erasure.at),
    )
    for of_response, column in kinds if ids else ():
        query = select(of_response, func.max(column)).where(of_response.in_(ids), column.is_not(None))
        for response_id, moment in session.execute(query.group_by(of_response)):
            found.setdefault(response_id, []).append(moment)
    return found


def current_documents(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """The document of the current revision of each of these responses."""
    is_current = (Revision.response_id == Response.id) & (Revision.number == Response.current_revision)
    query = select(Response.id, Revision.document).join(Revision, is_current).where(Response.id.in_(ids))
    return {row.id: row.document for row in session.execute(query)}


def read_answers(document: str, models: Sequence[Mapping[str, Any]], hidden: frozenset[str] | None) -> dict[str, Any]:
    """The answers of a document without those that are hidden; `models`: of the questionnaire (models_of)."""
    answers: dict[str, Any] = json.loads(document)["answers"]
    return answers if hidden is None else shown_answers(answers, models, hidden)


def models_of(session: Session, questionnaire: Questionnaire, reader: Reader) -> Sequence[Mapping[str, Any]]:
    """The form models by which answers are hidden from the reader: of all versions that were published or filled in; none for nothing."""
    if reader.hidden(questionnaire) is None:
        return ()
    used = select(Response.version_id).where(Response.questionnaire_id == questionnaire.id).distinct()
    of_questionnaire = Version.questionnaire_id == questionnaire.id
    counts = Version.published_at.is_not(None) | Version.id.in_(used)
    ids = session.scalars(select(Version.id).where(of_questionnaire, counts).order_by(Version.number))
    return [form_model(session, version_id).tree for version_id in list(ids)]


def count_by_place(session: Session, questionnaire: Questionnaire, scope: Scope) -> Sequence[Any]:
    """Numbers of responses by id of the place and state; without tests, and without those that are none."""
    total = func.sum(ResponseCount.number)
    query = select(ResponseCount.place_id, ResponseCount.state, total.label("number"))
    query = query.where(ResponseCount.questionnaire_id == questionnaire.id, ResponseCount.is_test.is_(False))
    query = query.where(scope.condition(ResponseCount.place_id))
    return session.execute(query.group_by(ResponseCount.place_id, ResponseCount.state).having(total != 0)).all()
