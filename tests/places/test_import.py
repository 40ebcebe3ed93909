"""Importing tables of places: what changes is shown first, faults have their row, what is exported imports unchanged."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.place_order import read_order
from collector.places.place_export import write_places
from collector.places.place_import import apply_places, preview_places
from collector.sample.load import load_places
from collector.store import Place, PlaceState
from collector.store.places import ALWAYS

SAMPLE = Path(__file__).parents[2] / "collector" / "sample" / "places.csv"
DAY = date(2026, 3, 1)


def faults(app: Flask, session: Session, text: str) -> list[tuple[int, str]]:
    """Row and message of each fault in a CSV file."""
    with app.test_request_context():
        return [(fault.row, str(fault.message)) for fault in preview_places(session, "p.csv", text.encode()).faults]


def notes(session: Session) -> dict[int, str]:
    return dict(session.execute(select(Place.id, Place.note)).all())  # type: ignore[arg-type]


def test_the_sample_list_makes_the_districts_tree(session: Session) -> None:
    difference = preview_places(session, "places.csv", SAMPLE.read_bytes())
    assert (len(difference.added), difference.unchanged, difference.faults) == (8 + 66, 0, [])
    assert apply_places(session, difference, ALWAYS, is_ending_missing=False, by=None) == []
    order = read_order(session)
    assert len(order.communities) == 66
    top = order.children[None]
    assert [node.level for node in top] == [0] * 8
    assert {order.nodes[node.parent_id or 0].code for node in order.communities} == {node.code for node in top}


def test_the_sample_list_hangs_under_the_district_that_is_there(session: Session) -> None:
    load_places(session)
    difference = preview_places(session, "places.csv", SAMPLE.read_bytes())
    assert difference.is_empty
    assert (difference.unchanged, difference.missing) == (74, [])


def test_what_is_exported_imports_again_unchanged(session: Session) -> None:
    load_places(session)
    session.scalars(select(Place).where(Place.code == "320102003001")).one().names = {"zh": "=1+1", "en": 'A, "B"'}
    session.flush()
    content = write_places(read_order(session), notes(session))
    assert b"'=1+1" in content
    difference = preview_places(session, "places.csv", content)
    assert (difference.is_empty, difference.unchanged, difference.missing, difference.faults) == (True, 75, [], [])


def test_added_renamed_moved_and_missing(session: Session, places: dict[str, Place]) -> None:
    text = "代码,名称,name_en,上级\nD,D社区,Community D,\nS1,S1社区,Community S1,D\nS2,S2社区,Community S2,D\n"
    text += "C01,新名,Community C01,S1\nC02,C02社区,Community C02,S2\nC09,九,,C08\nC08,八,,S2\n"
    difference = preview_places(session, "p.csv", text.encode())
    assert [change.row.code for change in difference.renamed] == ["C01"]
    assert [(change.row.code, change.parent_before, change.parent) for change in difference.moved] == [
        ("C02", "S1", "S2")
    ]
    assert [added.row.code for added in difference.added] == ["C09", "C08"]
    assert [node.code for node in difference.missing] == ["C03"]
    assert difference.unchanged == 3
    assert apply_places(session, difference, DAY, is_ending_missing=True, by=None) == []
    order = read_order(session)
    assert order.find("C03").is_ended  # type: ignore[union-attr]
    assert order.counts_for[places["C03"].id] == places["S2"].id
    assert order.nodes[places["C01"].id].names == {"zh": "新名", "en": "Community C01"}
    assert [order.nodes[id_].code for id_ in order.lineage(order.find("C09").id)] == ["C09", "C08", "S2", "D"]  # type: ignore[union-attr]
    assert session.scalars(select(Place.level).where(Place.code == "C09")).one() == 3
    # The day before, all stands as it stood.
    assert [node.code for node in read_order(session, date(2026, 2, 28)).communities] == ["C01", "C02", "C03"]


def test_places_not_in_the_file_stay_unless_somebody_wants_them_ended(
    session: Session, places: dict[str, Place]
) -> None:
    difference = preview_places(session, "p.csv", b"code,name_en\nC01,One\n")
    # S1 and D are above C01 and so are not missing.
    assert [node.code for node in difference.missing] == ["C02", "S2", "C03"]
    assert apply_places(session, difference, DAY, is_ending_missing=False, by=None) == []
    assert len(read_order(session).communities) == 3


def test_a_column_that_is_not_in_the_file_changes_nothing(session: Session, places: dict[str, Place]) -> None:
    difference = preview_places(session, "p.csv", b"code,name_en\nC01,Community C01\n")
    assert difference.is_empty
    assert difference.unchanged == 1


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("name_zh\nx\n", 0, "no column “code”. The columns are: name_zh"),
        ("code,name_zh\nA,甲\n,乙\n", 3, "The code is missing"),
        ("code,name_zh\nA,甲\nB,乙\nA,丙\n", 4, "A stands in row 2 already"),
        ("code,name_zh\n3.20102E+11,甲\n", 2, "was cut by the spreadsheet"),
        (f"code,name_zh\n{'x' * 41},甲\n", 2, "more than 40 characters"),
        ("code,name_zh,name_en\nA,,\n", 2, "The name is missing"),
        ("code,parent\nA,\n", 2, "The name is missing"),
        ("code,name_zh,parent\nA,甲,Z\n", 2, "Z, is neither in this file nor among the places"),
        ("code,name_zh,parent\nA,甲,B\nB,乙,A\n", 2, "A is under itself"),
    ],
)
def test_faults_name_their_row(app: Flask, session: Session, text: str, row: int, words: str) -> None:
    found = faults(app, session, text)
    assert any(number == row and words in message for number, message in found), found


def test_a_circle_through_places_that_are_not_in_the_file(
    app: Flask, session: Session, places: dict[str, Place]
) -> None:
    assert "S1 is under itself" in faults(app, session, "code,parent\nS1,C01\n")[0][1]


def test_nothing_is_applied_while_there_is_a_fault(app: Flask, session: Session) -> None:
    with app.test_request_context():
        difference = preview_places(session, "p.csv", "code,name_zh\nA,甲\n,乙\n".encode())
        assert len(apply_places(session, difference, DAY, is_ending_missing=False, by=None)) == 1
    assert session.scalars(select(Place)).all() == []


def test_a_place_that_has_ended_does_not_come_back_by_a_file(
    app: Flask, session: Session, places: dict[str, Place]
) -> None:
    places["C01"].ended_on = DAY
    session.commit()
    assert "C01 has ended" in faults(app, session, "code,name_zh\nC01,甲\n")[0][1]


def test_a_day_before_the_last_change_is_a_fault(app: Flask, session: Session, places: dict[str, Place]) -> None:
    session.add(PlaceState(place_id=places["C01"].id, since=date(2026, 4, 1), parent_id=places["S1"].id, names={}))
    session.commit()
    with app.test_request_context():
        difference = preview_places(session, "p.csv", "code,name_zh\nC01,甲\n".encode())
        found = apply_places(session, difference, DAY, is_ending_missing=False, by=None)
        assert [(fault.row, "2026-04-01" in str(fault.message)) for fault in found] == [(2, True)]


def test_a_workbook_is_read_too_and_codes_typed_as_numbers_stay_whole(session: Session) -> None:
    workbook, content = Workbook(), BytesIO()
    for row in (["代码", "名称"], [320102003001, "香铺营社区"]):
        workbook.active.append(row)
    workbook.save(content)
    difference = preview_places(session, "p.xlsx", content.getvalue())
    assert [added.row.code for added in difference.added] == ["320102003001"]


def test_what_is_no_table_is_refused(session: Session) -> None:
    with pytest.raises(CollectorError) as error:
        preview_places(session, "p.csv", b"\x00\x01")
    assert error.value.code == "table_unreadable"
