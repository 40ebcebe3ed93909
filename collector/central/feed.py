"""A table of OData as JSON, piece by piece: the rows that an address asks for, where the next page is, and how many there are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import orjson
from sqlalchemy import ColumnElement, Engine
from sqlalchemy.orm import Session

from collector.central.entities import Row, Shape, rows_of
from collector.central.paging import Position, Wanted, make_token
from collector.central.people import People
from collector.central.queries import Page, count_submissions, system_of, walk_submissions
from collector.central.repeats import repeat_rows
from collector.export.sheets.selection import Selection

#: Bytes that are sent at a time.
PIECE_BYTES = 64 * 1024


@dataclass(frozen=True)
class Feed:
    """What a table is made of. `keys`: of rows of repeats, by depth, that a row must be in or be; `conditions`: on responses."""

    engine: Engine
    questionnaire_id: int
    selection: Selection
    people: People
    shape: Shape
    conditions: tuple[ColumnElement[bool], ...] = ()
    keys: tuple[str | None, ...] = ()

    def rows(self, wanted: Wanted, limit: int | None) -> Iterator[tuple[Position, Row]]:
        """The rows that are wanted, at most `limit`, each with its place in the order."""
        if not self.shape.table.path:
            yield from self._rows(replace(wanted, skip=0), wanted.skip, limit)
            return
        start = wanted.skip
        yield from islice(self._rows(wanted, 0, None), start, None if limit is None else start + limit)

    def _rows(self, wanted: Wanted, skip: int, limit: int | None) -> Iterator[tuple[Position, Row]]:
        after = wanted.after
        page = Page(self.conditions, wanted.is_oldest_first, after, bool(after and after.row_key), skip, limit)
        for submission in walk_submissions(self.engine, self.questionnaire_id, self.selection, page):
            one = submission.walked
            system = {} if self.shape.table.path else system_of(submission, self.people)
            # One by one: a response may have hundreds of thousands.
            rows: Iterator[Row] = filter(self._is_in, rows_of(self.shape, submission.instance_id, one.answers, system))
            if after is not None and after.row_key and one.response_id == after.response_id:
                rows = _behind(rows, after.row_key)
            for row in rows:
                yield replace(submission.position, row_key=row.keys[-1] if row.keys else ""), row

    def _is_in(self, row: Row) -> bool:
        return all(key in (None, own) for key, own in zip(self.keys, row.keys, strict=False))

    def count(self) -> int:
        """How many rows there are on all pages."""
        if not self.shape.table.path:
            with Session(self.engine) as session:
                return count_submissions(session, self.questionnaire_id, self.selection, self.conditions)
        if self.keys:
            return sum(1 for _ in self._rows(Wanted(), 0, None))
        walk = walk_submissions(self.engine, self.questionnaire_id, self.selection, Page(self.conditions))
        return sum(1 for one in walk for _ in repeat_rows(self.shape.table.path, one.walked.answers))


def _behind(rows: Iterator[Row], key: str) -> Iterator[Row]:
    """The rows behind the one with that key; none where it is gone."""
    for row in rows:
        if row.keys[-1] == key:
            break
    return rows


def stream(feed: Feed, wanted: Wanted, context: str, next_address: Callable[[str], str]) -> Iterator[bytes]:
    """The table. `context`: address of its description; `next_address`: the address of the page behind a `$skiptoken`.

    Without `$top` all rows come at once, as ODK Central gives them.
    """
    buffer = bytearray(b'{"@odata.context":' + orjson.dumps(context) + b',"value":[')
    top, last, is_more, is_first = wanted.top, None, False, True
    # One row more than are wanted tells whether there is a next page.
    for number, (position, row) in enumerate(feed.rows(wanted, None if top is None else top + 1) if top != 0 else ()):
        if number == top:
            is_more = True
            break
        if not is_first:
            buffer += b","
        buffer += orjson.dumps(row.content)
        last, is_first = position, False
        if len(buffer) >= PIECE_BYTES:
            yield bytes(buffer)
            buffer.clear()
    buffer += b"]"
    if is_more and last is not None:
        buffer += b',"@odata.nextLink":' + orjson.dumps(next_address(make_token(last)))
    if wanted.has_count:
        yield bytes(buffer)
        buffer = bytearray(b',"@odata.count":' + orjson.dumps(feed.count()))
    yield bytes(buffer + b"}")
