"""Reading the targets that somebody typed, and a table of them."""

from datetime import date

import pytest

from collector.coverage.inputs import read_priority, read_target, read_targets, read_written_day
from collector.coverage.target_sheet import Change, preview
from collector.coverage.targets import Goal
from collector.spreadsheet import read_sheet

DAY, LAST = date(2026, 5, 1), date(2026, 5, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (None, False)),
        (" 20 ", (20, False)),
        ("0", (0, False)),
        ("２０", (20, False)),
        ("1000000", (1_000_000, False)),
        ("1000001", (None, True)),
        ("-1", (None, True)),
        ("2.5", (None, True)),
        ("twenty", (None, True)),
        ("9" * 5000, (None, True)),
    ],
)
def test_read_target(text: str, expected: tuple[int | None, bool]) -> None:
    """A target is a whole number or nothing."""
    assert read_target(text) == expected


@pytest.mark.parametrize("text", ["2026-05-01", "2026/5/1", "2026.05.01", "2026年5月1日", "2026-05-01 00:00:00"])
def test_a65_a_day_in_any_spelling_is_that_day(text: str) -> None:
    """A65: no zone has a say in it."""
    assert read_written_day(text) == (DAY, False)


def test_what_is_no_day_and_no_priority() -> None:
    assert read_written_day("31.5.26") == (None, True)
    assert read_written_day(" ") == (None, False)
    assert [read_priority(text) for text in ("", "0", "1", "是", "2")] == [
        (0, False),
        (0, False),
        (1, False),
        (1, False),
        (0, True),
    ]


def test_for_all_fills_only_what_is_empty() -> None:
    """One number and period for all leaves what somebody typed for a community."""
    typed = read_targets(
        {
            "for_all": "20",
            "starts_all": "2026-05-01",
            "ends_all": "2026-05-31",
            "target-1": "5",
            "ends-1": "2026-05-09",
        },
        [1, 2],
    )
    assert typed.goals == {1: Goal(5, DAY, date(2026, 5, 9)), 2: Goal(20, DAY, LAST)}
    assert typed.faults == {}


def test_what_is_wrong_is_named_by_its_field() -> None:
    fields = {
        "target-1": "many",
        "target-2": "3",
        "starts-2": "2026-05-09",
        "ends-2": "2026-05-01",
        "starts-3": "2026-05-01",
    }
    typed = read_targets(fields | {"ends_all": "x"}, [1, 2, 3])
    assert set(typed.faults) == {"target-1", "ends-2", "target-3", "ends_all"}


def sheet(text: str) -> bytes:
    return text.encode()


def test_a_table_says_what_it_would_change() -> None:
    """Added, changed, taken away, unchanged; a code that is not there stays as it is."""
    found = preview(
        read_sheet(
            "t.csv", sheet("代码,目标,开始,结束,优先\nC01,20,2026/5/1,2026/5/31,1\nC02,7,,,\nC03,,,,\nC04,9,,,\n")
        ),
        {"C01": 1, "C02": 2, "C03": 3, "C04": 4, "C05": 5},
        {1: None, 2: Goal(7), 3: Goal(3), 4: Goal(8), 5: Goal(1)},
    )
    assert found.faults == [] and found.unchanged == 1
    assert found.changes == [
        Change(1, None, Goal(20, DAY, LAST, 1)),
        Change(3, Goal(3), None),
        Change(4, Goal(8), Goal(9)),
    ]


def test_a_table_says_which_row_is_wrong() -> None:
    text = "code,expected,starts,ends,priority\nX,1,,,\nC01,many,,,\nC02,1,never,,\nC01,1,,,\nC03,1,2026-05-09,2026-05-01,\nC04,1,,,9\nC05,,2026-05-01,,\n"
    found = preview(read_sheet("t.csv", sheet(text)), {f"C0{at}": at for at in range(1, 6)}, {})
    assert [(fault.row, fault.code) for fault in found.faults] == [
        (2, "X"), (3, "C01"), (4, "C02"), (5, "C01"), (6, "C03"), (7, "C04"), (8, "C05"),
    ]  # fmt: skip


def test_a_table_without_its_columns_is_told_so() -> None:
    assert [fault.row for fault in preview(read_sheet("t.csv", sheet("a,b\n1,2\n")), {}, {}).faults] == [1]
