"""Data keys over the whole installation, database and files: what each seals, sealing all with the one in force, and unsealing."""

from collections.abc import Callable, Iterator
from contextlib import closing
from shutil import copyfileobj
from typing import Any

from sqlalchemy import Connection, select

from collector.store.contents import EXPORTS, FILES, FORM_FILES, UPLOADS, Contents
from collector.store.contents.keeping import path_of
from collector.store.data_keys import ID_BYTES, CannotOpen, DataKeys
from collector.store.hosts import SealedWith
from collector.store.resealing import Turned, count_values, sealed_columns
from collector.store.sealed_streams import MAGIC, is_sealed

KINDS = (FILES, FORM_FILES, UPLOADS, EXPORTS)
#: Told what is being done, and how much of it is.
Say = Callable[[str, int], None]


def describe_keys(connection: Connection, contents: Contents, known: DataKeys) -> list[dict[str, Any]]:
    """Each key that is here or that something is sealed with, the one in force first; at the end, under "", what is not sealed."""
    used = {row.id: row.first_used_at for row in connection.execute(select(SealedWith.id, SealedWith.first_used_at))}
    values: dict[str, int] = {}
    for column in sealed_columns():
        for id_, number in count_values(connection, column).items():
            values[id_] = values.get(id_, 0) + number
    files: dict[str, int] = {}
    for _kind, _name, id_ in find_files(contents):
        files[id_] = files.get(id_, 0) + 1
    here = [key.id.hex() for key in known.keys]
    found = sorted({*used, *values, *files} - {""})
    return [
        {
            "id": id_,
            "first_used_at": used[id_].isoformat(timespec="seconds") if id_ in used else None,
            "is_here": id_ in here,
            "seals": id_ == here[0],
            "marks": id_ == here[-1],
            "values": values.get(id_, 0),
            "files": files.get(id_, 0),
        }
        for id_ in dict.fromkeys([*here, *found, *({""} & (values.keys() | files.keys()))])
    ]


def find_files(contents: Contents) -> Iterator[tuple[str, str, str]]:
    """Kind and name of every file, and the id of the key that it is sealed with, hex; "" for one that is not sealed."""
    for kind in KINDS:
        for name, _kept_at in contents.names(kind):
            try:
                with closing(contents.backend.open(path_of(kind, name))) as stored:
                    head = stored.read(len(MAGIC) + ID_BYTES)
            except FileNotFoundError:
                # Deleted meanwhile.
                continue
            yield kind, name, head[len(MAGIC) :].hex() if is_sealed(head) else ""


def seal_files(contents: Contents, say: Say) -> Turned:
    """Seal all files with the key in force that are not."""
    first = contents.keys.keys[0].id.hex()

    def seal(kind: str, name: str) -> None:
        with closing(contents.open(kind, name)) as plain:
            contents.keep_stream(kind, name, plain)

    return _turn_files(contents, lambda id_: id_ != first, seal, say)


def unseal_files(contents: Contents, say: Say) -> Turned:
    """Write all files as they were before there were keys."""

    def unseal(kind: str, name: str) -> None:
        path = path_of(kind, name)
        with closing(contents.open(kind, name)) as plain, contents.backend.writing(path) as target:
            copyfileobj(plain, target)

    return _turn_files(contents, bool, unseal, say)


def _turn_files(
    contents: Contents, is_wanted: Callable[[str], bool], turn: Callable[[str, str], None], say: Say
) -> Turned:
    done = damaged = 0
    for kind, name, id_ in find_files(contents):
        if not is_wanted(id_):
            continue
        try:
            turn(kind, name)
            done += 1
        except FileNotFoundError:
            continue
        except (CannotOpen, ValueError):
            # Also what is not what its name says: `collector verify` names it.
            damaged += 1
        say("files", done)
    return Turned(done, damaged)
