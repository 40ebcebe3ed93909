"""Headers: short, telling, never twice."""

from collector.export.options import LABEL, NAME, PATH
from collector.export.sheets.headers import Heading, headers_of


def q(path: str, label: str = "", ending: str = "", **more: object) -> Heading:
    *groups, name = path.split("/")
    labels = tuple(group.upper() for group in groups)
    made = {"label": label or name, "group_labels": labels, "ending": ending, "label_ending": ending} | more
    return Heading(name, tuple(groups), **made)  # type: ignore[arg-type]


THREE = [q("g1/name", "Name"), q("g2/name", "Name"), q("g1/age", "Age")]


def test_names_that_collide_keep_their_groups__A69() -> None:
    assert headers_of(THREE, PATH, has_groups=False) == ["g1/name", "g2/name", "age"]
    assert headers_of(THREE, NAME, has_groups=True) == ["g1/name", "g2/name", "age"]


def test_with_prefixes_all_have_them__A69() -> None:
    assert headers_of(THREE, PATH, has_groups=True) == ["g1/name", "g2/name", "g1/age"]


def test_labels_that_collide_say_which_question_they_are_of__A69() -> None:
    assert headers_of(THREE, LABEL, has_groups=False) == ["Name (g1/name)", "Name (g2/name)", "Age"]
    assert headers_of(THREE, LABEL, has_groups=True) == ["G1 / Name", "G2 / Name", "G1 / Age"]


def test_what_is_drawn_from_a_question_follows_its_name() -> None:
    three = [q("g/likes"), q("g/likes", ending="/rice"), q("h/likes", ending="/rice")]
    assert headers_of(three, NAME, has_groups=False) == ["g/likes", "g/likes/rice", "h/likes/rice"]


def test_a_question_that_is_called_as_a_column_of_ours_gives_way() -> None:
    own = [Heading("state", is_own=True), Heading("place", is_own=True)]
    assert headers_of([*own, q("state"), q("g/place")], NAME, has_groups=False) == [
        "state", "place", "data/state", "g/place",
    ]  # fmt: skip
    assert headers_of([*own, q("g/place")], PATH, has_groups=True) == ["state", "place", "g/place"]


def test_a_header_is_never_there_twice__A69() -> None:
    """Labels are what somebody wrote, and names may be what others end with."""
    assert headers_of([q("a", ending="_missing"), q("a_missing")], NAME, has_groups=False) == [
        "a_missing_2", "a_missing",
    ]  # fmt: skip
    assert headers_of([q("a", "X (b)"), q("b", "X"), q("c", "X")], LABEL, has_groups=False) == [
        "X (b)", "X (b)_2", "X (c)",
    ]  # fmt: skip
