"""What an export reads: a questionnaire's tables, and its responses in one settled order."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select, tuple_
from sqlalchemy.orm import Session

from collector.accounts.scope import WHOLE, Scope
from collector.export.rows import KEY_COLUMNS, OTHER_ANSWERS, other_answers, rows_of
from collector.export.tables import Table, tables_of
from collector.store import Place, Questionnaire, Response, ResponseCount, Revision, User, Version

#: Responses that are read at a time.
CHUNK = 500

#: Path of the name of a response.
INSTANCE_NAME = "meta/instanceName"
#: Columns in front of the main table's questions.
MAIN_COLUMNS = (
    "response_id", "version", "revision", "state", "place_code", "place", "author",
    "started_at", "finished_at", "received_at_utc", "flags", "missing_files",
)  # fmt: skip


@dataclass(frozen=True)
class Selection:
    """Which responses and columns go out. `scope`: of which places; `hidden`: paths of questions to leave out, None: none is.

    With `hidden`, also the name of a response is left out, which is made of answers, and what no version asks for: nobody has said
    what that is.
    """

    scope: Scope = WHOLE
    with_tests: bool = False
    hidden: Collection[str] | None = None

    def columns_of(self, table: Table) -> Table:
        """The table with the columns that go out."""
        return table if self.hidden is None else table.without({*self.hidden, INSTANCE_NAME})


EVERYTHING_THAT_COUNTS = Selection()


def questionnaire_tables(session: Session, questionnaire_id: int) -> list[Table]:
    """The tables of a questionnaire over all versions that were published or that a response was filled in with."""
    used = select(Response.version_id).where(Response.questionnaire_id == questionnaire_id).distinct()
    models = session.scalars(
        select(Version.model_json)
        .where(Version.questionnaire_id == questionnaire_id)
        .where(Version.published_at.is_not(None) | Version.id.in_(used))
        .order_by(Version.number)
    )
    return tables_of(json.loads(model) for model in models)


def find_questionnaire(session: Session, form_id: str) -> Questionnaire | None:
    """The questionnaire with that form id."""
    return session.scalar(select(Questionnaire).where(Questionnaire.form_id == form_id))


def counted_questionnaires(
    session: Session, selection: Selection, *, with_archived: bool = False
) -> list[tuple[Questionnaire, int]]:
    """Each published questionnaire with its number of responses in `selection`."""
    query = select(ResponseCount.questionnaire_id, func.sum(ResponseCount.number))
    query = query.where(selection.scope.condition(ResponseCount.place_id)).group_by(ResponseCount.questionnaire_id)
    if not selection.with_tests:
        query = query.where(ResponseCount.is_test.is_(False))
    counts = dict(session.execute(query).all())
    published = select(Questionnaire).where(Questionnaire.current_version_id.is_not(None)).order_by(Questionnaire.id)
    if not with_archived:
        published = published.where(Questionnaire.archived_at.is_(None))
    return [(questionnaire, int(counts.get(questionnaire.id, 0))) for questionnaire in session.scalars(published)]


def header_of(table: Table, selection: Selection = EVERYTHING_THAT_COUNTS) -> list[str]:
    """The header of a table's export."""
    names = [name for name, _ in selection.columns_of(table).cells]
    if table.path:
        return [*KEY_COLUMNS, *names]
    return [*MAIN_COLUMNS, *names, *([OTHER_ANSWERS] if selection.hidden is None else [])]


def table_rows(
    engine: Engine,
    questionnaire_id: int,
    tables: list[Table],
    table: Table,
    selection: Selection = EVERYTHING_THAT_COUNTS,
) -> Iterator[list[str]]:
    """The rows of `table`, one of `tables`, over the responses in `selection` by their arrival.

    Reads in chunks with a short transaction each, so that a slow reader holds neither memory nor a lock.
    """
    with Session(engine) as session:
        places = dict(session.execute(select(Place.id, Place.names)).all())
        authors = dict(session.execute(select(User.id, User.name)).all())
        versions = dict(session.execute(select(Version.id, Version.version)).all())
    shown = selection.columns_of(table)
    for response, document, flags in walk_responses(engine, questionnaire_id, selection):
        answers = json.loads(document)["answers"]
        rows = rows_of(shown, response.id, answers, is_text_only=selection.hidden is not None)
        if table.path:
            yield from rows
            continue
        front = [
            response.id,
            versions.get(response.version_id or 0, ""),
            str(response.current_revision),
            response.state,
            response.place_code,
            " / ".join(places.get(response.place_id or 0, {}).values()),
            authors.get(response.author_id or "", ""),
            response.started_at,
            response.finished_at,
            response.received_at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
            " ".join(sorted({flag["code"] for flag in flags})),
            str(response.missing_files),
        ]
        for row in rows:
            yield [*front, *row, *([other_answers(tables, answers)] if selection.hidden is None else [])]


def walk_responses(
    engine: Engine, questionnaire_id: int, selection: Selection
) -> Iterator[tuple[Response, str, list[Any]]]:
    """Each response in `selection` with its current document and flags, oldest arrival first."""
    last: tuple[Any, str] | None = None
    base = (
        select(Response, Revision.document, Revision.flags)
        .join(Revision, (Revision.response_id == Response.id) & (Revision.number == Response.current_revision))
        .where(Response.questionnaire_id == questionnaire_id, selection.scope.condition(Response.place_id))
        .order_by(Response.received_at, Response.id)
        .limit(CHUNK)
    )
    if not selection.with_tests:
        base = base.where(Response.is_test.is_(False))
    while True:
        query = base if last is None else base.where(tuple_(Response.received_at, Response.id) > last)
        with Session(engine) as session:
            chunk = session.execute(query).all()
        yield from chunk
        if len(chunk) < CHUNK:
            return
        last = (chunk[-1][0].received_at, chunk[-1][0].id)
