"""Importing volunteers in the office: upload, preview, then adding them with their cards."""

import io
import re

from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Assignment, Place, QuestionnaireAssignment, User, Version
from collector.store.contents import Contents
from tests.conftest import People, sign_in, uploads_with
from tests.documents import fresh

TABLE = "姓名,语言,社区,问卷\nHua,,C01;C02,household\nMin,en,C03,\nWei,,C77,\n"
ADDRESS = "/office/people/import"


def upload(client: FlaskClient, content: bytes | str, name: str = "team.csv") -> str:
    """Upload a table; gives the page of the preview."""
    raw = content.encode() if isinstance(content, str) else content
    answer = client.post(ADDRESS, data={"file": (io.BytesIO(raw), name)})
    assert answer.status_code == 200, answer.text
    return answer.text


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the form of the preview."""
    return {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1] for name in ("sha256", "name")}  # type: ignore[index]


def apply(client: FlaskClient, page: str) -> str:
    """Send the form of the preview; gives the page of cards."""
    answer = client.post(f"{ADDRESS}/apply", data=fields(page))
    assert answer.status_code == 200, answer.text
    return answer.text


def test_from_a_table_to_the_cards(
    su: FlaskClient, people: People, places: dict[str, Place], session: Session, household: Version
) -> None:
    """The preview adds nobody; applying adds the rows without faults, assigned as written, and gives a card each."""
    page = upload(su, TABLE)
    assert "Add 2 volunteers" in page and "Row 4" in page and "There is no place C77." in page
    assert session.scalar(select(User).where(User.name == "Hua")) is None
    cards = apply(su, page)
    assert cards.count("data-enrolment-link") == 2 and "C01社区" in cards
    users = {user.name: user for user in fresh(session).scalars(select(User).where(User.name.in_(["Hua", "Min"])))}
    assert (users["Hua"].role, users["Hua"].language, users["Min"].language) == ("volunteer", "zh", "en")
    assigned = {
        name: set(session.scalars(select(Assignment.place_id).where(Assignment.user_id == user.id)))
        for name, user in users.items()
    }
    assert assigned == {"Hua": {places["C01"].id, places["C02"].id}, "Min": {places["C03"].id}}
    assert list(session.scalars(select(QuestionnaireAssignment.user_id))) == [users["Hua"].id]


def test_sent_twice_it_adds_nobody_twice(
    su: FlaskClient, people: People, places: dict[str, Place], session: Session
) -> None:
    """The page of cards was closed too early: sending it again adds nobody, and a new preview says who is here."""
    table = "name,places\nHua,C01\n"
    page = upload(su, table)
    apply(su, page)
    again = su.post(f"{ADDRESS}/apply", data=fields(page))
    assert again.status_code == 400 and "was applied already" in again.text
    assert f'action="{ADDRESS}"' in again.text
    assert len(list(session.scalars(select(User).where(User.name == "Hua")))) == 1
    assert "Here already, passed over" in upload(su, table)


def test_the_table_does_not_outlast_its_import(su: FlaskClient, places: dict[str, Place], kept: Contents) -> None:
    """Names of volunteers wait on the disk for the second step, and are gone after it."""
    table = "name,places\nHua who is nowhere else,C01\n"
    page = upload(su, table)
    assert len(uploads_with(kept, table)) == 1
    apply(su, page)
    assert uploads_with(kept, table) == []


def test_an_excel_workbook(su: FlaskClient, places: dict[str, Place]) -> None:
    """XLSX does as well."""
    book = Workbook()
    for row in (["name", "places"], ["Hua", "C01"]):
        book.active.append(row)  # type: ignore[union-attr]
    content = io.BytesIO()
    book.save(content)
    assert "Add 1 volunteer" in upload(su, content.getvalue(), "team.xlsx")


def test_what_is_no_such_table(su: FlaskClient, people: People) -> None:
    """Said beside the field: no file, no table, no names, too many rows."""
    assert su.post(ADDRESS, data={}).status_code == 400
    many = "name\n" + "".join(f"V{number}\n" for number in range(501))
    for content, words in (
        (b"\x00\x01", "neither CSV nor an XLSX"),
        (b"who\nHua\n", "needs a column"),
        (b"name\n", "at least one row"),
        (many.encode(), "more than 500 rows"),
    ):
        answer = su.post(ADDRESS, data={"file": (io.BytesIO(content), "team.csv")})
        assert answer.status_code == 400 and words in answer.text


def test_only_a_table_that_was_uploaded_is_applied(su: FlaskClient, people: People) -> None:
    """The name of the kept file is a hash and nothing else; one that is not there is to be uploaded again."""
    for name in ("../../secret_key", "0" * 64, ""):
        assert su.post(f"{ADDRESS}/apply", data={"sha256": name, "name": "x"}).status_code == 400


def test_A81_a_part_imports_for_itself(client: FlaskClient, people: People, so: User, places: dict[str, Place]) -> None:
    """A81: places of elsewhere are faults, and so is a row without any."""
    sign_in(client, "so")
    page = upload(client, "name,places\nHua,C01\nMin,C03\nLan,\n")
    assert "Add 1 volunteer" in page
    assert "Place C03 is not in your part." in page and "The places are missing." in page
