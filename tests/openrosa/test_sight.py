"""What a volunteer's client can do to the responses of others: nothing."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import File, Place, Response, Revision, User, Version
from tests.conftest import People, Phone
from tests.documents import ID, fresh, make_document
from tests.openrosa.collect import INSTANCE, PHOTO, RESPONSE, SECOND, WITH_PHOTO, Collect, documents, submission

OTHER_PHOTO = PHOTO + b" of somebody else"


def files_of(session: Session, response_id: str) -> list[int]:
    """Sizes of the files that came for a response."""
    return list(fresh(session).scalars(select(File.size_bytes).where(File.response_id == response_id)))


def test_nobody_corrects_the_response_of_another_volunteer(
    collect: Collect,
    with_collect: Callable[[User], Collect],
    people: People,
    household: Version,
    places: dict[str, Place],
    session: Session,
) -> None:
    """By its instance id; what they sent is kept beside it."""
    collect.submit(submission(WITH_PHOTO), {"17.jpg": PHOTO})
    changed = submission(WITH_PHOTO.replace("4", "9"), instance_id=SECOND, deprecated_id=INSTANCE)
    for _again in range(2):
        assert with_collect(people.mei).submit(changed, {"17.jpg": OTHER_PHOTO}).status_code == 201
    assert [document["answers"]["hh_size"] for document in documents(session)] == ["4"]
    assert files_of(session, RESPONSE) == [len(PHOTO)]
    own_id = SECOND.removeprefix("uuid:")
    own = fresh(session).get_one(Response, own_id)
    assert (own.author_id, own.current_revision, own.missing_files) == (people.mei.id, 1, 0)
    assert [flag["code"] for flag in session.get_one(Revision, (own_id, 1)).flags] == ["edition_of_unknown"]


def test_nobody_writes_under_the_id_of_another_volunteer_s_response(
    collect: Collect,
    with_collect: Callable[[User], Collect],
    people: People,
    household: Version,
    places: dict[str, Place],
    session: Session,
) -> None:
    """Nor adds a file of the same name, which would count as the newer one."""
    collect.submit(submission(WITH_PHOTO), {"17.jpg": PHOTO})
    mei = with_collect(people.mei)
    for _again in range(2):
        assert mei.submit(submission(WITH_PHOTO.replace("4", "9")), {"17.jpg": OTHER_PHOTO}).status_code == 201
    first = fresh(session).get_one(Response, RESPONSE)
    assert (first.current_revision, first.is_conflicted, len(documents(session))) == (1, False, 1)
    assert files_of(session, RESPONSE) == [len(PHOTO)]
    [other] = session.scalars(select(Response).where(Response.id != RESPONSE))
    assert (other.author_id, other.missing_files) == (people.mei.id, 0)
    assert [one["answers"]["hh_size"] for one in documents(session, other.id)] == ["9"]


def test_a_response_of_our_own_phone_is_not_changed_by_its_id(
    phone: Phone,
    with_collect: Callable[[User], Collect],
    people: People,
    household: Version,
    places: dict[str, Place],
    session: Session,
) -> None:
    phone.receipts(make_document(household, author=people.wei.id))
    answer = with_collect(people.mei).submit(submission(instance_id=f"uuid:{ID}"), {"17.jpg": PHOTO})
    assert answer.status_code == 201
    assert len(documents(session, ID)) == 1 and files_of(session, ID) == []


def test_the_password_of_a_client_opens_nothing_else(
    app: Flask, client: FlaskClient, collect: Collect, household: Version
) -> None:
    """Not the phone's API, not the API for programs, not that of ODK Central."""
    bearer = {"Authorization": f"Bearer {collect.card.password}"}
    assert client.get("/sync/v1/pull", headers=bearer).status_code == 401
    assert client.get("/api/v1/me", headers=bearer).status_code == 401
    assert client.get("/v1/users/current", headers=bearer).status_code == 401
    assert client.get("/v1/users/current", headers=collect.headers).status_code == 401
