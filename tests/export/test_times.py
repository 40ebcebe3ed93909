"""Moments with their offset, in UTC, or in the district's time zone."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.export.options import DISTRICT, OFFSET
from collector.export.options import UTC as IN_UTC
from collector.export.sheets.times import header_ending, moment_change, moment_in

WRITTEN = "2022-07-17T09:43:10.266-04:00"


def test_the_offset_stays_or_the_header_says_where_it_went__A66() -> None:
    assert moment_change(OFFSET, "Asia/Shanghai") is None and header_ending(OFFSET, "Asia/Shanghai") == ""
    assert moment_in(WRITTEN, UTC) == "2022-07-17T13:43:10.266Z" and header_ending(IN_UTC, "x") == "_utc"
    assert moment_in(WRITTEN, ZoneInfo("Asia/Shanghai")) == "2022-07-17T21:43:10.266+08:00"
    assert header_ending(DISTRICT, "Asia/Shanghai") == "_Asia_Shanghai"


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        ("2022-07-17T09:43:10Z", "2022-07-17T09:43:10.000Z"),
        ("2022-07-17T09:43:10.123456+00:00", "2022-07-17T09:43:10.123456Z"),
        ("2022-07-17T09:43:10.123456789+00:00", "2022-07-17T09:43:10.123456Z"),
        ("2022-07-17T09:43:10", "2022-07-17T09:43:10"),
        ("0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00+08:00"),
        ("yesterday", "yesterday"),
    ],
)
def test_what_names_no_zone_or_is_no_moment_stays_as_it_is(written: str, moved: str) -> None:
    assert moment_in(written, UTC) == moved


def test_no_answer_stays_none() -> None:
    change = moment_change(IN_UTC, "")
    assert change is not None and (change(""), change(None)) == ("", None)


@given(st.text(max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    assert moment_in(moment_in(text, UTC), UTC) == moment_in(text, UTC)
