"""What is kept of questions that were asked and not answered."""

from sqlalchemy.orm import Session

from collector.intake.unanswered import in_given_rows
from collector.store import Revision
from tests.conftest import Phone, Publish
from tests.documents import ID, fresh, make_document

COUNTED = """
| survey |
| | type         | name   | label | repeat_count |
| | integer      | number | N     |              |
| | begin repeat | rooms  | Rooms | ${number}    |
| | text         | use    | Use   |              |
| | end repeat   |        |       |              |
| settings |
| | form_title | form_id   | version |
| | Rooms      | household | 1       |
"""


def test_paths_in_rows_that_are_there() -> None:
    answers = {"hh": {"members": [{"name": "Wei"}, {"visits": [{}]}]}, "text": "x"}
    there = [
        "/data/place",
        "/data/gone/name",
        "/data/hh/members[1]/age",
        "/data/hh/members[2]/name",
        "/data/hh/members[2]/visits[1]/g/day",
    ]
    not_there = [
        "/data/hh/members[3]/age",
        "/data/hh/members[1]/visits[1]/day",
        "/data/hh/members[2]/visits[2]/day",
        "/data/rooms[1]/use",
        "/data/text[1]/use",
    ]
    assert in_given_rows([*there, *not_there], answers) == there


def test_rows_that_only_the_form_counts_are_not_kept(
    session: Session, phone: Phone, publish: Publish, places: object
) -> None:
    """A document of some bytes would be hundreds of kilobytes otherwise."""
    version = publish(COUNTED)
    phone.receipts(make_document(version, answers={"number": "800", "rooms": [{}, {"use": "kitchen"}]}))
    unanswered = fresh(session).get_one(Revision, (ID, 1)).unanswered or []
    assert [path for path in unanswered if "rooms" in path] == ["/data/rooms[1]/use"]
