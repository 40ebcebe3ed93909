"""What is measured in one document."""

import json
from hashlib import sha256
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.intake.measures import Measured, duplicate_key, make_plan, measure_times
from collector.intake.measures import measure as measure_by

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


def measure(read: dict[str, Any], form: dict[str, Any] | None) -> Measured:
    return measure_by(read, make_plan(form) if form else None)


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


REFERENCE_CHOICES = {"declined", "dont_know", "dk", "dontknow", "don_t_know", "refused", "no_answer"}
NAMES = st.sampled_from(["a", "b", "c", "at", "meta", "place"])
VALUES = st.sampled_from(
    ["1", "1", "1", "", "dont_know", "refused", "王", "\ud83d", "32.06 118.79 0 0", "91 0", "x y;1 2"]
)


def nodes(depth: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Children of a form's group, with all that a form model may have of what measuring looks at."""
    questions = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["question", "question", "question", "other"]),
            "name": NAMES,
            "control": st.sampled_from(["input", "select1", "select", "trigger", None]),
            "type": st.sampled_from(["string", "string", "geopoint", "geotrace", "binary", "dateTime", "time"]),
        },
        optional={
            "readonly": st.sampled_from(["true()", "false()"]),
            "itemset": st.sampled_from([YES_NO, MARKS, {"nodeset": "/data/members"}, {}]),
        },
    )
    selects = st.fixed_dictionaries(
        {
            "kind": st.just("question"),
            "name": NAMES,
            "control": st.just("select1"),
            "itemset": st.sampled_from([YES_NO, MARKS]),
        }
    )
    questions = st.one_of(questions, selects)
    if not depth:
        return st.lists(questions, min_size=1, max_size=6)
    inside = st.fixed_dictionaries(
        {"kind": st.sampled_from(["group", "repeat"]), "name": NAMES}, optional={"children": nodes(depth - 1)}
    )
    return st.lists(st.one_of(questions, questions, inside), min_size=1, max_size=8)


@st.composite
def answers_to(draw: st.DrawFn, children: list[dict[str, Any]]) -> dict[str, Any]:
    """What may stand in a document under the names of `children`: mostly of the right kind."""
    given_: dict[str, Any] = {}
    for child in children:
        name, odd = child["name"], draw(st.integers(0, 9))
        if odd == 0:
            given_[name] = draw(st.sampled_from([None, 3, [], ["x"], {}, {"a": "1"}, "1"]))
        elif "children" in child and child["kind"] == "repeat":
            given_[name] = [draw(answers_to(child["children"])) for _ in range(draw(st.integers(0, 3)))]
        elif "children" in child:
            given_[name] = draw(answers_to(child["children"]))
        elif odd > 1:
            given_[name] = draw(VALUES)
        if odd in (1, 2):
            given_[f"{name}@missing"] = draw(st.sampled_from(["declined", "dont_know", "because", [], None]))
    return given_


def said_to(node: dict[str, Any], values: dict[str, Any]) -> list[tuple[dict[str, Any], str | None, str | None]]:
    """Plain reference: each question that something was said to, in form order."""
    said = []
    for child in node.get("children", []):
        value = values.get(child["name"])
        reason = values.get(child["name"] + "@missing")
        if child["kind"] == "group" and isinstance(value, dict):
            said += said_to(child, value)
        elif child["kind"] == "repeat" and isinstance(value, list):
            said += [one for row in value if isinstance(row, dict) for one in said_to(child, row)]
        elif child["kind"] == "question" and child["name"] != "meta":
            text = value if isinstance(value, str) else None
            because = reason if reason in ("declined", "dont_know") else None
            said += [(child, text, because)] if text or because else []
    return said


def point_in(text: str) -> tuple[float, float] | None:
    """Plain reference: the first point of an answer."""
    parts = text.split(";")[0].split()[:2]
    try:
        latitude, longitude = map(float, parts)
    except ValueError:
        return None
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


FILLED_IN = nodes(2).flatmap(lambda children: st.tuples(st.just(children), answers_to(children)))


@given(FILLED_IN, st.lists(NAMES, max_size=1))
@settings(max_examples=300, deadline=None)
def test_the_plan_measures_what_the_model_says(
    filled_in: tuple[list[dict[str, Any]], dict[str, Any]], place_path: list[str]
) -> None:
    children, said = filled_in
    form = model(*children, place_path=tuple(place_path))
    all_said = said_to(form["root"], said)
    asked = [
        (node, value, reason)
        for node, value, reason in all_said
        if node.get("control") not in (None, "trigger") and node.get("readonly") != "true()"
    ]
    points = [
        point_in(value)
        for node, value, _ in all_said
        if node.get("type") in ("geopoint", "geotrace", "geoshape") and value
    ]
    point = next((point for point in points if point), None)
    texts = [node.get("itemset", {}).get("nodeset", "") for node, *_ in asked]
    runs = [
        (text, value) if text.startswith("instance") and value is not None else None
        for text, (_, value, _) in zip(texts, asked, strict=True)
    ]
    longest = max((len(list(same)) for key, same in groupby(runs) if key), default=0)
    left_out = ("binary", "dateTime", "time", "geopoint", "geotrace", "geoshape")
    compared = [
        [node["name"], value, reason]
        for node, value, reason in asked
        if node.get("type") not in left_out and node["name"] not in place_path
    ]
    by_choice = [
        reason for node, value, reason in asked if reason or ("itemset" in node and value in REFERENCE_CHOICES)
    ]
    found = measure(read(said), form)
    assert found == Measured(
        duration_s=514,
        begun_minute=9 * 60 + 43,
        answered=len(asked),
        unanswered_by_choice=len(by_choice),
        same_in_a_row=longest if longest > 1 else 0,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        spot="{:.5f},{:.5f}".format(*point) if point else None,
        answers_hash=sha256(json.dumps(compared).encode()).hexdigest() if compared else "",
    )
