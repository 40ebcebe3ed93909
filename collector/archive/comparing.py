"""Two databases held against each other row by row, as both give their rows in the order of the key."""

from collections.abc import Iterator
from enum import Enum

from sqlalchemy import Connection

from collector.archive.rows import Row, Table, read_rows


class Found(Enum):
    """How a row of one database stands to the other; the words follow the row's key."""

    SAME = "is the same"
    CHANGED = "is not the same there"
    LACKING = "is not there"
    MORE = "is only there"


def compare_tables(here: Connection, there: Connection, table: Table) -> Iterator[tuple[Found, Row]]:
    """Each row that either database has, once, and how it stands to the other one."""
    mine, theirs = read_rows(here, table), read_rows(there, table)
    one, other = next(mine, None), next(theirs, None)
    while one is not None or other is not None:
        if one is not None and one == other:
            yield Found.SAME, one
        elif one is not None and (other is None or table.key_values(one) < table.key_values(other)):
            yield Found.LACKING, one
            one = next(mine, None)
            continue
        elif other is not None and (one is None or table.key_values(other) < table.key_values(one)):
            yield Found.MORE, other
            other = next(theirs, None)
            continue
        elif one is not None:
            yield Found.CHANGED, one
        one, other = next(mine, None), next(theirs, None)
