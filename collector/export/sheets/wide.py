"""Repeats as numbered columns of the main sheet: `members/1/name`, `members/1/visits/2/day`. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from collector.errors import CollectorError
from collector.export.sheets.headers import ROOT
from collector.export.sheets.known import Known
from collector.export.sheets.layout import Layout
from collector.export.sheets.layout_maker import Asked, LayoutMaker, add_questions
from collector.export.sheets.rows import follow
from collector.export.sheets.tables import Column, Table

#: Columns of a sheet; no program that analyses takes more, and each needs its place in memory.
MAX_COLUMNS = 30_000

#: Most rows that a response has of each repeat, by the path of its table.
Widths = dict[tuple[str, ...], int]


def widen(widths: Widths, tables: Sequence[Table], answers: Mapping[str, Any]) -> None:
    """Take the repeats of one more response into account. Mutates: `widths`."""
    for table in tables:
        if len(table.path) == 1:
            _widen(widths, tables, table, answers)


def _widen(widths: Widths, tables: Sequence[Table], table: Table, holder: Any) -> None:
    rows = follow(holder, table.path[-1].split("/"))
    if not isinstance(rows, list):
        return
    widths[table.path] = max(widths.get(table.path, 0), len(rows))
    for inner in tables:
        if inner.path[:-1] == table.path:
            for row in rows:
                _widen(widths, tables, inner, row)


def wide_layout(
    maker: LayoutMaker,
    tables: Sequence[Table],
    widths: Widths,
    version_numbers: Mapping[int, int],
    known: Known | None,
    aside: Collection[str] = (),
) -> Layout:
    """The one sheet of all tables. Raises CollectorError `export_too_wide`."""
    maker.add_all_own(aside)
    _add(maker, tables, widths, Asked(Column((), ""), tables[0]))
    return maker.make(tables[0].name, (), version_numbers, known)


def _add(maker: LayoutMaker, tables: Sequence[Table], widths: Widths, at: Asked) -> None:
    """Add the questions of a table at some place, then each row of the repeats in it."""
    add_questions(maker, at.table, at)
    if len(maker.variables) > MAX_COLUMNS:
        raise CollectorError(
            "export_too_wide", table=tables[0].name or ROOT, columns=len(maker.variables), limit=MAX_COLUMNS
        )
    for table in tables:
        if len(table.path) != len(at.table.path) + 1 or table.path[:-1] != at.table.path:
            continue
        *groups, name = table.path[-1].split("/")
        label = maker.drawing.label(table.labels, name)
        for index in range(widths.get(table.path, 0)):
            inner = Asked(
                at.column,
                table,
                (*at.way, *groups, name, index),
                (*at.fixed, *groups, name, str(index + 1)),
                (*at.fixed_labels, f"{label} {index + 1}"),
                f"{at.position}{table.path[-1]}[{index + 1}]/",
            )
            _add(maker, tables, widths, inner)
