"""Lists from files in the engine's host: read once, shared between versions, let go, and never more than there is room for."""

import json
from typing import Any

import pytest

from collector.questionnaires.engine import Engine

NOON_MS = 1_164_369_600_000


def model(*lists: str, size: int = 100) -> str:
    """A form whose answer `a` is chosen from the first list; sizes are what the model says."""
    root = {
        "kind": "group",
        "name": "data",
        "children": [
            {
                "kind": "question", "name": "a", "type": "string", "control": "select1",
                "itemset": {"nodeset": f"instance('{lists[0]}')/root/item", "value": "name", "label": "name"},
            }
        ],
    }  # fmt: skip
    form = {"id": "f", "version": "", "title": "F", "languages": [{"name": "default", "code": ""}]}
    form |= {"default_language": "default", "titles": {}, "style": "", "place_path": []}  # type: ignore[dict-item]
    named = {name: {"file": f"{name}.csv", "sha256": name, "size": size} for name in lists}
    return json.dumps({"model": 1, "form": form, "root": root, "texts": {"default": {}}, "lists": named, "actions": []})


class Reader:
    """Gives lists of one row, the choice `x`, and notes which were asked for."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, sha256: str) -> str:
        self.read.append(sha256)
        return '{"columns":["name"],"rows":[["x"]]}'


@pytest.fixture
def engine() -> Engine:
    """An engine that holds nothing yet."""
    return Engine()


def codes(engine: Engine, name: str, text: str, reader: Any, answer: str = "x") -> list[str]:
    """Codes of the flags of one answer."""
    flags = engine.check(name, text, {"a": answer}, now_ms=NOON_MS, tz=None, read_list=reader).flags
    return [flag["code"] for flag in flags]


def test_each_list_is_read_once(engine: Engine) -> None:
    reader = Reader()
    for answer, expected in (("x", []), ("y", ["unknown_choice"]), ("x", [])):
        assert codes(engine, "h", model("people", "places"), reader, answer) == expected
    assert reader.read == ["people", "places"]


def test_versions_that_name_the_same_list_share_it(engine: Engine) -> None:
    reader = Reader()
    assert codes(engine, "one", model("people"), reader) == []
    assert codes(engine, "two", model("people", "places"), reader) == []
    assert reader.read == ["people", "places"]


def test_a_form_without_lists_reads_none(engine: Engine) -> None:
    plain = json.loads(model("people"))
    plain["lists"] = {"people": {"columns": ["name"], "rows": [["x"]]}}
    reader = Reader()
    assert codes(engine, "h", json.dumps(plain), reader) == []
    assert reader.read == []


def test_what_was_used_longest_ago_makes_room(engine: Engine) -> None:
    """Four megabytes each: the third version takes the place of the first, not of the one that was used since."""
    reader = Reader()
    for name in ("one", "two", "one", "three"):
        assert codes(engine, name, model(name, size=4_000_000), reader) == []
    assert reader.read == ["one", "two", "three"]
    assert codes(engine, "one", model("one", size=4_000_000), reader) == []
    assert codes(engine, "two", model("two", size=4_000_000), reader) == []
    assert reader.read == ["one", "two", "three", "two"]


def test_lists_that_never_fit_are_said_and_others_are_checked_on(engine: Engine) -> None:
    reader = Reader()
    assert codes(engine, "small", model("small"), reader) == []
    assert codes(engine, "large", model("large", size=10_000_001), reader) == ["lists_too_large"]
    assert codes(engine, "small", model("small"), reader) == []
    assert reader.read == ["small"]


def test_a_real_list_of_the_greatest_size_fits_into_the_engines_memory(engine: Engine) -> None:
    rows = [[f"id{number:06d}", f"Person {number}", str(number % 99), "320102003001"] for number in range(190_000)]
    text = json.dumps({"columns": ["name", "label", "age", "place"], "rows": rows}, separators=(",", ":"))
    assert 9_000_000 < len(text) < 10_000_000
    one = json.loads(model("people", size=len(text)))
    one["root"]["children"][0]["itemset"]["nodeset"] += "[name = 'id000007' and place = '320102003001']"
    assert codes(engine, "h", json.dumps(one), lambda _sha256: text, "id000007") == []
    assert codes(engine, "h", json.dumps(one), lambda _sha256: text, "id000008") == ["unknown_choice"]
