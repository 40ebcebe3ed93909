"""Photos and other files that lie beside the responses of an import: found by their names, and stored with their responses."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.importing.contents import Part
from collector.importing.documents import Incoming, Named
from collector.intake.whole_files import take_file
from collector.settings import MAX_FILE_BYTES
from collector.store import File
from collector.store.session import reading

_POSITION = re.compile(r"\[([0-9]+)\]")


class Media:
    """The files of an import that are neither tables nor instances, by their names."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._by_name: dict[str, list[Part]] = {}
        self._by_path: dict[str, Part] = {}
        for part in parts:
            self._by_path[part.path] = part
            self._by_name.setdefault(part.name, []).append(part)

    def __len__(self) -> int:
        return len(self._by_name)

    def find(self, name: str, hint: str) -> Part | None:
        """The file with that name. Of several, the one in the response's own folder, which `hint` is or names; None if nothing tells."""
        for spelled in spellings(name):
            found = self._by_name.get(spelled, [])
            if len(found) > 1 and hint:
                found = [part for part in found if part.folder == hint or hint in part.folder.split("/")]
            if len(found) == 1:
                return found[0]
        return None

    def found(self, incoming: Incoming) -> list[tuple[str, Part | None]]:
        """Each file that a response names, by the name in its document, with where it lies."""
        return [
            (file.kept, self.find(file.name, incoming.hint) or self._by_path.get(path_of_export(incoming.id, file)))
            for file in incoming.files
        ]


def path_of_export(response_id: str, file: Named) -> str:
    """Where a file lies in Collector's own archive of files, which are named by their questions (docs/export.md)."""
    question = _POSITION.sub(r"-\1", file.path.strip("/").partition("/")[2]).replace("/", ".")
    return f"{response_id}/{question}{PurePosixPath(file.name).suffix.lower()}"


def spellings(name: str) -> Sequence[str]:
    """The names under which a file may lie: an address's last part; KoboToolbox keeps files without blanks."""
    last = PurePosixPath(unquote(urlsplit(name).path) if "://" in name else name).name
    return tuple(dict.fromkeys((last, last.replace(" ", "_"))))


def has_file(session: Session, response_id: str, name: str) -> bool:
    """Tell whether a response has a whole file of that name."""
    same = select(File.id).where(File.response_id == response_id, File.name == name, File.completed_at.is_not(None))
    return session.scalar(same.limit(1)) is not None


def store_media(response_id: str, name: str, part: Part) -> str:
    """Store a file of a response, once. Gives the key of its count: `files_stored`, `files_already`, `files_refused`, `files_deleted`.

    One of that name that is here stays the response's: whose documents know files by their names alone would have another one otherwise.
    """
    if has_file(reading(), response_id, name):
        return "files_already"
    if not 0 < part.size_bytes <= MAX_FILE_BYTES:
        return "files_refused"
    try:
        with part.open() as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except Exception:
        # BadZipFile, zlib.error, EOFError and others.
        return "files_refused"
    if not 0 < len(content) <= MAX_FILE_BYTES:
        return "files_refused"
    wanted = {
        "response_id": response_id,
        "name": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_bytes": len(content),
        "claimed_type": "",
    }
    return take_file(wanted, content)
