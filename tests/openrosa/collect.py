"""ODK Collect as the server sees it: requests as its HTTP client makes them, submissions as its form engine writes them."""

import base64
import io
import json
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.collect_access import CollectCard
from collector.store import Revision
from tests.documents import fresh

INSTANCE = "uuid:22222222-2222-4222-8222-222222222222"
RESPONSE = "22222222-2222-4222-8222-222222222222"
#: Instance id of a later edition, or of another submission.
SECOND = "uuid:33333333-3333-4333-8333-333333333333"
WITH_PHOTO = "<place>C01</place><hh_size>4</hh_size><photo>17.jpg</photo>"
#: Bytes that a photo begins with.
PHOTO = b"\xff\xd8\xff\xe0 a photo"
LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
MESSAGE = "{http://openrosa.org/http/response}message"


@dataclass(frozen=True)
class Collect:
    """A phone with ODK Collect on it."""

    client: FlaskClient
    card: CollectCard

    @property
    def headers(self) -> dict[str, str]:
        """What each of its requests carries: here by Basic, as over HTTPS."""
        proof = base64.b64encode(f"{self.card.login}:{self.card.password}".encode()).decode()
        return {"Authorization": f"Basic {proof}", "X-OpenRosa-Version": "1.0"}

    def get(self, path: str) -> Any:
        """GET an address of the protocol, whole or below `/openrosa`."""
        address = path if path.startswith("http") else f"/openrosa{path}"
        return self.client.get(address, headers=self.headers)

    def submit(self, xml: str | bytes, files: dict[str, bytes] | None = None, **parts: Any) -> Any:
        """POST a submission with some of its files."""
        content = xml.encode() if isinstance(xml, str) else xml
        data: dict[str, Any] = {"xml_submission_file": (io.BytesIO(content), "instance.xml", "text/xml")}
        for name, file in (files or {}).items():
            data[name] = (io.BytesIO(file), name, "image/jpeg")
        return self.client.post("/openrosa/submission?deviceID=x", data=data | parts, headers=self.headers)


def submission(
    body: str = "<place>C01</place><hh_size>4</hh_size>",
    *,
    form: str = "household",
    version: str = "1",
    instance_id: str = INSTANCE,
    deprecated_id: str = "",
) -> str:
    """A submission to the `household` questionnaire."""
    deprecated = f"<deprecatedID>{deprecated_id}</deprecatedID>" if deprecated_id else ""
    meta = f"<meta><instanceID>{instance_id}</instanceID>{deprecated}</meta>"
    return f'<?xml version=\'1.0\' ?><data id="{form}" version="{version}">{body}{meta}</data>'


def message(answer: Any) -> str:
    """The sentence that Collect shows; fails unless the answer is one of OpenRosa."""
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    assert answer.mimetype == "text/xml"
    text = etree.fromstring(answer.data).findtext(MESSAGE)
    assert text
    return text


def documents(session: Session, response_id: str = RESPONSE) -> list[dict[str, Any]]:
    """The documents of a response's revisions, the first one first."""
    query = select(Revision.document).where(Revision.response_id == response_id).order_by(Revision.number)
    return [json.loads(text) for text in fresh(session).scalars(query)]
