"""Two calls at the same moment, and a disk that takes nothing: what is stored stays true of what has arrived."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.intake import operations as intake
from collector.questionnaires.engine import shared_engine
from collector.store import File, Place, Response, Revision, Version
from collector.store.session import reading, writing
from tests.conftest import Phone, Publish
from tests.documents import ID, make_document
from tests.sync.test_files import JPEG, create, entry, patch


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def other_phone(app: Flask, phone: Phone) -> Phone:
    """The same phone over another connection."""
    return Phone(app.test_client(), phone.device, phone.token, phone.user)


@pytest.mark.parametrize("is_revision", [False, True])
def test_a_file_that_completes_while_its_response_is_being_stored_is_not_missing(
    phone: Phone, app: Flask, session: Session, household: Version, is_revision: bool
) -> None:
    file = entry("a.jpg", JPEG)
    if is_revision:
        phone.receipts(make_document(household))
    document = make_document(household, files=[file], base=1 if is_revision else None)
    location = create(phone, file).headers["Location"]
    begun = Event()

    def finish_file() -> int:
        begun.set()
        return int(patch(other_phone(app, phone), location, 0, JPEG).status_code)

    with ThreadPoolExecutor(1) as pool:
        with app.app_context():
            sender = intake.Sender(phone.device.id, None)
            prepared = intake.prepare(reading(), [document], sender, shared_engine())
            with writing() as store:
                [receipt] = intake.store(store, prepared, sender)
                patching = pool.submit(finish_file)
                begun.wait()
                with pytest.raises(TimeoutError):
                    patching.result(0.5)
        assert receipt["missing_files"] == ["a.jpg"]
        assert patching.result(30) == 204
    session.rollback()
    assert session.get_one(Response, ID).missing_files == 0


def test_two_pushes_of_the_same_responses_in_opposite_order_both_get_their_receipts__A02(
    phone: Phone, app: Flask, session: Session, household: Version
) -> None:
    for round_number in range(4):
        documents = [
            make_document(household, id=f"{round_number:04d}{number:04d}-1111-4111-8111-111111111111")
            for number in range(25)
        ]

        def push(order: list[str]) -> int:
            return int(other_phone(app, phone).push(*order).status_code)

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(push, [documents, documents[::-1]])) == [200, 200]
    assert session.scalar(select(func.count()).select_from(Response)) == 100
    assert session.scalar(select(func.count()).select_from(Revision)) == 100


def test_fifty_contents_under_one_id_are_fifty_revisions_from_two_phones_at_once__A03(
    phone: Phone, app: Flask, session: Session, household: Version
) -> None:
    documents = [make_document(household, answers={"place": "C01", "hh_size": str(size)}) for size in range(50)]

    def push(order: list[str]) -> list[dict[str, Any]]:
        return other_phone(app, phone).receipts(*order)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(push, [documents, documents[::-1]]))
    numbers = sorted(session.scalars(select(Revision.number).where(Revision.response_id == ID)))
    assert numbers == list(range(1, 51))


def test_a_folder_that_takes_no_files_is_told_as_unavailable_and_loses_nothing(
    phone: Phone, session: Session, data_dir: Path
) -> None:
    file = entry("a.jpg", JPEG)
    location = create(phone, file).headers["Location"]
    folder, aside = data_dir / "files", data_dir / "files-aside"
    if folder.exists():
        folder.rename(aside)
    folder.write_text("no folder")
    try:
        answer = patch(phone, location, 0, JPEG)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (503, "unavailable")
        assert session.scalars(select(File)).one().offset_bytes == 0
    finally:
        folder.unlink()
        if aside.exists():
            aside.rename(folder)
    assert patch(phone, location, 0, JPEG).status_code == 204


def test_an_upload_begun_with_a_wrong_length_does_not_block_the_file(phone: Phone) -> None:
    file = entry("a.jpg", JPEG)
    wrong = create(phone, file | {"size": 10}).headers["Location"]
    assert patch(phone, wrong, 0, JPEG[:4]).status_code == 204
    right = create(phone, file)
    assert (right.headers["Location"], right.headers["Upload-Offset"]) == (wrong, "0")
    assert patch(phone, wrong, 0, JPEG).status_code == 204


def test_an_empty_file_with_another_sha256_is_no_finished_upload(phone: Phone) -> None:
    answer = create(phone, entry("a.jpg", JPEG) | {"size": 0})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (460, "upload_checksum_differs")


ENDLESS = """
| survey   |
|          | type  | name | label::English (en) | constraint |
|          | text  | q    | Question            | regex(., '^(a+)+$') |
| settings |
|          | form_title | form_id |
|          | Endless    | endless |
"""


def test_a_constraint_that_never_ends_flags_responses_and_answers_in_time(
    phone: Phone, publish: Publish, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the limit for a whole push, fifty such responses took 100 seconds, longer than a phone waits."""
    monkeypatch.setattr(intake, "CHECK_SECONDS", 1)
    version = publish(ENDLESS)
    answers = {"q": "a" * 40 + "!"}
    documents = [
        make_document(version, form="endless", id=f"{number:08d}-1111-4111-8111-111111111111", answers=answers)
        for number in range(50)
    ]
    begun = monotonic()
    receipts = phone.receipts(*documents)
    assert monotonic() - begun < 15
    assert {receipt["status"] for receipt in receipts} == {"stored"}
    assert all(
        "check_timed_out" in {flag["code"] for flag in flags} for flags in session.scalars(select(Revision.flags))
    )
