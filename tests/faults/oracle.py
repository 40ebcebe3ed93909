"""What became of everything that was finished: read from the database and the disk, behind the server's back."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import File, QuarantinedDocument, Response, Revision
from collector.store.contents import FILES, Contents
from tests.faults.ledger import Finished, Ledger
from tests.servers import Server


@dataclass
class Verdict:
    """Sentences on what is lost, doubled and stuck; empty lists are what is wanted."""

    responses: int = 0
    files: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.doubled or self.stuck)

    def __iadd__(self, other: "Verdict") -> "Verdict":
        for name in ("responses", "files", "lost", "doubled", "stuck"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


@dataclass
class Stored:
    """What the server has: texts by (response id, content hash), how often each is there, and the files."""

    texts: dict[tuple[str, str], str]
    times: Counter[tuple[str, str]]
    revisions: Counter[str]
    files: dict[tuple[str, str, str], list[File]]
    contents: Contents
    responses: set[str]
    missing_files: dict[str, int]


def read_stored(server: Server) -> Stored:
    """Read all of it."""
    app = server.app
    stored = Stored({}, Counter(), Counter(), {}, app.extensions["collector_contents"], set(), {})
    engine = app.extensions["collector_engine"]
    with Session(engine) as session:
        for response_id, content_hash, text in session.execute(
            select(Revision.response_id, Revision.content_hash, Revision.document)
        ):
            stored.texts[response_id, content_hash] = text
            stored.times[response_id, content_hash] += 1
            stored.revisions[response_id] += 1
        kept_aside = select(
            QuarantinedDocument.response_id, QuarantinedDocument.content_hash, QuarantinedDocument.document
        )
        for response_id, content_hash, text in session.execute(kept_aside):
            stored.texts[response_id or "", content_hash] = text
            stored.times[response_id or "", content_hash] += 1
        for file in session.scalars(select(File)):
            stored.files.setdefault((file.response_id, file.name, file.sha256), []).append(file)
        for response_id, missing in session.execute(select(Response.id, Response.missing_files)):
            stored.responses.add(response_id)
            stored.missing_files[response_id] = missing
        session.expunge_all()
    engine.dispose()
    return stored


def judge(server: Server, ledger: Ledger, held: set[str], known: set[str] | None = None) -> Verdict:
    """Compare what was finished with what the server has.

    `held`: content hashes that are still in a phone's outbox. After a healthy minute nothing should be, so they are stuck, never lost.
    `known`: response ids of the phones under test, where the server has others' too.
    """
    stored = read_stored(server)
    verdict = Verdict(responses=len(ledger.entries))
    hashes_on_disk: dict[str, str] = {}
    for entry in ledger.entries.values():
        times = stored.times[entry.id, entry.content_hash]
        if entry.content_hash in held:
            verdict.stuck.append(f"{entry.phone}: {entry.id} {entry.content_hash[:8]} is still on the phone")
        elif times == 0:
            verdict.lost.append(f"{entry.phone}: {entry.id} {entry.content_hash[:8]} is nowhere")
        elif stored.texts[entry.id, entry.content_hash] != entry.text:
            verdict.lost.append(f"{entry.phone}: {entry.id} has other bytes at the server")
        if times > 1:
            verdict.doubled.append(f"{entry.phone}: {entry.id} {entry.content_hash[:8]} is there {times} times")
        if times and entry.content_hash not in held:
            _judge_files(stored, entry, verdict, hashes_on_disk)
    _judge_extra(stored, ledger, verdict, known)
    return verdict


def _judge_files(stored: Stored, entry: Finished, verdict: Verdict, hashes_on_disk: dict[str, str]) -> None:
    for file in entry.read["files"]:
        verdict.files += 1
        rows = stored.files.get((entry.id, file["name"], file["sha256"]), [])
        if len(rows) > 1:
            verdict.doubled.append(f"{entry.phone}: file {file['name']} of {entry.id} is there {len(rows)} times")
        if not rows or rows[0].completed_at is None:
            verdict.lost.append(f"{entry.phone}: file {file['name']} of {entry.id} is not whole")
            continue
        if file["sha256"] not in hashes_on_disk:
            content = _read(stored.contents, file["sha256"])
            hashes_on_disk[file["sha256"]] = f"{hashlib.sha256(content).hexdigest()} {len(content)}"
        if hashes_on_disk[file["sha256"]] != f"{file['sha256']} {file['size']}":
            verdict.lost.append(f"{entry.phone}: file {file['name']} of {entry.id} has other bytes on the disk")


def _read(contents: Contents, sha256: str) -> bytes:
    """The bytes of a file; nothing where there is none, or a damaged one."""
    try:
        with contents.open(FILES, sha256) as content:
            return content.read()
    except OSError:
        return b""


def _judge_extra(stored: Stored, ledger: Ledger, verdict: Verdict, known: set[str] | None) -> None:
    """Contents under an id of ours that nobody finished: the same response in other words."""
    finished = {(entry.id, entry.content_hash) for entry in ledger.entries.values()}
    ids = {entry.id for entry in ledger.entries.values()} if known is None else known
    for response_id, content_hash in stored.texts:
        if response_id in ids and (response_id, content_hash) not in finished:
            verdict.doubled.append(f"{response_id} has a content {content_hash[:8]} that nobody finished")
    for response_id in ids & stored.responses:
        if stored.missing_files[response_id] and not verdict.stuck and not verdict.lost:
            verdict.lost.append(f"{response_id}: the server counts {stored.missing_files[response_id]} missing files")
