"""Pushes of several phones that come at the same moment: stored together, each with its own receipts, none held up by another's trouble."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from collector.intake import operations
from collector.intake.compared import lock_comparison
from collector.store import Device, JournalEntry, Place, QuarantinedDocument, Response, Revision, User, Version
from collector.store.session import writing
from collector.sync import pushes
from tests.conftest import People, Phone, Publish
from tests.documents import fresh, make_document
from tests.intake.test_push_cost import counted
from tests.sync.test_moments import ENDLESS

Enrol = Callable[[User], Phone]


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


class Gate:
    """Holds the first turn of an app's pushes until it is opened. `seen`: how many pushes each turn had."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self.turns = app.extensions["collector_pushes"]
        self.seen: list[int] = []
        self.begun, self.open = Event(), Event()
        work = self.turns.work

        def held(brought: Any) -> Any:
            self.seen.append(len(brought))
            self.begun.set()
            assert self.open.wait(30)
            return work(brought)

        monkeypatch.setattr(self.turns, "work", held)
        monkeypatch.setattr("collector.turns.GATHER_S", 0)

    def gather(self, app: Flask, pool: ThreadPoolExecutor, sent: list[tuple[Phone, list[str]]]) -> list[Future[Any]]:
        """Let the first push begin, and the others wait for the next turn, in their order."""
        futures = []
        for number, (phone, documents) in enumerate(sent):
            own = Phone(app.test_client(), phone.device, phone.token, phone.user)
            futures.append(pool.submit(own.push, *documents, waiting={"responses": number, "files": 0, "drafts": 0}))
            while not self.begun.is_set() or len(self.turns.waiting) < number:
                sleep(0.005)
        return futures


@pytest.fixture
def gate(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """The gate of the app's pushes."""
    return Gate(app, monkeypatch)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """The phones' threads."""
    with ThreadPoolExecutor(30) as pool:
        yield pool


def one(version: Version, **parts: Any) -> str:
    return make_document(version, **{"id": str(uuid4())} | parts)


def push_by(app: Flask, phone: Phone, document: str) -> Any:
    """Push over a connection of its own."""
    return Phone(app.test_client(), phone.device, phone.token, phone.user).push(document)


def receipts_of(future: Future[Any]) -> list[dict[str, Any]]:
    answer = future.result(60)
    assert answer.status_code == 200, answer.text
    receipts: list[dict[str, Any]] = answer.get_json()["receipts"]
    return receipts


def test_pushes_that_wait_are_stored_in_one_transaction_and_each_phone_gets_its_own_receipts(
    app: Flask, gate: Gate, pool: ThreadPoolExecutor, enrol: Enrol, people: People, session: Session, household: Version
) -> None:
    phones = [enrol(people.wei) for _ in range(4)]
    documents = [[one(household, author=people.wei.id) for _ in range(number)] for number in (1, 2, 3, 1)]
    unknown = one(household, form="unknown")
    sent = list(zip(phones, documents, strict=True))
    # The same response comes from two of them, and what nobody can place as well.
    sent[3][1].extend([sent[1][1][0], unknown])
    sent[2][1].append(unknown)
    with counted(app) as statements:
        answers = gate.gather(app, pool, sent)
        gate.open.set()
        receipts = [receipts_of(answer) for answer in answers]
    assert gate.seen == [1, 3]
    assert len([text for text in statements if text.startswith("INSERT INTO revisions")]) == 2
    for (_, brought), given in zip(sent, receipts, strict=True):
        assert [receipt["id"] for receipt in given] == [json.loads(document)["id"] for document in brought]
    assert [receipt["status"] for given in receipts[:2] for receipt in given] == ["stored"] * 3
    assert [receipt["status"] for receipt in receipts[2]] == ["stored", "stored", "stored", "quarantined"]
    assert [receipt["status"] for receipt in receipts[3]] == ["stored", "already_stored", "quarantined"]
    fresh(session)
    arrived = session.scalars(select(JournalEntry).where(JournalEntry.action == "response.arrive")).all()
    assert {entry.device_id: len(entry.details["items"]) for entry in arrived} == {
        phone.device.id: number for phone, number in zip(phones, (1, 2, 4, 1), strict=True)
    }
    for number, phone in enumerate(phones):
        device = session.get_one(Device, phone.device.id)
        assert device.waiting_responses == number and device.last_seen_at is not None
    by_phone = {
        json.loads(revision.document)["id"]: revision.device_id for revision in session.scalars(select(Revision))
    }
    assert by_phone[json.loads(documents[2][0])["id"]] == phones[2].device.id
    assert session.scalars(select(QuarantinedDocument.device_id)).all() == [phones[2].device.id]


def test_one_push_that_cannot_be_stored_keeps_no_other_from_it(
    app: Flask,
    gate: Gate,
    pool: ThreadPoolExecutor,
    enrol: Enrol,
    people: People,
    session: Session,
    household: Version,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = operations.store_pushes
    bad = enrol(people.wei)

    def fails(store_session: Session, prepared: Any) -> Any:
        given = store(store_session, prepared)
        if any(push.sender.device_id == bad.device.id for push in prepared):
            raise RuntimeError("after all of it was written")
        return given

    monkeypatch.setattr(pushes, "store_pushes", fails)
    phones = [enrol(people.wei), enrol(people.mei), bad, enrol(people.mei)]
    sent = [(phone, [one(household)]) for phone in phones]
    answers = gate.gather(app, pool, sent)
    gate.open.set()
    statuses = [answer.result(60).status_code for answer in answers]
    assert statuses == [200, 200, 500, 200]
    assert gate.seen == [1, 3]
    stored = set(fresh(session).scalars(select(Response.id)))
    assert stored == {json.loads(document)["id"] for phone, [document] in sent if phone is not bad}
    arrived = session.scalars(select(JournalEntry.device_id).where(JournalEntry.action == "response.arrive"))
    assert sorted(map(str, arrived)) == sorted(phone.device.id for phone in phones if phone is not bad)


def test_a_turn_whose_reading_fails_leaves_nothing_behind_for_what_each_does_alone(
    app: Flask,
    gate: Gate,
    pool: ThreadPoolExecutor,
    enrol: Enrol,
    people: People,
    session: Session,
    household: Version,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On PostgreSQL nothing more can be read in a transaction in which a statement failed."""
    prepare = operations.prepare_pushes

    def fails(read_session: Session, given: Any, *rest: Any) -> Any:
        if len(given) > 1:
            read_session.execute(text("SELECT no_such_column"))
        return prepare(read_session, given, *rest)

    monkeypatch.setattr(pushes, "prepare_pushes", fails)
    sent = [(enrol(people.wei), [one(household)]) for _ in range(3)]
    answers = gate.gather(app, pool, sent)
    gate.open.set()
    assert {receipt["status"] for answer in answers for receipt in receipts_of(answer)} == {"stored"}
    assert gate.seen == [1, 2] and len(fresh(session).scalars(select(Response.id)).all()) == 3


def test_a_response_that_takes_long_to_check_does_not_keep_the_receipts_of_others(
    app: Flask,
    gate: Gate,
    pool: ThreadPoolExecutor,
    enrol: Enrol,
    people: People,
    session: Session,
    household: Version,
    publish: Publish,
) -> None:
    """The others have theirs while it is still checked, alone; none of theirs is flagged for want of time."""
    endless = publish(ENDLESS)
    phones = [enrol(people.wei) for _ in range(4)]
    slow = [make_document(endless, form="endless", id=str(uuid4()), answers={"q": "a" * 40 + "!"}) for _ in range(3)]
    sent = [
        (phones[0], [one(household)]),
        (phones[1], [one(household)]),
        (phones[2], slow),
        (phones[3], [one(household)]),
    ]
    answers = gate.gather(app, pool, sent)
    gate.open.set()
    receipts = [receipts_of(answer) for answer in answers]
    assert {receipt["status"] for given in receipts for receipt in given} == {"stored"}
    assert gate.seen == [1, 3]
    flags = {
        revision.response_id: {flag["code"] for flag in revision.flags}
        for revision in fresh(session).scalars(select(Revision))
    }
    timed_out = {response_id for response_id, codes in flags.items() if "check_timed_out" in codes}
    assert timed_out == {json.loads(document)["id"] for document in slow}


def test_a_push_that_waits_for_a_lock_keeps_no_other_from_being_stored(
    app: Flask,
    pool: ThreadPoolExecutor,
    enrol: Enrol,
    people: People,
    session: Session,
    household: Version,
    publish: Publish,
    database_kind: str,
) -> None:
    """Somebody changes the rules of a questionnaire for a long time, and phones push responses to it and to another one."""
    if database_kind == "sqlite":
        pytest.skip("SQLite has one lock for all")
    other = publish(ENDLESS)
    held, free = enrol(people.wei), enrol(people.mei)
    free_documents = [make_document(other, form="endless", id=str(uuid4()), answers={"q": "b"}) for _ in range(4)]
    pool_of_connections = app.extensions["collector_engine"].pool
    turns = app.extensions["collector_pushes"]
    with app.app_context(), writing() as store:
        lock_comparison(store, household.questionnaire_id)
        waits = [pool.submit(push_by, app, held, one(household)) for _ in range(10)]
        goes_on = [pool.submit(push_by, app, free, document) for document in free_documents]
        assert {receipts_of(answer)[0]["status"] for answer in goes_on} == {"stored"}
        while turns.waiting or turns.is_led:
            sleep(0.005)
        # Most of those who wait hold no connection, and none of them has its receipt.
        assert pool_of_connections.checkedout() <= 1 + 4
        assert app.test_client().get("/readyz").status_code == 200
        assert not any(one_waits.done() for one_waits in waits)
    assert {receipts_of(answer)[0]["status"] for answer in waits} == {"stored"}
    assert len(fresh(session).scalars(select(Response.id)).all()) == 14


def test_each_phone_is_answered_in_its_own_language(
    app: Flask, gate: Gate, pool: ThreadPoolExecutor, phone: Phone, household: Version
) -> None:
    unknown = [one(household, form="unknown") for _ in range(3)]

    def push(number: int) -> Any:
        headers = phone.headers | {"Accept-Language": ("en", "zh", "en")[number]}
        return app.test_client().post("/sync/v1/push", json={"responses": [unknown[number]]}, headers=headers)

    answers = [pool.submit(push, 0)]
    assert gate.begun.wait(30)
    for number in (1, 2):
        answers.append(pool.submit(push, number))
        while len(gate.turns.waiting) < number:
            sleep(0.005)
    gate.open.set()
    words = [receipts_of(answer)[0]["message"] for answer in answers]
    assert gate.seen == [1, 2]
    assert words[0] == words[2] and "does not know" in words[0]
    assert "没有" in words[1]


def test_one_push_too_many_is_told_to_come_again_and_the_office_is_served_meanwhile(
    app: Flask, gate: Gate, pool: ThreadPoolExecutor, phone: Phone, session: Session, household: Version
) -> None:
    sent = [(phone, [one(household)]) for _ in range(pushes.MOST_PUSHES)]
    answers = gate.gather(app, pool, sent)
    refused = Phone(app.test_client(), phone.device, phone.token, phone.user).push(one(household))
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (503, "pushes_too_many")
    assert int(refused.headers["Retry-After"]) > 0
    assert app.test_client().get("/readyz").status_code == 200
    gate.open.set()
    assert {receipt["status"] for answer in answers for receipt in receipts_of(answer)} == {"stored"}
    assert phone.receipts(one(household))[0]["status"] == "stored"
    assert len(fresh(session).scalars(select(Response.id)).all()) == pushes.MOST_PUSHES + 1


def test_a_push_keeps_no_connection_while_it_waits(
    app: Flask, gate: Gate, pool: ThreadPoolExecutor, phone: Phone, household: Version
) -> None:
    answers = gate.gather(app, pool, [(phone, [one(household)]) for _ in range(8)])
    database = app.extensions["collector_engine"]
    assert database.pool.checkedout() == 0
    gate.open.set()
    for answer in answers:
        receipts_of(answer)


def test_who_finds_no_connection_is_told_to_come_again(
    app: Flask, phone: Phone, household: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = app.extensions["collector_engine"].pool
    monkeypatch.setattr(pool, "_timeout", 0.01)
    held = [pool.connect() for _ in range(pool.size() + pool._max_overflow)]
    answer = phone.push(one(household))
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (503, "unavailable")
    for connection in held:
        connection.close()
    assert phone.receipts(one(household))[0]["status"] == "stored"
