"""From SQLite to PostgreSQL while the server runs: files first, then the rows while writing waits, all of it compared at the end."""

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from collector.archive.comparing import Found, compare_tables
from collector.archive.faults import ArchiveFault, place_of_files, reason_of
from collector.archive.layout import head_revision, revision_of
from collector.archive.loading import analyse, has_tables, load_rows, make_tables, set_sequences, waiting_keys
from collector.archive.named_contents import named_contents
from collector.archive.rows import all_tables, read_rows
from collector.journal import record
from collector.settings import Settings
from collector.store.contents import Contents, ContentsAway, WrongContent, open_contents
from collector.store.data_keys import CannotOpen, DataKeys
from collector.store.moved import holding_writers
from collector.store.session import make_engine

BLOCK_BYTES = 1024 * 1024
#: Differences that are printed; all are counted.
MAX_TOLD = 50


@dataclass(frozen=True)
class Move:
    """From where to where, with which keys, and who hears how far it is."""

    settings: Settings
    keys: DataKeys
    engine: Engine
    target_url: str
    files_url: str
    say: Callable[[str], None]


@dataclass
class Summary:
    """Lines for whoever moves it, and how many faults there are among them."""

    lines: list[str] = field(default_factory=list)
    faults: int = 0


@dataclass
class Compared(Summary):
    """What a comparison found; `rows`: how many rows of each table are the same in both."""

    rows: dict[str, int] = field(default_factory=dict)


def move_installation(move: Move, *, is_check: bool) -> Summary:
    """Move, or only compare with what was moved before. Raises ArchiveFault; then all is as it was and goes on here."""
    if move.engine.dialect.name != "sqlite" or not move.target_url.startswith("postgresql"):
        raise ArchiveFault(
            "This takes an installation on SQLite to PostgreSQL: --to needs postgresql://…, and DATABASE_URL has to name SQLite."
            " Anything else goes by backup and restore."
        )
    here = open_contents(move.settings, move.keys)
    try:
        there = open_contents(replace(move.settings, files_url=move.files_url), move.keys) if move.files_url else here
    except ValueError as error:
        raise ArchiveFault(f"--files takes what FILES_URL does. {error}") from None
    target = make_engine(move.target_url, move.keys)
    try:
        if is_check:
            return _check(move, target, there)
        return _move(move, target, here, there)
    except OperationalError as error:
        raise ArchiveFault(f"A database cannot be reached or is busy: {reason_of(error)}. Nothing was moved.") from None
    except DatabaseError as error:
        raise ArchiveFault(f"PostgreSQL does not take the rows: {reason_of(error)}. Nothing was moved.") from None
    except ContentsAway as error:
        raise ArchiveFault(f"{place_of_files(error)} Nothing was moved.") from None
    finally:
        target.dispose()


def _move(move: Move, target: Engine, here: Contents, there: Contents) -> Summary:
    with target.connect() as connection:
        if has_tables(connection):
            raise ArchiveFault(
                f"There is something in {target.url.render_as_string()} already. Name an empty database;"
                " what an interrupted move left there may be dropped."
            )
    with move.engine.connect() as connection:
        if revision_of(connection) != head_revision():
            raise ArchiveFault(
                "The database has another layout than this release. Run `flask --app wsgi collector init` first."
            )
        files = Files(here, there, move.say)
        for kind, name in named_contents(connection):
            files.take(kind, name)
    with holding_writers(move.engine) as hold:
        began = time.monotonic()
        files.take_last(named_contents(hold.connection))
        _load(hold.connection, target, move.say)
        with target.connect() as connection:
            found = _compare(hold.connection, connection, move.say)
        if found.faults:
            found.lines.append("Nothing was moved: this server goes on. Drop the database there before you try again.")
            return found
        rows = sum(found.rows.values())
        _note(target, rows, files.count)
        # Told on the disk before anybody may write here again.
        hold.tell_moved(target.url.render_as_string())
        waited_s = time.monotonic() - began
    analyse(target)
    summary = Summary(faults=0)
    summary.lines += [f"{name}: {count} rows, the same in both" for name, count in found.rows.items()]
    summary.lines += [f"files: {files.count}, {files.size_bytes} bytes, each read back and the same"]
    summary.lines += [f"was missing already: {name}" for name in files.missing]
    summary.lines += [
        f"Writing waited for {waited_s:.1f} s. This server takes nothing more; phones keep what they have and try again.",
        "Now set DATABASE_URL to the address that you gave with --to"
        + (", FILES_URL to that of --files" if move.files_url else "")
        + f", keep {move.settings.data_dir} with its keys, and start the server again.",
    ]
    return summary


class Files:
    """Contents on their way from one place to another; each is taken once, and read back there."""

    def __init__(self, here: Contents, there: Contents, say: Callable[[str], None]) -> None:
        self._here, self._there, self._say = here, there, say
        self._done: set[tuple[str, bytes]] = set()
        self.count = self.size_bytes = 0
        #: Those that are not here, or are damaged here: nothing that a move could lose.
        self.missing: list[str] = []

    def take(self, kind: str, name: str) -> None:
        """Bring a content there, unless it was before. Raises ArchiveFault where it does not read there as it should."""
        mark = (kind, bytes.fromhex(name))
        if mark in self._done:
            return
        self._done.add(mark)
        if self._here is not self._there and not self._there.has(kind, name):
            try:
                with self._here.open(kind, name) as plain:
                    self._there.keep_stream(kind, name, plain)
            except (FileNotFoundError, WrongContent, CannotOpen):
                self.missing.append(f"{kind}/{name}")
                return
        if self._is_whole_there(kind, name):
            self.count += 1
            if self.count % 1000 == 0:
                self._say(f"files: {self.count}")
        elif self._here is self._there:
            self.missing.append(f"{kind}/{name}")
        else:
            raise ArchiveFault(f"The file {kind}/{name} reads otherwise there than it was written. Nothing was moved.")

    def take_last(self, named: Iterable[tuple[str, str]]) -> None:
        """Bring what is lacking of all that is `named` now, and take away there what was erased here since it was brought."""
        erased = set(self._done)
        for kind, name in named:
            erased.discard((kind, bytes.fromhex(name)))
            self.take(kind, name)
        for kind, digest in erased if self._here is not self._there else ():
            size_bytes = self._there.size(kind, digest.hex())
            self._there.remove(kind, digest.hex())
            if size_bytes is not None:
                self.count, self.size_bytes = self.count - 1, self.size_bytes - size_bytes

    def _is_whole_there(self, kind: str, name: str) -> bool:
        """Read a content where it goes; tells whether it is what its name says."""
        digest, size_bytes = hashlib.sha256(), 0
        try:
            with self._there.open(kind, name) as plain:
                while block := plain.read(BLOCK_BYTES):
                    digest.update(block)
                    size_bytes += len(block)
        except (FileNotFoundError, CannotOpen):
            return False
        self.size_bytes += size_bytes
        return digest.hexdigest() == name


def _load(here: Connection, target: Engine, say: Callable[[str], None]) -> None:
    tables = all_tables()
    with target.connect() as connection, connection.begin():
        make_tables(connection, "head")
        with waiting_keys(connection):
            for table in tables:
                say(table.name)
                load_rows(connection, table, read_rows(here, table))
        set_sequences(connection, tables)


def _compare(
    here: Connection, there: Connection, say: Callable[[str], None], *, may_have_more: bool = False
) -> Compared:
    compared = Compared()
    for table in all_tables():
        say(f"{table.name}: compared")
        compared.rows[table.name] = 0
        for found, row in compare_tables(here, there, table):
            if found is Found.SAME:
                compared.rows[table.name] += 1
            elif found is not Found.MORE or not may_have_more:
                compared.faults += 1
                if compared.faults <= MAX_TOLD:
                    compared.lines.append(f"fault: {table.name}: {table.key_text(row)} {found.value}")
    if compared.faults:
        compared.lines.append(f"{compared.faults} rows differ")
    return compared


def _check(move: Move, target: Engine, there: Contents) -> Summary:
    with move.engine.connect() as here, target.connect() as connection:
        if not has_tables(connection):
            raise ArchiveFault(f"There is nothing in {target.url.render_as_string()}: nothing was moved there.")
        # What the new server took since is more than there is here.
        compared = _compare(here, connection, move.say, may_have_more=True)
        files = Files(there, there, move.say)
        for kind, name in named_contents(here):
            files.take(kind, name)
    compared.faults += len(files.missing)
    compared.lines += [f"fault: {name} is not there, or is damaged" for name in files.missing]
    compared.lines += [f"{name}: {count} rows, the same in both" for name, count in compared.rows.items()]
    compared.lines += [f"files: {files.count}", "ok" if not compared.faults else "not ok"]
    return compared


def _note(target: Engine, rows: int, files: int) -> None:
    with Session(target) as session:
        record(session, "installation.move", from_database="sqlite", to_database="postgresql", rows=rows, files=files)
        session.commit()
