"""`collector user …`: people of the office from the command line, for when nobody can sign in."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import JournalEntry, User
from collector.store.people import ANALYST
from tests.conftest import People
from tests.documents import fresh


def run(app: Flask, *command: str) -> tuple[int, str]:
    """Run `flask collector user …`; gives its status and what it printed."""
    done = app.test_cli_runner().invoke(args=["collector", "user", *command])
    return done.exit_code, done.output


def test_adding_somebody_of_any_role(app: Flask, session: Session) -> None:
    """The password is printed once; a volunteer is not somebody of the office."""
    status, printed = run(app, "add", "Ning", "--name", "Ning", "--role", ANALYST)
    assert status == 0 and printed.startswith("Ning: ")
    assert session.scalars(select(User)).one().role == ANALYST
    assert run(app, "add", "ning", "--name", "Other")[0] != 0
    assert run(app, "add", "wei", "--name", "Wei", "--role", "volunteer")[0] != 0


def test_an_owner_who_lost_password_and_second_step(
    app: Flask, client: FlaskClient, people: People, session: Session
) -> None:
    """A new password, and the second step off; both are in the journal."""
    session.merge(people.lin).totp_secret = "JBSWY3DPEHPK3PXP"
    session.commit()
    status, printed = run(app, "reset", "LIN")
    assert status == 0
    password = printed.split()[-1]
    answer = client.post("/office/sign-in", data={"login": "lin", "password": password})
    assert answer.location == "/office/board"
    done = fresh(session).scalars(select(JournalEntry.action).where(JournalEntry.subject == people.lin.id))
    assert {"user.set_password", "user.second_step_off"} <= set(done)
    assert run(app, "reset", "nobody")[0] != 0
