"""The second step of the sign-in: switching it on, codes that count once, recovery codes, the limit, and losing it."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.second_factor import matching_step, renew_codes, take_code
from collector.accounts.tries import TRIES
from collector.store import JournalEntry, User, utc_now
from tests.conftest import PASSWORD, People, sign_in
from tests.documents import fresh

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
STEP = int(NOON.timestamp()) // 30


def code_at(step: int) -> str:
    """The code of a time step."""
    return pyotp.TOTP(SECRET).generate_otp(step)


@pytest.fixture
def guarded(people: People, session: Session) -> User:
    """Su, with the second step on."""
    su = session.merge(people.su)
    su.totp_secret = SECRET
    session.commit()
    return su


def password(client: FlaskClient, right: bool = True) -> str | None:
    """The first step; gives where it leads."""
    answer = client.post("/office/sign-in", data={"login": "su", "password": PASSWORD if right else "wrong"})
    return answer.location


def code(client: FlaskClient, typed: str) -> int:
    """The second step; gives the status."""
    return client.post("/office/sign-in/code", data={"code": typed}).status_code


@pytest.mark.parametrize(
    ("step", "last", "expected"),
    [
        (STEP, None, STEP),
        (STEP - 1, None, STEP - 1),
        (STEP + 1, None, STEP + 1),
        (STEP - 2, None, None),
        (STEP + 2, None, None),
        (STEP, STEP, None),
        (STEP - 1, STEP, None),
        (STEP + 1, STEP, STEP + 1),
    ],
)
def test_which_codes_count(step: int, last: int | None, expected: int | None) -> None:
    """Of the present half-minute and its neighbours, and each only once, with all before it."""
    assert matching_step(SECRET, code_at(step), NOON, last) == expected


def test_a_code_counts_once(guarded: User, session: Session) -> None:
    """Whoever looked over the shoulder comes too late; so it is for a recovery code."""
    now = code_at(STEP)
    assert take_code(session, guarded, f" {now[:3]} {now[3:]} ", NOON)
    assert not take_code(session, guarded, now, NOON)
    recovery = renew_codes(session, guarded)
    assert len(set(recovery)) == 10
    assert take_code(session, guarded, recovery[3].lower(), NOON)
    assert not take_code(session, guarded, recovery[3], NOON)
    assert len(guarded.recovery_codes) == 9
    assert not any(plain.replace("-", "") in str(guarded.recovery_codes) for plain in recovery), "only hashes are kept"


def test_without_a_second_step_no_code_counts(people: People, session: Session) -> None:
    su = session.merge(people.su)
    assert not take_code(session, su, "", NOON) and not take_code(session, su, code_at(STEP), NOON)


def test_signing_in_takes_both_steps(client: FlaskClient, guarded: User) -> None:
    """The password alone opens nothing; a wrong code neither; then the page that was asked for opens."""
    answer = client.post("/office/sign-in", data={"login": "su", "password": PASSWORD, "next": "/office/people?q=wei"})
    assert answer.location.startswith("/office/sign-in/code?next=")
    assert client.get("/office/people").status_code == 302
    assert code(client, "000000x") == 401
    page = client.get(answer.location).text
    asked = re.search(r'name="next"[^>]*value="([^"]*)"', page)[1]  # type: ignore[index]
    data = {"code": pyotp.TOTP(SECRET).now(), "next": asked}
    assert client.post("/office/sign-in/code", data=data).location == "/office/people?q=wei"
    assert client.get("/office/people").status_code == 200


def test_the_second_step_without_the_first(client: FlaskClient, guarded: User) -> None:
    """Back to the beginning, as it is when the password was typed long ago."""
    assert client.get("/office/sign-in/code").location == "/office/sign-in"
    assert code(client, pyotp.TOTP(SECRET).now()) == 302
    password(client)
    with client.session_transaction() as cookie:
        cookie["second_step"] = cookie["second_step"] | {"at": int((utc_now() - timedelta(minutes=11)).timestamp())}
    assert client.get("/office/sign-in/code").location == "/office/sign-in"


def test_A79_wrong_codes_count_with_wrong_passwords(client: FlaskClient, guarded: User) -> None:
    """A79: ten wrong codes make the next one wait, right or not, and typing the password again begins no new count."""
    password(client)
    for number in range(TRIES):
        assert code(client, "wrong") == 401, number
        if number == TRIES // 2:
            assert password(client) is not None
    assert code(client, pyotp.TOTP(SECRET).now()) == 429
    assert client.post("/office/sign-in", data={"login": "su", "password": PASSWORD}).status_code == 429


def test_A79_wrong_codes_count_from_whatever_address(client: FlaskClient, guarded: User) -> None:
    """A79: who knows the password cannot try more codes by changing the address."""
    password(client)
    for number in range(TRIES):
        address = {"REMOTE_ADDR": f"10.0.0.{number}"}
        assert client.post("/office/sign-in/code", data={"code": "wrong"}, environ_base=address).status_code == 401
    elsewhere = {"REMOTE_ADDR": "10.0.1.1"}
    assert client.post("/office/sign-in/code", data={"code": "wrong"}, environ_base=elsewhere).status_code == 429


def test_a_new_password_ends_what_was_begun(client: FlaskClient, app: Flask, guarded: User) -> None:
    """Between the steps the password was reset: the first step no longer counts."""
    password(client)
    sign_in(app.test_client(), "lin").post(f"/office/people/{guarded.id}/password")
    assert code(client, pyotp.TOTP(SECRET).now()) == 401


def test_switching_it_on(su: FlaskClient, people: People, session: Session) -> None:
    """Secret as text and QR code; it is on only after a code of it; ten recovery codes are shown once, each lets in."""
    page = su.get("/office/account/second-step").text
    secret = re.search(r"data-secret>([^<]+)<", page)[1].replace(" ", "")  # type: ignore[index]
    assert "data:image/svg+xml" in page and len(secret) == 32
    assert su.post("/office/account/second-step", data={"code": "123"}).status_code == 400
    assert fresh(session).get(User, people.su.id).totp_secret is None  # type: ignore[union-attr]
    codes = su.post("/office/account/second-step", data={"code": pyotp.TOTP(secret).now()}).text
    recovery = re.findall(r"codes__line\">([A-Z2-7-]+)<", codes)
    assert len(recovery) == 10
    assert su.get("/office/account/second-step").location == "/office/account"
    assert "10 recovery codes left" in su.get("/office/account").text
    su.post("/office/sign-out")
    password(su)
    assert code(su, pyotp.TOTP(secret).now()) == 401, "the code that switched it on is used up"
    assert code(su, recovery[0]) == 302
    page = su.get("/office/account").text
    assert "9 recovery codes left" in page and recovery[1] not in page


def test_changing_it_asks_for_the_password(su: FlaskClient, people: People, session: Session) -> None:
    """New recovery codes, and switching it off."""
    session.merge(people.su).totp_secret = SECRET
    session.commit()
    for what in ("recovery-codes", "second-step/off"):
        answer = su.post(f"/office/account/{what}", data={"password": "wrong"})
        assert answer.status_code == 400 and "This is not your password." in answer.text
    assert su.post("/office/account/recovery-codes", data={"password": PASSWORD}).text.count("codes__line") == 10
    assert su.post("/office/account/second-step/off", data={"password": PASSWORD}).status_code == 302
    kept = fresh(session).get(User, people.su.id)
    assert kept is not None and (kept.totp_secret, kept.recovery_codes) == (None, [])


def test_an_owner_helps_who_lost_it(app: Flask, client: FlaskClient, people: People, session: Session) -> None:
    """Only an owner, only when it is on; it is in the journal, and the password alone is enough again."""
    session.merge(people.ren).totp_secret = SECRET
    session.commit()
    address = f"/office/people/{people.ren.id}/second-step/off"
    su, lin = sign_in(app.test_client(), "su"), sign_in(client, "lin")
    assert su.post(address).status_code == 403
    assert "Switch the second step off" in lin.get(f"/office/people/{people.ren.id}/password").text
    assert lin.post(address).status_code == 302
    assert lin.post(address).status_code == 403
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "user.second_step_off")).one()
    assert (entry.user_id, entry.subject) == (people.lin.id, people.ren.id)
    sign_in(app.test_client(), "ren")
