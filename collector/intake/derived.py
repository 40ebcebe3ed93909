"""What is drawn from a response so that lists, searches and rules stay quick: measures, flags, words, the key of duplicates.

It follows the current revision. All of it can be made anew from the documents.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row, and_, delete, select, update
from sqlalchemy.orm import Session

from collector.intake.compared import Comparison, lock_compared, measured_by, read_comparisons
from collector.intake.distances import distances
from collector.intake.documents import Document, read_document, read_under
from collector.intake.flag_rows import codes_of, find_mates, group_values, judge_new, write_flags
from collector.intake.marks import DUPLICATES, mark_value, marked_measures, marked_terms
from collector.intake.measures import Measured, duplicate_key, measure, measure_times
from collector.intake.placing import Placed, place_into
from collector.intake.rules import Setting
from collector.intake.standing import Additions
from collector.questionnaires.privacy_columns import consent_of
from collector.store import Response, Revision
from collector.store.bulk import insert_rows
from collector.store.derived import Measures, ResponseFlag, ResponseTerm
from collector.store.sealed import keys_of_session

#: Characters of a response's id by which it is found.
ID_BEGINNING = 8


@dataclass(frozen=True)
class Drawn:
    """What one document gives, without its response's row: see `Measures` and `ResponseTerm`.

    `place`, its id or else its code, and `answers`: what the key of duplicates is made of. `consent`: what was said to being asked.
    """

    measured: Measured
    distance_m: int | None
    terms: frozenset[str]
    place: int | str
    answers: Mapping[str, Any]
    consent: str | None


def draw(session: Session, items: Iterable[tuple[Document, Placed]]) -> dict[str, Drawn]:
    """Draw from readable documents, each with its place, all that needs no lock. Gives `{content hash: Drawn}`."""
    measured = [(document, placed, measure(document.read, measured_by(document, placed))) for document, placed in items]
    spots = {
        document.content_hash: (placed.place_id, found.latitude, found.longitude)
        for document, placed, found in measured
        if placed.place_id is not None and found.latitude is not None and found.longitude is not None
    }
    away = distances(session, spots.values())
    drawn, keys = {}, keys_of_session(session)
    for document, placed, found in measured:
        read, spot = document.read, spots.get(document.content_hash)
        drawn[document.content_hash] = Drawn(
            found,
            away.get(spot) if spot else None,
            marked_terms(keys, read["instance_name"] or "", (placed.place_code, *placed.found_by)),
            placed.place_code if placed.place_id is None else placed.place_id,
            read["answers"],
            consent_of(placed.model.tree if placed.model else None, read["answers"]),
        )
    return drawn


def derive(session: Session, response_id: str) -> None:
    """Make anew what is drawn from a response, whose lock is held, after another revision of it became the current one.

    Before that was written, `lock_arrival` was called (compared.py).
    """
    derive_all(session, [response_id])


def derive_all(session: Session, ids: Collection[str]) -> None:
    """Make anew what is drawn from the responses `ids`, whose locks are held."""
    current = session.execute(
        select(Response.id, Response.questionnaire_id, Revision.document)
        .join(Revision, and_(Revision.response_id == Response.id, Revision.number == Response.current_revision))
        .where(Response.id.in_(ids))
    ).all()
    documents = {row.id: read_under(read_document(row.document), row.id) for row in current}
    chosen = [(documents[row.id], row.questionnaire_id) for row in current if documents[row.id].problem is None]
    placed = place_into(session, chosen)
    drawn = draw(session, [(document, placed[document.content_hash]) for document, _ in chosen])
    hashes = {response_id: document.content_hash for response_id, document in documents.items()}
    found = {response_id: drawn[key] for response_id, key in hashes.items() if key in drawn}
    owners = {row.id: row.questionnaire_id for row in current}
    coming = [(owners[id_], of_one.measured) for id_, of_one in found.items()]
    write_drawn(session, found, comparisons=lock_compared(session, found.keys(), coming))


def write_drawn(
    session: Session,
    drawn: Mapping[str, Drawn],
    additions: Additions | None = None,
    comparisons: Mapping[int, Comparison] | None = None,
) -> None:
    """Write what was drawn from the current revisions of responses, by id; their locks, and what they are compared by, are held.

    Those that they are compared with come to be flagged too. `additions`: responses that are still to be inserted, which is done here.
    `comparisons`: how questionnaires' responses are compared, as far as that was read since the locks are held.
    """
    additions = additions or Additions()
    fresh = _fresh_rows(additions, drawn)
    others = drawn.keys() - {row.id for row in fresh}
    rows = fresh + (_current_rows(session, others) if others else [])
    if not rows:
        additions.write(session)
        return
    known = [row.id for row in rows if row.measured_before is not None]
    if known:
        for table in (Measures, ResponseTerm):
            session.execute(delete(table).where(table.response_id.in_(known)))
    again = [row.id for row in rows if row.number > 1]
    first = _first_times(session, again) if again else {}
    values = [_measures_row(session, row, drawn[row.id], first.get(row.id)) for row in rows]
    by_questionnaire: dict[int, list[Any]] = {}
    # In one order for all: rows of those that they are compared with are changed, a questionnaire after the other.
    for row, measures in sorted(zip(rows, values, strict=True), key=lambda pair: pair[0].questionnaire_id):
        by_questionnaire.setdefault(row.questionnaire_id, []).append((row, measures))
    # Read under the lock: they may have been changed since the documents were checked.
    comparisons = comparisons or {}
    comparisons = {**comparisons, **read_comparisons(session, by_questionnaire.keys() - comparisons.keys())}
    keys = {row.id: _duplicate_key(session, comparisons[row.questionnaire_id], drawn[row.id]) for row in rows}
    for row in additions.responses:
        row["duplicate_key"] = keys.get(row["id"])
    if not others:
        _write_new(session, additions, values, {id_: comparisons[id_].settings for id_ in by_questionnaire})
        _write_terms(session, rows, drawn)
        return
    additions.write(session)
    insert_rows(session, Measures.__table__, values)
    for questionnaire_id, pairs in by_questionnaire.items():
        settings = comparisons[questionnaire_id].settings
        groups = [
            pair
            for row, measures in pairs
            for pair in (*group_values(measures, settings), *_groups_before(row, settings))
        ]
        ids = {row.id for row, _ in pairs} | find_mates(session, questionnaire_id, groups)
        write_flags(session, questionnaire_id, ids, settings)
    _write_terms(session, rows, drawn)
    for row in rows[len(fresh) :]:
        if (row.duplicate_key, row.consent) != (keys[row.id], drawn[row.id].consent):
            changed = {"duplicate_key": keys[row.id], "consent": drawn[row.id].consent}
            session.execute(update(Response).where(Response.id == row.id).values(changed))


def _write_new(
    session: Session,
    additions: Additions,
    values: Sequence[Mapping[str, Any]],
    settings: Mapping[int, Sequence[Setting]],
) -> None:
    """Insert new responses with their measures, `values`, and their flags: counted before, so that no response is written twice."""
    flags = {row["response_id"]: codes_of(row["flags"]) for row in additions.revisions}
    changed, rows = {}, []
    for questionnaire_id, of_questionnaire in settings.items():
        measured = {row["response_id"]: row for row in values if row["questionnaire_id"] == questionnaire_id}
        broken, changed[questionnaire_id] = judge_new(session, questionnaire_id, measured, of_questionnaire)
        for id_, codes in broken.items():
            flags[id_] |= codes
            rows += [
                {"response_id": id_, "code": code, "questionnaire_id": questionnaire_id} for code in sorted(flags[id_])
            ]
    for row in additions.responses:
        row["flag_count"] = len(flags[row["id"]])
    additions.write(session)
    insert_rows(session, Measures.__table__, values)
    insert_rows(session, ResponseFlag.__table__, rows)
    for questionnaire_id, ids in changed.items():
        if ids:
            write_flags(session, questionnaire_id, ids, settings[questionnaire_id])


def _duplicate_key(session: Session, comparison: Comparison, drawn: Drawn) -> str | None:
    if not comparison.duplicate_keys:
        return None
    compared = duplicate_key(comparison.duplicate_keys, drawn.place, drawn.answers)
    return mark_value(keys_of_session(session), DUPLICATES, compared)


def _fresh_rows(additions: Additions, drawn: Mapping[str, Drawn]) -> list[Any]:
    """The rows of `_current_rows` for responses that are still to be inserted: nothing was drawn from them before."""
    offsets = {row["response_id"]: row["clock_offset_ms"] for row in additions.revisions}
    return [
        SimpleNamespace(**row, number=1, clock_offset_ms=offsets[row["id"]], measured_before=None)
        for row in sorted(additions.responses, key=lambda row: str(row["id"]))
        if row["id"] in drawn
    ]


def forget(session: Session, response_id: str) -> None:
    """Erase all that was drawn from a response before it is erased itself. Its lock, and what it is compared by, are held.

    Those that were like it are judged anew.
    """
    columns = (Measures.questionnaire_id, Measures.spot, Measures.answers_hash, Measures.answered)
    measures = session.execute(select(*columns).where(Measures.response_id == response_id)).one_or_none()
    for table in (Measures, ResponseTerm, ResponseFlag):
        session.execute(delete(table).where(table.response_id == response_id))
    if measures is not None:
        questionnaire_id = measures.questionnaire_id
        settings = read_comparisons(session, [questionnaire_id])[questionnaire_id].settings
        mates = find_mates(session, questionnaire_id, group_values(measures._asdict(), settings))
        if mates:
            write_flags(session, questionnaire_id, mates, settings)


def _current_rows(session: Session, ids: Collection[str]) -> list[Any]:
    query = (
        select(
            Response.id,
            Response.questionnaire_id,
            Response.place_id,
            Response.author_id,
            Response.received_at,
            Response.duplicate_key,
            Response.consent,
            Revision.number,
            Revision.clock_offset_ms,
            Measures.response_id.label("measured_before"),
            Measures.spot,
            Measures.answers_hash,
            Measures.answered,
        )
        .join(Revision, and_(Revision.response_id == Response.id, Revision.number == Response.current_revision))
        .outerjoin(Measures, Measures.response_id == Response.id)
        .where(Response.id.in_(ids))
        .order_by(Response.id)
    )
    return list(session.execute(query))


def _groups_before(row: Row[Any], settings: Sequence[Setting]) -> list[tuple[Setting, str]]:
    return group_values(row._asdict(), settings) if row.measured_before is not None else []


def _first_times(session: Session, ids: Collection[str]) -> dict[str, Measured]:
    """How long the interviews took, and when they were begun: a correction is made later, and says nothing about that."""
    firsts = select(Revision.response_id, Revision.document).where(Revision.response_id.in_(ids), Revision.number == 1)
    documents = {
        row.response_id: read_under(read_document(row.document), row.response_id) for row in session.execute(firsts)
    }
    return {
        response_id: measure_times(document.read)
        for response_id, document in documents.items()
        if document.problem is None
    }


def _measures_row(session: Session, row: Row[Any], drawn: Drawn, first: Measured | None) -> dict[str, Any]:
    times = first or drawn.measured
    offset = row.clock_offset_ms
    return marked_measures(session, drawn.measured) | {
        "response_id": row.id,
        "questionnaire_id": row.questionnaire_id,
        "place_id": row.place_id,
        "author_id": row.author_id,
        "duration_s": times.duration_s,
        "begun_minute": times.begun_minute,
        "distance_m": drawn.distance_m,
        "clock_behind_s": None if offset is None else -round(offset / 1000),
    }


def _write_terms(session: Session, rows: Sequence[Row[Any]], drawn: Mapping[str, Drawn]) -> None:
    terms = [
        {"term": term, "received_at": row.received_at, "response_id": row.id}
        for row in rows
        for term in sorted(drawn[row.id].terms | {row.id[:ID_BEGINNING]})
    ]
    insert_rows(session, ResponseTerm.__table__, terms)
