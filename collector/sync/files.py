"""Attachments by the tus protocol 1.0.0 with creation and checksum (https://tus.io/protocols/resumable-upload)."""

import base64
import hashlib
from typing import Any

from flask import Blueprint, Response, request, url_for
from marshmallow import ValidationError

from collector import metrics
from collector.accounts.devices import authenticate_device
from collector.disk import require_room
from collector.errors import CollectorError
from collector.intake.files import append_bytes, begin_file, drop_pieces, keep_ahead
from collector.intake.placing import plain
from collector.settings import MAX_FILE_BYTES
from collector.store import File
from collector.store.session import reading, writing
from collector.sync.bodies import json_answer
from collector.sync.schemas import UploadMetadataSchema

TUS_VERSION = "1.0.0"
CHECKSUMS = ("sha1", "sha256")


def add_routes(bp: Blueprint) -> None:
    """Register the upload addresses on the sync blueprint."""
    bp.add_url_rule("/files", "options", options, methods=["OPTIONS"])
    bp.add_url_rule("/files", "create_file", create_file, methods=["POST"])
    bp.add_url_rule("/files/<file_id>", "file_offset", file_offset, methods=["HEAD"])
    bp.add_url_rule("/files/<file_id>", "patch_file", patch_file, methods=["PATCH"])


def tus_answer(status: int, **headers: Any) -> Response:
    """An empty answer with the protocol's headers; `upload_offset=3` becomes `Upload-Offset: 3`."""
    response = Response(status=status)
    response.headers["Tus-Resumable"] = TUS_VERSION
    for name, value in headers.items():
        response.headers["-".join(word.capitalize() for word in name.split("_"))] = str(value)
    return response


def check_version() -> None:
    """Raise CollectorError `tus_version` unless the phone speaks ours."""
    if request.headers.get("Tus-Resumable") != TUS_VERSION:
        raise CollectorError("tus_version")


def number_header(name: str) -> int:
    """A header that holds a number of bytes. Raises CollectorError `upload_malformed`."""
    value = request.headers.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise CollectorError("upload_malformed", header=name)
    return int(value)


def options() -> Response:
    """Tell what this server can do (Core protocol, OPTIONS)."""
    return tus_answer(
        204,
        tus_version=TUS_VERSION,
        tus_extension="creation,checksum",
        tus_max_size=MAX_FILE_BYTES,
        tus_checksum_algorithm=",".join(CHECKSUMS),
    )


def create_file() -> Response:
    """Begin an upload, or find the one begun earlier (Creation)."""
    device_id = authenticate_device(reading()).id
    check_version()
    size_bytes = number_header("Upload-Length")
    if size_bytes > MAX_FILE_BYTES:
        raise CollectorError("file_too_large", limit_bytes=MAX_FILE_BYTES)
    wanted = read_metadata(request.headers.get("Upload-Metadata", "")) | {"size_bytes": size_bytes}
    with writing() as session:
        file = begin_file(session, wanted, device_id)
        if file.completed_at is None:
            require_room(size_bytes)
        if size_bytes == 0 and file.completed_at is None:
            append_bytes(session, file.id, 0, b"")
            if file.completed_at is None:
                raise CollectorError("upload_checksum_differs")
        file_id, offset = file.id, file.offset_bytes
    return tus_answer(201, location=url_for("sync.file_offset", file_id=file_id), upload_offset=offset)


def read_metadata(header: str) -> dict[str, Any]:
    """Read `key base64,key base64` (Creation, Upload-Metadata). Raises CollectorError `upload_malformed`."""
    try:
        pairs = (part.strip().partition(" ") for part in header.split(",") if part.strip())
        given = {key: base64.b64decode(value, validate=True).decode() for key, _, value in pairs}
        wanted: dict[str, Any] = UploadMetadataSchema().load(given)
    except (ValueError, ValidationError):
        # ValueError: not ASCII, not base64, not UTF-8.
        raise CollectorError("upload_malformed", header="Upload-Metadata") from None
    return wanted | {"claimed_type": plain(wanted["claimed_type"], 100)}


def file_offset(file_id: str) -> Response:
    """Tell how many bytes have arrived (Core protocol, HEAD)."""
    session = reading()
    authenticate_device(session)
    check_version()
    file = session.get(File, file_id)
    if file is None:
        raise CollectorError("upload_unknown")
    return tus_answer(200, upload_offset=file.offset_bytes, upload_length=file.size_bytes, cache_control="no-store")


def patch_file(file_id: str) -> Response:
    """Take the bytes that follow (Core protocol, PATCH). The body is read, checked and kept before the database is locked."""
    authenticate_device(reading())
    check_version()
    if request.mimetype != "application/offset+octet-stream":
        raise CollectorError("media_type")
    offset = number_header("Upload-Offset")
    content = request.get_data(cache=False)
    check_checksum(content)
    require_room(len(content))
    is_kept = keep_ahead(reading(), file_id, offset, content)
    with writing() as session:
        try:
            file = append_bytes(session, file_id, offset, content, is_kept=is_kept)
        except CollectorError as error:
            if error.code == "upload_offset_differs":
                answer = json_answer(error.body(), error.status)
                answer.headers["Upload-Offset"] = str(error.details["offset"])
                return answer
            raise
        new_offset, is_short = file.offset_bytes, file.offset_bytes < offset + len(content)
        is_whole = file.completed_at is not None
    if is_whole and offset:
        drop_pieces(file_id)
    if is_short:
        # The whole was not what its SHA-256 promised: it begins again, and that is committed.
        raise CollectorError("upload_checksum_differs")
    metrics.count_file_bytes(len(content))
    return tus_answer(204, upload_offset=new_offset)


def check_checksum(content: bytes) -> None:
    """Compare the body with its Upload-Checksum, if it has one (Checksum). Raises CollectorError `upload_checksum_differs`."""
    algorithm, _, promised = request.headers.get("Upload-Checksum", "").partition(" ")
    if not algorithm:
        return
    if algorithm not in CHECKSUMS:
        raise CollectorError("upload_malformed", header="Upload-Checksum")
    actual = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
    if actual != promised.strip():
        raise CollectorError("upload_checksum_differs")
