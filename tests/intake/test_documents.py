"""Reading response documents: whatever comes, it is read or has a reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.intake.documents import read_document
from collector.intake.quarantine import REASONS
from collector.settings import MAX_DOCUMENT_BYTES
from tests.documents import content_hash, make_document

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_it_reads_a_document() -> None:
    text = make_document()
    document = read_document(text)
    assert document.problem is None
    assert document.text == text
    assert document.content_hash == content_hash(text)
    assert document.read["answers"] == {"place": "C01", "hh_size": "4"}


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("{nonsense", "document_not_json"),
        ("[" * 100_000, "document_not_json"),
        ("[]", "document_malformed"),
        (None, "document_malformed"),
        (make_document(id=None), "id_missing"),
        (make_document(id="../../etc/passwd"), "id_missing"),
        (make_document(answers="4"), "document_malformed"),
        (make_document(files=[{"name": "../x", "sha256": "0" * 64, "size": 1}]), "document_malformed"),
        (make_document(answers={"hh_size": "9" * MAX_DOCUMENT_BYTES}), "document_too_large"),
    ],
)
def test_it_gives_a_reason(item: object, problem: str) -> None:
    assert read_document(item).problem == problem


def test_an_item_that_is_no_text_has_one_hash_however_its_keys_are_ordered() -> None:
    assert read_document({"a": 1, "b": 2}).content_hash == read_document({"b": 2, "a": 1}).content_hash


@given(JSON)
def test_it_never_raises(item: object) -> None:
    document = read_document(item if not isinstance(item, dict) else json.dumps(item))
    assert document.problem in REASONS
    document.text.encode()
    assert "\0" not in document.text
