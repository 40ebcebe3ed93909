"""Datasets made by hand, for the tests of what is written from them."""

from collections.abc import Sequence
from typing import Any

from collector.export.sheets.sheet import Cell, Choice, Dataset, Sheet, Variable


def variable(name: str, type: str = "string", *, choices: dict[str, str] | None = None, **more: Any) -> Variable:
    """A question's column `name`; `choices`: label by value; `path=""` makes it a column of ours."""
    made = {"key": name, "path": f"/data/{name}", "label": f"Question {name}", "versions": ("1",)} | more
    listed = tuple(Choice(value, {"default": label}) for value, label in (choices or {}).items())
    return Variable(name, type=type, choices=listed, **made)


def sheet(variables: Sequence[Variable], rows: Sequence[Sequence[Cell]], name: str = "") -> Sheet:
    """A sheet that holds `rows` in memory, with the widths of their cells."""
    widths = [0] * len(variables)
    for row in rows:
        assert len(row) == len(variables)
        widths = [
            max(width, len((cell or "").encode("utf-8", "surrogatepass")))
            for width, cell in zip(widths, row, strict=True)
        ]
    return Sheet(name, tuple(variables), len(rows), tuple(widths), lambda: (list(row) for row in rows))


def dataset(*sheets: Sheet, form_id: str = "hh", title: str = "Household 住户", **more: Any) -> Dataset:
    """The dataset of these sheets, the main one first."""
    return Dataset(form_id, title, sheets, **more)


def one_sheet(variables: Sequence[Variable], rows: Sequence[Sequence[Cell]], **more: Any) -> Dataset:
    """A dataset of a main table alone."""
    return dataset(sheet(variables, rows), **more)


def ignore(_rows: int) -> None:
    """Somebody who does not watch the progress."""
