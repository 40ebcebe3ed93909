"""Reading a table of volunteers: columns in either language, what is new, and faults with what to do."""

import pytest
from flask import Flask

from collector.accounts.volunteer_table import Known, Plan, has_names, plan_import
from collector.spreadsheet import read_sheet

KNOWN = Known(
    places={"C01": 1, "C02": 2},
    elsewhere={"C03"},
    questionnaires={"household": 7},
    volunteers={("wei", frozenset({1}))},
)


def plan(app: Flask, table: str, known: Known = KNOWN) -> Plan:
    """What importing a CSV would do, in English."""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        return plan_import(read_sheet("team.csv", table.encode()), known)


@pytest.mark.parametrize(
    "table",
    [
        "name,language,places,questionnaires\nHua,zh,C01;C02,household\n",
        "姓名,语言,社区,问卷\nHua,中文,C01、C02,household\n",
        "Name;Places;Questionnaires\nHua;C01,C02;household\n",
        "姓名\t社区代码\t问卷\nHua\tC02；C01；\thousehold\n",
    ],
)
def test_a_row(app: Flask, table: str) -> None:
    """Columns by their Chinese or English name, codes with any usual sign between them."""
    found = plan(app, table)
    assert not found.faults
    assert [(new.name, new.language, new.place_ids, new.questionnaire_ids) for new in found.new] == [
        ("Hua", "zh", {1, 2}, {7})
    ]


def test_who_is_there_already(app: Flask) -> None:
    """The same name and places, upper and lower case alike, or twice in the table: passed over. Another place: somebody else."""
    found = plan(app, "name,places\nWEI,C01\nWei,C02\nMin,C01\nmin,C01\n")
    assert [new.name for new in found.new] == ["Wei", "Min"]
    assert found.known == [(2, "WEI"), (5, "min")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",en,C01,", "The name is missing. Write it, or delete the row."),
        ("H" * 201 + ",en,C01,", "The name is longer than 200 characters. Shorten it."),
        ("Hua,fr,C01,", "“fr” is no language here. Write zh or en, or leave the cell empty."),
        ("Hua,en,C01;C9,", "There is no place C9. Look its code up under Places."),
        ("Hua,en,C03,", "Place C03 is not in your part. Leave it out."),
        ("Hua,en,C01,other", "There is no published questionnaire other. Write its form id."),
    ],
)
def test_faults(app: Flask, row: str, message: str) -> None:
    """Each with its row in the file and what to do; the row is left out, the others are not."""
    found = plan(app, f"name,language,places,questionnaires\nMin,en,C02,\n{row}\n")
    assert [new.name for new in found.new] == ["Min"]
    assert [(fault.row, fault.message) for fault in found.faults] == [(3, message)]


def test_A81_without_a_place_all_would_be_open(app: Flask) -> None:
    """A81: whoever answers for a part adds nobody without a place."""
    part = Known({"C01": 1}, {"C03"}, {}, set(), needs_places=True)
    assert [fault.row for fault in plan(app, "name,places\nHua,\nMin,C01\n", part).faults] == [2]


def test_the_column_that_is_needed() -> None:
    assert has_names(read_sheet("a.csv", "姓名\nHua\n".encode()))
    assert not has_names(read_sheet("a.csv", b"who\nHua\n"))
