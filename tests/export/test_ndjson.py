"""Newline-delimited JSON, read back with json."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.export.options import Options
from collector.export.sheets.sheet import Cell, Dataset, Sheet, Variable
from collector.export.writers.ndjson import wanted, write_ndjson
from tests.export.sheets import dataset, ignore, one_sheet, sheet, variable

RESPONSE = variable("response_id", path="")
KEYS = [variable(name, path="") for name in ("response_id", "parent_key", "key", "index")]


def question(path: str, kind: str = "string", **more: Any) -> Variable:
    return variable(path.rpartition("/")[2], kind, path=path, **more)


def lines(content: Dataset, folder: Path) -> list[dict[str, Any]]:
    write_ndjson(content, folder / "out.ndjson", ignore)
    text = (folder / "out.ndjson").read_bytes().decode()
    assert text.endswith("\n") or not text
    return [json.loads(line) for line in text.splitlines()]


def answer(kind: str, text: Cell, folder: Path, **more: Any) -> Any:
    [line] = lines(one_sheet([RESPONSE, question("q", kind, **more)], [["r1", text]]), folder)
    return line["answers"].get("q", "not there")


def test_answers_have_the_types_of_their_questions(tmp_path: Path) -> None:
    assert answer("int", "5", tmp_path) == 5
    assert answer("decimal", "2.50", tmp_path) == 2.5
    assert answer("boolean", "true", tmp_path) is True
    assert answer("date", "2025-05-15", tmp_path) == "2025-05-15"
    assert answer("dateTime", "2022-07-17T09:43:10.266-04:00", tmp_path) == "2022-07-17T09:43:10.266-04:00"
    assert answer("string", "rice bread", tmp_path, is_multiple=True) == ["rice", "bread"]
    assert answer("geopoint", "22.5 114.1 0 5", tmp_path) == {
        "latitude": 22.5,
        "longitude": 114.1,
        "altitude": 0,
        "accuracy": 5,
    }
    assert answer("geotrace", "22.5 114.1; 22.6 114.2", tmp_path) == [
        {"latitude": 22.5, "longitude": 114.1},
        {"latitude": 22.6, "longitude": 114.2},
    ]


def test_a58_what_a_number_would_not_keep_stays_a_text(tmp_path: Path) -> None:
    for kind, text in [
        ("string", "0123"), ("int", "0123"), ("int", "9007199254740993"), ("decimal", "1.00000000000000000001"),
        ("boolean", "yes"), ("geopoint", "north"), ("geopoint", "95 114"), ("geotrace", "1 2; 3"),
    ]:  # fmt: skip
        assert answer(kind, text, tmp_path) == text


def test_no_answer_is_null_and_what_was_not_asked_is_not_there(tmp_path: Path) -> None:
    assert answer("int", "", tmp_path) is None
    assert answer("int", None, tmp_path) == "not there"


def test_why_there_is_no_answer_stands_beside_the_question(tmp_path: Path) -> None:
    variables = [RESPONSE, question("g/age", "int", reason=2), question("g/age")]
    [line] = lines(one_sheet(variables, [["r1", "", "declined"]]), tmp_path)
    assert line == {"response_id": "r1", "answers": {"g": {"age": None, "age@missing": "declined"}}}


def test_a63_rows_of_repeats_stand_in_their_own_parent(tmp_path: Path) -> None:
    main = sheet([RESPONSE, question("g/head")], [["r1", "王"], ["r2", "李"], ["r3", "张"]])
    members = sheet(
        [*KEYS, question("g/members/name")],
        [
            ["r1", "r1", "r1/g/members[1]", "1", "a"],
            ["r1", "r1", "r1/g/members[2]", "2", "b"],
            ["r3", "r3", "r3/g/members[1]", "1", "c"],
        ],
        "g.members",
    )
    visits = sheet(
        [*KEYS, question("g/members/visits/when", "date")],
        [
            ["r1", "r1/g/members[2]", "r1/g/members[2]/visits[1]", "1", "2025-05-15"],
            ["r3", "r3/g/members[1]", "r3/g/members[1]/visits[1]", "1", "2025-05-16"],
            ["r3", "r3/g/members[1]", "r3/g/members[1]/visits[2]", "2", ""],
        ],
        "g.members.visits",
    )
    first, second, third = lines(dataset(main, members, visits), tmp_path)
    seen: list[int] = []
    write_ndjson(dataset(main, members, visits), tmp_path / "again", seen.append)
    assert sum(seen) == 9
    assert first["answers"]["g"] == {
        "head": "王",
        "members": [{"name": "a", "visits": []}, {"name": "b", "visits": [{"when": "2025-05-15"}]}],
    }
    assert second["answers"]["g"] == {"head": "李", "members": []}
    assert third["answers"]["g"]["members"] == [{"name": "c", "visits": [{"when": "2025-05-16"}, {"when": None}]}]


def test_a_question_that_became_a_group_is_what_the_response_has(tmp_path: Path) -> None:
    variables = [RESPONSE, question("a"), question("a/b"), question("c/d"), question("c")]
    first, second = lines(one_sheet(variables, [["r1", "x", "", "y", ""], ["r2", "", "z", "", "w"]]), tmp_path)
    assert first["answers"] == {"a": "x", "c": {"d": "y"}}
    assert second["answers"]["a"] == {"b": "z"}


def test_own_columns_and_answers_that_no_version_asks_for(tmp_path: Path) -> None:
    variables = [RESPONSE, variable("revision", "int", path=""), question("q"), variable("other_answers", path="")]
    content = one_sheet(variables, [["r1", "2", "x", '{"old":"1"}'], ["r2", "1", "y", ""]])
    assert lines(content, tmp_path) == [
        {"response_id": "r1", "revision": 2, "answers": {"q": "x"}, "other_answers": {"old": "1"}},
        {"response_id": "r2", "revision": 1, "answers": {"q": "y"}},
    ]


def test_parts_of_a_geopoint_are_not_there_twice(tmp_path: Path) -> None:
    variables = [RESPONSE, question("home", "geopoint"), question("home", "decimal"), question("home", "decimal")]
    [line] = lines(one_sheet(variables, [["r1", "1 2", "1", "2"]]), tmp_path)
    assert line["answers"] == {"home": {"latitude": 1, "longitude": 2}}


def test_the_dataset_is_made_of_raw_answers() -> None:
    chosen = wanted(
        Options(choices="labels", headers="label", groups=False, multiple="both", repeats="wide", times="utc")
    )
    assert chosen == Options(times="utc")


def test_no_responses_are_an_empty_file(tmp_path: Path) -> None:
    assert lines(one_sheet([RESPONSE], []), tmp_path) == []


def test_the_same_responses_give_the_same_bytes(tmp_path: Path) -> None:
    seen: list[int] = []
    content = one_sheet([RESPONSE, question("q", "int")], [[f"r{number}", str(number)] for number in range(450)])
    for name in ("one", "two"):
        write_ndjson(content, tmp_path / name, seen.append)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert sum(seen) == 900


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.lists(st.lists(st.lists(TEXT, max_size=3), max_size=3), max_size=4))
def test_what_was_put_in_comes_out(tmp_path: Path, responses: list[list[list[str]]]) -> None:
    outer: list[list[Cell]] = []
    inner: list[list[Cell]] = []
    for number, rows in enumerate(responses):
        id_ = f"r{number}"
        for index, texts in enumerate(rows, start=1):
            key = f"{id_}/a[{index}]"
            outer.append([id_, id_, key, str(index), "x"])
            inner += [[id_, key, f"{key}/b[{at}]", str(at), text] for at, text in enumerate(texts, start=1)]
    sheets: list[Sheet] = [
        sheet([RESPONSE, question("q")], [[f"r{number}", "w"] for number in range(len(responses))]),
        sheet([*KEYS, question("a/x")], outer, "a"),
        sheet([*KEYS, question("a/b/text")], inner, "a.b"),
    ]
    found = [
        [[b["text"] or "" for b in a["b"]] for a in line["answers"]["a"]] for line in lines(dataset(*sheets), tmp_path)
    ]
    assert found == responses
