"""A whole export as CSV, read back by Python's csv and zipfile."""

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from collector.export.options import Options
from collector.export.sheets.selection import Selection
from collector.export.writers.csv_zip import csv_suffix
from collector.store import Questionnaire, Response, Revision, Version
from tests.conftest import HOUSEHOLD, Phone, Publish
from tests.documents import content_hash, fresh, make_document
from tests.export.reading import csv_rows, questionnaire_id, table, unzipped, whole

FLAT = "\n".join(line for line in HOUSEHOLD.splitlines() if "repeat" not in line)


def make_id(number: int) -> str:
    return f"{number:08d}-1111-4111-8111-111111111111"


def push(phone: Phone, version: Version, *all_answers: dict[str, Any]) -> None:
    for number, answers in enumerate(all_answers):
        phone.receipts(make_document(version, id=make_id(number), answers=answers))


@pytest.fixture
def sixteen(phone: Phone, places: object, household: Version) -> None:
    """16 responses with 150 members in all."""
    for number in range(16):
        members = [{"name": f"member {number} {at}"} for at in range(10 if number < 15 else 0)]
        phone.receipts(make_document(household, id=make_id(number), answers={"hh_size": "10", "members": members}))


def test_a_file_for_each_table_and_rows_that_join__A63(app: Flask, sixteen: None, tmp_path: Path) -> None:
    tables = unzipped(whole(app, tmp_path))
    assert list(tables) == ["household.csv", "household-members.csv"]
    main, members = tables.values()
    assert (len(main), len(members)) == (16, 150)
    assert len({row["key"] for row in members}) == 150
    assert {row["parent_key"] for row in members} == {row["response_id"] for row in main[:15]}


def test_one_table_is_one_file(app: Flask, phone: Phone, publish: Publish, places: object, tmp_path: Path) -> None:
    push(phone, publish(FLAT), {"hh_size": "4"})
    [row] = csv_rows(whole(app, tmp_path))
    assert row["hh_size"] == "4"
    with Session(app.extensions["collector_engine"]) as session:
        suffix = csv_suffix(session, questionnaire_id(app), Options(), Selection(), time_zone="UTC")
    assert suffix == ".csv"


def test_wide_is_one_file(app: Flask, session: Session, sixteen: None, tmp_path: Path) -> None:
    rows = csv_rows(whole(app, tmp_path, repeats="wide"))
    assert [row["members/10/name"] for row in rows] == [f"member {number} 9" for number in range(15)] + [""]
    assert rows == table(app, repeats="wide")
    wide, tables = (
        csv_suffix(session, questionnaire_id(app), Options(repeats=repeats), Selection(), time_zone="UTC")
        for repeats in ("wide", "tables")
    )
    assert (wide, tables) == (".csv", ".zip")


def test_two_exports_of_the_same_data_are_the_same_bytes(
    app: Flask, sixteen: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = whole(app, tmp_path)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_moment: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert whole(app, tmp_path) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_a_second_process_changes_nothing_but_the_time_it_takes(
    app: Flask, sixteen: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.export.writers.csv_parts.PART", 3)
    monkeypatch.setattr("collector.export.sheets.walk.CHUNK", 3)
    monkeypatch.setattr("collector.export.writers.csv_zip.has_two_processors", lambda: True)
    alone = whole(app, tmp_path)
    for selection in (Selection(), Selection(hidden=frozenset({"members/name"}))):
        tables = unzipped(whole(app, tmp_path, selection, is_background=True))
        assert tables == unzipped(whole(app, tmp_path, selection))
    assert whole(app, tmp_path, is_background=True) == alone
    monkeypatch.setattr("collector.export.writers.csv_parts.MOST_WAITING", 0)
    assert whole(app, tmp_path, is_background=True) == alone


def test_a_byte_order_mark_in_each_file_unless_it_is_not_wanted__A57(
    app: Flask, phone: Phone, household: Version, places: object, tmp_path: Path
) -> None:
    push(phone, household, {"members": [{"name": "Zoë 王"}]})
    for has_mark in (True, False):
        with zipfile.ZipFile(io.BytesIO(whole(app, tmp_path, bom=has_mark))) as archive:
            contents = [archive.read(name) for name in archive.namelist()]
        assert [content.startswith(b"\xef\xbb\xbf") for content in contents] == [has_mark] * 2
        assert "Zoë 王" in contents[1].decode("utf-8")


def test_texts_are_what_was_typed__A58_A59(app: Flask, phone: Phone, household: Version, places: object) -> None:
    typed = ["06932169358293", "0123", "=1+1", "-5", "a,b", 'say "yes"', "one\ntwo", " x ", "\t=1", "-1-1", "王\r\n"]
    push(phone, household, *({"place": text, "hh_size": "-5"} for text in typed))
    raw = table(app, safe=False)
    assert [row["data/place"] for row in raw] == typed
    assert {row["hh_size"] for row in raw} == {"-5"}
    safe = ["'=1+1" if text == "=1+1" else f"'{text}" if text in ("\t=1", "-1-1") else text for text in typed]
    assert [row["data/place"] for row in table(app)] == safe
    assert {row["hh_size"] for row in table(app)} == {"-5"}


def test_what_was_not_asked_has_a_text_of_its_own_where_one_is_wanted(
    app: Flask, session: Session, phone: Phone, household: Version, places: object
) -> None:
    push(phone, household, {"hh_size": "4"})
    fresh(session).execute(update(Revision).values(unanswered=["/data/photo"]))
    session.commit()
    for options, cells in (({}, ("", "")), ({"not_asked": "n/a"}, ("n/a", ""))):
        [row] = table(app, **options)
        assert (row["data/place"], row["photo"], row["hh_size"]) == (*cells, "4")


def test_columns_of_all_versions_once_and_in_order__A62(
    app: Flask, phone: Phone, publish: Publish, places: object, tmp_path: Path
) -> None:
    def version(number: int, *questions: str) -> Version:
        rows = "\n".join(f"| | text | {name} | {name} |" for name in questions)
        settings = f"| settings |\n| | form_title | form_id | version |\n| | H | household | {number} |"
        return publish(f"| survey |\n| | type | name | label |\n{rows}\n{settings}")

    push(phone, version(1, "a", "b", "c"), {"a": "1", "b": "2", "c": "3"})
    newer = version(2, "a", "d", "c")
    phone.receipts(make_document(newer, id=make_id(9), answers={"a": "4", "d": "5", "c": "6"}))
    rows = csv_rows(whole(app, tmp_path))
    header = [name for name in rows[0] if name in "abcd"]
    assert (header[0], header[-1], sorted(header)) == ("a", "c", ["a", "b", "c", "d"])
    assert [[row[name] for name in "abcd"] for row in rows] == [["1", "2", "3", ""], ["4", "", "6", "5"]]
    assert whole(app, tmp_path) == whole(app, tmp_path)


def test_a_group_where_an_older_version_has_a_question_leaves_its_column_blank__A62(
    app: Flask, phone: Phone, publish: Publish, places: object, tmp_path: Path
) -> None:
    """Its answers have columns of their own. So do those of a repeat."""
    settings = "| settings |\n| | form_title | form_id | version |\n| | H | household | {} |"
    head = "| survey |\n| | type | name | label |\n"
    asked = "| | text | home | Home |\n| | text | members | Members |\n"
    within = "| | begin {} | {} | X |\n| | text | {} | X |\n| | end {} | | |\n"
    held = within.format("group", "home", "street", "group") + within.format("repeat", "members", "name", "repeat")
    push(phone, publish(head + asked + settings.format(1)), {"home": "here", "members": "two"})
    newer = publish(head + held + settings.format(2))
    answers = {"home": {"street": "Long"}, "members": [{"name": "Wei"}]}
    phone.receipts(make_document(newer, id=make_id(9), answers=answers))
    for blank, times in (("", "offset"), ("-", "offset"), ("", "utc")):
        tables = unzipped(whole(app, tmp_path, not_asked=blank, times=times))
        cells = [(row["home"], row["home/street"], row["members"]) for row in tables["household.csv"]]
        assert cells == [("here", blank, "two"), (blank, "Long", blank)]
        assert [row["name"] for row in tables["household-members.csv"]] == ["Wei"]


def test_hidden_answers_are_in_none_of_the_files__A81(
    app: Flask, session: Session, phone: Phone, household: Version, places: object, tmp_path: Path
) -> None:
    push(phone, household, {"hh_size": "1", "members": [{"name": "Ana", "age": "30"}], "odd": "Ana"})
    personal = frozenset(session.query(Questionnaire.personal_fields).scalar())
    main, members = unzipped(whole(app, tmp_path, Selection(hidden=personal))).values()
    assert "Ana" not in repr((main, members))
    assert "other_answers" not in main[0] and members[0]["age"] == "30"


def test_fifty_thousand_rows_are_fifty_thousand_rows__A64(
    app: Flask, session: Session, household: Version, tmp_path: Path
) -> None:
    """In both tables, and each response once."""
    number = 50_000
    for start in range(0, number, 10_000):
        add_responses(session, household, range(start, start + 10_000))
    session.commit()
    main, members = unzipped(whole(app, tmp_path)).values()
    assert len(main) == len(members) == len({row["response_id"] for row in main}) == number
    assert {row["parent_key"] for row in members} == {row["response_id"] for row in main}


def add_responses(session: Session, version: Version, numbers: range) -> None:
    """Responses with a member each, as quickly as the database takes them."""
    begin = datetime(2026, 3, 1, tzinfo=UTC)
    document = json.dumps({"answers": {"hh_size": "1", "members": [{"name": "Ana"}]}})
    responses, revisions = [], []
    for number in numbers:
        received = {"received_at": begin + timedelta(seconds=number // 3)}
        of_version = {"questionnaire_id": version.questionnaire_id, "version_id": version.id}
        responses.append({"id": make_id(number), "received_on": date(2026, 3, 1)} | of_version | received)
        revisions.append(
            {
                "response_id": make_id(number),
                "number": 1,
                "content_hash": content_hash(str(number)),
                "document": document,
                "version_id": version.id,
            }
            | received
        )
    session.execute(insert(Response), responses)
    session.execute(insert(Revision), revisions)
