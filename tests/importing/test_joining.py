"""Rows of repeats joined to their parents (A63): whatever the order of the rows, each finds its own."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.importing.cells import Table
from collector.importing.documents import Form
from collector.importing.table_source import read_tables
from tests.importing.forms import farm

QUESTIONS = farm()
FORM = Form("farm", "7", QUESTIONS)
#: Farms, each a list of fields with their names, each with the years of its harvests.
FARMS = st.lists(
    st.lists(
        st.tuples(st.text("ab=,王", min_size=1, max_size=3), st.lists(st.integers(1990, 2030), max_size=3)), max_size=3
    ),
    max_size=4,
)


def table(name: str, rows: list[list[str]]) -> Table:
    """A table in memory, its header first."""
    return Table(name, rows[0], lambda: iter(list(enumerate(rows[1:], 2))))


def central_tables(farms: list[list[tuple[str, list[int]]]]) -> list[Table]:
    """Farms as ODK Central writes them."""
    main, fields, harvests = (
        [["place", "KEY", "SubmissionDate"]],
        [["name", "PARENT_KEY", "KEY"]],
        [["year", "PARENT_KEY", "KEY"]],
    )
    for number, farm_ in enumerate(farms):
        key = f"uuid:{number}"
        main.append([f"C{number}", key, ""])
        for at, (name, years) in enumerate(farm_, 1):
            field = f"{key}/farm/fields[{at}]"
            fields.append([name, key, field])
            harvests += [[str(year), field, f"{field}/harvests[{turn}]"] for turn, year in enumerate(years, 1)]
    return [table("farm", main), table("farm-fields", fields), table("farm-harvests", harvests)]


def kobo_tables(farms: list[list[tuple[str, list[int]]]]) -> list[Table]:
    """Farms as KoboToolbox writes them: indexes run through the whole sheet."""
    main = [["place", "_uuid", "_index"]]
    fields = [["farm/fields/name", "_index", "_parent_table_name", "_parent_index"]]
    harvests = [["farm/fields/harvests/year", "_index", "_parent_table_name", "_parent_index"]]
    for number, farm_ in enumerate(farms, 1):
        main.append([f"C{number - 1}", f"u{number}", str(number)])
        for name, years in farm_:
            fields.append([name, str(len(fields)), "Farm", str(number)])
            harvests += [
                [str(year), str(len(harvests) + turn), "fields", str(len(fields) - 1)]
                for turn, year in enumerate(years)
            ]
    return [table("Farm", main), table("fields", fields), table("harvests", harvests)]


def read(tables: list[Table]) -> list[Any]:
    """The fields of each farm, as they were put in."""
    found = []
    with read_tables(tables, FORM) as source:
        for incoming in source.incoming():
            rows = json.loads(incoming.text)["answers"].get("farm", {}).get("fields", [])
            found.append([(row["name"], [int(inner["year"]) for inner in row.get("harvests", [])]) for row in rows])
        assert source.orphans() == []
    return found


def shuffled(tables: list[Table], draw: Any) -> list[Table]:
    """The tables of repeats with their rows in another order."""
    mixed = []
    for old in tables[1:]:
        rows = [cells for _, cells in old.read()]
        mixed.append(table(old.name, [old.headers, *draw.draw(st.permutations(rows))]))
    return [tables[0], *mixed]


@settings(max_examples=60, deadline=None)
@given(farms=FARMS, data=st.data())
def test_rows_find_their_parents(farms: list[list[tuple[str, list[int]]]], data: Any) -> None:
    for tables in (central_tables(farms), kobo_tables(farms)):
        assert read(shuffled(tables, data)) == farms


def test_rows_without_a_parent_are_counted() -> None:
    tables = central_tables([[("a", [2000])], [("b", [2001, 2002])]])
    lost = [
        tables[0],
        tables[1],
        table(
            "farm-harvests", [tables[2].headers, ["2003", "uuid:9/farm/fields[1]", "uuid:9/farm/fields[1]/harvests[1]"]]
        ),
    ]
    with read_tables(lost, FORM) as source:
        assert len(list(source.incoming())) == 2
        assert [(orphans.table, orphans.count, orphans.numbers) for orphans in source.orphans()] == [
            ("farm-harvests", 1, (2,))
        ]
