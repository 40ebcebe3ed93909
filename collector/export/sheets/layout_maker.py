"""The variables of a sheet, from the questions of a table and the options. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from collector.export.sheets.columns import Drawing, Drawn
from collector.export.sheets.headers import Heading, headers_of
from collector.export.sheets.known import Known
from collector.export.sheets.layout import Layout
from collector.export.sheets.own_columns import ASIDE_COLUMNS, OTHER_ANSWERS, OWN_COLUMNS, own_heading, own_types
from collector.export.sheets.rows import KEY_COLUMNS, Path, Reader, RepeatReader
from collector.export.sheets.sheet import Variable
from collector.export.sheets.tables import Column, Table
from collector.export.sheets.times import Change, moment_change
from collector.questionnaires import missing


@dataclass(frozen=True)
class Asked:
    """A question as it stands in a sheet: the way to its answer from the row; in a wide sheet that leads through places in repeats.

    `fixed`: names and numbers of these repeats, `fixed_labels` the same as texts; `position`: the positional
    path that leads there (`members[2]/`); `table`: that it belongs to.
    """

    column: Column
    table: Table
    way: Path = ()
    fixed: tuple[str, ...] = ()
    fixed_labels: tuple[str, ...] = ()
    position: str = ""


class LayoutMaker:
    """Collects the columns of one sheet."""

    def __init__(self, drawing: Drawing, version_names: Mapping[int, str]) -> None:
        self.drawing = drawing
        self.version_names = version_names
        self.headings: list[Heading] = []
        self.variables: list[Variable] = []
        self.paths: list[Path] = []
        self.places: list[str] = []
        self.numbers: list[frozenset[int]] = []
        self.steps: list[tuple[int, Change | None]] = []
        self.reasons: list[tuple[int, int]] = []
        self.aside: tuple[int, ...] = ()

    def add_own(self, key: str) -> None:
        """Add a column of ours."""
        self.headings.append(own_heading(key, self.drawing))
        self.variables.append(Variable(name=key, key=key, type=own_types(key)))

    def add_all_own(self, aside: Collection[str]) -> None:
        """Add all columns of ours in front of the main table's questions, with those of ASIDE_COLUMNS that there is something in."""
        self.aside = tuple(at for at, key in enumerate(ASIDE_COLUMNS) if key in aside)
        for key in (*OWN_COLUMNS, *(ASIDE_COLUMNS[at] for at in self.aside)):
            self.add_own(key)

    def add_question(self, asked: Asked, reason_ending: str) -> None:
        """Add the columns of a question. `reason_ending`: of the header of why it has no answer."""
        column = asked.column
        source = self._add_source(asked, column.path)
        first = len(self.variables)
        for drawn in self.drawing.drawn(column):
            self._add_variable(asked, drawn)
            self.steps.append((source, drawn.change))
        if not column.has_reason:
            return
        self.reasons.append((source, self._add_source(asked, column.reason_path)))
        at = len(self.variables)
        self.variables[first:] = [replace(variable, reason=at) for variable in self.variables[first:]]
        self._add_variable(asked, Drawn("string", reason_ending, " (missing)"))
        self.steps.append((self.reasons[-1][1], None))

    def _add_source(self, asked: Asked, path: tuple[str, ...]) -> int:
        self.paths.append((*asked.way, *path))
        self.places.append(asked.position + "/".join(path))
        self.numbers.append(frozenset(asked.column.versions))
        return len(self.paths) - 1

    def _add_variable(self, asked: Asked, drawn: Drawn) -> None:
        column, drawing = asked.column, self.drawing
        *groups, name = column.path
        labels = {language: " ".join(text.split()) for language, text in column.labels.items()}
        label = drawing.label(labels, "")
        group_labels = tuple(
            drawing.label(texts, group)
            for texts, group in zip(column.groups or ({},) * len(groups), groups, strict=True)
        )
        heading = Heading(
            name, tuple(groups), asked.fixed, drawn.ending, group_labels, asked.fixed_labels,
            label or name, drawn.label_ending,
        )  # fmt: skip
        self.headings.append(heading)
        is_answer = drawn.ending == "" or drawn.type == column.type == "dateTime"
        self.variables.append(
            Variable(
                name="",
                key=heading.path + ("" if is_answer else drawn.ending),
                type=drawn.type,
                path=asked.table.full_path(column),
                label=f"{label}{drawn.label_ending}" if label else "",
                labels=labels,
                choices=column.choices if is_answer else (),
                is_multiple=is_answer and column.is_multiple,
                versions=tuple(
                    self.version_names[number] for number in column.versions if number in self.version_names
                ),
            )
        )

    def make(self, name: str, path: tuple[str, ...], version_numbers: Mapping[int, int], known: Known | None) -> Layout:
        """The sheet. `version_numbers`: of each version by its id."""
        options = self.drawing.options
        if known is not None:
            self.add_own(OTHER_ANSWERS)
        headers = headers_of(self.headings, options.headers, has_groups=options.groups)
        change = moment_change(options.times, self.drawing.time_zone)
        moments = [at for at, key in enumerate(OWN_COLUMNS) if own_types(key) == "dateTime"]
        is_plain = self.steps == [(at, None) for at in range(len(self.paths))]
        keys = _different([variable.key for variable in self.variables])
        return Layout(
            name,
            RepeatReader(path) if path else None,
            tuple(
                replace(variable, name=header, key=key)
                for variable, header, key in zip(self.variables, headers, keys, strict=True)
            ),
            dict.fromkeys(moments, change) if change and not path else {},
            Reader(self.paths),
            tuple(self.places),
            None if is_plain else self.steps,
            self.reasons,
            {
                version_id: [at for at, numbers in enumerate(self.numbers) if number not in numbers]
                for version_id, number in version_numbers.items()
            },
            known,
            self.aside,
        )


def _different(keys: Sequence[str]) -> list[str]:
    """The keys, a later one with a number where it would be there twice."""
    taken: set[str] = set()
    found = []
    for key in keys:
        number, free = 1, key
        while free in taken:
            number += 1
            free = f"{key}_{number}"
        taken.add(free)
        found.append(free)
    return found


def table_layout(
    maker: LayoutMaker,
    table: Table,
    version_numbers: Mapping[int, int],
    known: Known | None,
    aside: Collection[str] = (),
) -> Layout:
    """The sheet of one table. `known` and `aside` (add_all_own): of the main one."""
    if table.path:
        for key in KEY_COLUMNS:
            maker.add_own(key)
    else:
        maker.add_all_own(aside)
    add_questions(maker, table, Asked(Column((), ""), table))
    return maker.make(table.name, table.path, version_numbers, known)


def add_questions(maker: LayoutMaker, table: Table, at: Asked) -> None:
    """Add all questions of a table as they stand `at` some place."""
    endings = {
        path: key[len("/".join((*path[:-1], path[-1].partition(missing.KEY)[0]))) :] for key, path in table.cells
    }
    for column in table.columns:
        asked = Asked(column, table, at.way, at.fixed, at.fixed_labels, at.position)
        maker.add_question(asked, endings.get(column.reason_path, ""))
