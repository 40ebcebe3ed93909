"""Whatever the cells of a workbook hold, its author gets a model or findings, and never a stack trace."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.questionnaires.compile import compile_workbook
from tests.questionnaires.books import make_book

TYPES = (
    "text",
    "integer",
    "select_one l",
    "select_multiple l",
    "begin group",
    "end group",
    "begin repeat",
    "end repeat",
)
EXPRESSIONS = ("${a} > 1", "${b", "today()", "\u201cx\u201d = ${a}", "sum(${r})", "(", "1 div 0", ". > 2", "../c")
NAMES = ("a", "b", "c", "r", "1x", "a b", "\u59d3\u540d", "meta", "data")
ANY = st.one_of(
    st.none(), st.text(max_size=8), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans()
)


def legal(value: Any) -> Any:
    """openpyxl refuses to write control characters and lone surrogates; no spreadsheet program writes them either."""
    if isinstance(value, str):
        return "".join(character for character in value if character.isprintable())
    return value


def cell(*usual: str) -> st.SearchStrategy[Any]:
    return st.one_of(st.sampled_from(usual), st.none(), ANY.map(legal))


SURVEY = st.lists(
    st.tuples(
        cell(*TYPES, "calculate", "note"),
        cell(*NAMES),
        cell("Label", "See ${a}"),
        cell(*EXPRESSIONS),
        cell(*EXPRESSIONS),
    ),
    max_size=8,
)
CHOICES = st.lists(st.tuples(cell("l", "m"), cell("x", "y", "x y"), cell("X")), max_size=4)
HEADERS = st.lists(
    st.one_of(st.sampled_from(("type", "name", "label", "label::A (aa)", "relevant", "bind::", "::")), ANY.map(legal))
)


@settings(max_examples=150, deadline=None)
@given(SURVEY, CHOICES)
def test_any_cells(survey: list[tuple[Any, ...]], choices: list[tuple[Any, ...]]) -> None:
    book = make_book(
        survey=[["type", "name", "label", "relevant", "calculation"], *survey],
        choices=[["list_name", "name", "label"], *choices],
    )
    compiled = compile_workbook(book, "any.xlsx")
    assert (compiled.model_json is None) == bool(compiled.errors)
    for finding in (*compiled.errors, *compiled.warnings):
        assert finding.message and finding.message_zh
        assert "Traceback" not in finding.message


@settings(max_examples=60, deadline=None)
@given(HEADERS, st.lists(st.lists(ANY.map(legal), max_size=6), max_size=4))
def test_any_headers(headers: list[Any], rows: list[list[Any]]) -> None:
    compiled = compile_workbook(make_book(survey=[headers, *rows], settings=[headers, *rows]), "any.xlsx")
    assert (compiled.model_json is None) == bool(compiled.errors)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 3000))
def test_any_bytes(noise: bytes, at: int) -> None:
    good = make_book(survey=[["type", "name", "label"], ["text", "q", "Q"]])
    for content in (noise, b"PK\x03\x04" + noise, good[:at] + noise + good[at + len(noise) :]):
        compiled = compile_workbook(content, "any.xlsx")
        assert (compiled.model_json is None) == bool(compiled.errors)
