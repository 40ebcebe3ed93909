"""Limits on tries of every kind of credential (A79): where they are counted, that they end by themselves, and that neighbours are let in."""

import base64
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from redis.exceptions import ConnectionError as RedisAwayError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector import create_app
from collector.accounts import guesses, tries, try_counts
from collector.accounts.access_tokens import issue_token
from collector.accounts.guesses import GUESSES
from collector.accounts.operations import issue_enrolment
from collector.accounts.tries import TRIES, TRIES_OF_ADDRESS, source_of
from collector.accounts.try_counts import PREFIX, WINDOW, DatabaseCounts, GuardedCounts, RedisCounts, TryCounts, marked
from collector.settings import load_settings
from collector.store import FailedSignIn, utc_now
from tests.conftest import PASSWORD, People, Phone

#: A database of the real Redis that only these tests use.
REDIS_URL = "redis://127.0.0.1:6379/13"
HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"


@pytest.fixture
def redis() -> Iterator[Any]:
    """A real Redis with nothing of ours in it."""
    client = Redis.from_url(REDIS_URL)
    try:
        client.ping()
    except RedisAwayError:
        pytest.skip("no Redis at 127.0.0.1:6379: limits were tried in the database only")
    yield client
    for name in client.scan_iter(f"{PREFIX}*"):
        client.delete(name)


@pytest.fixture(params=["database", "redis"])
def counts(request: pytest.FixtureRequest, app: Flask, monkeypatch: pytest.MonkeyPatch) -> TryCounts:
    """The app counts in the database, then in Redis."""
    place: TryCounts = DatabaseCounts()
    if request.param == "redis":
        request.getfixturevalue("redis")
        place = GuardedCounts(RedisCounts(REDIS_URL), DatabaseCounts())
    monkeypatch.setitem(app.extensions, tries.EXTENSION, place)
    return place


def from_address(address: str) -> dict[str, Any]:
    """What a test client needs to come from there."""
    return {"environ_base": {"REMOTE_ADDR": address}}


def office(client: FlaskClient, login: str = "su", password: str = PASSWORD, address: str = HERE) -> Any:
    """A try on the page of sign-in."""
    return client.post("/office/sign-in", data={"login": login, "password": password}, **from_address(address))


def basic(client: FlaskClient, login: str = "su", password: str = PASSWORD, address: str = HERE) -> Any:
    """A try with Basic, as Excel makes it."""
    text = base64.b64encode(f"{login}:{password}".encode()).decode()
    return client.get("/v1/users/current", headers={"Authorization": f"Basic {text}"}, **from_address(address))


def begin_session(client: FlaskClient, login: str = "su", password: str = PASSWORD, address: str = HERE) -> Any:
    """A try as pyodk makes it."""
    return client.post("/v1/sessions", json={"email": login, "password": password}, **from_address(address))


WAYS = [office, basic, begin_session]


@pytest.mark.parametrize("way", WAYS)
def test_A79_ten_wrong_ones_by_one_way_make_the_right_one_wait_by_all(
    client: FlaskClient, people: People, counts: TryCounts, way: Callable[..., Any]
) -> None:
    """A79: given ten wrong passwords by whichever way, when the right one comes, in another case, by the page, by Basic or for a session,
    then it gets 429 and how long to wait; others, and she from another address, are let in."""
    for _ in range(TRIES):
        assert way(client, password="wrong").status_code == 401
    for other in WAYS:
        for login in ("su", "SU", " Su "):
            refused = other(client, login)
            assert refused.status_code == 429, other
            assert 0 < int(refused.headers["Retry-After"]) <= WINDOW.total_seconds()
    assert basic(client, "lin").status_code == 200
    assert basic(client, address=ELSEWHERE).status_code == 200
    assert begin_session(client, "ana").status_code == 200
    assert office(client, address=ELSEWHERE).status_code == 302


def test_A79_it_ends_by_itself(
    client: FlaskClient, people: People, counts: TryCounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A79: given a wait, when its time is over, then the right password is let in, though others were refused meanwhile."""
    monkeypatch.setattr(try_counts, "WINDOW", timedelta(seconds=2))
    for _ in range(TRIES):
        basic(client, password="wrong")
    until = utc_now() + timedelta(seconds=30)
    assert basic(client).status_code == 429
    while basic(client).status_code == 429:
        assert utc_now() < until
    assert basic(client).status_code == 200


def test_none_of_many_at_once_slips_past(app: Flask, people: People, counts: TryCounts) -> None:
    """Tries that come at the same moment are counted one after another, on every host."""
    waits: list[int] = []

    def go() -> None:
        with app.app_context():
            waits.append(counts.count("su|many", uuid4().hex[:16], TRIES))

    threads = [threading.Thread(target=go) for _ in range(TRIES * 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(wait == 0 for wait in waits) == TRIES


def test_one_address_cannot_try_one_password_at_every_login(
    client: FlaskClient, people: People, counts: TryCounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "TRIES_OF_ADDRESS", 20)
    for number in range(20):
        assert basic(client, f"somebody{number}", "wrong").status_code == 401
    assert basic(client, "somebody else", "wrong").status_code == 429
    assert basic(client, address=ELSEWHERE).status_code == 200
    assert TRIES_OF_ADDRESS >= TRIES * 10, "an office behind one address does not get there by mistakes"


def test_right_ones_are_not_counted(client: FlaskClient, people: People, counts: TryCounts, app: Flask) -> None:
    for _ in range(TRIES + 1):
        assert office(client).status_code == 302
        client.post("/office/sign-out")
    with app.app_context():
        assert counts.seconds_to_wait(tries.key_of(tries.ANY_LOGIN, HERE), 1) == 0
        assert counts.seconds_to_wait(tries.key_of("su", HERE), 1) == 0


def bearer(client: FlaskClient, path: str, token: str) -> Any:
    """A request with a token."""
    return client.get(path, headers={"Authorization": f"Bearer {token}"}, **from_address(HERE))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """So many guesses only, so that a test need not make a hundred."""
    monkeypatch.setattr(guesses, "GUESSES", 5)
    assert GUESSES == 100
    return 5


@pytest.mark.parametrize("path", ["/sync/v1/pull", "/api/v1/me", "/v1/users/current"])
def test_who_guesses_tokens_is_told_to_wait_and_neighbours_are_let_in(
    client: FlaskClient, people: People, phone: Phone, session: Session, counts: TryCounts, few: int, path: str
) -> None:
    """Volunteers share an address: what somebody else tries there never shuts out a phone, or a program, whose token is right."""
    _token, text = issue_token(session, session.merge(people.ana))
    session.commit()
    right = phone.token if path.startswith("/sync") else text
    for number in range(few):
        assert bearer(client, path, f"guess {number}").status_code == 401
    refused = bearer(client, path, "one more")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= WINDOW.total_seconds()
    assert bearer(client, path, right).status_code in (200, 404)
    elsewhere = client.get(path, headers={"Authorization": "Bearer x"}, **from_address(ELSEWHERE))
    assert elsewhere.status_code == 401


def test_the_same_wrong_token_again_is_no_further_guess(
    client: FlaskClient, people: People, counts: TryCounts, few: int
) -> None:
    """A phone that was forgotten asks again and again, and goes on to hear what is the matter."""
    for _ in range(few * 3):
        answer = bearer(client, "/sync/v1/pull", "forgotten")
        assert answer.get_json()["error"]["code"] == "device_unknown"


def test_who_guesses_enrolment_codes_is_told_to_wait(
    client: FlaskClient, people: People, session: Session, counts: TryCounts, few: int
) -> None:
    _enrolment, link = issue_enrolment(session, session.merge(people.wei), by=None)
    session.commit()

    def enrol(token: str) -> Any:
        return client.post("/sync/v1/enrol", json={"token": token, "label": ""}, **from_address(HERE))

    for number in range(few):
        assert enrol(f"guess {number}").get_json()["error"]["code"] == "enrolment_unknown"
    refused = enrol("one more")
    assert refused.status_code == 429 and refused.get_json()["error"]["code"] == "too_many_guesses"
    assert refused.headers["Retry-After"]
    assert enrol(link).status_code == 201


def test_who_guesses_names_of_clients_is_told_to_wait(
    client: FlaskClient, people: People, counts: TryCounts, few: int
) -> None:
    def collect(login: str) -> Any:
        text = base64.b64encode(f"{login}:x".encode()).decode()
        headers = {"Authorization": f"Basic {text}"}
        return client.get("/openrosa/formList", headers=headers, **from_address(HERE))

    for number in range(few):
        assert collect(f"collect-{number}").status_code == 401
    assert collect("collect-more").status_code == 429


def test_no_header_gives_new_tries(client: FlaskClient, people: People) -> None:
    """X-Forwarded-For is anybody's to write; it counts only as far as TRUSTED_PROXIES says who wrote it."""
    for number in range(TRIES):
        answer = client.post(
            "/office/sign-in",
            data={"login": "su", "password": "wrong"},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
            **from_address(HERE),
        )
        assert answer.status_code == 401
    assert office(client).status_code == 429


def test_behind_a_trusted_proxy_addresses_are_those_that_it_names(app: Flask, people: People) -> None:
    """The last one, which the proxy added: what stands before it was written by whoever asks."""
    behind = create_app(replace(app.config["SETTINGS"], trusted_proxies=1))
    behind.config["WTF_CSRF_ENABLED"] = False
    client = behind.test_client()

    def attempt(forwarded: str, password: str) -> int:
        answer = client.post(
            "/office/sign-in",
            data={"login": "su", "password": password},
            headers={"X-Forwarded-For": forwarded},
            **from_address("127.0.0.1"),
        )
        return answer.status_code

    for number in range(TRIES):
        assert attempt(f"192.0.2.{number}, 198.51.100.7", "wrong") == 401
    assert attempt("192.0.2.99, 198.51.100.7", PASSWORD) == 429
    assert attempt("192.0.2.99, 198.51.100.8", PASSWORD) == 302
    behind.extensions["collector_engine"].dispose()


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("second step", "second step"),
        ("", ""),
    ],
)
def test_who_has_a_whole_network_of_ipv6_has_one_source(address: str, source: str) -> None:
    assert source_of(address) == source


def test_while_redis_is_away_tries_are_counted_in_the_database(
    client: FlaskClient, people: People, app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is locked out, and nobody tries without a limit."""
    # Nobody listens on port 1.
    away = GuardedCounts(RedisCounts("redis://127.0.0.1:1/0"), DatabaseCounts())
    monkeypatch.setitem(app.extensions, tries.EXTENSION, away)
    assert office(client, "lin").status_code == 302
    client.post("/office/sign-out")
    for _ in range(TRIES):
        assert office(client, password="wrong").status_code == 401
    assert office(client).status_code == 429
    with app.app_context():
        key = marked(f"su|{HERE}")
    assert session.scalars(select(FailedSignIn.key).where(FailedSignIn.key == key)).all() == [key] * TRIES
    session.execute(update(FailedSignIn).values(at=utc_now() - WINDOW - timedelta(seconds=1)))
    session.commit()
    assert office(client).status_code == 302


def test_the_database_keeps_nothing_of_what_was_typed_however_long_it_is(client: FlaskClient, session: Session) -> None:
    """Somebody may have typed a password where their login goes; and a program may send a login of any length."""
    assert office(client, "correct horse battery staple").status_code == 401
    assert basic(client, "x" * 5000).status_code == 401
    kept = session.scalars(select(FailedSignIn.key)).all()
    assert kept and all(key.startswith("#") and len(key) < 40 for key in kept)


def test_a_redis_that_comes_back_is_used_again(
    client: FlaskClient, people: People, app: Flask, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = GuardedCounts(RedisCounts("redis://127.0.0.1:1/0"), DatabaseCounts())
    monkeypatch.setattr(try_counts, "AWAY_S", 0.0)
    with app.app_context():
        assert guarded.count("su|x", "a", 2) == 0
        guarded.first = RedisCounts(REDIS_URL)
        assert guarded.count("su|x", "b", 2) == 0
    assert [redis.zcard(name) for name in redis.scan_iter(f"{PREFIX}*")] == [1]


def test_redis_keeps_neither_logins_nor_addresses_nor_anything_for_long(
    client: FlaskClient, people: People, app: Flask, redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, tries.EXTENSION, RedisCounts(REDIS_URL))
    office(client, password="wrong")
    names = list(redis.scan_iter(f"{PREFIX}*"))
    assert len(names) == 2
    for name in names:
        assert HERE.encode() not in name
        assert 0 < redis.pttl(name) <= WINDOW.total_seconds() * 1000


def test_an_address_that_is_none_of_redis_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="LIMITS_URL"):
        create_app(load_settings({"DATA_DIR": str(tmp_path), "LIMITS_URL": "memcached://127.0.0.1"}))
