"""Sealed files: any content comes back from any place in it, and whatever was done to one is noticed."""

import io
import os
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.store.data_keys import CannotOpen, DataKey, DataKeys
from collector.store.sealed_streams import (
    CHUNK_BYTES,
    HEADER_BYTES,
    SEALED_CHUNK_BYTES,
    CannotOpenFile,
    open_sealed,
    plain_size,
    seal_stream,
)

KEY, OTHER = DataKey(bytes(range(32))), DataKey(bytes(32))
KEYS = DataKeys((KEY,))
#: Sizes around those where something changes.
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 17]


def sealed(content: bytes, *, key: DataKey = KEY, context: str = "") -> bytes:
    target = io.BytesIO()
    assert seal_stream(io.BytesIO(content), target, key, context) == len(content)
    return target.getvalue()


def opened(stored: bytes, *, keys: DataKeys = KEYS, context: str = "") -> BinaryIO:
    return open_sealed(io.BytesIO(stored), keys, context)


class Stingy(io.RawIOBase):
    """Gives at most so many bytes at a time, as a connection may."""

    def __init__(self, content: bytes, most: int) -> None:
        self.content, self.most = io.BytesIO(content), most

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray) -> int:  # type: ignore[override]
        found = self.content.read(min(len(target), self.most))
        target[: len(found)] = found
        return len(found)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_comes_back_and_its_size_is_known(size: int) -> None:
    content = os.urandom(size)
    stored = sealed(content)
    assert opened(stored).read() == content
    assert plain_size(len(stored)) == size
    assert len(stored) == HEADER_BYTES + size + 16 * max(1, -(-size // CHUNK_BYTES))
    assert content[:64] not in stored or size < 64


@given(
    st.sampled_from(SIZES),
    st.lists(st.tuples(st.integers(0, 4 * CHUNK_BYTES), st.integers(-1, CHUNK_BYTES)), max_size=8),
)
@settings(max_examples=60, deadline=None)
def test_any_part_can_be_read_as_from_a_plain_file(size: int, steps: list[tuple[int, int]]) -> None:
    content = bytes(number % 251 for number in range(size))
    plain, reader = io.BytesIO(content), opened(sealed(content))
    for place, wanted in steps:
        assert reader.seek(place) == plain.seek(place)
        assert reader.read(wanted) == plain.read(wanted)
        assert reader.tell() == plain.tell()
    assert reader.seek(-min(size, 3), io.SEEK_END) == plain.seek(-min(size, 3), io.SEEK_END)
    assert reader.read() == plain.read()


@given(st.binary(max_size=300_000), st.integers(1, 70_000))
@settings(max_examples=40, deadline=None)
def test_a_source_that_gives_little_at_a_time_is_sealed_the_same(content: bytes, most: int) -> None:
    target = io.BytesIO()
    seal_stream(Stingy(content, most), target, KEY)  # type: ignore[arg-type]
    assert opened(target.getvalue()).read() == content


@given(st.sampled_from(SIZES), st.data())
@settings(max_examples=150, deadline=None)
def test_a_changed_bit_is_noticed(size: int, data: st.DataObject) -> None:
    stored = bytearray(sealed(b"x" * size))
    # The first four bytes say that it is sealed at all: without them it is a plain file, whose SHA-256 is wrong.
    at = data.draw(st.integers(4, len(stored) - 1))
    stored[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotOpenFile):
        opened(bytes(stored)).read()


@given(st.sampled_from(SIZES), st.data())
@settings(max_examples=100, deadline=None)
def test_a_cut_is_noticed(size: int, data: st.DataObject) -> None:
    stored = sealed(b"x" * size)
    left = data.draw(st.integers(4, len(stored) - 1))
    with pytest.raises(CannotOpenFile):
        opened(stored[:left]).read()


@pytest.mark.parametrize("chunks", [1, 2])
def test_chunks_left_out_at_the_end_are_noticed(chunks: int) -> None:
    """Cut exactly between two chunks."""
    stored = sealed(b"x" * 3 * CHUNK_BYTES)
    with pytest.raises(CannotOpenFile):
        opened(stored[: HEADER_BYTES + chunks * SEALED_CHUNK_BYTES]).read()


def test_chunks_that_changed_places_or_were_put_on_are_noticed() -> None:
    stored = sealed(b"x" * 3 * CHUNK_BYTES)
    head, body = stored[:HEADER_BYTES], stored[HEADER_BYTES:]
    one, two, three = (body[at * SEALED_CHUNK_BYTES : (at + 1) * SEALED_CHUNK_BYTES] for at in range(3))
    other = sealed(b"x" * 3 * CHUNK_BYTES)[HEADER_BYTES : HEADER_BYTES + SEALED_CHUNK_BYTES]
    for chunks in ([two, one, three], [one, two, three, three], [one, three], [other, two, three], [one, one, three]):
        with pytest.raises(CannotOpenFile):
            opened(head + b"".join(chunks)).read()


def test_a_file_stands_in_for_no_other() -> None:
    stored = sealed(b"photo of one", context="files/aa/one")
    assert opened(stored, context="files/aa/one").read() == b"photo of one"
    with pytest.raises(CannotOpenFile, match="not the one that belongs here"):
        opened(stored, context="files/bb/two").read()


def test_each_key_opens_what_it_sealed_and_a_missing_one_is_named() -> None:
    stored = sealed(b"photo", key=OTHER)
    assert opened(stored, keys=DataKeys((KEY, OTHER))).read() == b"photo"
    with pytest.raises(CannotOpenFile, match=OTHER.id.hex()):
        opened(stored)
    assert issubclass(CannotOpenFile, CannotOpen) and issubclass(CannotOpenFile, OSError)


def test_a_plain_file_kept_before_is_read_as_it_is() -> None:
    for content in (b"", b"\0", b"\xff\xd8\xff plain"):
        assert opened(content).read() == content


def test_two_files_of_the_same_content_have_nothing_in_common() -> None:
    one, two = sealed(b"x" * 1000), sealed(b"x" * 1000)
    assert one[HEADER_BYTES:] != two[HEADER_BYTES:] and one[8:HEADER_BYTES] != two[8:HEADER_BYTES]
