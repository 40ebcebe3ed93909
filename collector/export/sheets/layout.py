"""How a response becomes the rows of a sheet. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from collector.export.sheets.known import Known, other_answers
from collector.export.sheets.rows import KEY_COLUMNS, Reader, RepeatReader, without_groups
from collector.export.sheets.sheet import Cell, Variable
from collector.export.sheets.times import Change
from collector.export.sheets.walk import Walked


@dataclass(frozen=True)
class Layout:
    """A sheet: its variables, and what makes rows of a response.

    `repeat`: finds its rows, None for the main sheet; `front_changes`: what is done to columns of ours, by their positions; `sources`:
    reads the answers that all cells are drawn from; `places`: positional paths of these from the row; `steps`: for each variable behind
    columns of ours the answer it is drawn from and what is done to it, None where every answer is a cell as it stands; `reasons`: pairs of
    a question's answer and that of why it has none; `absent`: by version the answers that it does not ask for; `known`: of the main
    sheet, what all versions ask for, None where the rest does not go out.
    """

    name: str
    repeat: RepeatReader | None
    variables: tuple[Variable, ...]
    front_changes: Mapping[int, Change]
    sources: Reader
    places: tuple[str, ...]
    steps: Sequence[tuple[int, Change | None]] | None
    reasons: Sequence[tuple[int, int]] = ()
    absent: Mapping[int | None, Sequence[int]] = field(default_factory=dict)
    known: Known | None = None
    #: Which of ASIDE_COLUMNS stand behind columns of ours, by their positions.
    aside: tuple[int, ...] = ()

    def rows(self, walked: Walked) -> Iterator[list[Cell]]:
        """The rows of a response: one of the main sheet, as many as it has of a repeat."""
        asked = None
        if walked.unanswered is not None:
            # Without the root's name, whatever that is.
            asked = {path.split("/", 2)[-1] for path in walked.unanswered}
        for front, row, back in self._parts(walked):
            above = f"{front[2][len(walked.response_id) + 1 :]}/" if self.repeat else ""
            yield [*front, *self._drawn(self._marked(self._texts(row, walked), walked.version_id, asked, above)), *back]

    def written(self, walked: Walked, not_asked: str) -> Iterable[Sequence[Any]]:
        """The same for formats that write texts and nothing else: `not_asked` stands where a question was not asked.

        What is no text where one is due is not made one yet (rows.py, as_texts): nearly no response has such, and to look costs time.
        """
        if not_asked:
            return ([not_asked if cell is None else cell for cell in cells] for cells in self.rows(walked))
        if self.steps is None and not self.front_changes:
            return self._as_they_stand(walked)
        # No cell is None where nothing was marked.
        return [[*front, *self._drawn(self._texts(row, walked)), *back] for front, row, back in self._parts(walked)]  # type: ignore[arg-type]

    def _texts(self, row: Mapping[str, Any], walked: Walked) -> list[str]:
        return self.sources.texts(row, self.absent.get(walked.version_id, ()))

    def _as_they_stand(self, walked: Walked) -> list[list[Any]]:
        absent = self.absent.get(walked.version_id, ())
        if self.repeat is not None:
            rows = [self.sources.cells(row, keys) for keys, row in self.repeat.rows(walked.response_id, walked.answers)]
            for cells in rows if absent else ():
                without_groups(cells, absent, len(KEY_COLUMNS))
            return rows
        own = self._own(walked)
        cells = self.sources.cells(walked.answers, own)
        without_groups(cells, absent, len(own))
        if self.known is not None:
            cells.append(other_answers(self.known, walked.answers))
        return [cells]

    def _parts(self, walked: Walked) -> list[tuple[Sequence[str], dict[str, Any], Sequence[str]]]:
        """Of each row: the cells of ours in front, the answers, and what comes behind them."""
        if self.repeat is not None:
            return [(keys, row, ()) for keys, row in self.repeat.rows(walked.response_id, walked.answers)]
        front: Sequence[str] = self._own(walked)
        if self.front_changes:
            changes = self.front_changes
            front = [(changes[at](cell) or "") if at in changes else cell for at, cell in enumerate(front)]
        back = () if self.known is None else (other_answers(self.known, walked.answers),)
        return [(front, walked.answers, back)]

    def _own(self, walked: Walked) -> tuple[str, ...]:
        return (*walked.own, *(walked.aside[at] for at in self.aside)) if self.aside else walked.own

    def _marked(
        self, texts: Sequence[str], version_id: int | None, asked: Collection[str] | None, above: str
    ) -> list[Cell]:
        """The answers, None where one was not asked for, "" where one was and there is none."""
        cells: list[Cell] = list(texts)
        if asked is None:
            # Nobody knows what was relevant; what the version does not have was not asked in any case.
            for at in self.absent.get(version_id, ()):
                cells[at] = cells[at] or None
        else:
            cells = [
                cell or ("" if above + place in asked else None) for cell, place in zip(cells, self.places, strict=True)
            ]
        for question, reason in self.reasons:
            if cells[reason]:
                cells[question] = cells[question] or ""
            else:
                cells[reason] = None if cells[question] is None else ""
        return cells

    def _drawn(self, cells: list[Cell]) -> list[Cell]:
        if self.steps is None:
            return cells
        return [cells[at] if change is None else change(cells[at]) for at, change in self.steps]
