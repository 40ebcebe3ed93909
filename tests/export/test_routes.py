"""The CSV of a table, as the office downloads it."""

import csv
import io

import pytest
from flask.testing import FlaskClient

from collector.store import Place, Version
from tests.conftest import HOUSEHOLD, Phone, Publish
from tests.documents import make_document

MEMBERS = [f"member {number}" for number in range(150)]


def read(client: FlaskClient, path: str) -> list[dict[str, str]]:
    answer = client.get(f"/office/exports/{path}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def sixteen(phone: Phone, places: dict[str, Place], household: Version) -> None:
    """16 responses with 150 members in all."""
    documents = []
    for number in range(16):
        mine = MEMBERS[number * 10 : number * 10 + 10] if number < 15 else []
        answers = {"place": "C01", "hh_size": "10", "members": [{"name": name} for name in mine]}
        response_id = f"{number:08d}-1111-4111-8111-111111111111"
        documents.append(make_document(household, id=response_id, author=phone.user.id, answers=answers))
    phone.receipts(*documents)


def test_every_row_of_a_repeat_is_there_and_joins__A63(su: FlaskClient, sixteen: None) -> None:
    main, members = read(su, "household.csv"), read(su, "household/members.csv")
    assert (len(main), len(members)) == (16, 150)
    assert len({row["key"] for row in members}) == 150
    assert {row["parent_key"] for row in members} <= {row["response_id"] for row in main}
    assert [row["name"] for row in members] == MEMBERS
    assert [row["index"] for row in members[:10]] == [str(number) for number in range(1, 11)]


def test_the_main_table(su: FlaskClient, sixteen: None, phone: Phone) -> None:
    row = read(su, "household.csv")[0]
    assert list(row)[-4:] == ["hh_size", "photo", "meta/instanceID", "other_answers"] or "hh_size" in row
    assert (row["hh_size"], row["place_code"], row["author"], row["version"]) == ("10", "C01", "Wei", "1")
    assert (row["started_at"], row["flags"]) == ("2026-03-28T09:43:10.000+08:00", "")
    assert row["received_at_utc"].endswith("Z")


def test_a_byte_order_mark_unless_it_is_not_wanted__A57(su: FlaskClient, sixteen: None) -> None:
    assert su.get("/office/exports/household.csv").data.startswith(b"\xef\xbb\xbf")
    assert su.get("/office/exports/household.csv?bom=0").data.startswith(b"response_id")


def test_older_versions_keep_their_columns__A17_A62(
    su: FlaskClient, phone: Phone, household: Version, publish: Publish, places: dict[str, Place]
) -> None:
    newer = publish(
        HOUSEHOLD.replace("| integer        | hh_size |", "| integer        | rooms   |").replace(
            "| 1       |", "| 2       |"
        )
    )
    phone.receipts(
        make_document(household, answers={"place": "C01", "hh_size": "4"}),
        make_document(newer, id="22222222-2222-4222-8222-222222222222", answers={"place": "C01", "rooms": "3"}),
    )
    rows = read(su, "household.csv")
    assert [(row["version"], row["hh_size"], row["rooms"]) for row in rows] == [("1", "4", ""), ("2", "", "3")]
    assert list(rows[0]) == list(read(su, "household.csv")[0])


def test_an_unknown_versions_answers_are_not_left_out(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place]
) -> None:
    phone.receipts(make_document(model="f" * 64, answers={"hh_size": "4", "stranger": "5"}))
    [row] = read(su, "household.csv")
    assert (row["hh_size"], row["other_answers"]) == ("4", '{"stranger":"5"}')


def test_the_current_revision_counts(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place]
) -> None:
    phone.receipts(make_document(household))
    phone.receipts(make_document(household, base=1, answers={"place": "C01", "hh_size": "5"}))
    [row] = read(su, "household.csv")
    assert (row["hh_size"], row["revision"]) == ("5", "2")


def test_more_than_a_chunk_comes_whole(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.export.sheets.walk.CHUNK", 3)
    for start in range(0, 10, 5):
        phone.receipts(
            *(
                make_document(household, id=f"{number:08d}-1111-4111-8111-111111111111")
                for number in range(start, start + 5)
            )
        )
    rows = read(su, "household.csv")
    assert len({row["response_id"] for row in rows}) == len(rows) == 10


def test_the_page_lists_the_tables(su: FlaskClient, sixteen: None) -> None:
    page = su.get("/office/exports/").text
    assert "/office/exports/household.csv" in page
    assert "/office/exports/household/members.csv" in page


def test_unknown_tables_are_not_found(su: FlaskClient, household: Version) -> None:
    assert su.get("/office/exports/household/none.csv").status_code == 404
    assert su.get("/office/exports/none.csv").status_code == 404


MAY_BE_MISSING = HOUSEHOLD.replace("| constraint     |", "| constraint     | bind::missing |").replace(
    "| . > 0 and . < 30 |", "| . > 0 and . < 30 | declined dont_know |"
)


def test_why_there_is_no_answer_has_a_column_that_later_versions_keep__A17(
    su: FlaskClient, phone: Phone, publish: Publish, places: dict[str, Place]
) -> None:
    older = publish(MAY_BE_MISSING)
    newer = publish(HOUSEHOLD.replace("| 1       |", "| 2       |"))
    phone.receipts(
        make_document(older, author=phone.user.id, answers={"place": "C01", "hh_size@missing": "declined"}),
        make_document(
            newer,
            id="22222222-2222-4222-8222-222222222222",
            author=phone.user.id,
            answers={"place": "C01", "hh_size": "3"},
        ),
    )
    rows = read(su, "household.csv")
    assert [(row["hh_size"], row["hh_size_missing"], row["flags"], row["other_answers"]) for row in rows] == [
        ("", "declined", "", ""),
        ("3", "", "", ""),
    ]
    assert list(rows[0]).index("hh_size_missing") == list(rows[0]).index("hh_size") + 1
