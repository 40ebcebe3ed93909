"""What leaves in an export: only of the places that somebody answers for, personal answers and tests only where they are wanted."""

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from collector.store import Place, Questionnaire, Response, User, Version
from tests.conftest import HOUSEHOLD, People, Phone, Publish, sign_in
from tests.documents import fresh, make_document

IN_S1, IN_S2, NOWHERE = (f"{number:08d}-1111-4111-8111-111111111111" for number in range(3))


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    answer = client.get(f"/office/exports/{path}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def ids(client: FlaskClient, path: str) -> list[str]:
    return [row["response_id"] for row in rows(client, path)]


@pytest.fixture
def three(phone: Phone, places: dict[str, Place], household: Version) -> None:
    """A response in S1, one in S2, one of a place that nobody knows; each with a member and a photo."""
    for response_id, place in ((IN_S1, "C01"), (IN_S2, "C03"), (NOWHERE, "C99")):
        answers = {"place": place, "hh_size": "1", "members": [{"name": f"Name of {place}", "age": "30"}], "odd": "x"}
        phone.receipts(make_document(household, id=response_id, place=place, answers=answers))


@pytest.fixture
def others(app: Flask, three: None) -> FlaskClient:
    """A browser where nobody is signed in."""
    return app.test_client()


# Places


def test_nothing_of_places_outside_leaves__A81(others: FlaskClient, so: User) -> None:
    """A81: so answers for S1; what lies in S2, and what lies nowhere, is in none of the tables and not counted."""
    client = sign_in(others, "so")
    assert ids(client, "household.csv") == [IN_S1]
    assert ids(client, "household/members.csv") == [IN_S1]
    page = client.get("/office/exports/").text
    assert "1 response<" in page and "Only responses of the places that you answer for are exported." in page
    assert ids(client, "household.csv?test=1&personal=0&raw=1&bom=0") == [IN_S1]


def test_a_response_follows_its_place_into_the_scope__A81(
    others: FlaskClient, so: User, places: dict[str, Place], session: Session
) -> None:
    """C03 moves under S1: what came from there is So's from now on."""
    fresh(session).get_one(Place, places["C03"].id).parent_id = places["S1"].id
    session.commit()
    assert ids(sign_in(others, "so"), "household.csv") == [IN_S1, IN_S2]


def test_whoever_answers_for_all_places_gets_what_has_none_as_well(others: FlaskClient, three: None) -> None:
    client = sign_in(others, "su")
    assert ids(client, "household.csv") == [IN_S1, IN_S2, NOWHERE]
    page = client.get("/office/exports/").text
    assert "3 responses<" in page and "Only responses of the places" not in page


def test_a_reviewer_exports_nothing(others: FlaskClient, three: None) -> None:
    client = sign_in(others, "ren")
    for path in ("", "household.csv", "household/members.csv"):
        assert client.get(f"/office/exports/{path}").status_code == 403


# Personal answers


def test_an_analyst_without_personal_answers_gets_none(
    others: FlaskClient, session: Session, people: People, three: None
) -> None:
    """Not by any address; answers that no version asks for go too, since nobody has said what they are."""
    fresh(session).get_one(User, people.ana.id).sees_personal = False
    session.commit()
    client = sign_in(others, "ana")
    for path in ("household.csv", "household.csv?personal=1"):
        assert not {"photo", "other_answers"} & set(rows(client, path)[0])
        assert rows(client, path)[0]["hh_size"] == "1"
    [first, *_rest] = rows(client, "household/members.csv")
    assert (first["age"], "name" in first) == ("30", False)
    page = client.get("/office/exports/").text
    assert "Answers to personal questions are left out for your account." in page
    assert 'name="personal"' not in page


def test_anybody_may_leave_them_out(others: FlaskClient, three: None) -> None:
    client = sign_in(others, "ana")
    assert rows(client, "household/members.csv")[0]["name"] == "Name of C01"
    assert rows(client, "household.csv")[0]["other_answers"] == '{"odd":"x"}'
    assert "name" not in rows(client, "household/members.csv?personal=0")[0]
    assert "/office/exports/household/members.csv?personal=0" in client.get("/office/exports/?personal=0").text


def test_what_the_office_marks_is_what_is_left_out(others: FlaskClient, session: Session, three: None) -> None:
    fresh(session).execute(update(Questionnaire).values(personal_fields=["members/age", "hh_size"]))
    session.commit()
    client = sign_in(others, "su")
    [first, *_rest] = rows(client, "household/members.csv?personal=0")
    assert (first["name"], "age" in first) == ("Name of C01", False)
    main = rows(client, "household.csv?personal=0")[0]
    assert "photo" in main and "hh_size" not in main


def test_the_name_of_a_response_is_made_of_answers(
    others: FlaskClient, phone: Phone, publish: Publish, places: dict[str, Place]
) -> None:
    """It goes with the personal answers, whichever questions it is made of."""
    version = publish(
        HOUSEHOLD.replace("| version |", "| version | instance_name |").replace("| 1       |", "| 1 | ${place} |")
    )
    phone.receipts(make_document(version, id=IN_S1.replace("1111", "2222"), answers={"place": "C01", "hh_size": "1"}))
    client = sign_in(others, "su")
    assert "meta/instanceName" in rows(client, "household.csv")[0]
    assert "meta/instanceName" not in rows(client, "household.csv?personal=0")[0]


# Tests and the archive


def test_test_responses_go_out_only_if_wanted(others: FlaskClient, session: Session, three: None) -> None:
    fresh(session).execute(update(Response).where(Response.id == IN_S1).values(is_test=True))
    session.commit()
    client = sign_in(others, "su")
    assert ids(client, "household.csv") == ids(client, "household/members.csv") == [IN_S2, NOWHERE]
    assert ids(client, "household.csv?test=1") == [IN_S1, IN_S2, NOWHERE]
    assert "2 responses<" in client.get("/office/exports/").text
    with_tests = client.get("/office/exports/?test=1").text
    assert "3 responses<" in with_tests and "/office/exports/household.csv?test=1" in with_tests


def test_archived_questionnaires_are_listed_only_if_wanted(others: FlaskClient, three: None) -> None:
    client = sign_in(others, "su")
    client.post("/office/questionnaires/household/archive")
    assert "household.csv" not in client.get("/office/exports/").text
    assert "household.csv" in client.get("/office/exports/?archived=1").text
    assert len(ids(client, "household.csv")) == 3, "its responses can still be taken out"


def test_the_command_takes_the_same_choices(app: Flask, session: Session, three: None, tmp_path: Path) -> None:
    fresh(session).execute(update(Response).where(Response.id == IN_S1).values(is_test=True))
    session.commit()

    def exported(*options: str) -> list[list[str]]:
        done = app.test_cli_runner().invoke(args=["collector", "export", "household", str(tmp_path), *options])
        assert done.exit_code == 0, done.output
        with (tmp_path / "household-members.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    assert [len(exported()), len(exported("--with-test"))] == [3, 4]
    assert "name" in exported()[0] and "name" not in exported("--without-personal")[0]


# Dates


def test_dates_stay_the_day_that_was_answered__A65(
    others: FlaskClient, phone: Phone, publish: Publish, places: dict[str, Place]
) -> None:
    """A65: an answer 2025-05-15 given west of UTC is 2025-05-15, and the phone's times keep their offset, whoever reads them."""
    version = publish(
        HOUSEHOLD.replace(
            "| image          | photo   |", "| date | visited_on | Visited on | 日期 | | |\n| | image | photo |"
        )
    )
    phone.receipts(
        make_document(
            version,
            id="33333333-3333-4333-8333-333333333333",
            tz="America/Lima",
            started_at="2025-05-15T22:30:00.000-05:00",
            finished_at="2025-05-15T23:10:00.000-05:00",
            answers={"place": "C01", "hh_size": "1", "visited_on": "2025-05-15"},
        )
    )
    row = rows(sign_in(others, "su"), "household.csv")[-1]
    assert row["visited_on"] == "2025-05-15"
    assert row["started_at"] == "2025-05-15T22:30:00.000-05:00"
    assert row["finished_at"] == "2025-05-15T23:10:00.000-05:00"
