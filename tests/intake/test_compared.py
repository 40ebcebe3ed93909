"""Responses that are compared with each other, changed by several at the same moment: flags and counts stay true, nobody fails."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.intake import operations as intake
from collector.intake.deletion import delete_response
from collector.intake.refresh import refresh_some_keys
from collector.intake.rules import settings_of
from collector.quality.inputs import TypedRules
from collector.quality.operations import change_rules
from collector.questionnaires.engine import shared_engine
from collector.store import Place, Questionnaire, Response
from collector.store.session import reading, writing
from tests.conftest import People, Phone, Publish
from tests.documents import fresh, make_document
from tests.intake.test_derived import ANSWERS, SURVEY, flags, set_rules

HERE = {"at": "32.06 118.79 0 0"}
Make = Callable[..., str]


@pytest.fixture
def make(phone: Phone, publish: Publish, places: dict[str, Place]) -> Make:
    """`make(answers, **parts)`: a document of Wei's."""
    model, author = publish(SURVEY).model_hash, phone.user.id

    def make(answers: dict[str, Any] | None = None, **parts: Any) -> str:
        parts = {"id": str(uuid4()), "model": model, "author": author} | parts
        return make_document(answers=ANSWERS | (answers or {}), **parts)

    return make


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Others who work at the same moment."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def other_push(app: Flask, phone: Phone, document: str) -> str:
    """Push over another connection; gives the status of the receipt."""
    [receipt] = Phone(app.test_client(), phone.device, phone.token, phone.user).receipts(document)
    return str(receipt["status"])


def prepare(phone: Phone, document: str) -> tuple[list[intake.Prepared], intake.Sender]:
    sender = intake.Sender(phone.device.id, None)
    return intake.prepare(reading(), [document], sender, shared_engine()), sender


def other_rules(app: Flask, people: People, **rules: Any) -> None:
    """Change the rules of quality, in a request of another's."""
    with app.app_context(), writing() as store:
        typed = TypedRules(settings_of(rules), {}, {})
        assert change_rules(store, "household", typed, by=people.su.id) == list(rules)


def is_waiting(other: Future[Any]) -> bool:
    """Whether another one waits for this transaction."""
    with pytest.raises(TimeoutError):
        other.result(0.5)
    return True


def before_put(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Do `act` when the next response is about to be written; see `after_put`."""
    _around_put(monkeypatch, act, is_before=True)


def after_put(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Do `act` when the next response is written, but not yet what is drawn from it."""
    _around_put(monkeypatch, act, is_before=False)


def _around_put(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None], *, is_before: bool) -> None:
    put = intake.put_into

    def put_once(*args: Any) -> Any:
        monkeypatch.setattr(intake, "put_into", put)
        if is_before:
            act()
        stored = put(*args)
        if not is_before:
            act()
        return stored

    monkeypatch.setattr(intake, "put_into", put_once)


def test_a_correction_and_a_push_of_the_same_point(
    phone: Phone, app: Flask, session: Session, make: Make, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, new = str(uuid4()), str(uuid4())
    phone.receipts(make(HERE, id=one))
    correction, other = make(HERE | {"a": "9"}, id=one, base=1), make(HERE | {"head": "Rui"}, id=new)
    pushes: list[Future[str]] = []

    def push_other() -> None:
        pushes.append(pool.submit(other_push, app, phone, other))
        assert is_waiting(pushes[0])

    with app.app_context():
        prepared, sender = prepare(phone, correction)
        after_put(monkeypatch, push_other)
        with writing() as store:
            assert intake.store(store, prepared, sender)[0]["status"] == "revision_stored"
    assert pushes[0].result(30) == "stored"
    assert flags(session, one) == flags(session, new) == {"same_spot"}


def test_two_pushes_flag_the_same_response_for_different_reasons(
    phone: Phone, app: Flask, session: Session, make: Make, pool: ThreadPoolExecutor
) -> None:
    set_rules(session, same_answers={"on": True, "limit": 5})
    one = str(uuid4())
    phone.receipts(make(HERE, id=one))
    same_spot, same_answers = make(HERE | {"head": "Rui"}), make()
    with app.app_context():
        prepared, sender = prepare(phone, same_spot)
        with writing() as store:
            intake.store(store, prepared, sender)
            pushing = pool.submit(other_push, app, phone, same_answers)
            assert is_waiting(pushing)
    assert pushing.result(30) == "stored"
    assert flags(session, one) == {"same_spot", "same_answers"}


def test_a_correction_while_rules_change(
    phone: Phone, app: Flask, session: Session, make: Make, pool: ThreadPoolExecutor, people: People
) -> None:
    set_rules(session, same_spot={"on": True, "limit": 2})
    ids = [str(uuid4()) for _ in range(3)]
    phone.receipts(*(make(HERE | {"head": id_}, id=id_) for id_ in ids[:2]), make({"head": "Rui"}, id=ids[2]))
    assert flags(session, ids[0]) == set()
    correction = make(HERE | {"head": "Rui"}, id=ids[2], base=1)
    session.rollback()
    with app.app_context(), writing() as store:
        change_rules(store, "household", TypedRules(settings_of({}), {}, {}), by=people.su.id)
        pushing = pool.submit(other_push, app, phone, correction)
        assert is_waiting(pushing)
    assert pushing.result(30) == "revision_stored"
    assert [flags(session, id_) for id_ in ids] == [{"same_spot"}] * 3


def test_rules_change_while_a_push_is_stored(
    phone: Phone,
    app: Flask,
    session: Session,
    make: Make,
    pool: ThreadPoolExecutor,
    people: People,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    response_id = str(uuid4())
    changes: list[Future[None]] = []

    def change() -> None:
        changes.append(pool.submit(other_rules, app, people, too_long={"on": True, "limit": 8}))
        assert is_waiting(changes[0])

    with app.app_context():
        prepared, sender = prepare(phone, make(id=response_id))
        before_put(monkeypatch, change)
        with writing() as store:
            intake.store(store, prepared, sender)
    changes[0].result(30)
    assert flags(session, response_id) == {"too_long"}


def test_rules_and_keys_that_changed_since_a_push_was_checked(
    phone: Phone, app: Flask, session: Session, make: Make, people: People
) -> None:
    one, other = str(uuid4()), str(uuid4())
    set_rules(session, same_spot={"on": False, "limit": 1})
    phone.receipts(make(HERE, id=one))
    with app.app_context():
        prepared, sender = prepare(phone, make(HERE | {"head": "Rui"}, id=other))
        reading().rollback()
        questionnaire = set_rules(session)
        questionnaire.duplicate_keys = ["head"]
        session.commit()
        with writing() as store:
            intake.store(store, prepared, sender)
    assert flags(session, one) == flags(session, other) == {"same_spot"}
    assert session.get_one(Response, other).duplicate_key is not None


def test_whoever_was_like_a_deleted_response_is_judged_anew(
    phone: Phone, session: Session, make: Make, people: People
) -> None:
    one, other = str(uuid4()), str(uuid4())
    phone.receipts(make(HERE, id=one), make(HERE | {"head": "Rui"}, id=other))
    assert flags(session, one) == {"same_spot"}
    delete_response(fresh(session), other, reason="test", note="", by=people.su.id)
    session.commit()
    assert flags(session, one) == set()


def test_a_correction_while_keys_are_drawn_anew(
    phone: Phone, app: Flask, session: Session, make: Make, pool: ThreadPoolExecutor
) -> None:
    one = str(uuid4())
    phone.receipts(make(id=one))
    questionnaire = set_rules(session)
    questionnaire.duplicate_keys = ["head"]
    session.commit()

    def draw_keys() -> None:
        with app.app_context(), writing() as store:
            refresh_some_keys(store, store.scalars(select(Questionnaire)).one())

    with app.app_context():
        prepared, sender = prepare(phone, make({"head": "Rui"}, id=one, base=1))
        with writing() as store:
            intake.store(store, prepared, sender)
            drawing = pool.submit(draw_keys)
            assert is_waiting(drawing)
    drawing.result(30)
    phone.receipts(make({"head": "Rui"}, id=(same := str(uuid4()))))
    keys = [fresh(session).get_one(Response, id_).duplicate_key for id_ in (one, same)]
    assert keys[0] == keys[1]
