"""The engine's host: the same files as on the phone, in V8, within limits."""

from __future__ import annotations

import importlib.util
import json
import os
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from collector.questionnaires.engine import Engine, EngineError
from collector.questionnaires.engine_source import engine_files
from collector.questionnaires.zones import zone_table

TESTS = Path(__file__).resolve().parents[1] / "engine"
NOON_MS = 1_164_369_600_000  # 2006-11-24T12:00:00Z


def vectors_host() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vectors_host", TESTS / "vectors_host.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HOST = vectors_host()
CASES = [
    pytest.param(vector, id=f"{path.stem}: {vector['expr']}")
    for path in sorted((TESTS / "cases").glob("*.json"))
    for vector in json.loads(path.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def vector_engine() -> Engine:
    engine: Engine = HOST.vector_engine()
    return engine


@pytest.fixture
def engine() -> Engine:
    return Engine()


def question(name: str, **keys: str) -> dict[str, Any]:
    return {"kind": "question", "name": name, "type": "string", "control": "input", **keys}


def model(*children: dict[str, Any]) -> str:
    form = {
        "id": "f",
        "version": "",
        "title": "F",
        "languages": [{"name": "default", "code": ""}],
        "default_language": "default",
    }
    root = {"kind": "group", "name": "data", "children": list(children)}
    return json.dumps({"model": 1, "form": form, "root": root, "texts": {"default": {}}, "lists": {}, "actions": []})


def codes(flags: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(flag["code"], flag["path"]) for flag in flags]


@pytest.mark.parametrize("vector", CASES)
def test_a_case_gives_the_same_in_the_host(vector: dict[str, Any], vector_engine: Engine) -> None:
    outcome = HOST.run_vector(vector_engine, vector)
    assert outcome is None, f"gives {outcome}, not {vector['expect']}"


def test_files_come_after_what_they_import() -> None:
    names = [path.name for path in engine_files()]
    assert len(names) == len(set(names))
    assert names.index("lexer.js") < names.index("parser.js") < names.index("form.js") < names.index("check.js")


def test_flags_of_a_response(engine: Engine) -> None:
    text = model(
        question("age", type="int", required="true()", constraint=". < 120"),
        question("twice", calculate="/data/age * 2", readonly="true()"),
    )
    assert engine.check("h", text, {"age": "30", "twice": "60"}, now_ms=NOON_MS, tz="Asia/Shanghai").flags == []
    flags = engine.check(
        "h", text, '{"age": "130", "twice": "61", "more": "1"}', now_ms=NOON_MS, tz="Asia/Shanghai"
    ).flags
    assert codes(flags) == [
        ("unknown_question", "/data/more"),
        ("constraint_broken", "/data/age"),
        ("calculate_differs", "/data/twice"),
    ]


def test_a_reason_for_no_answer_is_checked_as_on_the_phone(engine: Engine) -> None:
    age = question("age", type="int", required="true()", constraint=". < 120") | {"missing": ["declined"]}
    text = model(age, question("name"))

    def flags(answers: dict[str, str]) -> list[tuple[str, str]]:
        return codes(engine.check("m", text, answers, now_ms=NOON_MS, tz="Asia/Shanghai").flags)

    assert flags({"age@missing": "declined"}) == []
    assert flags({"age@missing": "dont_know"}) == [("reason_unknown", "/data/age"), ("required_missing", "/data/age")]
    assert flags({"age": "30", "age@missing": "declined", "name@missing": "declined"}) == [
        ("reason_beside_answer", "/data/age"),
        ("reason_unknown", "/data/name"),
    ]


def test_what_was_asked_and_not_answered(engine: Engine) -> None:
    text = model(question("age", type="int"), question("more", relevant="/data/age > 17"))
    assert engine.check("h", text, {"age": "30"}, now_ms=NOON_MS, tz=None).unanswered == ["/data/more"]
    assert engine.check("h", text, {"age": "3"}, now_ms=NOON_MS, tz=None).unanswered == []
    assert engine.check("bad", "{", {}, now_ms=NOON_MS, tz=None).unanswered is None


def test_a_model_is_asked_for_once(engine: Engine) -> None:
    asked = []

    def text() -> str:
        asked.append(1)
        return model(question("a"))

    for _ in range(3):
        assert engine.check("h", text, {"a": "1"}, now_ms=NOON_MS, tz=None).flags == []
    assert len(asked) == 1
    for number in range(20):
        engine.check(f"other-{number}", model(question("a")), {}, now_ms=NOON_MS, tz=None)
    engine.check("h", text, {}, now_ms=NOON_MS, tz=None)
    assert len(asked) == 2, "16 models are kept, not all"


@pytest.mark.parametrize(
    ("tz", "offset_minutes", "now_ms", "day"),
    [
        ("America/Denver", 0, 1_530_079_800_000, "2018-06-27"),  # 00:10 local, 06:10 UTC
        ("America/Denver", 0, 1_530_165_000_000, "2018-06-27"),  # 23:50 local
        ("Asia/Shanghai", 0, 1_530_079_800_000, "2018-06-27"),
        ("No/Such", 480, 1_530_115_200_000, "2018-06-28"),
        (None, 0, 1_530_115_200_000, "2018-06-27"),
        ("../../etc/passwd", 0, 1_530_115_200_000, "2018-06-27"),
    ],
)
def test_a35_today_is_the_phones_day(
    engine: Engine, tz: str | None, offset_minutes: int, now_ms: int, day: str
) -> None:
    text = model(question("day", type="date", constraint=". = today()"))
    assert engine.check("h", text, {"day": day}, now_ms=now_ms, tz=tz, offset_minutes=offset_minutes).flags == []
    flags = engine.check("h", text, {"day": "2018-06-20"}, now_ms=now_ms, tz=tz, offset_minutes=offset_minutes).flags
    assert codes(flags) == [("constraint_broken", "/data/day")]


def test_zone_table_knows_the_changes_of_the_clocks() -> None:
    table = zone_table("Europe/Berlin")
    assert table is not None
    assert (1_521_939_600_000, 120) in table  # 2018-03-25T01:00:00Z
    assert (1_540_688_400_000, 60) in table  # 2018-10-28T01:00:00Z
    assert zone_table("No/Such") is None


def test_an_endless_check_is_stopped_and_the_engine_lives_on(engine: Engine) -> None:
    text = model(question("a", constraint="regex(., '(a+)+b')"))
    assert codes(engine.check("h", text, {"a": "a" * 60}, now_ms=NOON_MS, tz=None).flags) == [("check_timed_out", "")]
    assert engine.check("h", text, {"a": "aab"}, now_ms=NOON_MS, tz=None).flags == []


@pytest.mark.parametrize(
    "answers",
    [
        "{not json",
        "[]",
        "null",
        '"secret"',
        '{"a": {"secret": [1]}}',
        '{"a": "\\ud800 secret"}',
        '{"__proto__": "secret"}',
    ],
)
def test_nothing_in_the_answers_raises_or_is_told(engine: Engine, answers: str) -> None:
    flags = engine.check("h", model(question("a", type="int")), answers, now_ms=NOON_MS, tz=None).flags
    assert "secret" not in json.dumps([flag["message"] for flag in flags])


def test_a_lone_surrogate_and_deep_answers_do_not_raise(engine: Engine) -> None:
    engine.check("h", model(question("a")), {"a": "\ud800"}, now_ms=NOON_MS, tz=None)
    deep = '{"a":' * 50_000 + "1" + "}" * 50_000
    assert isinstance(engine.check("h", model(question("a")), deep, now_ms=NOON_MS, tz=None).flags, list)
    assert engine.check("h", model(question("a")), {"a": "1"}, now_ms=NOON_MS, tz=None).flags == []


def test_a_model_that_is_none_is_told(engine: Engine) -> None:
    assert codes(engine.check("h", "{", {}, now_ms=NOON_MS, tz=None).flags) == [("check_failed", "")]
    with pytest.raises(EngineError):
        engine.check_model("{")


def test_a_model_too_large_for_the_memory_is_told(engine: Engine) -> None:
    big = model(question("a", default="x" * 200_000_000))
    assert codes(engine.check("big", big, {}, now_ms=NOON_MS, tz=None).flags) == [("check_failed", "")]
    assert engine.check("h", model(question("a")), {"a": "1"}, now_ms=NOON_MS, tz=None).flags == []


def test_a41_a_circle_is_told_and_names_both(engine: Engine) -> None:
    (fault,) = engine.check_model(model(question("x", calculate="/data/y"), question("y", calculate="/data/x")))
    assert fault["code"] == "circle" and fault["key"] == "calculate"
    assert "x" in fault["message"] and "y" in fault["message"]


def test_many_threads_share_one_engine(engine: Engine) -> None:
    text, results = model(question("n", type="int", constraint=". < 5")), []

    def work(number: int) -> None:
        flags = [
            engine.check("h", text, {"n": str(number)}, now_ms=NOON_MS, tz="Asia/Shanghai").flags for _ in range(20)
        ]
        results.append(all(bool(one) == (number >= 5) for one in flags))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_worker_makes_its_own_engine(engine: Engine) -> None:
    text = model(question("a"))
    engine.check("h", text, {}, now_ms=NOON_MS, tz=None)
    child = os.fork()
    if child == 0:
        os._exit(0 if engine.check("h", text, {"a": "1"}, now_ms=NOON_MS, tz=None).flags == [] else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
