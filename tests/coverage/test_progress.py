"""The rule of the board, as tables of plain values."""

from datetime import UTC, datetime

import pytest

from collector.coverage.progress import Count, PlaceNode, Row, VolunteerPhones, make_board

DISTRICT = PlaceNode(1, "D", "District")
NORTH, SOUTH = PlaceNode(2, "N", "North", 1), PlaceNode(3, "S", "South", 1)
C01, C02, C03 = PlaceNode(4, "C01", "One", 2), PlaceNode(5, "C02", "Two", 2), PlaceNode(6, "C03", "Three", 3)
PLACES = [DISTRICT, NORTH, SOUTH, C01, C02, C03]


def moment(hour: int) -> datetime:
    """An hour of one day."""
    return datetime(2026, 3, 28, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "target", "percent", "is_over", "level"),
    [
        (0, 20, 0, False, 0),
        (1, 20, 5, False, 1),
        (7, 20, 35, False, 2),
        (14, 20, 70, False, 3),
        (19, 20, 95, False, 3),
        (20, 20, 100, False, 4),
        # A72: more than the target is stored and flagged.
        (21, 20, 105, True, 4),
        # Rounding up would call 199 of 200 complete.
        (199, 200, 99, False, 3),
        # A74: no target or a target of 0 gives no percent and no error.
        (0, 0, None, False, 0),
        (3, 0, None, False, 4),
        (0, None, None, False, 0),
        (3, None, None, False, 4),
    ],
)
def test_row(received: int, target: int | None, percent: int | None, is_over: bool, level: int) -> None:
    """A72, A74: percent, over target and step of progress."""
    row = Row("One", count=Count(received), target=target)
    assert (row.percent, row.is_over, row.level) == (percent, is_over, level)


def test_A74_every_community_has_a_row_zeros_included() -> None:
    """A74: 66 communities of which 2 have responses give 66 rows, 64 of them with 0."""
    places = [DISTRICT, *(PlaceNode(number, f"C{number:02}", f"C{number:02}", 1) for number in range(10, 76))]
    board = make_board(places, {10: Count(3), 75: Count(1)}, {10: 5})
    assert len(board.rows) == 66
    assert sum(row.is_missing for row in board.rows) == 64
    assert (board.reached, len(board.missing)) == (2, 64)


def test_A75_rows_add_up_to_the_total() -> None:
    """A75: 7 with a known community and 3 without give 10, with 3 unassigned; the rejected stand apart."""
    counts = {4: Count(5, 1, moment(9)), 6: Count(2, 0, moment(11)), None: Count(3, 2, moment(10))}
    board = make_board(PLACES, counts, {})
    assert [group.subtotal.name for group in board.groups] == ["North", "South"]
    assert [group.subtotal.count.received for group in board.groups] == [5, 2]
    assert board.unassigned.count == Count(3, 2, moment(10))
    assert board.total.count == Count(10, 3, moment(11))
    lines = [*(row.count.received for row in board.rows), board.unassigned.count.received]
    assert sum(lines) == board.total.count.received


def test_A75_a_place_that_is_no_community_counts_as_unassigned() -> None:
    """A75: what names only a subdistrict, or a place that is gone, is not lost from the total."""
    board = make_board(PLACES, {2: Count(1), 99: Count(2), 4: Count(4)}, {})
    assert board.unassigned.count.received == 3
    assert board.total.count.received == 7


def test_targets_add_up_and_stay_none_without_any() -> None:
    """A subtotal has a target when one of its rows has."""
    board = make_board(PLACES, {}, {4: 10, 5: 20})
    assert [group.subtotal.target for group in board.groups] == [30, None]
    assert board.total.target == 30
    assert make_board(PLACES, {}, {}).total.target is None


def test_a_community_without_a_parent_stands_in_a_group_without_a_name() -> None:
    """A flat list of communities is a board too."""
    board = make_board([PlaceNode(1, "A", "Alone")], {1: Count(2)}, {})
    assert [(group.subtotal.name, group.subtotal.count.received) for group in board.groups] == [("", 2)]


def test_no_places_at_all() -> None:
    """Before places are loaded everything is unassigned."""
    board = make_board([], {None: Count(2)}, {})
    assert (board.groups, board.total.count.received) == ([], 2)


def test_A74_last_sync_and_unsent_are_of_the_assigned_volunteers() -> None:
    """A74: a community shows the latest sync of its volunteers, and who of them holds something unsent."""
    wei = VolunteerPhones("Wei", frozenset({4}), 1, moment(8), waiting_responses=12)
    mei = VolunteerPhones("Mei", frozenset({4, 5}), 2, moment(9))
    # Assigned to a subdistrict, which means all of its communities.
    lan = VolunteerPhones("Lan", frozenset({3}), 1, moment(7), waiting_responses=1)
    free = VolunteerPhones("Free", frozenset(), 1, moment(12), waiting_files=1)
    board = make_board(PLACES, {}, {}, [wei, mei, lan, free])
    one, two, three = board.rows
    assert (one.last_sync_at, one.waiting) == (moment(9), (wei,))
    assert (two.last_sync_at, two.waiting) == (moment(9), ())
    assert (three.last_sync_at, three.waiting) == (moment(7), (lan,))
    assert (board.waiting_phones, board.waiting_responses, board.waiting_files) == ([wei, lan, free], 13, 1)
