"""The order of a day, without a database: where responses count, what is under what, chains, circles."""

from datetime import date

from sqlalchemy.orm import Session

from collector.place_order import Node, Order, level_of, read_order
from collector.store import Place, PlaceState
from collector.store.places import ALWAYS


def order(*rows: tuple[int, int | None] | tuple[int, int | None, int | None]) -> Order:
    """An order of `(id, parent)` for places that stand, and `(id, parent, successor)` for places that have ended."""
    nodes = {}
    for row in rows:
        is_ended = len(row) == 3
        successor_id = row[2] if len(row) == 3 else None
        nodes[row[0]] = Node(row[0], f"C{row[0]}", {"zh": f"第{row[0]}"}, row[1], row[0], 0, is_ended, successor_id)
    return Order(nodes)


def test_a_place_that_stands_counts_for_itself() -> None:
    assert order((1, None), (2, 1)).counts_for == {1: 1, 2: 2}


def test_a_line_of_mergers_is_followed_to_its_end() -> None:
    found = order((1, None), (2, 1, 3), (3, 1, 4), (4, 1))
    assert found.counts_for == {1: 1, 2: 4, 3: 4, 4: 4}
    assert [node.id for node in found.communities] == [4]


def test_a_split_place_without_successor_counts_for_the_place_above_it() -> None:
    found = order((1, None), (2, 1, None), (3, 1), (4, 1))
    assert found.counts_for[2] == 1


def test_a_line_that_ends_in_a_split_counts_for_the_place_above_its_last() -> None:
    found = order((1, None), (5, None), (2, 1, 3), (3, 5, None), (4, 5))
    assert found.counts_for[2] == 5


def test_the_place_above_that_was_merged_is_followed_too() -> None:
    # Community 3 was split up under 2; then 2 was merged into 4.
    assert order((1, None), (2, 1, 4), (3, 2, None), (4, 1)).counts_for[3] == 4


def test_a_place_whose_parents_have_all_ended_counts_nowhere() -> None:
    assert order((1, None, None), (2, 1, None)).counts_for == {}


def test_A81_whoever_had_a_place_that_nothing_follows_keeps_it_and_gets_nothing_more() -> None:
    # 2 was split into 3 and 4 and gave its responses to neither; 6 was merged into 2 before; 5 is beside them.
    split = order((1, None), (2, 1, None), (3, 1), (4, 1), (5, 1), (6, 1, 2))
    assert split.under([2]) == {2, 6}
    assert split.under([6]) == {2, 6}
    assert split.under([1]) == {1, 2, 3, 4, 5, 6}
    assert (split.follower(2), split.follower(6), split.follower(3)) == (2, 2, 3)
    with_heir = order((1, None), (2, 1, 3), (3, 1), (4, 1))
    assert with_heir.under([2]) == {2, 3}


def test_circles_do_no_harm() -> None:
    successors = order((1, None), (2, 1, 3), (3, 1, 2))
    assert successors.counts_for == {1: 1, 2: 1, 3: 1}
    parents = order((1, 2), (2, 1), (3, None))
    assert [node.id for node in parents.standing] == [3]
    assert parents.lineage(1) == [1, 2]
    assert parents.under([1]) == frozenset()


def test_under_holds_former_places_too() -> None:
    found = order((1, None), (2, 1), (3, 1), (4, 2), (5, 2, 4), (6, 3), (7, 2, None))
    assert found.under([2]) == {2, 4, 5, 7}
    # Somebody who answers for a place that was merged answers for its successor.
    assert found.under([5]) == {4, 5}
    assert found.under([1]) == {1, 2, 3, 4, 5, 6, 7}


def test_places_come_in_the_order_of_the_tree() -> None:
    found = order((1, None), (4, 1), (2, 1), (3, 2))
    assert [node.id for node in found.standing] == [1, 2, 3, 4]
    assert [node.id for node in found.communities] == [3, 4]


def test_a_name_falls_back_to_another_language_and_to_the_code() -> None:
    assert Node(1, "C1", {"zh": "甲"}).name("en") == "甲"
    assert Node(1, "C1", {}).name("en") == "C1"


def test_levels() -> None:
    assert [level_of(place, {1: None, 2: 1, 3: 2}) for place in (1, 2, 3)] == [0, 1, 2]
    assert level_of(1, {1: 2, 2: 1}) == 1


def test_a_day_shows_the_order_of_that_day(session: Session, places: dict[str, Place]) -> None:
    c01, s2 = places["C01"], places["S2"]
    session.add(PlaceState(place_id=c01.id, since=date(2026, 3, 1), parent_id=s2.id, names={"en": "Moved"}))
    # Two changes on one day: the later one holds.
    session.add(PlaceState(place_id=c01.id, since=date(2026, 3, 5), parent_id=s2.id, names={"en": "First"}))
    session.flush()
    session.add(PlaceState(place_id=c01.id, since=date(2026, 3, 5), parent_id=s2.id, names={"en": "Second"}))
    session.flush()
    before, after = read_order(session, date(2026, 2, 28)), read_order(session, date(2026, 3, 1))
    assert before.nodes[c01.id].parent_id == places["S1"].id
    assert (after.nodes[c01.id].parent_id, after.nodes[c01.id].name("en")) == (s2.id, "Moved")
    assert read_order(session, date(2026, 3, 5)).nodes[c01.id].name("en") == "Second"
    assert after.nodes[c01.id].level == 2
    assert read_order(session, date(1899, 1, 1)).nodes == {}


def test_a_place_is_not_there_before_it_was_made(session: Session, places: dict[str, Place]) -> None:
    found = Place(code="N", level=0, names={"en": "New"})
    session.add(found)
    session.flush()
    session.add(PlaceState(place_id=found.id, since=date(2026, 5, 1), names={"en": "New"}))
    session.flush()
    assert found.id not in read_order(session, date(2026, 4, 30)).nodes
    assert found.id in read_order(session, date(2026, 5, 1)).nodes
    assert places["D"].id in read_order(session, ALWAYS).nodes
