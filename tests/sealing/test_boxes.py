"""Sealed boxes and records: the same bytes as the phone's, and nothing opens that was changed."""

import json
import os
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from hypothesis import given
from hypothesis import strategies as st

from collector.sealing.boxes import (
    CannotOpen,
    check_number,
    open_box,
    open_record,
    read_point,
    seal_box,
    seal_record,
)
from collector.sealing.keys import read_pem
from collector.settings import PROJECT_ROOT

OWN = generate_private_key(SECP256R1())


@pytest.fixture(scope="module")
def vectors() -> Any:
    """What the phone's side made."""
    return json.loads((PROJECT_ROOT / "tests" / "field" / "sealed-vectors.json").read_text())


def test_it_opens_what_a_phone_sealed(vectors: Any) -> None:
    key = read_pem(vectors["sealing_key"]["pem"].encode(), "the vectors")
    assert key.entry == {"id": vectors["sealing_key"]["id"], "spki": vectors["sealing_key"]["spki"]}
    assert key.open(bytes.fromhex(vectors["box"]["sealed"]), vectors["box"]["person"]).hex() == vectors["box"]["plain"]


@pytest.mark.parametrize("kind", ["record", "file"])
def test_it_opens_a_phone_s_records(vectors: Any, kind: str) -> None:
    record = vectors[kind]
    sealed, key = bytes.fromhex(record["sealed"]), bytes.fromhex(record["key"])
    plain = open_record(sealed, key, record["purpose"], record["author"])
    assert plain == (record["plain"].encode() if kind == "record" else bytes.fromhex(record["plain"]))
    for purpose, author in [("draft", record["author"]), (record["purpose"], "somebody else")]:
        with pytest.raises(CannotOpen):
            open_record(sealed, key, purpose, author)


def test_the_check_number_is_the_phone_s(vectors: Any) -> None:
    assert check_number(bytes.fromhex(vectors["check"]["reply_key"])) == vectors["check"]["number"]


@given(st.binary(max_size=300))
def test_a_box_opens_to_what_was_sealed(plain: bytes) -> None:
    assert open_box(seal_box(plain, OWN.public_key(), "wei"), OWN, "wei") == plain


@given(st.integers(0, 112), st.integers(1, 255))
def test_a_box_with_a_changed_byte_stays_shut(place: int, change: int) -> None:
    sealed = bytearray(seal_box(os.urandom(32), OWN.public_key(), "wei"))
    sealed[place] ^= change
    with pytest.raises(CannotOpen):
        open_box(bytes(sealed), OWN, "wei")


@given(st.integers(0, 112))
def test_a_box_cut_short_stays_shut(length: int) -> None:
    with pytest.raises(CannotOpen):
        open_box(seal_box(bytes(32), OWN.public_key(), "wei")[:length], OWN, "wei")


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(CannotOpen):
        open_box(seal_box(bytes(32), OWN.public_key(), "wei"), generate_private_key(SECP256R1()), "wei")


def test_another_person_s_box_does_not_open() -> None:
    with pytest.raises(CannotOpen):
        open_box(seal_box(bytes(32), OWN.public_key(), "wei"), OWN, "fang")


@given(st.binary(max_size=100), st.text(max_size=20))
def test_a_record_opens_only_whole(plain: bytes, author: str) -> None:
    key = os.urandom(32)
    sealed = seal_record(plain, key, "document", author)
    assert open_record(sealed, key, "document", author) == plain
    with pytest.raises(CannotOpen):
        open_record(sealed[:-1], key, "document", author)


@pytest.mark.parametrize("point", [b"", bytes(65), b"\x04" + bytes(64), b"\x02" + bytes(32), b"\x04" + b"\xff" * 64])
def test_what_is_no_point_is_refused(point: bytes) -> None:
    with pytest.raises(CannotOpen):
        read_point(point)
