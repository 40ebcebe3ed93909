"""Whole numbers that add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.sample.apportion import apportion, fit_table


@given(st.integers(0, 1000), st.lists(st.floats(0.1, 100), min_size=1, max_size=20))
def test_shares_add_up_and_are_within_one_of_their_part(total: int, weights: list[float]) -> None:
    shares = apportion(total, weights)
    assert sum(shares) == total
    assert all(
        abs(share - total * weight / sum(weights)) < 1.0001 for share, weight in zip(shares, weights, strict=True)
    )


@given(st.lists(st.lists(st.integers(1, 60), min_size=3, max_size=3), min_size=2, max_size=5))
def test_a_table_has_exactly_its_margins(cells: list[list[int]]) -> None:
    rows = [sum(line) for line in cells]
    columns = [sum(line[at] for line in cells) for at in range(3)]
    table = fit_table(rows, columns, [[1.0, 2.0, 3.0]] * len(rows))
    assert [sum(line) for line in table] == rows
    assert [sum(line[at] for line in table) for at in range(3)] == columns
    assert all(cell >= 0 for line in table for cell in line)


def test_margins_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="same sum"):
        fit_table([1, 2], [1, 1], [[1.0, 1.0], [1.0, 1.0]])
