"""Responses through the API: paging, filters, answers, revisions, files."""

import json
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from collector.accounts.scope import WHOLE
from collector.review.operations import decide, new_batch
from collector.store import File, Place, Response, User, Version, utc_now
from tests.api.conftest import FIRST, SECOND, THIRD
from tests.api.programs import MakeProgram
from tests.conftest import People, Phone
from tests.documents import make_document
from tests.sync.test_files import create, entry, patch


def send_file(phone: Phone, response_id: str, name: str) -> str:
    """Send a file of a response; gives its SHA-256."""
    file = entry(name, b"\xff\xd8\xff\xe0")
    location = create(phone, file, response=response_id).headers["Location"]
    assert patch(phone, location, 0, b"\xff\xd8\xff\xe0").status_code == 204
    return str(file["sha256"])


def ids(page: dict[str, object]) -> list[str]:
    return [item["id"] for item in page["items"]]  # type: ignore[attr-defined, index]


def test_the_list_gives_what_there_is(program: MakeProgram, people: People, three: list[str]) -> None:
    page = program(people.ana).read("/responses")
    assert ids(page) == three[::-1] and page["next"] is None
    first = page["items"][-1]
    assert (first["questionnaire"], first["version"], first["revision"], first["state"]) == (
        "household",
        "1",
        1,
        "received",
    )
    assert (first["place"], first["author_name"], first["instance_name"]) == ("C01", "Wei", "Hua")
    assert first["updated_at"] == first["received_at"] and first["received_at"].endswith("Z")
    assert "answers" not in first


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_hold_everything_once(
    program: MakeProgram, people: People, three: list[str], session: Session, order: str
) -> None:
    # Two that came at the same moment are told apart by their ids.
    session.get_one(Response, SECOND).received_at = session.get_one(Response, FIRST).received_at
    session.commit()
    ana, found, cursor = program(people.ana), [], {}
    for _ in range(3):
        page = ana.read("/responses", order=order, limit=1, **cursor)
        found += ids(page)
        cursor = {"cursor": page["next"]}
    assert page["next"] is None
    assert found == (three if order == "oldest" else three[::-1])


def test_what_comes_in_meanwhile_moves_no_page(
    program: MakeProgram, people: People, three: list[str], phone: Phone, household: Version
) -> None:
    ana = program(people.ana)
    first = ana.read("/responses", limit=2)
    phone.receipts(make_document(household, id="41111111-1111-4111-8111-111111111111"))
    assert ids(ana.read("/responses", limit=2, cursor=first["next"])) == [FIRST]


def test_filters(program: MakeProgram, people: People, three: list[str], session: Session) -> None:
    ana = program(people.ana)
    decide(session, new_batch(), [SECOND], "approved", reason="", by=people.su.id, scope=WHOLE)
    session.get_one(Response, THIRD).is_test = True
    session.commit()
    today = session.get_one(Response, FIRST).received_on
    assert ids(ana.read("/responses")) == [SECOND, FIRST]
    assert ids(ana.read("/responses", tests="true")) == [THIRD]
    assert ids(ana.read("/responses", state="approved")) == [SECOND]
    assert ids(ana.read("/responses", place="S1")) == [SECOND, FIRST]
    assert ids(ana.read("/responses", place="C02")) == [SECOND]
    assert ids(ana.read("/responses", place="nowhere")) == []
    assert ids(ana.read("/responses", questionnaire="household")) == [SECOND, FIRST]
    assert ids(ana.read("/responses", questionnaire="other")) == []
    assert ids(ana.read("/responses", author=people.mei.id)) == []
    assert ids(ana.read("/responses", since=today, until=today)) == [SECOND, FIRST]
    assert ids(ana.read("/responses", since=today + timedelta(days=1))) == []
    assert ids(ana.read("/responses", until=today - timedelta(days=1))) == []
    for day in ("0001-01-01", "9999-12-31"):
        ana.read("/responses", since=day, until=day)


def test_changes_since_a_moment(program: MakeProgram, people: People, three: list[str], session: Session) -> None:
    ana = program(people.ana)
    moment = utc_now()
    decide(session, new_batch(), [FIRST], "returned", reason="Which day?", by=people.su.id, scope=WHOLE)
    session.commit()
    page = ana.read("/responses", updated_since=moment.isoformat())
    assert ids(page) == [FIRST] and page["items"][0]["updated_at"] > page["items"][0]["received_at"]
    for extreme in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        ana.read("/responses", updated_since=extreme)


def test_answers_come_when_they_are_asked_for(program: MakeProgram, people: People, three: list[str]) -> None:
    found = program(people.ana).read("/responses", answers="true")["items"][-1]["answers"]
    assert found["members"] == [{"name": "Hua", "age": "41"}, {"name": "Ming", "age": "7"}]


def test_personal_answers_stay_hidden_everywhere(
    program: MakeProgram, ana_without_names: User, three: list[str], phone: Phone, session: Session, household: Version
) -> None:
    photo = send_file(phone, FIRST, "photo.jpg")
    files = [{"name": "photo.jpg", "sha256": photo, "size": 4, "path": "/household/photo"}]
    answers = {
        "place": "C01", "photo": "photo.jpg", "gone": "Hua lives here", "hh_size": {"hidden": "Hua"},
        "members": [{"name": "Hua", "age": "41", "name@missing": "declined"}],
    }  # fmt: skip
    phone.receipts(make_document(household, id=FIRST, base=1, answers=answers, files=files, instance_name="Hua"))
    ana = program(ana_without_names)
    one = ana.read(f"/responses/{FIRST}")
    assert one["answers"] == {"place": "C01", "members": [{"age": "41"}]}
    assert one["instance_name"] is None
    texts = [
        json.dumps(ana.read(path, **arguments), ensure_ascii=False)
        for path, arguments in (
            ("/responses", {"answers": "true"}),
            (f"/responses/{FIRST}", {}),
            (f"/responses/{FIRST}/revisions", {}),
            (f"/responses/{FIRST}/revisions/1", {}),
            (f"/responses/{FIRST}/revisions/2", {}),
        )
    ]
    assert not any("Hua" in text or "Ming" in text for text in texts)
    assert ana.read(f"/responses/{FIRST}/files") == {"items": []}
    file_id = session.query(File).where(File.name == "photo.jpg").one().id
    assert ana.ask(f"/files/{file_id}").status_code == 404


def test_revisions(program: MakeProgram, people: People, three: list[str], phone: Phone, household: Version) -> None:
    phone.receipts(make_document(household, id=FIRST, base=1, answers={"place": "C01", "hh_size": "9"}))
    ana = program(people.ana)
    found = ana.read(f"/responses/{FIRST}/revisions")["items"]
    assert [(one["number"], one["base"], one["is_current"]) for one in found] == [(1, None, False), (2, 1, True)]
    assert ana.read(f"/responses/{FIRST}/revisions/1")["answers"]["hh_size"] == "2"
    assert ana.read(f"/responses/{FIRST}")["answers"]["hh_size"] == "9"
    assert ana.ask(f"/responses/{FIRST}/revisions/3").status_code == 404


def test_files(program: MakeProgram, people: People, three: list[str], phone: Phone) -> None:
    send_file(phone, FIRST, "photo.jpg")
    ana = program(people.ana)
    (listed,) = ana.read(f"/responses/{FIRST}/files")["items"]
    assert (listed["name"], listed["response"]) == ("photo.jpg", FIRST)
    whole = ana.ask(f"/files/{listed['id']}")
    assert whole.status_code == 200 and len(whole.data) == listed["size_bytes"]
    assert whole.headers["Content-Disposition"].startswith("attachment")
    part = ana.ask(f"/files/{listed['id']}", headers={"Range": "bytes=1-2"})
    assert (part.status_code, part.data) == (206, whole.data[1:3])
    assert ana.ask("/files/none").status_code == 404


def test_what_lies_elsewhere_does_not_exist(
    program: MakeProgram, so: User, three: list[str], phone: Phone, session: Session
) -> None:
    send_file(phone, THIRD, "photo.jpg")
    file_id = session.query(File).where(File.name == "photo.jpg").one().id
    one = program(so)
    assert ids(one.read("/responses")) == [SECOND, FIRST]
    for path in (f"/responses/{THIRD}", f"/responses/{THIRD}/revisions", f"/responses/{THIRD}/revisions/1",
                 f"/responses/{THIRD}/files", f"/files/{file_id}"):  # fmt: skip
        assert one.ask(path).status_code == 404, path
    assert {item["place"] for item in one.read("/questionnaires/household/counts")["items"]} == {"C01", "C02"}


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=x", "limit=１", "limit=1&limit=2", "state=new", "since=2026", "since=20260101", "order=up",
     "cursor=x", "cursor=1-1", "answers=1", "updated_since=2026-01-01", "updated_since=2026-01-01T00:00:00", "colour=red"],
)  # fmt: skip
def test_what_cannot_be_read_is_told_by_name(program: MakeProgram, people: People, query: str) -> None:
    answer = program(people.ana).ask(f"/responses?{query}")
    error = answer.get_json()["error"]
    assert (answer.status_code, error["code"]) == (400, "input_invalid")
    assert list(error["details"]["fields"]) == [query.partition("=")[0]]


def test_an_unchanged_list_is_not_sent_again(
    program: MakeProgram, people: People, three: list[str], phone: Phone, household: Version
) -> None:
    ana = program(people.ana)
    etag = ana.ask("/responses").headers["ETag"]
    again = ana.ask("/responses", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    phone.receipts(make_document(household, id=FIRST, base=1))
    assert ana.ask("/responses", headers={"If-None-Match": etag}).status_code == 200


def test_places_of_the_person(program: MakeProgram, so: User, people: People, places: dict[str, Place]) -> None:
    everything = program(people.ana).read("/places")["items"]
    assert [one["code"] for one in everything] == ["D", "S1", "C01", "C02", "S2", "C03"]
    assert everything[2]["parent"] == "S1" and everything[2]["level"] == 2
    assert [one["code"] for one in program(so).read("/places")["items"]] == ["S1", "C01", "C02"]
