"""Reading a file of unsent responses record by record."""

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.intake import unsent_file
from collector.intake.unsent_file import CutShort, FileFault, Record, read_head, read_records, read_values

HEAD = {"collector": "unsent", "version": 2, "key_id": "k"}


def stream(value: Any) -> io.BytesIO:
    return io.BytesIO(value if isinstance(value, bytes) else json.dumps(value).encode())


def test_it_gives_the_records_with_their_places() -> None:
    parts = [
        {
            "author": "a",
            "key": "1",
            "responses": ["r0", 5, {"x": ["y"]}, None],
            "files": [{"name": "n", "deep": {"z": 1}}, 7],
        },
        {"files": [], "responses": ["r1"], "key": "2", "author": "b"},
    ]
    head = read_head(stream(HEAD | {"parts": parts}))
    assert (head.authors, head.keys, head.key_id) == ({0: "a", 1: "b"}, {0: "1", 1: "2"}, "k")
    records = list(read_records(stream(HEAD | {"parts": parts}), 2))
    assert [(item.kind, item.part, item.number) for item in records] == [
        ("response", 0, 0),
        ("response", 0, 1),
        ("response", 0, 2),
        ("response", 0, 3),
        ("file", 0, 0),
        ("file", 0, 1),
        ("response", 1, 0),
    ]
    assert [item.content for item in records[:4]] == ["r0", None, None, None]
    assert records[4].content["name"] == "n"
    assert records[5].content is None


def test_version_1_is_one_part() -> None:
    given = {"collector": "unsent", "version": 1, "responses": ["r"], "files": [{"name": "n", "base64": "aa"}]}
    assert list(read_records(stream(given), 1)) == [
        Record("response", 0, 0, "r"),
        Record("file", 0, 0, {"name": "n", "base64": "aa"}),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_json"),
        (b"PK\x03\x04 zip", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"collector": "uns', "not_json"),
        ([], "not_unsent"),
        ("unsent", "not_unsent"),
        ({"collector": "something"}, "not_unsent"),
        ({"parts": []}, "not_unsent"),
        ({"collector": "unsent"}, "version_unknown"),
        ({"collector": "unsent", "version": 3}, "version_unknown"),
        ({"collector": "unsent", "version": "2"}, "version_unknown"),
    ],
)
def test_what_is_no_such_file_is_told(content: Any, code: str) -> None:
    with pytest.raises(FileFault) as caught:
        read_head(stream(content))
    assert caught.value.code == code
    assert caught.value.message


def test_a_file_that_was_cut_gives_what_came_before() -> None:
    whole = json.dumps(HEAD | {"parts": [{"author": "a", "key": "1", "responses": ["r0", "r1", "r2"]}]}).encode()
    cut = stream(whole[: whole.index(b"r2")])
    assert read_head(cut).keys == {0: "1"}
    found = []
    with pytest.raises(CutShort):
        for item in read_records(cut, 2):
            found.append(item.content)
    assert found == ["r0", "r1"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=30,
)


@given(JSON)
def test_paths_are_those_of_the_whole(value: Any) -> None:
    """Each value within reach stands where its path says."""
    # A pair of surrogates that Python's text has not joined is no text of JSON.
    for path, found in read_values(stream(value)):
        there = value
        for step in path:
            there = there[step]
        if isinstance(there, (dict, list)):
            continue
        assert found == there or isinstance(there, float)


def test_little_memory_is_needed() -> None:
    """A file of many records takes no more than some of them."""
    record = "x" * 1_000_000
    content = json.dumps(HEAD | {"parts": [{"author": "a", "key": "1", "responses": [record] * 60}]}).encode()
    tracemalloc.start()
    try:
        read_head(io.BytesIO(content))
        assert sum(1 for _ in read_records(io.BytesIO(content), 2)) == 60
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The two BytesIO share the content; what is made anew is a piece of it, and a few records.
    assert peak < 45_000_000


def test_a_text_without_end_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no photo can be is not gathered up."""
    monkeypatch.setattr(unsent_file, "MAX_TEXT_BYTES", 3_000_000)
    monkeypatch.setattr(unsent_file, "PIECE_BYTES", 1_000_000)
    whole = HEAD | {"parts": [{"author": "a", "key": "1", "responses": ["r0", "x" * 2_500_000, "y" * 5_000_000]}]}
    found = []
    with pytest.raises(CutShort):
        for item in read_records(stream(whole), 2):
            found.append(len(item.content))
    assert found == [2, 2_500_000]
