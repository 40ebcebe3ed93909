"""Files that somebody brings -> the source of responses in them, told by what is in them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from collector.errors import CollectorError
from collector.importing import contents
from collector.importing.cells import Table, csv_table, workbook_tables
from collector.importing.contents import Chosen, Part, open_contents
from collector.importing.documents import Form, Incoming
from collector.importing.instance_source import InstanceSource
from collector.importing.media import Media
from collector.importing.table_source import Orphans, TableView, read_tables
from collector.settings import MAX_PUSH_RESPONSES

#: Tables of one import; more are no export.
MAX_TABLES = 200


class Source(Protocol):
    """Responses of one kind of file."""

    other_forms: Counter[str]
    unreadable: list[tuple[str, CollectorError]]

    @property
    def code(self) -> str:
        """Code of what was recognised: see layouts.py."""

    def views(self) -> list[TableView]:
        """The tables as they were understood."""

    def without_column(self) -> list[str]:
        """The questions that no column answers."""

    def incoming(self) -> Iterator[Incoming]:
        """The responses, read anew each time."""

    def orphans(self) -> list[Orphans]:
        """Rows of repeats that belong nowhere."""


@dataclass(frozen=True)
class Target:
    """What is imported into: the form, and the model of the version that answers of instances are read by."""

    form: Form
    model: dict[str, Any]


def in_batches(responses: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    """Responses as many at a time as a push may hold."""
    waiting = iter(responses)
    while batch := list(islice(waiting, MAX_PUSH_RESPONSES)):
        yield batch


@contextmanager
def open_source(files: Sequence[Chosen], target: Target) -> Iterator[tuple[Source, Media]]:
    """The responses in `files`, and what lies beside them.

    Raises CollectorError `import_empty`, `import_without_match`, `import_table_unreadable`, `import_archive_damaged`,
    `import_archive_too_large`.
    """
    with open_contents(files) as parts:
        instances = [part for part in parts if part.kind == contents.XML]
        tables = _tables(parts)
        media = Media(part for part in parts if part.kind == contents.MEDIA)
        if tables:
            with read_tables(tables, target.form) as source:
                yield source, media
        elif instances:
            yield InstanceSource(target.form, target.model, instances), media
        else:
            raise CollectorError("import_empty")


def _tables(parts: Sequence[Part]) -> list[Table]:
    tables: list[Table] = []
    for part in parts:
        if part.kind == contents.TABLE:
            table = csv_table(part)
            tables += [table] if table else []
        elif part.kind == contents.WORKBOOK:
            tables += workbook_tables(part)
        if len(tables) > MAX_TABLES:
            raise CollectorError("import_archive_too_large", name=part.name[:100])
    return tables
