"""Tables of an export -> responses: which table is the main one, which are those of repeats, and what each row says."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from collector.errors import CollectorError
from collector.importing import layouts
from collector.importing.answers import Misfit, Shape, add_others, add_repeats, row_answers
from collector.importing.cells import Table
from collector.importing.columns import Columns, match_columns
from collector.importing.documents import (
    Form,
    Ids,
    Incoming,
    Sending,
    as_text,
    make_document,
    media_of,
    named_files,
    times_of,
)
from collector.importing.joining import ChildRow, Spool
from collector.importing.layouts import Layout, is_repeat, recognise
from collector.importing.repeats import find_repeat, place_of

#: Rows without their response that are named one by one.
MAX_NAMED = 10


@dataclass(frozen=True)
class TableView:
    """A table as it was understood. `repeat`: path of the repeat whose rows it holds, "" for the main table; None: it is not used."""

    name: str
    repeat: str | None
    columns: Columns = field(default_factory=Columns)


@dataclass(frozen=True)
class Orphans:
    """Rows of a repeat's table that belong to no row of the table around it: how many, and the numbers of the first ones."""

    table: str
    count: int
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Read:
    """A table with its layout and the shape by which its rows are read."""

    table: Table
    layout: Layout
    shape: Shape

    def cell(self, cells: Sequence[str], headers: Sequence[str]) -> str:
        """The first of the columns with these headers that says something."""
        for header in headers:
            if header in self.table.headers:
                at = self.table.headers.index(header)
                if at < len(cells) and cells[at].strip():
                    return cells[at]
        return ""


class TableSource:
    """The responses of an export's tables. Its repeats' rows lie in `spool`."""

    def __init__(self, form: Form, main: Read, repeats: list[Read], unused: list[Table], spool: Spool) -> None:
        self.form = form
        self.main = main
        self.repeats = repeats
        self.unused = unused
        self.spool = spool
        #: Nothing is said here of other forms, and what cannot be read is refused as a whole: see Source.
        self.other_forms: Counter[str] = Counter()
        self.unreadable: list[tuple[str, CollectorError]] = []

    @property
    def code(self) -> str:
        """Code of the layout that was recognised."""
        return self.main.layout.code

    def views(self) -> list[TableView]:
        """The tables as they were understood, the main one first."""
        used = [
            TableView(read.table.name, "/".join(read.shape.repeat), read.shape.columns)
            for read in (self.main, *self.repeats)
        ]
        return used + [TableView(table.name, None) for table in self.unused]

    def without_column(self) -> list[str]:
        """The questions that no column answers; the form's own data is none of them."""
        matched = {target.question.name for view in self.views() for target in view.columns.targets}
        return [
            question.name
            for question in self.form.questions.by_path.values()
            if question.name not in matched and question.path[0] != "meta"
        ]

    def incoming(self) -> Iterator[Incoming]:
        """The responses in the order of the main table."""
        ids = Ids(self.form.form_id)
        for number, cells in self.main.table.read():
            yield self._incoming(number, cells, ids)

    def orphans(self) -> list[Orphans]:
        """Rows of repeats that belong nowhere. Known once all responses were read."""
        found = []
        for read in self.repeats:
            around = "/".join(self.form.questions.parent(read.shape.repeat))
            count, numbers = self.spool.orphans("/".join(read.shape.repeat), around, MAX_NAMED)
            if count:
                found.append(Orphans(read.table.name, count, tuple(numbers)))
        return found

    def _incoming(self, number: int, cells: list[str], ids: Ids) -> Incoming:
        main, misfits = self.main, list[Misfit]()
        answers = row_answers(main.shape, number, cells, misfits)
        key = join_key(main, cells)
        self.spool.note_main([key])
        if key:
            add_repeats(main.shape, self.spool, key, answers, misfits)
        if main.layout.others and not add_others(answers, main.cell(cells, (main.layout.others,))):
            misfits.append(Misfit(main.table.name, main.layout.others, number))
        sending = self._sending(cells, answers)
        media = list(media_of(answers, self.form.questions))
        document = make_document(self.form, main.layout.code, answers, sending, media)
        id_ = ids.of(document, sending)
        files = named_files(media)
        hint = sending.given_id.strip().removeprefix("uuid:")
        return Incoming(number, id_, as_text(id_, document), sending.instance_id, files, hint, tuple(misfits))

    def _sending(self, cells: list[str], answers: dict[str, object]) -> Sending:
        main, layout = self.main, self.main.layout
        started, finished, name = times_of(self.form.questions, answers)
        given = main.cell(cells, layout.response).strip()
        if given and layout.code == layouts.KOBO and given == main.cell(cells, ("_id",)).strip():
            # A number that another server's form may have as well.
            given = f"{layout.code}:{self.form.form_id}:{given}"
        instance_id = main.cell(cells, layouts.INSTANCE_IDS).strip()
        if not instance_id and layout.code in (layouts.CENTRAL, layouts.SURVEYCTO):
            instance_id = given
        elif not instance_id and layout.code == layouts.KOBO and ":" not in given and given:
            instance_id = f"uuid:{given}"
        return Sending(
            given_id=given,
            instance_id=instance_id[:255],
            version=main.cell(cells, layout.version).strip(),
            started_at=started or main.cell(cells, layout.started),
            finished_at=finished or main.cell(cells, layout.finished),
            submitted_at=main.cell(cells, layout.submitted),
            submitter=main.cell(cells, layout.submitter),
            place=main.cell(cells, layout.place),
            instance_name=name,
        )


def join_key(main: Read, cells: Sequence[str]) -> str:
    """By what the rows of repeats name the row of the main table."""
    return main.cell(cells, main.layout.key) or main.cell(cells, main.layout.response)


@contextmanager
def read_tables(tables: Sequence[Table], form: Form) -> Iterator[TableSource]:
    """The responses in these tables. Raises CollectorError `import_without_match` where no column answers a question."""
    found = [(table, recognise(table.headers)) for table in tables]
    mains = [(table, layout) for table, layout in found if not is_repeat(layout, table.headers)]
    shapes = [Read(table, layout, _shape(table, layout, form, ())) for table, layout in mains]
    main = max(shapes, key=lambda read: (len(read.shape.columns.targets), bool(read.layout.key)), default=None)
    if main is None or not main.shape.columns.targets:
        raise CollectorError("import_without_match")
    repeats, unused = list[Read](), [read.table for read in shapes if read is not main]
    for table, layout in found:
        if is_repeat(layout, table.headers):
            repeat = find_repeat(table, layout, form.questions, main.table.name)
            if repeat is None or any(read.shape.repeat == repeat for read in repeats):
                unused.append(table)
            else:
                repeats.append(Read(table, layout, _shape(table, layout, form, repeat)))
    nest(main, repeats, form)
    with Spool() as spool:
        for read in repeats:
            spool.keep("/".join(read.shape.repeat), _child_rows(read))
        spool.finish()
        yield TableSource(form, main, repeats, unused, spool)


def nest(main: Read, repeats: list[Read], form: Form) -> None:
    """Put the shape of each repeat into that of the table around it, in the form's order. Mutates: the shapes."""
    by_repeat = {read.shape.repeat: read.shape for read in (main, *repeats)}
    for repeat in form.questions.repeats:
        around = by_repeat.get(form.questions.parent(repeat))
        if repeat in by_repeat and around is not None:
            around.inner.append(by_repeat[repeat])


def _shape(table: Table, layout: Layout, form: Form, repeat: tuple[str, ...]) -> Shape:
    columns = match_columns(table.headers, form.questions.of(repeat), layout)
    return Shape(table.name, repeat, columns, is_safe=table.is_text and layout.code == layouts.COLLECTOR)


def _child_rows(read: Read) -> Iterator[tuple[str, int, ChildRow]]:
    layout = read.layout
    for number, cells in read.table.read():
        key = read.cell(cells, layout.key)
        index = read.cell(cells, (layout.index,)) if layout.index else ""
        yield read.cell(cells, (layout.parent,)), place_of(key, index, number), ChildRow(key, number, cells)
