"""What the list says of each response on a page, and what its filters offer."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from collector.accounts.scope import Scope
from collector.place_order import Order
from collector.questionnaires.published import form_model
from collector.questionnaires.queries import title_of
from collector.review.columns import read_cells
from collector.store import File, Place, Questionnaire, Response, ResponseCount, Revision, User


@dataclass(frozen=True)
class FileCount:
    """Files that a response names, and those of them that have arrived."""

    expected: int
    arrived: int


@dataclass(frozen=True)
class ResponseRow:
    """A response in the list; `files` is None when it names none; `cells` are the answers of the chosen columns."""

    response: Response
    place: str
    author: str
    files: FileCount | None
    is_edited: bool
    cells: Sequence[str]


@dataclass(frozen=True)
class PlaceChoice:
    """A place that can be chosen, with how deep it is below the highest ones."""

    code: str
    name: str
    depth: int


def make_rows(
    session: Session, responses: Sequence[Response], paths: Sequence[str], place_language: str, label_language: str
) -> list[ResponseRow]:
    """Sum up the responses of a page. Documents are read only for columns of answers, and of responses that name files."""
    of_page = {response.id for response in responses}
    place_ids = {response.place_id for response in responses}
    places = {place.id: place for place in session.scalars(select(Place).where(Place.id.in_(place_ids - {None})))}
    authors = names_of(session, (response.author_id for response in responses))
    edited = select(Revision.response_id).where(Revision.response_id.in_(of_page), Revision.edited_by.is_not(None))
    is_edited = set(session.scalars(edited))
    files = count_files(session, responses)
    cells = _read_cells(session, responses, paths, label_language) if paths else {}
    return [
        ResponseRow(
            response,
            places[response.place_id].name(place_language) if response.place_id in places else response.place_code,
            authors.get(response.author_id or "", ""),
            files.get(response.id),
            response.id in is_edited,
            cells.get(response.id, ()),
        )
        for response in responses
    ]


def _read_cells(
    session: Session, responses: Sequence[Response], paths: Sequence[str], language: str
) -> dict[str, list[str]]:
    cells = {}
    for response in responses:
        # One at a time: a document may have a megabyte.
        document = session.scalar(current_document(response.id))
        model = form_model(session, response.version_id).tree if response.version_id else None
        cells[response.id] = read_cells(paths, model, json.loads(document or "{}").get("answers") or {}, language)
    return cells


def current_document(response_id: str) -> Any:
    """The query for the document of a response's current revision."""
    is_current = and_(Revision.response_id == Response.id, Revision.number == Response.current_revision)
    return select(Revision.document).join(Response, is_current).where(Response.id == response_id)


def count_files(session: Session, responses: Iterable[Response]) -> dict[str, FileCount]:
    """Files of those of `responses` that name any. Only their documents are read, since a document may be large."""
    responses = list(responses)
    ids = {response.id for response in responses}
    with_files = set(session.scalars(select(File.response_id).where(File.response_id.in_(ids)).distinct()))
    with_files |= {response.id for response in responses if response.missing_files}
    documents = (
        select(Response.id, Response.missing_files, Revision.document)
        .join(Revision, and_(Revision.response_id == Response.id, Revision.number == Response.current_revision))
        .where(Response.id.in_(with_files))
    )
    counts = {}
    for response_id, missing, document in session.execute(documents):
        expected = len(json.loads(document).get("files") or [])
        if expected:
            counts[response_id] = FileCount(expected, expected - missing)
    return counts


def names_of(session: Session, user_ids: Iterable[str | None]) -> dict[str, str]:
    """Names of people by their ids."""
    wanted = {user_id for user_id in user_ids if user_id}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(wanted))).all()) if wanted else {}


def list_authors(session: Session, scope: Scope) -> list[tuple[str, str]]:
    """Ids and names, by name, of everybody who has collected in the scope; of all people for somebody who sees all."""
    query = select(User.id, User.name).order_by(User.name, User.id)
    if not scope.is_whole:
        there = select(ResponseCount.author_id).where(scope.condition(ResponseCount.place_id)).distinct()
        query = query.where(User.id.in_(there))
    return [(row.id, row.name) for row in session.execute(query)]


def list_places(order: Order, scope: Scope, language: str) -> list[PlaceChoice]:
    """The places that stand, as far as they are in the scope, each before those under it."""
    shown = [node for node in order.standing if scope.covers(node.id)]
    ids = {node.id for node in shown}
    depths: dict[int, int] = {}
    for node in shown:
        depths[node.id] = depths[node.parent_id] + 1 if node.parent_id in ids else 0
    return [PlaceChoice(node.code, node.name(language), depths[node.id]) for node in shown]


def list_titles(session: Session, language: str) -> dict[int, tuple[Questionnaire, str]]:
    """Every questionnaire with its title, by id. Counts nothing, unlike the page of questionnaires."""
    query = select(Questionnaire).options(joinedload(Questionnaire.current_version)).order_by(Questionnaire.id)
    return {
        one.id: (one, title_of(one.current_version, language) or one.form_id) for one in session.scalars(query).unique()
    }
