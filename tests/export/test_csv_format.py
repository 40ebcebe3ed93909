"""CSV for spreadsheet programs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.export.writers.csv_format import CsvWriter, defuse, first_line

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def as_bytes(
    rows: list[list[str]], *, header: tuple[str, ...] = ("h",), has_mark: bool = True, is_safe: bool = True
) -> bytes:
    writer = CsvWriter(len(header), is_safe=is_safe)
    for row in rows:
        writer.add(row)
    return first_line(header, has_mark=has_mark, is_safe=is_safe) + writer.take()


def test_it_begins_with_a_byte_order_mark__A57() -> None:
    content = as_bytes([["Zoë 王"]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert "Zoë 王" in content.decode("utf-8")
    assert not as_bytes([["Zoë 王"]], has_mark=False).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("+1+1", "'+1+1"),
        ("-1-1", "'-1-1"),
        ("\t=1", "'\t=1"),
        ("'=1", "''=1"),
        ("''-5", "'''-5"),
        ("'tis", "'tis"),
        ("-5", "-5"),
        ("-", "-"),
        ("-2.5", "-2.5"),
        ("+8613812345678", "+8613812345678"),
        ("06932169358293", "06932169358293"),
        ("0123", "0123"),
        ("", ""),
    ],
)
def test_formulas_are_defused_and_numbers_stay__A58_A59(typed: str, safe: str) -> None:
    assert defuse(typed) == safe
    assert f"{typed}" in as_bytes([[typed]], is_safe=False).decode() or "\t" in typed


@given(st.lists(st.tuples(TEXT, TEXT).map(list), max_size=5))
def test_an_independent_reader_gives_back_what_was_written(rows: list[list[str]]) -> None:
    content = as_bytes(rows, header=("a", "b"), has_mark=False, is_safe=False)
    assert list(csv.reader(io.StringIO(content.decode(), newline=""))) == [["a", "b"], *rows]


def test_half_a_character_does_not_break_the_file() -> None:
    assert b"?" in as_bytes([["\ud83d"]]) or "�".encode() in as_bytes([["\ud83d"]])


@given(
    st.lists(
        st.lists(
            TEXT | st.sampled_from(["=1", "-5", "-x", "'=1", "''@", "'s", "a,b", '"', "\n", "\r", "@", "\t"]),
            min_size=3,
            max_size=3,
        ),
        max_size=90,
    )
)
def test_rows_that_are_looked_at_together_are_as_safe_as_one_by_one__A59(rows: list[list[str]]) -> None:
    content = as_bytes(rows, header=("a", "b", "c"), has_mark=False)
    read = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert read == [["a", "b", "c"], *([defuse(cell) for cell in row] for row in rows)]


def test_what_is_no_text_is_written_as_json() -> None:
    assert (
        as_bytes([["a", ["x", 1], None]], header=("a", "b", "c"), has_mark=False).decode()
        == 'a,b,c\r\na,"[""x"",1]",\r\n'
    )  # type: ignore[list-item]
