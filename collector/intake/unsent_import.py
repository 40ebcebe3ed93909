"""Importing files of unsent responses: what a phone could not send goes through the same door as what it sends."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from flask_babel import lazy_gettext as _l

from collector.intake.documents import FILE_NAME, SHA256, UUID
from collector.intake.operations import Sender, prepare, store
from collector.intake.placing import plain
from collector.intake.unsent_file import CutShort, FileFault, Head, Record, hash_stream, read_head, read_records
from collector.intake.whole_files import take_file
from collector.journal import record
from collector.questionnaires.engine import shared_engine
from collector.sealing.boxes import CannotOpen, open_record
from collector.sealing.keys import SealingKey, sealing_key
from collector.settings import MAX_FILE_BYTES, MAX_PUSH_RESPONSES
from collector.store.session import reading, writing

#: Nobody's phone, and no clock to compare with.
SENDER = Sender(device_id=None, clock_offset_ms=None)
#: Characters of documents that are stored together.
BATCH_LENGTH = 4 * 1024 * 1024
#: Damaged records that are named one by one; beyond them they are only counted.
MAX_NAMED = 50

#: Why a record could not be taken in.
DAMAGES: dict[str, Any] = {
    "key_unusable": _l("its key is damaged or was sealed for another server"),
    "cannot_open": _l("it was cut short or changed, and cannot be opened"),
    "not_base64": _l("it was cut short or changed: it is not base64"),
    "malformed": _l("it has not the shape of a record"),
    "file_malformed": _l("it lacks its response, name or SHA-256, or one of them is wrong"),
    "file_too_large": _l("it is larger than files may be"),
    "sha256_differs": _l("its bytes are not those that were promised: the SHA-256 differs"),
    "file_cut": _l("the file ends here before it is complete"),
}


@dataclass(frozen=True)
class Damage:
    """A record that could not be taken in: what it is, where it stands (from 1; part None in a file without parts), and why."""

    kind: str
    part: int | None
    number: int | None
    code: str

    @property
    def place(self) -> str:
        """Where it stands, in the present language."""
        if self.kind == "end":
            return str(_l("End of the file"))
        numbers = {"part": self.part, "number": self.number}
        if self.kind == "response":
            text = _l("Part %(part)s, response %(number)s") if self.part else _l("Response %(number)s")
        else:
            text = _l("Part %(part)s, photo or file %(number)s") if self.part else _l("Photo or file %(number)s")
        return str(text) % numbers

    @property
    def reason(self) -> str:
        """Why, in the present language."""
        return str(DAMAGES[self.code])


class Damaged(Exception):
    """A record that cannot be taken in: a code of DAMAGES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Outcome:
    """What became of one file.

    Keys of `counts`: `stored`, `already_stored`, `revision_stored`, `quarantined`, `deleted` for responses, `files_stored`,
    `files_already`, `files_deleted` for files, `damaged`. `fault` is the sentence for a file that was not taken in at all.
    """

    name: str
    fault: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    damages: list[Damage] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether all that is in the file was taken in, now or earlier."""
        return not self.fault and not self.counts["damaged"]

    def add_damage(self, damage: Damage) -> None:
        """Count a damaged record, and name it if not too many are named already."""
        self.counts["damaged"] += 1
        if len(self.damages) < MAX_NAMED:
            self.damages.append(damage)


def import_unsent(stream: IO[bytes], name: str, *, by: str | None) -> Outcome:
    """Take in all that the file in `stream` holds. `name` is the file's, for messages only; `by` the person who imports.

    Commits as it goes: a file may be large, and what is stored once is found again the next time. Raises CollectorError `unavailable`.
    """
    outcome = Outcome(name)
    try:
        head = read_head(stream)
        key = sealing_key()
        if head.version == 2 and head.key_id != key.id:
            raise FileFault("key_differs", key_id=plain(head.key_id, 16) or "–", own_id=key.id)
    except FileFault as fault:
        outcome.fault = fault.message
        return outcome
    _take_records(stream, head, key, outcome)
    with writing() as session:
        record(
            session, "unsent.import", hash_stream(stream), user_id=by, version=head.version, counts=dict(outcome.counts)
        )
    return outcome


def _take_records(stream: IO[bytes], head: Head, key: SealingKey, outcome: Outcome) -> None:
    """Open and store the records one by one; documents some at a time."""
    opener, documents, length = Opener(head, key), list[str](), 0
    for item in _until_cut(read_records(stream, head.version), outcome):
        try:
            if item.kind == "file":
                outcome.counts[take_file(*opener.open_file(item))] += 1
                continue
            document = opener.open_document(item)
        except Damaged as damaged:
            part = item.part + 1 if head.version == 2 else None
            outcome.add_damage(Damage(item.kind, part, item.number + 1, damaged.code))
            continue
        documents.append(document)
        length += len(document)
        if len(documents) == MAX_PUSH_RESPONSES or length > BATCH_LENGTH:
            _take_documents(documents, outcome)
            documents, length = [], 0
    _take_documents(documents, outcome)


def _until_cut(items: Iterator[Record], outcome: Outcome) -> Iterator[Record]:
    """The records of a file; where it was cut, that counts as one damaged record."""
    try:
        yield from items
    except CutShort:
        outcome.add_damage(Damage("end", None, None, "file_cut"))


def _take_documents(documents: list[str], outcome: Outcome) -> None:
    if not documents:
        return
    prepared = prepare(reading(), documents, SENDER, shared_engine())
    with writing() as session:
        receipts = store(session, prepared, SENDER)
    outcome.counts.update(receipt["status"] for receipt in receipts)


class Opener:
    """Opens the records of one file with the keys of its parts. Raises Damaged for what cannot be opened."""

    def __init__(self, head: Head, key: SealingKey) -> None:
        self.head = head
        self.key = key
        self.part_keys: dict[int, bytes | None] = {}

    def open_document(self, item: Record) -> str:
        """The response document of a record."""
        if not isinstance(item.content, str):
            raise Damaged("malformed")
        if self.head.version == 1:
            return item.content
        try:
            opened = json.loads(self._open(item.content, item.part, "document"))
        except (ValueError, RecursionError):
            raise Damaged("malformed") from None
        if not (isinstance(opened, dict) and isinstance(opened.get("document"), str)):
            raise Damaged("malformed")
        document: str = opened["document"]
        return document

    def open_file(self, item: Record) -> tuple[dict[str, Any], bytes]:
        """What `begin_file` wants to know of a file, and its bytes, which have the promised length and SHA-256."""
        given = item.content
        if not isinstance(given, dict):
            raise Damaged("file_malformed")
        for name, pattern in (("response", UUID), ("name", FILE_NAME), ("sha256", SHA256)):
            if not (isinstance(given.get(name), str) and pattern.fullmatch(given[name])):
                raise Damaged("file_malformed")
        sealed = given.get("base64" if self.head.version == 1 else "content")
        if not isinstance(sealed, str):
            raise Damaged("file_malformed")
        content = decode(sealed) if self.head.version == 1 else self._open(sealed, item.part, "file")
        if len(content) > MAX_FILE_BYTES:
            raise Damaged("file_too_large")
        if hashlib.sha256(content).hexdigest() != given["sha256"]:
            raise Damaged("sha256_differs")
        claimed = given.get("type")
        wanted = {
            key: given[name] for key, name in (("response_id", "response"), ("name", "name"), ("sha256", "sha256"))
        }
        wanted |= {"size_bytes": len(content), "claimed_type": plain(claimed, 100) if isinstance(claimed, str) else ""}
        return wanted, content

    def _open(self, sealed: str, part: int, purpose: str) -> bytes:
        if part not in self.part_keys:
            self.part_keys[part] = self._open_key(part)
        key = self.part_keys[part]
        if key is None:
            raise Damaged("key_unusable")
        try:
            return open_record(decode(sealed), key, purpose, self.head.authors.get(part, ""))
        except CannotOpen:
            raise Damaged("cannot_open") from None

    def _open_key(self, part: int) -> bytes | None:
        try:
            return self.key.open(decode(self.head.keys.get(part, "")), self.head.authors.get(part, ""))
        except (CannotOpen, Damaged):
            return None


def decode(text: str) -> bytes:
    """The bytes of base64 as the protocol writes it. Raises Damaged."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Damaged("not_base64") from None
