"""Changing the tree: renaming, moving, merging, splitting, ending, taking back, and what makes no sense."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.scope import scope_of
from collector.errors import CollectorError
from collector.place_order import read_order
from collector.places import operations
from collector.places.operations import Part
from collector.places.undo import undo_last_act
from collector.store import JournalEntry, Place, PlaceState, Response, User, Version
from tests.conftest import Phone
from tests.places.sending import send

DAY, LATER = date(2026, 3, 1), date(2026, 3, 9)
Places = dict[str, Place]


def refused(change: Callable[[], object]) -> str:
    """The code of the error with which a change is refused."""
    with pytest.raises(CollectorError) as error:
        change()
    return error.value.code


def merge(session: Session, places: Places, code: str, into: str, day: date = DAY) -> None:
    operations.merge_place(session, places[code], places[into], day, by=None)


def test_a_new_place_stands_from_its_day(session: Session, places: Places) -> None:
    made = operations.add_place(session, code="C09", names={"zh": "九"}, parent=places["S2"], since=DAY)
    assert (made.level, made.parent_id) == (2, places["S2"].id)
    assert [node.code for node in read_order(session).communities] == ["C01", "C02", "C03", "C09"]
    assert read_order(session, date(2026, 2, 28)).find("C09") is None
    assert refused(lambda: operations.add_place(session, code="C01", names={"zh": "一"})) == "place_code_taken"
    assert (
        refused(lambda: operations.add_place(session, code="C10", names={}, parent=made, since=date(2026, 2, 1)))
        == "place_not_standing"
    )


def test_a_renamed_place_has_its_old_name_on_an_earlier_day(session: Session, places: Places) -> None:
    c01 = places["C01"]
    operations.rename_place(session, c01, {"zh": "新"}, DAY, by=None)
    assert read_order(session).nodes[c01.id].name("zh") == "新"
    assert read_order(session, date(2026, 2, 28)).nodes[c01.id].name("zh") == "C01社区"
    assert refused(lambda: operations.rename_place(session, c01, {"zh": "新"}, DAY, by=None)) == "place_same"
    assert (
        refused(lambda: operations.rename_place(session, c01, {"zh": "旧"}, date(2026, 2, 1), by=None))
        == "place_day_early"
    )


def test_a_moved_place_takes_what_is_under_it_along(session: Session, places: Places) -> None:
    operations.move_place(session, places["S1"], places["S2"], DAY, by=None)
    assert [node.code for node in read_order(session).standing] == ["D", "S2", "C03", "S1", "C01", "C02"]
    assert (places["S1"].level, places["C01"].level) == (2, 3)
    operations.move_place(session, places["S1"], None, LATER, by=None)
    assert (places["S1"].level, places["C01"].level) == (0, 1)


@pytest.mark.parametrize("target", ["D", "S1", "C01"])
def test_a_place_is_never_put_under_itself(session: Session, places: Places, target: str) -> None:
    assert (
        refused(lambda: operations.move_place(session, places["D"], places[target], DAY, by=None)) == "place_in_circle"
    )


def test_a_merged_place_counts_for_the_other_and_so_does_its_successor(session: Session, places: Places) -> None:
    merge(session, places, "C01", "C02")
    merge(session, places, "C02", "C03", LATER)
    order = read_order(session)
    assert order.counts_for[places["C01"].id] == places["C03"].id
    assert [node.code for node in order.communities] == ["S1", "C03"]
    between = read_order(session, date(2026, 3, 5))
    assert between.counts_for[places["C01"].id] == places["C02"].id
    assert read_order(session, date(2026, 2, 1)).counts_for[places["C01"].id] == places["C01"].id
    assert refused(lambda: merge(session, places, "C01", "C03", LATER)) == "place_ended"


def test_places_under_a_merged_one_move_along(session: Session, places: Places) -> None:
    merge(session, places, "S1", "S2")
    order = read_order(session)
    assert [node.code for node in order.standing] == ["D", "S2", "C03", "C01", "C02"]
    assert order.counts_for[places["S1"].id] == places["S2"].id
    assert refused(lambda: merge(session, places, "S2", "C01")) == "place_in_circle"
    assert refused(lambda: merge(session, places, "S2", "S1")) == "place_not_standing"


def test_a_split_place_counts_for_its_heir_or_the_place_above(session: Session, places: Places) -> None:
    parts = [Part("C01A", {"zh": "一"}), Part("C01B", {"zh": "二"})]
    made = operations.split_place(session, places["C01"], parts, 1, DAY, by=None)
    operations.split_place(
        session, places["C02"], [Part("C02A", {"zh": "三"}), Part("C02B", {"zh": "四"})], None, DAY, by=None
    )
    order = read_order(session)
    assert order.counts_for[places["C01"].id] == made[1].id
    assert order.counts_for[places["C02"].id] == places["S1"].id
    # Those who answered for the old place answer for the place above or the heir now; nobody's scope grows past that.
    assert [node.code for node in order.communities] == ["C01A", "C01B", "C02A", "C02B", "C03"]


def test_a_split_that_makes_no_sense(session: Session, places: Places) -> None:
    def split(code: str, *codes: str) -> list[Place]:
        parts = [Part(new, {"zh": "新"}) for new in codes]
        return operations.split_place(session, places[code], parts, None, DAY, by=None)

    assert refused(lambda: split("C01", "X")) == "place_split_needs_two"
    assert refused(lambda: split("C01", "X", "X")) == "place_code_taken"
    assert refused(lambda: split("C01", "X", "C02")) == "place_code_taken"
    assert refused(lambda: split("S1", "X", "Y")) == "place_has_places"


def test_a_place_with_places_under_it_does_not_end(session: Session, places: Places) -> None:
    assert refused(lambda: operations.end_place(session, places["S2"], DAY, by=None)) == "place_has_places"
    operations.end_place(session, places["C03"], DAY, by=None)
    assert read_order(session).counts_for[places["C03"].id] == places["S2"].id
    operations.end_place(session, places["S2"], DAY, by=None)
    assert read_order(session).counts_for[places["C03"].id] == places["D"].id


def test_a_response_keeps_its_code_and_counts_by_the_present_order(
    session: Session, places: Places, phone: Phone, household: Version
) -> None:
    """Placing goes on for the code of a place that has ended: an old phone, or a late response, still names it."""
    merge(session, places, "C01", "C03")
    session.commit()
    response_id = send(phone, household, "C01")
    response = session.get_one(Response, response_id)
    assert (response.place_code, response.place_id) == ("C01", places["C01"].id)
    assert read_order(session).counts_for[response.place_id] == places["C03"].id


def test_who_answers_for_a_merged_place_answers_for_its_successor(session: Session, places: Places, so: User) -> None:
    operations.move_place(session, places["C02"], places["S2"], DAY, by=None)
    session.commit()
    scope = scope_of(session, so.id, so.role)
    assert scope.covers(places["C01"].id)
    assert not scope.covers(places["C02"].id)


def test_undo_takes_back_the_whole_act(session: Session, places: Places) -> None:
    merge(session, places, "S1", "S2")
    assert undo_last_act(session, places["S1"], by=None) == 3
    order = read_order(session)
    assert [node.code for node in order.standing] == ["D", "S1", "C01", "C02", "S2", "C03"]
    assert (places["S1"].ended_on, places["S1"].successor_id, places["C01"].level) == (None, None, 2)


def test_undo_of_a_split_removes_the_parts_again(session: Session, places: Places) -> None:
    c01 = places["C01"]
    parts = [Part("A", {"zh": "一"}), Part("B", {"zh": "二"})]
    operations.split_place(session, c01, parts, 0, DAY, by=None)
    undo_last_act(session, c01, by=None)
    assert session.scalars(select(Place.code).order_by(Place.id)).all() == ["D", "S1", "S2", "C01", "C02", "C03"]
    assert (c01.ended_on, c01.successor_id) == (None, None)
    assert session.scalars(select(PlaceState).where(PlaceState.since == DAY)).all() == []


def test_undo_is_refused_where_something_came_after(
    session: Session, places: Places, phone: Phone, household: Version
) -> None:
    c01 = places["C01"]
    assert refused(lambda: undo_last_act(session, c01, by=None)) == "place_nothing_before"
    made = operations.split_place(session, c01, [Part("A", {"zh": "一"}), Part("B", {"zh": "二"})], 0, DAY, by=None)
    operations.rename_place(session, made[0], {"zh": "改"}, LATER, by=None)
    assert refused(lambda: undo_last_act(session, c01, by=None)) == "place_changed_since"
    undo_last_act(session, made[0], by=None)
    session.commit()
    send(phone, household, "B")
    assert refused(lambda: undo_last_act(session, c01, by=None)) == "place_in_use"
    session.rollback()


def test_two_changes_on_one_day_are_taken_back_one_by_one(session: Session, places: Places) -> None:
    c01 = places["C01"]
    operations.rename_place(session, c01, {"zh": "一"}, DAY, by=None)
    operations.rename_place(session, c01, {"zh": "二"}, DAY, by=None)
    undo_last_act(session, c01, by=None)
    assert (c01.names, read_order(session, DAY).nodes[c01.id].names) == ({"zh": "一"}, {"zh": "一"})


def test_undo_is_refused_where_the_place_above_is_no_more(session: Session, places: Places) -> None:
    operations.move_place(session, places["C03"], places["S1"], DAY, by=None)
    operations.end_place(session, places["S2"], DAY, by=None)
    assert refused(lambda: undo_last_act(session, places["C03"], by=None)) == "place_not_standing"


def test_the_journal_has_every_change_without_names(session: Session, places: Places) -> None:
    operations.rename_place(session, places["C01"], {"zh": "新名"}, DAY, by=None)
    merge(session, places, "C01", "C02")
    session.commit()
    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(2)).all()
    assert [entry.action for entry in entries] == ["place.merge", "place.rename"]
    assert entries[0].details == {"since": "2026-03-01", "into": places["C02"].id, "moved": 0}
    assert "新名" not in str([entry.details for entry in entries])
