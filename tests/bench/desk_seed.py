"""A survey of any size for measuring the supervisor's desk: seeded, through SQLAlchemy core, in bulk (COPY on PostgreSQL).

66 communities of 8 subdistricts, 60 volunteers, 60 days. Responses come as the real ones do: a document each, what is measured of it,
flags, words to be found by. The counts are made by the database's own triggers, and folded now and then as the board does.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect, Engine, Table, insert, text
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places, create_user, enrol_device, issue_enrolment
from collector.coverage.counts import fold
from collector.intake.arrivals import record_arrivals
from collector.intake.marks import ANSWERS, DUPLICATES, SPOT, mark_value, mark_word
from collector.store import (
    Measures,
    Place,
    Questionnaire,
    Response,
    ResponseFlag,
    ResponseTerm,
    Revision,
    Target,
    User,
    utc_now,
)
from collector.store.data_keys import DataKeys
from collector.store.people import VOLUNTEER
from collector.store.sealed import keys_of

VOLUNTEERS, DAYS, BATCH, PUSHED = 60, 60, 5_000, 50
STATES = ("received",) * 7 + ("approved",) * 10 + ("returned", "resubmitted", "rejected")
FLAGS = ("too_fast", "far_away", "out_of_hours", "required_missing")
TABLES: Sequence[Table] = tuple(
    table.__table__  # type: ignore[attr-defined]
    for table in (Response, Revision, Measures, ResponseFlag, ResponseTerm)
)


def seed(engine: Engine, number: int, *, seed: int = 2006) -> None:
    """Put `number` responses to the sample's first questionnaire into a database with the sample survey."""
    chance = Random(seed)
    with Session(engine, expire_on_commit=False) as session:
        # A running server writes too: who read first and then writes is turned away by SQLite instead of waiting.
        session.connection(execution_options={"is_write": True})
        questionnaire = session.query(Questionnaire).order_by(Questionnaire.id).first()
        assert questionnaire is not None
        communities = (
            session.query(Place).filter(Place.level == 2).order_by(Place.id).all() or session.query(Place).all()
        )
        volunteers = add_volunteers(session, communities, chance)
        for target in session.query(Target).filter(Target.questionnaire_id == questionnaire.id):
            target.expected = number // len(communities)
            target.starts_on, target.ends_on = date.today() - timedelta(days=DAYS), date.today() + timedelta(days=10)
        session.commit()
        batches = make_batches(chance, keys_of(engine.dialect), number, questionnaire, communities, volunteers)
    is_postgresql = engine.dialect.name == "postgresql"
    for batch in batches:
        with engine.connect() as plain:
            connection = plain.execution_options(is_write=True)
            with connection.begin():
                for table, rows in zip(TABLES, batch, strict=True):
                    if is_postgresql:
                        copy(connection, table, rows)
                    else:
                        connection.execute(insert(table), rows)
        # As whoever looks at the board does from time to time: otherwise a table of mostly nothing would be measured.
        with Session(engine) as session:
            session.connection(execution_options={"is_write": True})
            record_batch(session, batch[TABLES.index(Revision.__table__)])
            fold(session)
            session.commit()
    with engine.connect().execution_options(
        isolation_level="AUTOCOMMIT" if is_postgresql else "SERIALIZABLE"
    ) as connection:
        connection.execute(text("VACUUM ANALYZE" if is_postgresql else "ANALYZE"))


def record_batch(session: Session, revisions: Sequence[dict[str, Any]]) -> None:
    """Enter in the journal that they arrived, in pushes of as many as a phone sends: or `collector verify` cannot explain one of them."""
    for start in range(0, len(revisions), PUSHED):
        receipts = [
            {"id": row["response_id"], "hash": row["content_hash"], "status": "stored", "revision": row["number"]}
            for row in revisions[start : start + PUSHED]
        ]
        record_arrivals(session, receipts, set(), None, {})


def add_volunteers(session: Session, communities: Sequence[Place], chance: Random) -> list[tuple[User, list[Place]]]:
    """Volunteers with a phone and one to three communities each."""
    found = []
    for at in range(VOLUNTEERS):
        user = create_user(session, name=f"Volunteer {at + 1:02}", role=VOLUNTEER)
        mine = [communities[(at + step) % len(communities)] for step in range(chance.randint(1, 3))]
        assign_places(session, user, [place.id for place in mine], by=None)
        _, token = issue_enrolment(session, user, by=None)
        device, _ = enrol_device(session, token, "Bench phone")
        device.last_seen_at = utc_now() - timedelta(hours=chance.randint(0, 72))
        device.waiting_responses = chance.choice((0, 0, 0, 2, 7))
        found.append((user, mine))
    return found


def make_batches(
    chance: Random,
    keys: DataKeys,
    number: int,
    questionnaire: Questionnaire,
    communities: Sequence[Place],
    volunteers: Sequence[tuple[User, list[Place]]],
) -> Iterator[tuple[list[dict[str, Any]], ...]]:
    """Rows for each of TABLES, some thousand responses at a time, the earliest first."""
    begin = datetime.now(UTC) - timedelta(days=DAYS - 1)
    step = timedelta(days=DAYS - 1) / number
    rows: tuple[list[dict[str, Any]], ...] = tuple([] for _ in TABLES)
    for at in range(number):
        user, mine = volunteers[chance.randrange(len(volunteers))]
        place = chance.choice(mine)
        add_response(rows, chance, keys, questionnaire, place, user, begin + step * at)
        if len(rows[0]) == BATCH:
            yield rows
            rows = tuple([] for _ in TABLES)
    if rows[0]:
        yield rows


def add_response(
    rows: tuple[list[dict[str, Any]], ...],
    chance: Random,
    keys: DataKeys,
    questionnaire: Questionnaire,
    place: Place,
    user: User,
    moment: datetime,
) -> None:
    """One response with all that is drawn from it."""
    responses, revisions, measures, flags, terms = rows
    id_ = str(UUID(int=chance.getrandbits(128), version=4))
    found = chance.sample(FLAGS, 1) if chance.random() < 0.12 else []
    name = f"{place.names['zh']} {chance.randint(1, 400)}"
    answers = {
        "place": place.code,
        "age": str(chance.randint(55, 95)),
        "sex": chance.choice("12"),
        "q1": str(chance.randint(1, 5)),
    }
    document = json.dumps(
        {"id": id_, "form": questionnaire.form_id, "place": place.code, "author": user.id, "answers": answers}
    )
    content_hash = hashlib.sha256(document.encode()).hexdigest()
    clock = moment.isoformat(timespec="milliseconds")
    responses.append(
        {
            "id": id_,
            "questionnaire_id": questionnaire.id,
            "version_id": questionnaire.current_version_id,
            "place_id": place.id,
            "place_code": place.code,
            "author_id": user.id,
            "current_revision": 1,
            "state": chance.choice(STATES),
            "is_conflicted": False,
            "flag_count": len(found),
            "missing_files": 0,
            "instance_name": name,
            "started_at": clock,
            "finished_at": clock,
            "received_at": moment,
            "received_on": moment.date(),
            "is_test": False,
            "duplicate_key": mark_value(keys, DUPLICATES, content_hash) if chance.random() < 0.5 else None,
        }
    )
    revisions.append(
        {
            "response_id": id_,
            "number": 1,
            "content_hash": content_hash,
            "document": document,
            "version_id": questionnaire.current_version_id,
            "received_at": moment,
            "flags": [{"code": code, "path": "", "message": ""} for code in found],
        }
    )
    latitude, longitude = 32.04 + chance.gauss(0, 0.02), 118.78 + chance.gauss(0, 0.02)
    measures.append(
        {
            "response_id": id_,
            "questionnaire_id": questionnaire.id,
            "place_id": place.id,
            "author_id": user.id,
            "duration_s": chance.randint(120, 2400),
            "answered": 4,
            "unanswered_by_choice": 0,
            "same_in_a_row": 1,
            "begun_minute": chance.randint(480, 1200),
            "latitude": latitude,
            "longitude": longitude,
            "spot": mark_value(keys, SPOT, f"{latitude:.5f},{longitude:.5f}"),
            "answers_hash": mark_value(keys, ANSWERS, content_hash),
        }
    )
    flags += [{"response_id": id_, "code": code, "questionnaire_id": questionnaire.id} for code in found]
    terms += [
        {"term": term, "received_at": moment, "response_id": id_}
        for term in (place.code, user.name.split()[1], id_[:8], mark_word(keys, name.split()[1]))
    ]


def copy(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Put rows into a table of PostgreSQL by COPY; triggers run as with any insert."""
    if not rows:
        return
    names = list(rows[0])
    cursor: Any = connection.connection.cursor()
    # What a column seals or writes in its own way comes from its type, as with an insert.
    binders = [bind_processor(table, name, connection.dialect) for name in names]
    with cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(
                [bind(value) if bind else value for bind, value in zip(binders, row.values(), strict=True)]
            )


def bind_processor(table: Table, name: str, dialect: Dialect) -> Any:
    """What makes a value of a column one that the driver takes; None where it is one already. JSON has such a thing in the dialect's own
    kind of it only."""
    kind = table.c[name].type
    return kind.dialect_impl(dialect).bind_processor(dialect)
