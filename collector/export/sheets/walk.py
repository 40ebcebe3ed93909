"""The one walk over responses that every export is made of: in one settled order, with what may not be seen taken out."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, Engine, Result, Row, Text, cast, func, select, tuple_, type_coerce
from sqlalchemy.orm import Session

from collector.export.sheets.known import Known, known_of, only_known
from collector.export.sheets.own_columns import OWN_COLUMNS
from collector.export.sheets.selection import Selection
from collector.export.sheets.versions import questionnaire_tables
from collector.store import Place, Response, Revision, User, Version
from collector.store.sealed import SealedBytes

#: Responses that are read at a time.
CHUNK = 200
#: Bytes of documents after which no further one is read with them: one may have a megabyte, and takes many times that once it is read.
CHUNK_BYTES = 4 * 1024 * 1024
#: Lets PostgreSQL send rows as they are taken, instead of all of them before the first.
AS_THEY_COME = {"stream_results": True, "max_row_buffer": 50}


class Walked(NamedTuple):
    """A response as it stands: `own`, a text for each of OWN_COLUMNS; `answers`, nested as the form is; `files`, as its document
    names them.

    `unanswered`: positional paths of what was asked and has no answer, None where nobody knows. `revised_at`: arrival of the current
    revision. Answers and files that are not to be seen are in neither.
    """

    response_id: str
    version_id: int | None
    place_id: int | None
    author_id: str | None
    device_id: str | None
    received_at: datetime
    revised_at: datetime
    own: tuple[str, ...]
    answers: dict[str, Any]
    unanswered: frozenset[str] | None
    files: list[dict[str, Any]]
    missing_files: int
    #: Texts for ASIDE_COLUMNS.
    aside: tuple[str, ...] = ("", "")

    @property
    def own_by_key(self) -> dict[str, str]:
        """`own` by its columns."""
        return dict(zip(OWN_COLUMNS, self.own, strict=True))


@dataclass(frozen=True)
class Names:
    """What stands in columns of ours for the ids of a response. `known`: of answers, where some are hidden."""

    places: Mapping[int | None, str]
    authors: Mapping[str | None, str]
    versions: Mapping[int | None, str]
    known: Known | None


def walk_responses(
    engine: Engine, questionnaire_id: int, selection: Selection, *, ids: Collection[str] | None = None
) -> Iterator[Walked]:
    """Each response in `selection`, oldest arrival first; only those with `ids`, where they are given."""
    with Session(engine) as session:
        names = read_names(session, questionnaire_id, selection)
    for chunk in walk_rows(engine, questionnaire_id, selection, ids=ids):
        for row in chunk:
            yield walked(row, selection, names)


def walk_rows(
    engine: Engine, questionnaire_id: int, selection: Selection, *, ids: Collection[str] | None = None
) -> Iterator[list[Row[Any]]]:
    """The rows of the walk, some hundred at a time.

    Each chunk is read in a short transaction, so that a slow reader holds neither memory nor a lock.
    """
    query = walk_query(questionnaire_id, selection, document_column())
    if ids is not None:
        query = query.where(Response.id.in_(ids))
    last: tuple[datetime, str] | None = None
    is_last = False
    while not is_last:
        with engine.connect() as connection:
            chunk, is_last = read_chunk(connection, query, last)
        if chunk:
            yield chunk
            last = (chunk[-1].received_at, chunk[-1].id)


def count_responses(session: Session, questionnaire_id: int, selection: Selection) -> int:
    """How many responses to a questionnaire are in `selection`."""
    query = select(func.count()).select_from(Response).where(*selection.conditions(questionnaire_id))
    return session.scalar(query) or 0


def document_column() -> ColumnElement[Any]:
    """The document as its reader takes it soonest: as bytes, which spares a conversion."""
    return type_coerce(Revision.document, SealedBytes())


def walk_query(questionnaire_id: int, selection: Selection, document: ColumnElement[Any]) -> Any:
    """The query of the walk, by arrival. Columns, not objects: making objects takes longer than all the rest."""
    return (
        select(
            Response.id, Response.version_id, Response.place_id, Response.author_id, Response.current_revision,
            Response.state, Response.place_code, Response.started_at, Response.finished_at, Response.received_at,
            Response.missing_files, Revision.device_id, Revision.received_at.label("revised_at"), document,
            cast(Revision.flags, Text).label("flags"), cast(Revision.unanswered, Text).label("unanswered"),
            Response.consent, Response.erased,
        )
        .join(Revision, (Revision.response_id == Response.id) & (Revision.number == Response.current_revision))
        .where(*selection.conditions(questionnaire_id))
        .order_by(Response.received_at, Response.id)
        .limit(CHUNK)
    )  # fmt: skip


def read_chunk(connection: Connection, query: Any, last: tuple[datetime, str] | None) -> tuple[list[Row[Any]], bool]:
    """The responses that follow the one with that arrival and id; the first ones without. Gives also whether they are the last."""
    if last is not None:
        query = query.where(tuple_(Response.received_at, Response.id) > last)
    return first_rows(connection.execute(query, execution_options=AS_THEY_COME), CHUNK)


def first_rows(result: Result[Any], most: int) -> tuple[list[Row[Any]], bool]:
    """The rows of a query of the walk that had the limit `most`, up to CHUNK_BYTES. Gives also whether there are no more behind them."""
    rows: list[Row[Any]] = []
    size = 0
    for row in result:
        rows.append(row)
        size += len(row.document)
        if size > CHUNK_BYTES:
            result.close()
            return rows, False
    return rows, len(rows) < most


def read_names(session: Session, questionnaire_id: int, selection: Selection) -> Names:
    """The names for a walk."""
    of_questionnaire = select(Version.id, Version.version).where(Version.questionnaire_id == questionnaire_id)
    tables = [] if selection.hidden is None else questionnaire_tables(session, questionnaire_id)
    return Names(
        {id_: " / ".join(names.values()) for id_, names in session.execute(select(Place.id, Place.names))},
        dict(session.execute(select(User.id, User.name)).all()),
        dict(session.execute(of_questionnaire).all()),
        None if selection.hidden is None else known_of(selection.shown(tables)),
    )


def walked(row: Any, selection: Selection, names: Names) -> Walked:
    """A row of the query as it goes out."""
    (id_, version_id, place_id, author_id, revision, state, place_code, started_at, finished_at, received_at,
     missing_files, device_id, revised_at, document, flags, unanswered, consent, erased) = row  # fmt: skip
    content = read_document(document)
    answers, files = content["answers"], content.get("files") or []
    if names.known is not None:
        answers = only_known(names.known, answers)
        files = [file for file in files if not selection.hides_file(file.get("path") or "")]
    own = (
        id_, names.versions.get(version_id, ""), str(revision), state, place_code, names.places.get(place_id, ""),
        names.authors.get(author_id, ""), started_at, finished_at,
        received_at.isoformat(timespec="milliseconds")[:23] + "Z", flag_codes(flags), str(missing_files),
    )  # fmt: skip
    return Walked(
        id_, version_id, place_id, author_id, device_id, received_at, revised_at,
        own, answers, read_unanswered(unanswered), files, missing_files, (consent or "", erased),
    )  # fmt: skip


def read_document(document: str | bytes) -> dict[str, Any]:
    """A document's content. Half characters, which no file can hold, become �."""
    found: dict[str, Any] = read_json(document)
    return found


def read_json(text: str | bytes) -> Any:
    """What stands in stored JSON, half characters as �: the quick reader takes none, in paths of flags either."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        whole = json.dumps(json.loads(text), ensure_ascii=False)
        return json.loads(whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def flag_codes(flags: str) -> str:
    """The codes of a revision's flags, each once."""
    if flags == "[]":
        return ""
    return " ".join(sorted({flag["code"] for flag in read_json(flags)}))


def read_unanswered(paths: str | None) -> frozenset[str] | None:
    """Paths of what was asked and not answered; None where nobody knows."""
    found = None if paths is None else read_json(paths)
    return None if found is None else frozenset(found)
