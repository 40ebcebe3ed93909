"""What a program learns no more than its person does in the office: neither in words nor by a hash."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.store import Revision, User
from tests.api.conftest import FIRST
from tests.api.programs import MakeProgram
from tests.conftest import People
from tests.documents import fresh


def test_a_hash_of_hidden_answers_is_not_told(
    program: MakeProgram, three: list[str], ana_without_names: User, people: People, session: Session
) -> None:
    """Whoever knows the rest of a document could try out names until its hash fits."""
    content_hash = fresh(session).get_one(Revision, (FIRST, 1)).content_hash
    without = program(ana_without_names)
    for path in ("", "/revisions", "/revisions/1"):
        assert content_hash not in without.ask(f"/responses/{FIRST}{path}").text
    assert without.read(f"/responses/{FIRST}/revisions")["items"][0]["content_hash"] is None
    assert program(people.su).read(f"/responses/{FIRST}/revisions/1")["content_hash"] == content_hash


def test_reasons_of_the_office_are_for_those_who_read_them_there(
    program: MakeProgram, three: list[str], people: People, su: FlaskClient
) -> None:
    typed = {"base": "1", "reason": "Hua moved away", "answer:place": "C01", "answer:hh_size": "1"}
    assert su.post(f"/office/responses/{FIRST}/edit", data=typed).status_code == 302
    assert [one["edit_reason"] for one in program(people.ana).read(f"/responses/{FIRST}/revisions")["items"]] == [
        None,
        None,
    ]
    assert program(people.su).read(f"/responses/{FIRST}/revisions/2")["edit_reason"] == "Hua moved away"
