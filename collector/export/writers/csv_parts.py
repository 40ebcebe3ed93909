"""The rows of CSV made part by part, by two processes where there are two processors: a part is some hundred responses."""

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from collector.export.options import Options
from collector.export.sheets.layout import Layout
from collector.export.sheets.selection import Selection
from collector.export.sheets.walk import Names, Walked, walked
from collector.export.writers.csv_format import CsvWriter
from collector.processes import end_with

#: Responses of a part where the walk does not come in chunks.
PART = 200
#: Parts that the other process has been given and has not finished: enough that it never waits.
AHEAD = 3
#: Parts that are kept in memory, at most, until it is their turn.
MOST_WAITING = 12
#: Seconds for which a thread computes on while others wait: those that talk to the other process do so once a part, and it stands still
#: until they have.
SWITCH_S = 0.0005


@dataclass(frozen=True)
class Part:
    """So many responses: the rows of each table as CSV, without headers."""

    responses: int
    tables: Sequence[bytes]


@dataclass(frozen=True)
class PartMaker:
    """Makes parts of rows of the walk.

    It reads no database: where it is a copy in another process, the connections are those of the first one (sqlite.org/howtocorrupt.html,
    2.6).
    """

    layouts: Sequence[Layout]
    options: Options
    selection: Selection
    names: Names

    def make(self, rows: Sequence[Sequence[Any]]) -> Part:
        """The part of these rows."""
        return make_part(self.layouts, self.options, (walked(row, self.selection, self.names) for row in rows))


def make_part(layouts: Sequence[Layout], options: Options, responses: Iterable[Walked]) -> Part:
    """The part of these responses."""
    writers = [CsvWriter(len(layout.variables), is_safe=options.safe) for layout in layouts]
    number = 0
    for response in responses:
        number += 1
        for layout, writer in zip(layouts, writers, strict=True):
            for row in layout.written(response, options.not_asked):
                writer.add(row)
    return Part(number, [writer.take() for writer in writers])


def parts_of(layouts: Sequence[Layout], options: Options, walk: Iterator[Walked]) -> Iterator[Part]:
    """The parts of a walk, one after the other."""
    while (part := make_part(layouts, options, islice(walk, PART))).responses:
        yield part


def parts_by_two(maker: PartMaker, chunks: Iterable[Sequence[Sequence[Any]]]) -> Iterator[Part]:
    """The parts of these chunks of rows in their order, made by this process and another one that begins as a copy of it.

    Not for processes that serve people: a copy of one with many threads may wait for ever for a lock that one of them held.
    """
    switch_s = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    try:
        yield from _by_two(maker, chunks)
    finally:
        sys.setswitchinterval(switch_s)


def _by_two(maker: PartMaker, chunks: Iterable[Sequence[Sequence[Any]]]) -> Iterator[Part]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork"), _begin, (maker, os.getpid())) as other:
        waiting: deque[Future[Part] | Part] = deque()
        for chunk in chunks:
            busy = sum(not _is_finished(one) for one in waiting)
            if busy < AHEAD:
                waiting.append(other.submit(_make, [tuple(row) for row in chunk]))
            else:
                waiting.append(maker.make(chunk))
            while waiting and (len(waiting) > MOST_WAITING or _is_finished(waiting[0])):
                yield _finished(waiting.popleft())
        yield from map(_finished, waiting)


def has_two_processors() -> bool:
    """Tell whether a second process would have a processor of its own."""
    return len(os.sched_getaffinity(0)) > 1 if hasattr(os, "sched_getaffinity") else False


def _is_finished(part: Future[Part] | Part) -> bool:
    return isinstance(part, Part) or part.done()


def _finished(part: Future[Part] | Part) -> Part:
    return part if isinstance(part, Part) else part.result()


#: In the other process: the maker that it was begun with.
_makers: list[PartMaker] = []


def _begin(maker: PartMaker, parent: int) -> None:
    """Settle in the other process: it is to end with the one that it works for, however that ends."""
    _makers[:] = [maker]
    end_with(parent, signal.SIGKILL)


def _make(rows: Sequence[Sequence[Any]]) -> Part:
    return _makers[0].make(rows)
