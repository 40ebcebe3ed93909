"""A question's columns."""

from collections.abc import Mapping

import pytest

from collector.export.options import Options
from collector.export.sheets.columns import Drawing, indicator, labels_of, point_part
from collector.export.sheets.sheet import Choice
from collector.export.sheets.tables import Column

CHOICES = tuple(Choice(value, {"en": value.upper()}) for value in "abcd")
LIKES = Column(("q",), "string", control="select", choices=CHOICES)


def endings(column: Column, **options: str) -> list[str]:
    drawing = Drawing(Options(**options), "en", "en", "UTC")  # type: ignore[arg-type]
    return [drawn.ending for drawn in drawing.drawn(column)]


def test_a_column_for_each_choice_in_the_forms_order__A60() -> None:
    assert endings(LIKES) == [""]
    assert endings(LIKES, multiple="split") == ["/a", "/b", "/c", "/d"]
    assert endings(LIKES, multiple="both") == ["", "/a", "/b", "/c", "/d"]


@pytest.mark.parametrize(
    ("answer", "cells"),
    [("c", "0010"), ("a c", "1010"), ("abcd", "0000"), ("", ["", "", "", ""]), (None, [None] * 4)],
)
def test_one_and_zero_where_there_is_an_answer_and_blanks_where_there_is_none__A60(answer: str, cells: object) -> None:
    assert [indicator(choice.value)(answer) for choice in CHOICES] == list(cells)  # type: ignore[call-overload]


def test_what_has_no_list_of_choices_and_what_is_ranked_stays_in_one_column__A60() -> None:
    """Choices of a file beside the workbook are not in the form; an order cannot be told by ones and zeros."""
    assert endings(Column(("q",), "string", control="select"), multiple="split") == [""]
    assert endings(Column(("q",), "odk:rank", control="rank", choices=CHOICES), multiple="split") == [""]


@pytest.mark.parametrize(
    ("labels", "shown"),
    [({"de": "Zwei", "en": "Two"}, "Zwei"), ({"de": " ", "en": "Two"}, "Two"), ({"fr": "Deux"}, "Deux"), ({}, "n2")],
)
def test_a_blank_label_is_the_default_languages_or_the_value__A71(labels: Mapping[str, str], shown: str) -> None:
    column = Column(("q",), "string", control="select1", choices=(Choice("n2", labels),))
    [drawn] = Drawing(Options(choices="labels"), "de", "en", "UTC").drawn(column)
    assert drawn.change is not None
    assert (drawn.change("n2"), drawn.change("n3"), drawn.change(""), drawn.change(None)) == (shown, "n3", "", None)


def test_labels_of_several_choices_stand_in_one_cell_in_the_order_of_the_answer() -> None:
    change = labels_of({"a": "Rice, white", "b": "Beans"}, is_multiple=True)
    assert change("b a x") == "Beans; Rice, white; x"


def test_a_place_on_earth_has_its_numbers_in_columns_of_their_own() -> None:
    assert endings(Column(("p",), "geopoint")) == ["", "-latitude", "-longitude", "-altitude", "-accuracy"]
    parts = [point_part(at) for at in range(4)]
    assert [part("32.1 118.8 12.5 4") for part in parts] == ["32.1", "118.8", "12.5", "4"]
    assert [part("32.1 118.8") for part in parts] == ["32.1", "118.8", "", ""]
    assert [part("somewhere") for part in parts] == [part("a b c d e") for part in parts] == ["", "", "", ""]
    assert [part(None) for part in parts] == [None] * 4
