"""Whole numbers that follow given proportions and add up exactly: for one total, and for a table with given margins."""

from __future__ import annotations

from collections.abc import Sequence

_ROUNDS = 60


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """`total` divided in proportion to `weights`, by largest remainder (Hamilton's method)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda at: (shares[at] - exact[at], at))
    for at in by_remainder[: total - sum(shares)]:
        shares[at] += 1
    return shares


def fit_table(rows: Sequence[int], columns: Sequence[int], leanings: Sequence[Sequence[float]]) -> list[list[int]]:
    """A table of whole numbers with exactly these row and column sums, as near to `leanings` as that allows.

    Iterative proportional fitting (Deming and Stephan 1940), then rounding that keeps both margins.
    Raises: ValueError where the margins have different sums.
    """
    if sum(rows) != sum(columns):
        raise ValueError("the margins of a table have the same sum")
    cells = [list(map(float, line)) for line in leanings]
    for _ in range(_ROUNDS):
        for line, wanted in zip(cells, rows, strict=True):
            factor = wanted / sum(line)
            line[:] = [cell * factor for cell in line]
        for at, wanted in enumerate(columns):
            factor = wanted / sum(line[at] for line in cells)
            for line in cells:
                line[at] *= factor
    return _round(cells, rows, columns)


def _round(cells: list[list[float]], rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    whole = [[int(cell) for cell in line] for line in cells]
    short_rows = [wanted - sum(line) for wanted, line in zip(rows, whole, strict=True)]
    short_columns = [wanted - sum(line[at] for line in whole) for at, wanted in enumerate(columns)]
    places = [(row, column) for row in range(len(rows)) for column in range(len(columns))]
    places.sort(key=lambda place: whole[place[0]][place[1]] - cells[place[0]][place[1]])
    while any(short_rows):
        for row, column in places:
            if short_rows[row] > 0 and short_columns[column] > 0:
                whole[row][column] += 1
                short_rows[row] -= 1
                short_columns[column] -= 1
    return whole
