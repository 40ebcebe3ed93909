"""Programs that read, and responses for them to read."""

import base64
import hashlib
import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask.testing import FlaskClient

from tests.conftest import PASSWORD, Phone
from tests.documents import make_document

FORMS = "/v1/projects/1/forms"
FEED = f"{FORMS}/household.svc"
#: The smallest JPEG that its bytes show to be one.
PHOTO = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


def basic(login: str, password: str = PASSWORD) -> dict[str, str]:
    """The header of somebody who gives login and password with each request."""
    return {"Authorization": "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()}


def read(client: FlaskClient, address: str, login: str = "ana", **options: str) -> Any:
    """The JSON at an address, as `login` gets it."""
    answer = client.get(address, query_string=options or None, headers=basic(login))
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def problem(client: FlaskClient, address: str, login: str = "ana", **options: str) -> tuple[int, float]:
    """Status and code of an error, which has ODK Central's shape."""
    answer = client.get(address, query_string=options, headers=basic(login))
    body = answer.get_json()
    assert set(body) == {"code", "message", "details"}, body
    assert int(body["code"]) == answer.status_code
    return answer.status_code, body["code"]


def pages(client: FlaskClient, address: str, login: str = "ana", **options: str) -> list[list[Any]]:
    """The rows of each page, as somebody gets them who follows the links from one to the next."""
    found, answer = [], read(client, address, login, **options)
    while True:
        found.append(answer["value"])
        if "@odata.nextLink" not in answer:
            return found
        link = urlsplit(answer["@odata.nextLink"])
        answer = read(client, f"{link.path}?{link.query}", login)
        assert len(found) < 1000, "the links lead in a circle"


def response_id(number: int) -> str:
    """The id of a response of these tests."""
    return str(UUID(int=0x11111111_1111_4111_8111_000000000000 + number))


def push(phone: Phone, version: Any, *answers: dict[str, Any], first: int = 1, **overrides: Any) -> list[str]:
    """Send a response for each of `answers`; gives their instance ids."""
    ids = [response_id(first + index) for index in range(len(answers))]
    documents = [
        make_document(
            version, id=id_, answers=one, **{"form": version.questionnaire.form_id, "author": phone.user.id} | overrides
        )
        for id_, one in zip(ids, answers, strict=True)
    ]
    receipts = phone.receipts(*documents)
    assert {receipt["status"] for receipt in receipts} == {"stored"}, receipts
    return [f"uuid:{id_}" for id_ in ids]


def file_entry(name: str, content: bytes, path: str) -> dict[str, Any]:
    """A file as a response document names it."""
    return {
        "name": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "path": path,
        "type": "image/jpeg",
    }


def send_file(phone: Phone, id_: str, name: str, content: bytes) -> None:
    """Send a file of the response with that id."""
    names = {"response": id_, "name": name, "sha256": hashlib.sha256(content).hexdigest(), "type": "image/jpeg"}
    pairs = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in names.items())
    tus = {"Tus-Resumable": "1.0.0"} | phone.headers
    begun = phone.client.post(
        "/sync/v1/files", headers={**tus, "Upload-Length": str(len(content)), "Upload-Metadata": pairs}
    )
    assert begun.status_code == 201, begun.text
    headers = {**tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    sent = phone.client.patch(re.sub("^https?://[^/]+", "", begun.headers["Location"]), data=content, headers=headers)
    assert sent.status_code == 204, sent.text
