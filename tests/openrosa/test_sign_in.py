"""Who may speak OpenRosa: name and password by Digest or, where nobody can listen, by Basic."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, delete, func, select, type_coerce, update
from sqlalchemy.orm import Session
from werkzeug.http import parse_dict_header

from collector.accounts.collect_access import REALM
from collector.accounts.digest import is_right, proof, secret_of
from collector.accounts.operations import revoke_device
from collector.accounts.tries import TRIES
from collector.accounts.try_counts import WINDOW, marked
from collector.openrosa.challenges import NONCE_SECONDS
from collector.openrosa.replays import use_once
from collector.store import Device, FailedSignIn, User, Version, utc_now
from collector.store.hosts import UsedNonce
from collector.store.sealed import StoredBytes
from tests.conftest import People, Phone
from tests.documents import fresh
from tests.openrosa.collect import Collect, message

PATH = "/openrosa/formList"


def challenges(answer: Any) -> list[str]:
    """The ways to sign in that a refusal offers."""
    assert answer.status_code == 401
    return list(answer.headers.getlist("WWW-Authenticate"))


def digest_challenge(answer: Any) -> dict[str, str | None]:
    """What the offer of Digest says."""
    offer = next(text for text in challenges(answer) if text.startswith("Digest "))
    return parse_dict_header(offer.removeprefix("Digest "))


def digest_header(collect: Collect, made: str, count: str = "00000001", uri: str = PATH, **changed: str) -> str:
    """What a client answers to a challenge."""
    given = {"nonce": made, "nc": count, "cnonce": "c0", "qop": "auth", "uri": uri}
    given["response"] = proof(secret_of(collect.card.login, REALM, collect.card.password), "GET", given)
    given |= {"username": collect.card.login, "realm": REALM} | changed
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in given.items())


def ask(collect: Collect, header: str | None, path: str = PATH, **more: Any) -> Any:
    """Ask for the list with what a client says of itself."""
    return collect.client.get(path, headers={"Authorization": header} if header else {}, **more)


def basic(login: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()


def test_without_a_password_both_ways_are_offered(collect: Collect) -> None:
    answer = ask(collect, None)
    digest, plain = challenges(answer)
    assert message(answer)
    assert digest.startswith('Digest realm="Collector", qop="auth", algorithm=MD5, nonce="')
    assert plain == 'Basic realm="Collector", charset="UTF-8"'
    assert "stale" not in digest


def test_over_a_network_without_https_only_digest_is_taken(collect: Collect) -> None:
    """A password must not lie open on its way."""
    away = {"base_url": "http://survey.example.org", "environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    refused = ask(collect, basic(collect.card.login, collect.card.password), **away)
    assert [text.split()[0] for text in challenges(refused)] == ["Digest"]
    nonce = digest_challenge(refused)["nonce"] or ""
    assert ask(collect, digest_header(collect, nonce), **away).status_code == 200
    secure = away | {"base_url": "https://survey.example.org"}
    assert ask(collect, basic(collect.card.login, collect.card.password), **secure).status_code == 200


def test_each_count_of_a_nonce_is_taken_once(collect: Collect) -> None:
    nonce = digest_challenge(ask(collect, None))["nonce"] or ""
    assert ask(collect, digest_header(collect, nonce)).status_code == 200
    assert ask(collect, digest_header(collect, nonce, "00000002")).status_code == 200
    replayed = digest_challenge(ask(collect, digest_header(collect, nonce)))
    assert replayed["stale"] == "true"
    assert ask(collect, digest_header(collect, replayed["nonce"] or "")).status_code == 200


def test_a_nonce_that_is_not_ours_is_told_to_be_stale(collect: Collect) -> None:
    """The client then proves the same password with a new one by itself."""
    assert digest_challenge(ask(collect, digest_header(collect, "made.up.nonce")))["stale"] == "true"


@pytest.mark.parametrize(
    "changed",
    [
        {"response": "0" * 32},
        {"response": "é"},
        {"username": "collect-00000000"},
        {"uri": "/openrosa/other"},
        {"qop": "auth-int"},
        {"qop": ""},
        {"algorithm": "SHA-256"},
        {"nc": "1"},
        {"nc": "zzzzzzzz"},
        {"cnonce": ""},
        {"nonce": ""},
    ],
)
def test_a_proof_of_something_else_proves_nothing(collect: Collect, changed: dict[str, str]) -> None:
    nonce = digest_challenge(ask(collect, None))["nonce"] or ""
    given = digest_challenge(ask(collect, digest_header(collect, nonce, **changed)))
    assert "stale" not in given


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic !!!",
        "Basic eA==",
        "Digest",
        "Digest x",
        "Bearer x",
        'Digest username="a\\"',
        "Basic gIGC",
        "Basic YQA6YgA=",
    ],
)
def test_what_is_no_proof_is_refused(collect: Collect, header: str) -> None:
    assert challenges(ask(collect, header))


def test_a_proof_is_of_the_whole_address(collect: Collect) -> None:
    nonce = digest_challenge(ask(collect, None))["nonce"] or ""
    path = "/openrosa/formList?formID=a%20b"
    assert ask(collect, digest_header(collect, nonce, uri=path), path).status_code == 200
    whole = "http://localhost" + path
    assert ask(collect, digest_header(collect, nonce, "00000002", uri=whole), path).status_code == 200
    assert ask(collect, digest_header(collect, nonce, "00000003", uri=PATH), path).status_code == 401


def test_access_that_was_taken_back_is_none(collect: Collect, session: Session, people: People) -> None:
    revoke_device(session, session.scalars(select(Device)).one(), by=people.su.id)
    session.commit()
    assert collect.get("/formList").status_code == 401


def test_A79_wrong_passwords_have_to_wait(
    collect: Collect, with_collect: Callable[[User], Collect], people: People, session: Session
) -> None:
    """A79: after ten wrong passwords the right one waits, too, by whichever way; another address does not, and it ends by itself."""
    wrong = replace(collect, card=replace(collect.card, password="wrong"))
    for _ in range(TRIES):
        assert wrong.get("/formList").status_code == 401
    refused = collect.get("/formList")
    assert refused.status_code == 429
    assert "5 minutes" in message(refused)
    nonce = digest_challenge(ask(with_collect(people.mei), None))["nonce"] or ""
    assert ask(collect, digest_header(collect, nonce)).status_code == 429
    elsewhere = {"REMOTE_ADDR": "127.0.0.2"}
    assert ask(collect, digest_header(collect, nonce), environ_base=elsewhere).status_code == 200
    assert with_collect(people.mei).get("/formList").status_code == 200
    session.execute(update(FailedSignIn).values(at=utc_now() - WINDOW - timedelta(seconds=1)))
    session.commit()
    assert collect.get("/formList").status_code == 200


def test_right_passwords_write_nothing_down(collect: Collect, session: Session) -> None:
    for _ in range(TRIES + 1):
        assert collect.get("/formList").status_code == 200
    assert session.scalars(select(FailedSignIn)).all() == []


def test_passwords_and_tokens_are_not_each_other_s(collect: Collect, phone: Phone) -> None:
    """What is kept of both looks alike."""
    as_token = {"Authorization": f"Bearer {collect.card.password}"}
    assert collect.client.get("/sync/v1/pull", headers=as_token).status_code == 401
    assert ask(collect, basic(collect.card.login, phone.token)).status_code == 401
    assert ask(collect, f"Bearer {phone.token}").status_code == 401


def test_the_password_itself_is_kept_nowhere(collect: Collect, session: Session, app: Flask) -> None:
    stored = type_coerce(Device.digest, StoredBytes())
    token_hash, sealed = session.execute(select(Device.token_hash, stored)).one()
    assert collect.card.password not in f"{token_hash} {sealed!r}"
    assert secret_of(collect.card.login, REALM, collect.card.password).encode() not in sealed
    damaged = bindparam("damaged", sealed[:-1], type_=StoredBytes())
    session.execute(update(Device.__table__).values({Device.__table__.c.sealed_digest: damaged}))
    session.commit()
    nonce = digest_challenge(ask(collect, None))["nonce"] or ""
    assert ask(collect, digest_header(collect, nonce)).status_code == 401


def test_A79_counts_go_with_their_person(collect: Collect, session: Session, household: Version, app: Flask) -> None:
    """A79: somebody in the office with a like name is not kept waiting by a phone."""
    session.execute(delete(FailedSignIn))
    session.commit()
    ask(collect, basic("su", "wrong"))
    keys = fresh(session).scalars(select(FailedSignIn.key)).all()
    with app.app_context():
        assert sorted(keys) == sorted(marked(key) for key in (" tokens|127.0.0.1", "openrosa su|127.0.0.1"))


def test_the_example_of_the_standard() -> None:
    """RFC 7616, section 3.9.1, with MD5."""
    given = {
        "uri": "/dir/index.html",
        "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "nc": "00000001",
        "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        "qop": "auth",
        "response": "8ca523f5e9506fed4657c9700eebdbec",
    }
    secret = secret_of("Mufasa", "http-auth@example.org", "Circle of Life")
    assert is_right(secret, "GET", "/dir/index.html", given)
    assert not is_right(secret, "POST", "/dir/index.html", given)


def test_used_counts_are_forgotten_in_time(session: Session) -> None:
    now = utc_now()
    assert use_once(session, "n", "00000001", now)
    assert not use_once(session, "n", "00000001", now)
    assert use_once(session, "n", "00000002", now)
    session.execute(update(UsedNonce).values(made_at=now - timedelta(seconds=3 * NONCE_SECONDS)))
    assert use_once(session, "m", "00000001", now)
    assert session.scalar(select(func.count()).select_from(UsedNonce)) == 1
