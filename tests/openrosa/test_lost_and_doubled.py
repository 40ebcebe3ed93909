"""What comes late, twice or in another order from ODK Collect is one response, and what was deleted stays so."""

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.intake.deletion import delete_response
from collector.store import QuarantinedDocument, Response, Revision, Version
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

EDITED = submission(WITH_PHOTO.replace("4", "5"), instance_id=SECOND, deprecated_id=INSTANCE)
STRANGE = """
| survey   |
|          | type  | name     | label |
|          | text  | place    | Place |
|          | text  | hh_size  | Size  |
|          | image | photo    | Photo |
| settings |
|          | form_title | form_id | version | place_path |
|          | Strange    | strange | 1       | place      |
"""


def count(session: Session, table: type) -> int:
    return fresh(session).scalar(select(func.count()).select_from(table)) or 0


def test_an_edit_that_comes_before_what_it_corrects_is_no_second_response(
    collect: Collect, household: Version, session: Session
) -> None:
    """Both are kept in one response, and a supervisor chooses."""
    for _ in range(2):
        assert collect.submit(EDITED).status_code == 201
        assert collect.submit(submission(WITH_PHOTO), {"17.jpg": PHOTO}).status_code == 201
    assert count(session, Response) == 1
    assert [document["answers"]["hh_size"] for document in documents(session)] == ["5", "4"]
    response = session.get_one(Response, RESPONSE)
    assert (response.current_revision, response.is_conflicted, response.missing_files) == (1, True, 0)


def test_an_edit_that_was_deleted_with_its_response_stays_so(
    collect: Collect, household: Version, people: People, session: Session
) -> None:
    collect.submit(submission(WITH_PHOTO))
    collect.submit(EDITED)
    delete_response(fresh(session), RESPONSE, reason="test", note="", by=people.su.id)
    session.commit()
    answer = collect.submit(EDITED, {"17.jpg": PHOTO})
    assert (answer.status_code, "deleted this response" in message(answer)) == (201, True)
    assert (count(session, QuarantinedDocument), count(session, Response)) == (0, 0)


def accept(su: FlaskClient, session: Session) -> str:
    """Accept what waits in quarantine. Gives the response's id."""
    [kept] = fresh(session).scalars(select(QuarantinedDocument)).all()
    assert su.post(f"/office/quarantine/{kept.id}/accept", data={}).status_code == 302
    [accepted] = fresh(session).scalars(select(QuarantinedDocument.accepted_as)).all()
    assert accepted is not None
    return accepted


def test_what_was_accepted_is_known_when_its_files_come_and_when_it_is_corrected(
    collect: Collect, publish: Publish, su: FlaskClient, session: Session
) -> None:
    """Its questionnaire became known in between, so that the XML would be read otherwise now."""
    xml = submission(WITH_PHOTO, form="strange")
    assert collect.submit(xml).status_code == 201
    publish(STRANGE)
    response_id = accept(su, session)
    assert fresh(session).get_one(Response, response_id).missing_files == 1
    assert collect.submit(xml, {"17.jpg": PHOTO}).status_code == 201
    assert (len(documents(session, response_id)), count(session, Response)) == (1, 1)
    assert session.get_one(Response, response_id).missing_files == 0
    edited = submission(WITH_PHOTO.replace("4", "5"), form="strange", instance_id=SECOND, deprecated_id=INSTANCE)
    assert collect.submit(edited).status_code == 201
    assert [document["base"] for document in documents(session, response_id)] == [None, 1]
    response = session.get_one(Response, response_id)
    assert (response.current_revision, response.is_conflicted, count(session, Response)) == (2, False, 1)
    assert count(session, Revision) == 2
