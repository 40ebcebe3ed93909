"""What is measured in one document."""

from typing import Any

import pytest

from collector.intake.measures import duplicate_key, measure, measure_times

YES_NO = {"nodeset": "instance('yn')/root/item", "value": "name", "label": "label"}
MARKS = {"nodeset": "instance('marks')/root/item", "value": "name", "label": "label"}


def question(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "question", "name": name, "type": "string", "control": "input"} | more


def select(name: str, itemset: dict[str, Any] = YES_NO) -> dict[str, Any]:
    return question(name, control="select1", itemset=itemset)


def model(*children: dict[str, Any], place_path: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "form": {"place_path": list(place_path)},
        "root": {"kind": "group", "name": "data", "children": list(children)},
    }


def read(answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    times = {"started_at": "2026-03-28T09:43:10.000+08:00", "finished_at": "2026-03-28T09:51:44.000+08:00"}
    return {"answers": answers, "tz": "Asia/Shanghai", **times, **more}


def test_duration_and_beginning() -> None:
    found = measure(read({}), None)
    assert (found.duration_s, found.begun_minute) == (514, 9 * 60 + 43)


@pytest.mark.parametrize(
    ("started_at", "tz", "minute"),
    [
        ("2026-03-28T23:30:00.000-05:00", "America/New_York", 23 * 60 + 30),
        ("2026-03-28T00:10:00.000+05:45", "Asia/Kathmandu", 10),
        ("2026-03-28T01:00:00Z", "Asia/Shanghai", 9 * 60),
        ("2026-03-28T01:00:00Z", "../../etc/passwd", 60),
        ("yesterday", "Asia/Shanghai", None),
    ],
)
def test_a65_the_hour_is_the_one_on_the_phone(started_at: str, tz: str, minute: int | None) -> None:
    assert measure_times(read({}, started_at=started_at, tz=tz)).begun_minute == minute


def test_what_ends_before_it_begins_has_a_negative_duration() -> None:
    assert measure_times(read({}, finished_at="2026-03-28T09:00:10.000+08:00")).duration_s == -43 * 60
    assert measure_times(read({}, finished_at="9999-12-31T00:00:00Z")).duration_s == 2**31 - 1


def test_answers_are_counted_in_groups_and_repeats() -> None:
    form = model(
        question("name"),
        question("note", readonly="true()"),
        {"kind": "question", "name": "sum", "type": "string", "calculate": "1"},
        {"kind": "group", "name": "home", "children": [question("income"), question("rooms")]},
        {"kind": "repeat", "name": "members", "children": [select("can_read")]},
        question("ok", control="trigger"),
    )
    found = measure(
        read(
            {
                "name": "王",
                "note": "x",
                "sum": "2",
                "ok": "OK",
                "home": {"income@missing": "declined", "rooms": ""},
                "members": [{"can_read": "yes"}, {"can_read": "dont_know"}, "odd"],
            }
        ),
        form,
    )
    assert (found.answered, found.unanswered_by_choice) == (4, 2)


@pytest.mark.parametrize(
    ("answers", "run"),
    [
        ({"a": "1", "b": "1", "c": "1", "d": "1"}, 3),
        ({"a": "1", "b": "1", "c": "2", "d": "2"}, 2),
        ({"a": "1", "c": "1"}, 2),
        ({"a": "1", "b": "2", "c": "1"}, 0),
        ({"a": "1", "t": "x", "b": "1"}, 0),
        ({}, 0),
    ],
)
def test_runs_of_the_same_choice(answers: dict[str, str], run: int) -> None:
    form = model(select("a", MARKS), question("t"), select("b", MARKS), select("c", MARKS), select("d"))
    assert measure(read(answers), form).same_in_a_row == run


@pytest.mark.parametrize(
    ("value", "spot"),
    [
        ("32.0611234 118.7912345 10 5", "32.06112,118.79123"),
        ("32.06 118.79 0 0;32.07 118.80 0 0", "32.06000,118.79000"),
        ("200 118.79", None),
        ("nan 118.79", None),
        ("here", None),
        ("", None),
    ],
)
def test_points(value: str, spot: str | None) -> None:
    assert measure(read({"at": value}), model(question("at", type="geopoint"))).spot == spot


def test_answers_are_compared_without_place_times_points_and_files() -> None:
    form = model(
        question("community"),
        question("name"),
        question("when", type="dateTime"),
        question("at", type="geopoint"),
        question("photo", type="binary", control="upload"),
        place_path=("community",),
    )
    one = {"community": "C01", "name": "王", "when": "2026-03-28T09:00:00Z", "at": "1 2 0 0", "photo": "a.jpg"}
    other = {"community": "C02", "name": "王", "when": "2026-03-29T09:00:00Z", "at": "3 4 0 0", "photo": "b.jpg"}
    hashes = [measure(read(answers), form).answers_hash for answers in (one, other, one | {"name": "李"}, {})]
    assert hashes[0] == hashes[1] != hashes[2]
    assert hashes[3] == ""


def test_a76_duplicates_are_found_whatever_the_case_and_the_blanks() -> None:
    """A76: dwelling "12" and head "Ana Silva" / "ana  silva" in C07."""
    keys = ["dwelling", "home/head"]
    one = duplicate_key(keys, 7, {"dwelling": "12", "home": {"head": "Ana Silva"}})
    assert one == duplicate_key(keys, 7, {"dwelling": "１２", "home": {"head": " ana  silva"}})
    assert one != duplicate_key(keys, 8, {"dwelling": "12", "home": {"head": "Ana Silva"}})
    assert one != duplicate_key(keys, 7, {"dwelling": "12", "home": {"head": "Ana Silvia"}})


def test_a76_without_any_answer_there_is_nothing_to_compare() -> None:
    assert duplicate_key(["dwelling"], 7, {"dwelling": " "}) is None
    assert duplicate_key([], 7, {"dwelling": "12"}) is None
    assert duplicate_key(["dwelling", "head"], 7, {"dwelling": "12"}) is not None


def test_a76_the_order_of_rows_is_no_difference() -> None:
    rows = [{"name": "Ana"}, {"name": "Rui"}]
    assert duplicate_key(["members/name"], 7, {"members": rows}) == duplicate_key(
        ["members/name"], 7, {"members": rows[::-1]}
    )
