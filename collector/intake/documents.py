"""Reading a response document: what the phone wrote, checked only as far as its place needs it."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID as UUID_OF
from uuid import uuid5

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from collector.settings import MAX_DOCUMENT_BYTES

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")
#: A file's name has no folder in it and nothing that a file system or a header would trip over.
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}")


#: Lists and objects inside each other in a document: more than any questionnaire has, and few enough to be walked by recursion.
MAX_DEPTH = 100
#: Lists and objects in a document that is checked; the largest roster that was seen in the field has some hundred.
MAX_PARTS = 5_000
#: Where ids that are made from content hashes come from.
NAMESPACE = UUID_OF("5b0f3a52-6a0a-4a57-9a3c-0c1f3b0e2d71")
#: Characters of a questionnaire's id, and of a moment.
MAX_FORM_ID, MAX_MOMENT = 255, 40
#: The largest number that a database's integer holds.
MAX_INTEGER = 2**31 - 1


class TolerantSchema(Schema):
    """The shape of what a phone sends: what a later phone adds is left alone."""

    class Meta:
        """Unknown keys are passed over."""

        unknown = EXCLUDE


class FileSchema(TolerantSchema):
    """A file that a response names. Clients of other makes know it by its name alone: no `sha256`, no `size`."""

    name = fields.String(required=True, validate=validate.Regexp(FILE_NAME.pattern + r"\Z"))
    sha256 = fields.String(validate=validate.Regexp(SHA256.pattern + r"\Z"))
    size = fields.Integer(strict=True, validate=validate.Range(min=0))
    path = fields.String(load_default="")
    type = fields.String(load_default="")


class DocumentSchema(TolerantSchema):
    """The response document of docs/sync-protocol.md. It is kept byte for byte, whatever is read of it."""

    id = fields.String(required=True, validate=validate.Regexp(UUID.pattern + r"\Z"))
    form = fields.String(required=True, validate=validate.Length(min=1, max=MAX_FORM_ID))
    version = fields.String(load_default="")
    model = fields.String(load_default="")
    base = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(min=1, max=MAX_INTEGER)
    )
    place = fields.String(load_default=None, allow_none=True)
    author = fields.String(load_default=None, allow_none=True)
    started_at = fields.String(load_default="", validate=validate.Length(max=MAX_MOMENT))
    finished_at = fields.String(load_default="", validate=validate.Length(max=MAX_MOMENT))
    tz = fields.String(load_default="UTC")
    #: Where it comes from, if not from a phone of ours: a code such as `openrosa` or `import`.
    source = fields.String(load_default="")
    #: Instance id of what another client says that this is a later edition of.
    deprecated = fields.String(load_default="")
    instance_name = fields.String(load_default="", allow_none=True)
    answers = fields.Dict(keys=fields.String(), required=True)
    files = fields.List(fields.Nested(FileSchema), load_default=list)


@dataclass(frozen=True)
class Document:
    """A response document as it came, and what was read from it.

    `read` holds the schema's fields when `problem` is None. `claimed_id` is the id that it gives, however bad the rest is.
    """

    text: str
    content_hash: str
    size_bytes: int
    claimed_id: str | None = None
    problem: str | None = None
    read: dict[str, Any] = field(default_factory=dict)
    #: Whether it has more groups and rows than any interview: to check it, or to measure it, would take hundreds of times its size.
    is_vast: bool = False
    #: SHA-256, hex, of `text` where answers were erased from it (stripping.py); none: it is as it came.
    erased_hash: str | None = None

    @property
    def new_id(self) -> str:
        """The response id that it gets where its own cannot be used: always the same for the same content."""
        return str(uuid5(NAMESPACE, self.content_hash))


SCHEMA = DocumentSchema()
#: What the schema gives for the parts that a document need not have.
DEFAULTS: dict[str, Any] = {
    name: given.load_default for name, given in SCHEMA.fields.items() if not given.required and name != "files"
}
#: Parts that are texts, and those that may be null as well.
TEXTS = ("version", "model", "tz", "source", "deprecated", "started_at", "finished_at")
TEXTS_OR_NULL = ("place", "author", "instance_name")


def load(parsed: dict[str, Any]) -> dict[str, Any]:
    """What the schema reads from a document. Raises ValidationError.

    Nearly all documents are plain; those are read by hand, which takes a tenth of the time (tests hold both against each other).
    """
    read = DEFAULTS | {"files": []} | {name: parsed[name] for name in SCHEMA.fields if name in parsed}
    if _is_plain(read):
        return read
    loaded: dict[str, Any] = SCHEMA.load(parsed)
    return loaded


def _is_plain(read: dict[str, Any]) -> bool:
    """Tell whether the parts of a document are as the schema wants them, and it names no files. False also where it only may not be so."""
    base = read["base"]
    return (
        all(type(read[name]) is str for name in TEXTS)
        and all(read[name] is None or type(read[name]) is str for name in TEXTS_OR_NULL)
        and len(read["started_at"]) <= MAX_MOMENT
        and len(read["finished_at"]) <= MAX_MOMENT
        and (base is None or (type(base) is int and 1 <= base <= MAX_INTEGER))
        and type(read.get("id")) is str
        and UUID.fullmatch(read["id"]) is not None
        and type(read.get("form")) is str
        and 1 <= len(read["form"]) <= MAX_FORM_ID
        and type(read.get("answers")) is dict
        and read["files"] == []
    )


def read_document(item: Any) -> Document:
    """Read one item of a push. Never raises: what cannot be read has `problem`, a quarantine reason (quarantine.py)."""
    # Anything else than a string was not made by a phone of ours; its JSON is kept in one settled form.
    text = (
        item if isinstance(item, str) else json.dumps(item, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    )
    # A lone surrogate has no UTF-8; it is kept as the escape that it came as.
    content = text.encode("utf-8", "backslashreplace")
    unread = Document(content.decode().replace("\0", "\\u0000"), hashlib.sha256(content).hexdigest(), len(content))
    try:
        parsed = json.loads(unread.text)
    except (ValueError, RecursionError):
        return replace(unread, problem="document_not_json")
    # No more stands inside each other than begins at all: the text tells it quickly, in nearly every case.
    parts = unread.text.count("{") + unread.text.count("[")
    if not isinstance(parsed, dict) or (parts > MAX_DEPTH and is_deeper(parsed, MAX_DEPTH)):
        return replace(unread, problem="document_malformed")
    claimed = parsed.get("id")
    if not (isinstance(claimed, str) and UUID.fullmatch(claimed)):
        return replace(unread, problem="id_missing")
    if len(content) > MAX_DOCUMENT_BYTES:
        return replace(unread, claimed_id=claimed, problem="document_too_large")
    try:
        read = load(parsed)
    except (ValidationError, RecursionError):
        return replace(unread, claimed_id=claimed, problem="document_malformed")
    return replace(unread, claimed_id=claimed, read=read, is_vast=parts > MAX_PARTS and is_vast(parsed))


def read_under(document: Document, response_id: str) -> Document:
    """Read a document again as if it gave `response_id` as its id. Its text, hash and `claimed_id` stay; see read_document."""
    if len(document.text.encode()) > MAX_DOCUMENT_BYTES:
        return replace(document, problem="document_too_large", read={})
    try:
        parsed = json.loads(document.text)
        if not isinstance(parsed, dict) or is_deeper(parsed, MAX_DEPTH):
            return replace(document, problem="document_malformed", read={})
        read = load(parsed | {"id": response_id})
        return replace(document, problem=None, read=read, is_vast=is_vast(parsed))
    except (ValueError, ValidationError, RecursionError):
        return replace(document, problem="document_malformed", read={})


def is_deeper(value: Any, limit: int) -> bool:
    """Tell whether lists and objects stand inside each other more than `limit` times. Itself without recursion."""
    level = [value]
    for _ in range(limit + 1):
        level = [part for item in level for part in _parts(item)]
        if not level:
            return False
    return True


def is_vast(value: Any) -> bool:
    """Tell whether there are more than MAX_PARTS lists and objects in `value`."""
    waiting, number = [value], 0
    while waiting:
        number += 1
        if number > MAX_PARTS:
            return True
        waiting += [part for part in _parts(waiting.pop()) if isinstance(part, dict | list)]
    return False


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
