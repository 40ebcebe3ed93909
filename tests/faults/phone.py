"""A phone in Python, from docs/sync-protocol.md alone. What it keeps outlives its death at any step; what a step had in hand does not."""

import base64
import gzip
import hashlib
import http.client
import json
import random
import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.faults.ledger import Ledger

TUS = {"Tus-Resumable": "1.0.0"}
ARRIVED = {"stored", "already_stored", "revision_stored", "quarantined", "deleted"}
#: Answers to a piece of a file that say how things stand there, and not that the way is broken.
OFFSET_UNSURE = {409, 460}
MOST_DOCUMENTS = 50


class UnreachableError(Exception):
    """No answer, or none that this protocol knows: try again later."""


class PhoneDiedError(Exception):
    """The phone went off in the middle of a step."""


@dataclass
class Answer:
    """An HTTP answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> dict[str, Any]:
        """The object in it. Raises UnreachableError: what is none, is no answer of our server's."""
        try:
            value = json.loads(self.body)
        except ValueError:
            raise UnreachableError("not an answer") from None
        if not isinstance(value, dict):
            raise UnreachableError("not an answer")
        return value

    def offset(self) -> int:
        """Its Upload-Offset. Raises UnreachableError where it has none."""
        text = self.headers.get("Upload-Offset", "")
        if not text.isdigit():
            raise UnreachableError("not an answer")
        return int(text)


@dataclass
class Entry:
    """A finished response in the outbox."""

    id: str
    content_hash: str
    text: str
    files_left: list[str]
    revision: int | None = None


@dataclass
class KeptFile:
    """A file in the phone's store."""

    response: str
    name: str
    content: bytes
    sha256: str
    url: str = ""
    is_done: bool = False


@dataclass
class Form:
    """What documents say of the questionnaire."""

    id: str
    version: str
    model: str


@dataclass
class Phone:
    """An enrolled phone. `outbox` and `files` are its disk. `dies`: chance of going off at each step."""

    name: str
    port: int
    token: str
    device: str
    author: str
    form: Form
    ledger: Ledger
    random: random.Random
    timeout: float = 1.5
    dies: float = 0.0
    #: Steps until it goes off for certain, for tests that choose the moment.
    dies_in: int | None = None
    clock_jumps: float = 0.0
    outbox: dict[str, Entry] = field(default_factory=dict)
    files: dict[tuple[str, str], KeptFile] = field(default_factory=dict)
    #: Revision and content hash of each response that is wholly at the server, by id.
    sent: dict[str, tuple[int | None, str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    clock_offset: timedelta = timedelta()
    _finishing: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def finish(self, *, files: int = 0, file_bytes: int = 2000, form: str | None = None) -> Entry:
        """Finish a new response with so many files."""
        return self._finish(str(uuid.uuid4()), None, files, file_bytes, form)

    def correct(self, response: str, base: int | None) -> Entry:
        """Finish a further revision of a response."""
        return self._finish(response, base, 0, 0, None)

    def _finish(self, response: str, base: int | None, files: int, file_bytes: int, form: str | None) -> Entry:
        kept = []
        for _ in range(files):
            content = self.random.randbytes(max(0, int(file_bytes * self.random.uniform(0.1, 1.9))))
            name = f"{uuid.uuid4()}.jpg"
            kept.append(KeptFile(response, name, content, hashlib.sha256(content).hexdigest()))
        now = datetime.now(UTC).astimezone() + self.clock_offset
        document = {
            "id": response,
            "form": form or self.form.id,
            "version": self.form.version,
            "model": self.form.model,
            "base": base,
            "place": None,
            "author": self.author,
            "device": self.device,
            "language": "English (en)",
            "started_at": now.isoformat(timespec="milliseconds"),
            "finished_at": now.isoformat(timespec="milliseconds"),
            "tz": "Asia/Shanghai",
            "answers": {
                "who": f"{self.name} {self.random.getrandbits(64):x} 户主",
                "meta": {"instanceID": f"uuid:{response}"},
            },
            "instance_name": "",
            "files": [
                {
                    "name": file.name,
                    "path": "/data/front",
                    "size": len(file.content),
                    "sha256": file.sha256,
                    "type": "image/jpeg",
                }
                for file in kept
            ],
        }
        text = json.dumps(document, ensure_ascii=False)
        with self._finishing:
            entry = Entry(response, self.ledger.record(text, self.name), text, [file.name for file in kept])
            self.files |= {(response, file.name): file for file in kept}
            self.outbox[entry.content_hash] = entry
        return entry

    def send(self) -> bool:
        """A round: documents, files, and what is wholly there leaves. Gives whether it came to its end; never raises."""
        try:
            self._round()
        except UnreachableError:
            return False
        except PhoneDiedError:
            self.counts["phone_killed"] += 1
            return False
        return not self.outbox

    def send_in_two_tabs(self) -> None:
        """Two rounds at the same time, as of two tabs without Web Locks."""
        self.counts["two_tabs"] += 1
        other = threading.Thread(target=self.send)
        other.start()
        self.send()
        other.join()

    def pull(self) -> None:
        """Ask for forms, and check that an answer is one."""
        answer = self.call("GET", "/sync/v1/pull?since=&responses=1&files=0&drafts=0")
        if answer.status != 200 or not isinstance(answer.json().get("cursor"), str):
            raise UnreachableError("no pull")

    def _round(self) -> None:
        # Files may come before their document.
        waiting = list(self.outbox.values())
        if waiting and self.random.random() < 0.15:
            self._send_files(self.random.choice(waiting))
        unsent = [entry for entry in waiting if entry.revision is None]
        while unsent:
            size = self.random.choice([1, 3, 10, MOST_DOCUMENTS])
            self._push(unsent[:size])
            unsent = unsent[size:]
        for entry in list(self.outbox.values()):
            if entry.revision is not None:
                self._send_files(entry)
                self._close_if_done(entry)
        if self.random.random() < 0.2:
            self.pull()

    def _push(self, entries: list[Entry]) -> None:
        self._step()
        if self.random.random() < self.clock_jumps:
            self.counts["clock_jump"] += 1
            self.clock_offset = timedelta(
                days=self.random.choice([-9000, -1, 0, 1, 9000]), seconds=self.random.random() * 9999
            )
        body = {
            "sent_at": (datetime.now(UTC) + self.clock_offset).isoformat(timespec="milliseconds"),
            "waiting": {
                "responses": len(self.outbox),
                "files": sum(len(entry.files_left) for entry in entries),
                "drafts": 0,
            },
            "responses": [entry.text for entry in entries],
        }
        packed = gzip.compress(json.dumps(body, ensure_ascii=False).encode(), 1)
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        answer = self.call("POST", "/sync/v1/push", packed, headers)
        self._step()
        self.heed(entries, answer)

    def heed(self, entries: list[Entry], answer: Answer) -> None:
        """What an answer to a push allows: only a receipt with a document's own id and hash counts."""
        receipts = answer.json().get("receipts") if answer.status == 200 else None
        if not isinstance(receipts, list):
            raise UnreachableError(f"push answered {answer.status}")
        by_own = {
            (receipt.get("id"), receipt.get("hash")): receipt for receipt in receipts if isinstance(receipt, dict)
        }
        for entry in entries:
            receipt = by_own.get((entry.id, entry.content_hash))
            if receipt is None or receipt.get("status") not in ARRIVED:
                continue
            missing = receipt.get("missing_files")
            entry.files_left = (
                [name for name in entry.files_left if name in missing]
                if isinstance(missing, list)
                else entry.files_left
            )
            entry.revision = receipt.get("revision") or 0
            self._close_if_done(entry)

    def _close_if_done(self, entry: Entry) -> None:
        if entry.files_left or entry.revision is None:
            return
        self._step()
        self.sent[entry.id] = (entry.revision, entry.content_hash)
        self.outbox.pop(entry.content_hash, None)
        if not any(other.id == entry.id for other in list(self.outbox.values())):
            for key in [key for key in list(self.files) if key[0] == entry.id]:
                self.files.pop(key, None)

    def _send_files(self, entry: Entry) -> None:
        for name in list(entry.files_left):
            file = self.files.get((entry.id, name))
            if file is None:
                return  # The other tab has closed the entry.
            if not file.is_done:
                self._upload(file)
                self._step()
                file.is_done = True
            if entry.revision is not None:
                entry.files_left = [other for other in entry.files_left if other != name]

    def _upload(self, file: KeptFile) -> None:
        offset = self._begin(file)
        for _ in range(200):
            if offset >= len(file.content):
                return
            self._step()
            piece = file.content[offset : offset + self.random.choice([500, 4000, 64_000])]
            headers = {
                **TUS,
                "Content-Type": "application/offset+octet-stream",
                "Upload-Offset": str(offset),
                "Upload-Checksum": f"sha256 {base64.b64encode(hashlib.sha256(piece).digest()).decode()}",
            }
            answer = self.call("PATCH", file.url, piece, headers)
            if answer.status in OFFSET_UNSURE:
                offset = self._ask_offset(file)
            elif answer.status == 204:
                offset = answer.offset()
            else:
                raise UnreachableError(f"PATCH answered {answer.status}")
        raise UnreachableError("no progress")

    def _begin(self, file: KeptFile) -> int:
        if file.url:
            return self._ask_offset(file)
        metadata = {"response": file.response, "name": file.name, "sha256": file.sha256, "type": "image/jpeg"}
        encoded = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items())
        answer = self.call(
            "POST", "/sync/v1/files", b"", {**TUS, "Upload-Length": str(len(file.content)), "Upload-Metadata": encoded}
        )
        location = answer.headers.get("Location")
        if answer.status != 201 or not location:
            raise UnreachableError(f"creation answered {answer.status}")
        offset = answer.offset()
        file.url = location
        return offset

    def _ask_offset(self, file: KeptFile) -> int:
        answer = self.call("HEAD", file.url, None, TUS)
        if answer.status in (404, 410):
            file.url = ""
        if answer.status != 200:
            raise UnreachableError(f"HEAD answered {answer.status}")
        return answer.offset()

    def _step(self) -> None:
        if self.dies_in is not None:
            self.dies_in -= 1
        if self.dies_in == 0 or self.random.random() < self.dies:
            self.dies_in = None
            raise PhoneDiedError

    def call(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One call. Raises UnreachableError where no whole answer comes in time."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {self.token}", **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(type(error).__name__) from None
        finally:
            connection.close()


class TrustingPhone(Phone):
    """The receipt rule broken on purpose: any 200 counts for all that was sent. The harness has to notice it."""

    def heed(self, entries: list[Entry], answer: Answer) -> None:
        """Take everything for stored. Files are still sent, so that what is lost is lost by this rule alone."""
        if answer.status != 200:
            raise UnreachableError(f"push answered {answer.status}")
        for entry in entries:
            entry.revision = 0
            self._close_if_done(entry)


def enrol_phone(kind: type[Phone], name: str, port: int, link: str, **options: Any) -> Phone:
    """A phone for an enrolment link, with the form that the server's pull names last of `options['form_id']`."""
    form_id = options.pop("form_id")
    phone = kind(name=name, port=port, token="", device="", author="", form=Form(form_id, "1", ""), **options)
    body = json.dumps({"token": link.rsplit("/", 1)[1], "label": "Python"}).encode()
    answer = patiently(phone, "POST", "/sync/v1/enrol", body)
    phone.token, phone.device, phone.author = answer["device_token"], answer["device_id"], answer["user"]["id"]
    forms = patiently(phone, "GET", "/sync/v1/pull?since=", None)["forms"]
    phone.form = next(Form(form["id"], form["version"], form["model"]) for form in forms if form["id"] == form_id)
    return phone


def patiently(phone: Phone, method: str, path: str, body: bytes | None) -> dict[str, Any]:
    """The answer of a call that is made before any fault."""
    timeout, phone.timeout = phone.timeout, 20
    try:
        return phone.call(method, path, body, {"Content-Type": "application/json"}).json()
    finally:
        phone.timeout = timeout
