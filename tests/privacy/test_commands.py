"""`collector erase`: somebody asks to be forgotten, and is known by their number."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Response, Version
from tests.conftest import Phone
from tests.documents import ID, fresh
from tests.privacy.conftest import SECRETS, answers, visited
from tests.privacy.test_erasing import everything

OTHER_ID = "22222222-2222-4222-8222-222222222222"


def erase(app: Flask, *arguments: str, given: bytes | None = None) -> tuple[int, str]:
    """`given`: what comes on standard input."""
    done = app.test_cli_runner().invoke(args=["collector", "erase", *arguments], input=given)
    return done.exit_code, done.output


def test_by_the_answer_to_a_question_whatever_revision_has_it(
    app: Flask, phone: Phone, visit: Version, session: Session
) -> None:
    other = answers(who={"nick": "Else", "contact": "13900002222"}, members=None, greeting=None, meta=None)
    phone.receipts(visited(visit, phone), visited(visit, phone, base=1, answers=answers(who={"nick": "Xiaoming"})))
    phone.receipts(visited(visit, phone, id=OTHER_ID, answers=other, files=[], instance_name="Else"))
    wanted = ("--form", "visit", "--where", "contact=138-0000 1111")
    assert erase(app, *wanted, "--dry-run") == (0, f"{ID}\n1 responses; nothing was erased.\n")
    assert erase(app, *wanted, "--note", "Asked") == (0, f"{ID}\n1 responses: personal answers erased.\n")
    found = everything(session)
    assert not any(secret in found for secret in SECRETS) and "Else" in found


def test_the_answer_may_come_on_standard_input(app: Flask, phone: Phone, visit: Version) -> None:
    phone.receipts(visited(visit, phone))
    wanted = ("--form", "visit", "--dry-run", "--where")
    for given in (b"138-0000 1111\n", b"13800001111", "１３８００００１１１１\r\n".encode()):
        assert erase(app, *wanted, "contact=-", given=given) == (0, f"{ID}\n1 responses; nothing was erased.\n")
    assert erase(app, *wanted, "contact=-", given=b"13900002222\n") == (0, "0 responses; nothing was erased.\n")
    # Only a value that is all of it: one may be below zero.
    assert erase(app, *wanted, "contact=-13800001111", given=b"13900002222\n")[1].startswith(ID)


def test_what_is_no_value_on_standard_input_erases_nothing(app: Flask, phone: Phone, visit: Version) -> None:
    phone.receipts(visited(visit, phone, answers=answers(who={"nick": "Wei", "contact": ""})))
    wanted = ("--form", "visit", "--where")
    # Of what says nothing when values are compared, every blank answer would be one.
    for given in (b"", b"\n", b" - \n", b"-"):
        code, output = erase(app, *wanted, "contact=-", given=given)
        assert code == 1 and "the value on standard input" in output
    assert "the value on standard input" in erase(app, *wanted, "contact=()")[1]
    assert "more than one line" in erase(app, *wanted, "contact=-", given=b"13800001111\n13900002222\n")[1]
    assert "not UTF-8" in erase(app, *wanted, "contact=-", given="王".encode("gbk"))[1]


def test_by_ids(app: Flask, phone: Phone, visit: Version, session: Session) -> None:
    phone.receipts(visited(visit, phone))
    code, output = erase(app, ID, OTHER_ID, "--extent", "all")
    assert code == 1 and f"There is no response {OTHER_ID}" in output
    assert fresh(session).scalars(select(Response.erased)).one() == ""
    assert erase(app, ID, "--extent", "all") == (0, f"{ID}\n1 responses: all answers erased.\n")


def test_what_makes_no_sense_is_told(app: Flask, visit: Version) -> None:
    for arguments in ((), ("--form", "visit"), (ID, "--form", "visit", "--where", "a=b")):
        code, output = erase(app, *arguments)
        assert code == 1 and "Give the ids of responses" in output
    assert "There is no questionnaire" in erase(app, "--form", "none", "--where", "a=b")[1]
    assert "QUESTION=VALUE" in erase(app, "--form", "visit", "--where", "contact")[1]
