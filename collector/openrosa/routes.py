"""OpenRosa 1.0 for ODK Collect: the list of forms, forms and their files, submissions. For people: docs/openrosa.md."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, request, url_for
from flask_babel import gettext as _

from collector import metrics
from collector.errors import CollectorError
from collector.intake import operations as intake
from collector.languages import language
from collector.openrosa import queries
from collector.openrosa.answers import VERSION, body_answer, message_answer, xml_answer
from collector.openrosa.form_lists import FileEntry, FormEntry, write_list, write_manifest
from collector.openrosa.operations import Sent, describe_attachment, find_document, note_instance, store_attachment
from collector.openrosa.sign_in import authenticate_client, note_client
from collector.openrosa.submissions import read_submission
from collector.questionnaires.engine import shared_engine
from collector.questionnaires.instances import FormInstance, read_instance
from collector.questionnaires.queries import files_of
from collector.questionnaires.served import original_answer
from collector.settings import MAX_FILE_BYTES
from collector.store import Device, utc_now
from collector.store.session import reading, writing

bp = Blueprint("openrosa", __name__, url_prefix="/openrosa")

#: Bytes of a submission's request that clients are told of; what is larger they divide by files, but a file stays whole.
ACCEPTED_BYTES = MAX_FILE_BYTES
#: Bytes that are taken: a whole file with the XML and what is around them.
MAX_SUBMISSION_BYTES = MAX_FILE_BYTES + 8 * 1024 * 1024


@bp.before_request
def begin() -> None:
    """Find out who asks, before anything of the body is read."""
    request.max_content_length = MAX_SUBMISSION_BYTES
    g.client = authenticate_client()


@bp.after_request
def add_headers(answer: Response) -> Response:
    """Add what each answer of the protocol carries. The moment, `Date`, is the web server's to add."""
    answer.headers.set(*VERSION)
    answer.headers.set("X-OpenRosa-Accept-Content-Length", ACCEPTED_BYTES)
    return answer


@bp.get("/formList")
def form_list() -> Response:
    """The forms that the volunteer is to fill in now; `?formID=` one of them."""
    client: Device = g.client
    wanted = request.args.get("formID")
    found = list(queries.list_forms(reading(), client.user_id, language(), utc_now(), wanted))
    entries = [
        FormEntry(
            form.form_id,
            form.version,
            form.title,
            form.md5,
            address("openrosa.form", version_id=form.version_id),
            address("openrosa.manifest", version_id=form.version_id) if form.has_files else "",
        )
        for form in found
    ]
    note_client(client)
    return xml_answer(write_list(entries))


@bp.get("/forms/<int:version_id>.xml")
def form(version_id: int) -> Response:
    """A form as XForm."""
    return body_answer(queries.find_version(reading(), version_id, g.client.user_id).xform.encode())


@bp.get("/forms/<int:version_id>/manifest")
def manifest(version_id: int) -> Response:
    """The files that a form needs: lists and media, as they were uploaded."""
    version = queries.find_version(reading(), version_id, g.client.user_id)
    return xml_answer(
        write_manifest(
            FileEntry(
                file.name,
                queries.hash_file(file.original_sha256),
                address("openrosa.form_file", version_id=version_id, file_id=file.id),
            )
            for file in files_of(reading(), version)
            if file.original_sha256
        )
    )


@bp.get("/forms/<int:version_id>/files/<int:file_id>")
def form_file(version_id: int, file_id: int) -> Response:
    """One of these files."""
    version = queries.find_version(reading(), version_id, g.client.user_id)
    return original_answer(queries.find_form_file(reading(), version, file_id))


@bp.route("/submission", methods=["HEAD"])
def ask_submission() -> Response:
    """Tell a client, before it sends much, that it may, and how much at a time (section "Extended Transmission Considerations")."""
    answer = Response(status=204)
    answer.headers["Location"] = address("openrosa.submit")
    return answer


@bp.post("/submission")
def submit() -> Response:
    """Take a submission in, whole or in part: each of its requests carries the XML, and some of its files."""
    client: Device = g.client
    xml, files = read_submission()
    instance = read_instance(xml)
    if instance.is_encrypted:
        raise CollectorError("instance_encrypted")
    receipt = store_submission(client, instance, xml)
    if receipt["status"] != "deleted":
        store_files(receipt["id"], files, client.id)
    words = receipt.get("message") or _("Received. Thank you.")
    return message_answer(str(words), 201)


def store_submission(client: Device, instance: FormInstance, xml: bytes) -> dict[str, str]:
    """Store the document of a submission, and give its receipt once it is on the disk."""
    document = find_document(reading(), instance, text_of(instance, xml), client.user_id, client.id)
    sender = intake.Sender(client.id, None)
    prepared = intake.prepare(reading(), [document], sender, shared_engine())
    with writing() as session:
        receipt = intake.store(session, prepared, sender)[0]
        note_instance(session, instance.instance_id, receipt)
    metrics.count_receipts([receipt])
    note_client(client)
    return receipt


def store_files(response_id: str, files: list[Sent], device_id: str) -> None:
    """Store the files of a submission, each for itself: what is on the disk need not come again."""
    for sent in files:
        try:
            wanted = describe_attachment(response_id, sent)
            with writing() as session:
                store_attachment(session, wanted, sent.content, device_id)
            metrics.count_file_bytes(wanted["size_bytes"])
        except CollectorError as error:
            # A supervisor deleted an earlier edition: this one waits in quarantine, without files.
            if error.code != "response_deleted":
                raise


def text_of(instance: FormInstance, xml: bytes) -> str:
    """The XML as text, as it came; what is not UTF-8 as it was read."""
    try:
        return xml.decode()
    except UnicodeDecodeError:
        return instance.written


def address(endpoint: str, **parts: Any) -> str:
    """The whole address of an endpoint, as the client reaches this server: under PUBLIC_URL, else under the name that it used."""
    public = current_app.config["SETTINGS"].public_url
    base = public if urlsplit(public).netloc == request.host else request.host_url.rstrip("/")
    return f"{base}{url_for(endpoint, **parts)}"
