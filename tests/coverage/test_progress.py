"""The rule of the board, as tables of plain values."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from collector.coverage.progress import Board, Count, Row, VolunteerPhones, make_board
from collector.coverage.targets import Goal
from collector.place_order import Order
from tests.coverage.orders import C01, C02, C03, DISTRICT, NORTH, SOUTH, TREE, node, order_of

DAY = date(2026, 3, 28)


def board_of(
    order: Order,
    counts: dict[int | None, Count],
    goals: dict[int, int] | None = None,
    phones: list[VolunteerPhones] | None = None,
    shown: frozenset[int] | None = None,
) -> Board:
    """A board on one day; goals are numbers without a period."""
    wanted = {place_id: [Goal(number)] for place_id, number in (goals or {}).items()}
    return make_board(order, "en", counts, wanted, DAY, phones or [], shown)


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
        (3, 0, None, False, 1),
        (0, None, None, False, 0),
        (3, None, None, False, 1),
    ],
)
def test_row(received: int, target: int | None, percent: int | None, is_over: bool, level: int) -> None:
    """A72, A74: percent, over target and step of progress."""
    row = Row("One", count=Count(received), target=target)
    assert (row.percent, row.is_over, row.level) == (percent, is_over, level)


def test_a_community_of_which_nothing_is_expected_lacks_nothing() -> None:
    """A74: target 0 is no gap."""
    assert not Row("One", target=0).is_missing
    assert Row("One").is_missing and Row("One", target=3).is_missing


def test_A74_every_community_has_a_row_zeros_included() -> None:
    """A74: 66 communities of which 2 have responses give 66 rows, 64 of them with 0."""
    order = order_of(DISTRICT, *(node(number, f"C{number:02}", f"C{number:02}", 1) for number in range(10, 76)))
    board = board_of(order, {10: Count(3), 75: Count(1)}, {10: 5})
    assert len(board.rows) == 66
    assert sum(row.is_missing for row in board.rows) == 64
    assert (board.reached, len(board.missing)) == (2, 64)


def test_A75_rows_add_up_to_the_total() -> None:
    """A75: 7 with a known community and 3 without give 10, with 3 unassigned; rejected ones and tests stand apart."""
    counts = {
        4: Count(5, 1, 0, last_at=moment(9)),
        6: Count(2, 0, 4, last_at=moment(11)),
        None: Count(3, 2, last_at=moment(10)),
    }
    board = board_of(TREE, counts)
    assert [section.subtotal.name for section in board.sections] == ["North", "South"]
    assert [section.subtotal.count.received for section in board.sections] == [5, 2]
    assert board.unassigned.count == counts[None]
    assert board.total.count == Count(10, 3, 4, last_at=moment(11))
    assert sum(row.count.received for row in board.rows) + board.unassigned.count.received == 10


def test_A75_what_names_only_a_subdistrict_is_its_own_line_there() -> None:
    """A75: it belongs to the subdistrict's subtotal and to none of its communities; what names a place that is gone is unassigned."""
    board = board_of(TREE, {2: Count(1), 99: Count(2), 4: Count(4)})
    north = board.sections[0]
    assert north.direct is not None and north.direct.count.received == 1
    assert north.subtotal.count.received == 5
    assert board.unassigned.count.received == 2
    assert board.total.count.received == 7


def test_responses_count_for_the_place_that_stands_for_theirs() -> None:
    """C01 merged into C02: its responses and its target are C02's."""
    order = order_of(DISTRICT, NORTH, SOUTH, replace(C01, is_ended=True, successor_id=5), C02, C03)
    board = board_of(order, {4: Count(3), 5: Count(2)}, {4: 10, 5: 20})
    assert [row.code for row in board.rows] == ["C02", "C03"]
    assert (board.rows[0].count.received, board.rows[0].target) == (5, 30)


def test_a_former_community_without_a_successor_counts_for_the_place_above() -> None:
    """Split without anybody taking its responses: they stay the subdistrict's."""
    order = order_of(DISTRICT, NORTH, SOUTH, replace(C01, is_ended=True), C02, C03)
    board = board_of(order, {4: Count(3), 5: Count(2)})
    assert board.sections[0].direct is not None and board.sections[0].direct.count.received == 3
    assert board.total.count.received == 5


def test_a_deeper_tree_has_sections_within_sections() -> None:
    """Province, districts, subdistricts, communities: a heading for each, the deeper ones within; subtotals of all below."""
    order = order_of(
        node(1, "P", "Province"),
        node(2, "D1", "First", 1),
        node(3, "D2", "Second", 1),
        node(4, "S1", "Sub", 2),
        node(5, "A", "A", 4),
        node(6, "B", "B", 4),
        node(7, "C", "C", 3),
    )
    board = board_of(order, {5: Count(1), 6: Count(2), 7: Count(4)})
    told = [(section.depth, section.subtotal.name, section.subtotal.count.received) for section in board.sections]
    assert told == [(0, "First", 3), (1, "Sub", 3), (0, "Second", 4)]
    assert [len(section.rows) for section in board.sections] == [0, 2, 1]


def test_a_part_of_the_tree_shows_only_itself() -> None:
    """Somebody who answers for North sees North: what counts elsewhere is not read, and not shown as a row of nothing."""
    board = board_of(TREE, {4: Count(2)}, {4: 5, 6: 9}, shown=frozenset({2, 4, 5}))
    assert [row.code for row in board.rows] == ["C01", "C02"]
    assert [section.subtotal.name for section in board.sections] == ["North"]
    assert (board.total.count.received, board.total.target) == (2, 5)


def test_targets_add_up_and_stay_none_without_any() -> None:
    """A subtotal has a target when one of its rows has."""
    board = board_of(TREE, {}, {4: 10, 5: 20})
    assert [section.subtotal.target for section in board.sections] == [30, None]
    assert board.total.target == 30
    assert board_of(TREE, {}).total.target is None


def test_more_in_one_place_makes_up_for_none_in_another() -> None:
    """What is lacking is added up place by place."""
    assert board_of(TREE, {4: Count(15)}, {4: 10, 5: 20}).lacking == 20


def test_zero_first_then_behind_then_by_percent() -> None:
    """Who is to be looked after first."""
    period = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31)}
    goals = {4: [Goal(31, **period)], 5: [Goal(10)], 6: [Goal(10)]}
    board = make_board(TREE, "en", {4: Count(20), 5: Count(9)}, goals, DAY)
    assert [(row.code, row.behind) for row in board.behind] == [("C03", 0), ("C01", 8), ("C02", 0)]


def test_a_community_without_a_parent_stands_in_a_section_without_a_name() -> None:
    """A flat list of communities is a board too."""
    board = board_of(order_of(node(1, "A", "Alone")), {1: Count(2)})
    told = [(section.subtotal.name, section.subtotal.count.received) for section in board.sections]
    assert told == [("", 2)]


def test_no_places_at_all() -> None:
    """Before places are loaded everything is unassigned."""
    board = board_of(order_of(), {None: Count(2)})
    assert (board.sections, board.total.count.received) == ([], 2)


def test_A74_last_sync_and_unsent_are_of_the_assigned_volunteers() -> None:
    """A74: a community shows the latest sync of its volunteers, and who of them holds something unsent."""
    wei = VolunteerPhones("Wei", frozenset({4}), 1, moment(8), waiting_responses=12)
    mei = VolunteerPhones("Mei", frozenset({4, 5}), 2, moment(9))
    # Assigned to a subdistrict, which means all of its communities.
    lan = VolunteerPhones("Lan", frozenset({3}), 1, moment(7), waiting_responses=1)
    free = VolunteerPhones("Free", frozenset(), 1, moment(12), waiting_files=1)
    board = board_of(TREE, {}, {}, [wei, mei, lan, free])
    one, two, three = board.rows
    assert (one.last_sync_at, one.waiting) == (moment(9), (wei,))
    assert (two.last_sync_at, two.waiting) == (moment(9), ())
    assert (three.last_sync_at, three.waiting) == (moment(7), (lan,))
    assert (board.waiting_phones, board.waiting_responses, board.waiting_files) == ([wei, lan, free], 13, 1)
