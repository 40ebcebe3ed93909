"""Submissions of ODK Collect: stored once, whatever number of requests they come in, with all that they hold."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.accounts.operations import deactivate_user
from collector.intake.deletion import delete_response
from collector.questionnaires.instances import MAX_INSTANCE_BYTES
from collector.settings import MAX_FILE_BYTES
from collector.store import (
    Device,
    File,
    Instance,
    Place,
    QuarantinedDocument,
    Response,
    Revision,
    User,
    Version,
)
from tests.conftest import People, Publish
from tests.documents import fresh
from tests.openrosa.collect import (
    INSTANCE,
    PHOTO,
    RESPONSE,
    SECOND,
    WITH_PHOTO,
    Collect,
    documents,
    message,
    submission,
)


def test_a_submission_is_a_response(
    collect: Collect, household: Version, places: dict[str, Place], people: People, session: Session
) -> None:
    body = "<place>C01</place><hh_size>3</hh_size><members><name>王</name><age>30</age></members>"
    xml = submission(body)
    answer = collect.submit(xml)
    assert answer.status_code == 201, answer.text
    assert message(answer) == "Received. Thank you."
    response = session.get_one(Response, RESPONSE)
    device = session.scalars(select(Device)).one()
    assert (response.place_id, response.author_id, response.version_id) == (
        places["C01"].id,
        people.wei.id,
        household.id,
    )
    [document] = documents(session)
    assert document["answers"] == {
        "place": "C01",
        "hh_size": "3",
        "members": [{"name": "王", "age": "30"}],
        "meta": {"instanceID": INSTANCE},
    }
    assert (document["source"], document["xml"], document["device"]) == ("openrosa", xml, device.id)
    assert session.get_one(Revision, (RESPONSE, 1)).flags == []
    assert device.last_seen_at is not None


def test_the_same_again_is_the_same_response(collect: Collect, household: Version, session: Session) -> None:
    for _ in range(3):
        assert collect.submit(submission()).status_code == 201
    assert len(documents(session)) == 1
    assert session.scalars(select(Instance.instance_id)).all() == [INSTANCE]


def test_the_same_again_with_new_access_or_after_a_new_version_is_the_same_response(
    collect: Collect,
    household: Version,
    publish: Publish,
    people: People,
    with_collect: Callable[[User], Collect],
    session: Session,
) -> None:
    assert collect.submit(submission(version="0")).status_code == 201
    publish(
        """
        | survey   |
        |          | type         | name    | label |
        |          | begin repeat | place   | Place |
        |          | text         | x       | X     |
        |          | end repeat   |         |       |
        | settings |
        |          | form_title | form_id   | version |
        |          | Household  | household | 2       |
        """
    )
    assert with_collect(people.wei).submit(submission(version="0")).status_code == 201
    assert len(documents(session)) == 1
    assert not session.get_one(Response, RESPONSE).is_conflicted


def test_twins_at_the_same_moment_are_one(
    collect: Collect, household: Version, session: Session, app: Any, data_dir: Path
) -> None:
    xml = submission(WITH_PHOTO)

    def send(_number: int) -> int:
        status: int = Collect(app.test_client(), collect.card).submit(xml, {"17.jpg": PHOTO}).status_code
        return status

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(send, range(6))) == [201] * 6
    assert len(documents(session)) == 1
    assert session.scalar(select(func.count()).select_from(File)) == 1
    assert session.get_one(Response, RESPONSE).missing_files == 0


def test_times_come_from_the_form_s_own_questions(collect: Collect, publish: Publish, session: Session) -> None:
    publish(
        """
        | survey   |
        |          | type  | name  | label |
        |          | start | begun |       |
        |          | end   | ended |       |
        |          | text  | t     | T     |
        | settings |
        |          | form_title | form_id | version | instance_name |
        |          | Timed      | timed   | 1       | ${t}          |
        """
    )
    body = "<begun>2026-03-28T09:43:10.000+08:00</begun><ended>2026-03-28T09:51:44.000+08:00</ended><t>x</t>"
    xml = submission(body, form="timed").replace("<meta>", "<meta><instanceName>x</instanceName>")
    assert collect.submit(xml).status_code == 201
    response = fresh(session).get_one(Response, RESPONSE)
    assert response.started_at == "2026-03-28T09:43:10.000+08:00"
    assert response.finished_at == "2026-03-28T09:51:44.000+08:00"
    assert response.instance_name == "x"
    [document] = documents(session)
    assert document["tz"] == "Etc/GMT-8"
    assert session.get_one(Revision, (RESPONSE, 1)).flags == []


def test_what_has_no_place_waits_for_a_supervisor_and_the_phone_is_told_so(collect: Collect, session: Session) -> None:
    answer = collect.submit(submission(WITH_PHOTO, form="strange"), {"17.jpg": PHOTO})
    assert answer.status_code == 201
    assert "does not know this response's questionnaire" in message(answer)
    kept = fresh(session).scalars(select(QuarantinedDocument)).one()
    assert (kept.reason, kept.response_id) == ("form_unknown", RESPONSE)
    assert collect.submit(submission(WITH_PHOTO, form="strange"), {"17.jpg": PHOTO}).status_code == 201
    assert fresh(session).scalar(select(func.count()).select_from(QuarantinedDocument)) == 1
    assert session.scalar(select(File.completed_at)) is not None


def test_an_unknown_version_is_stored_and_flagged(collect: Collect, household: Version, session: Session) -> None:
    body = "<place>C01</place><members><name>a</name></members><photo>1.jpg</photo>"
    assert collect.submit(submission(body, version="99"), {"1.jpg": PHOTO}).status_code == 201
    [document] = documents(session)
    assert document["answers"]["members"] == [{"name": "a"}]
    assert "unknown_version" in [flag["code"] for flag in session.get_one(Revision, (RESPONSE, 1)).flags]
    assert session.get_one(Response, RESPONSE).missing_files == 0


def test_what_was_deleted_stays_so(collect: Collect, household: Version, people: People, session: Session) -> None:
    collect.submit(submission(WITH_PHOTO), {"17.jpg": PHOTO})
    delete_response(fresh(session), RESPONSE, reason="test", note="", by=people.su.id)
    session.commit()
    answer = collect.submit(submission(WITH_PHOTO), {"17.jpg": PHOTO})
    assert answer.status_code == 201
    assert "deleted this response" in message(answer)
    edited = submission(WITH_PHOTO.replace("4", "5"), instance_id=SECOND, deprecated_id=INSTANCE)
    assert collect.submit(edited, {"17.jpg": PHOTO}).status_code == 201
    assert fresh(session).get(Response, RESPONSE) is None
    assert session.scalars(select(QuarantinedDocument.reason)).all() == ["id_deleted"]
    assert session.scalar(select(func.count()).select_from(File)) == 0


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        ("", 400),
        ("not xml", 400),
        ("<data id='household'><a></data>", 400),
        ("<data/>", 400),
        ('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><data id="household"><place>&x;</place></data>', 400),
        ('<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><data id="household"><place>&b;</place></data>', 400),
        (f"<data id='household'><place>{'x' * MAX_INSTANCE_BYTES}</place></data>", 413),
        ('<data id="household" encrypted="yes"><base64EncryptedKey>x</base64EncryptedKey></data>', 400),
        (f"<data id='household'>{'<a>' * 3000}{'</a>' * 3000}</data>", 400),
    ],
)
def test_what_is_no_submission_is_refused_in_words(
    collect: Collect, household: Version, session: Session, xml: str, status: int
) -> None:
    answer = collect.submit(xml)
    assert answer.status_code == status
    assert message(answer)
    assert "root:" not in answer.text
    assert fresh(session).scalar(select(func.count()).select_from(Response)) == 0


def test_odd_answers_are_kept_somewhere(collect: Collect, household: Version, session: Session) -> None:
    """Too large for a response, an id that is none, a root of another form: nothing that is XML is refused."""
    odd = [
        submission(f"<place>{'x' * 1_100_000}</place>", instance_id="uuid:1"),
        submission(instance_id=""),
        submission(instance_id="x" * 400),
        submission("<place><a>1</a></place><members>text</members>", instance_id="uuid:2"),
        submission("<place>\U0001f3e0&#9;</place>", instance_id="uuid:3").encode("utf-16"),
        submission(version="1" * 300, instance_id="uuid:4"),
        submission(form="f" * 300, instance_id="uuid:5"),
    ]
    for xml in odd:
        if isinstance(xml, bytes):
            xml = xml.replace("<?xml version='1.0' ?>".encode("utf-16-le"), b"")
        assert collect.submit(xml).status_code == 201
    kept = fresh(session).scalar(select(func.count()).select_from(QuarantinedDocument)) or 0
    assert kept + (session.scalar(select(func.count()).select_from(Response)) or 0) == len(odd)


def test_other_bodies_are_refused(collect: Collect, household: Version) -> None:
    post = collect.client.post
    xml = submission()
    plain = post("/openrosa/submission", data=xml, headers=collect.headers | {"Content-Type": "text/xml"})
    assert (plain.status_code, bool(message(plain))) == (415, True)
    empty = post("/openrosa/submission", data={"x": "y"}, headers=collect.headers, content_type="multipart/form-data")
    assert empty.status_code == 400
    broken = post(
        "/openrosa/submission",
        data=b"--b\r\nnonsense",
        headers=collect.headers | {"Content-Type": "multipart/form-data; boundary=b"},
    )
    assert broken.status_code == 400
    field = post(
        "/openrosa/submission",
        data={"xml_submission_file": xml},
        headers=collect.headers,
        content_type="multipart/form-data",
    )
    assert field.status_code == 201


def test_who_has_left_sends_no_more(collect: Collect, household: Version, people: People, session: Session) -> None:
    deactivate_user(session, session.merge(people.wei), by=None)
    session.commit()
    assert collect.submit(submission()).status_code == 401


def test_before_much_is_sent_a_client_may_ask(collect: Collect) -> None:
    answer = collect.client.head("/openrosa/submission?deviceID=x", headers=collect.headers)
    assert answer.status_code == 204
    assert answer.headers["Location"].endswith("/openrosa/submission")
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    assert int(answer.headers["X-OpenRosa-Accept-Content-Length"]) == MAX_FILE_BYTES


def test_it_speaks_the_volunteer_s_language(
    collect: Collect, household: Version, people: People, session: Session
) -> None:
    people.wei.language = "zh"
    session.merge(people.wei)
    session.commit()
    answer = collect.submit(submission(form="strange"))
    assert "督导员" in message(answer)
