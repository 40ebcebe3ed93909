"""A questionnaire with personal questions and one about consent, and responses to it."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from collector.store import Place, Version
from tests.conftest import Phone, Publish
from tests.documents import ID, make_document

VISIT = """
| survey   |
|          | type           | name      | label::English (en)       | label::中文 (zh) | personal | consent | calculation          |
|          | text           | place     | Community                 | 社区             |          |         |                      |
|          | select_one yn  | agree     | May we keep your answers? | 同意保存吗？     |          | yes     |                      |
|          | begin group    | who       | Who                       | 谁               | yes      |         |                      |
|          | text           | nick      | What are you called?      | 怎么称呼？       |          |         |                      |
|          | text           | contact   | How can we reach you?     | 如何联系？       |          |         |                      |
|          | image          | face      | Picture                   | 照片             |          |         |                      |
|          | end group      |           |                           |                  |          |         |                      |
|          | integer        | hh_size   | Household size            | 人数             |          |         |                      |
|          | image          | street    | Street                    | 街道             | no       |         |                      |
|          | begin repeat   | members   | Members                   | 成员             |          |         |                      |
|          | text           | called    | Called                    | 称呼             | yes      |         |                      |
|          | integer        | age       | Age                       | 年龄             |          |         |                      |
|          | end repeat     |           |                           |                  |          |         |                      |
|          | calculate      | greeting  |                           |                  |          |         | concat('Hi ', ${nick}) |
| choices  |
|          | list_name      | name      | label::English (en)       | label::中文 (zh) |
|          | yn             | yes       | Yes                       | 是               |
|          | yn             | no        | No                        | 否               |
| settings |
|          | form_title | form_id | version | default_language | attribute::place_path | instance_name |
|          | Visit      | visit   | 1       | English (en)     | place                 | ${nick}       |
"""
#: What nobody may find once it is erased; it stands in nothing else.
SECRETS = ("Xiaoming", "13800001111", "Jinhua")
JPEG = b"\xff\xd8\xff\xe0 the face of Xiaoming"
STREET = b"\xff\xd8\xff\xe0 a street"


def named(name: str, path: str, content: bytes) -> dict[str, Any]:
    """A file as a document names it."""
    sha256 = hashlib.sha256(content).hexdigest()
    return {"name": name, "path": path, "sha256": sha256, "size": len(content), "type": "image/jpeg"}


FACE_FILE = named("face.jpg", "/data/who/face", JPEG)
STREET_FILE = named("street.jpg", "/data/street", STREET)
ANSWERS = {
    "place": "C01",
    "agree": "yes",
    "who": {"nick": "Xiaoming", "contact": "138 0000-1111", "face": "face.jpg"},
    "hh_size": "4",
    "street": "street.jpg",
    "members": [{"called": "Jinhua", "age": "61"}, {"age": "7"}],
    "greeting": "Hi Xiaoming",
    "meta": {"instanceName": "Xiaoming"},
}


@pytest.fixture
def visit(publish: Publish, places: dict[str, Place]) -> Version:
    """The questionnaire, published."""
    return publish(VISIT)


def visited(filled_in: Version | None, phone: Phone, **overrides: Any) -> str:
    """A response to it with all that is personal, as a phone would make it."""
    parts = {"form": "visit", "author": phone.user.id, "answers": ANSWERS, "instance_name": "Xiaoming"}
    return make_document(filled_in, **parts | {"files": [FACE_FILE, STREET_FILE]} | overrides)


def answers(**changed: Any) -> dict[str, Any]:
    """The answers with some others; None takes one away."""
    made: dict[str, Any] = json.loads(json.dumps(ANSWERS)) | changed
    return {name: value for name, value in made.items() if value is not None}


Erase = Callable[..., Any]


@pytest.fixture
def erase(su: FlaskClient) -> Erase:
    """`erase(extent="personal", response_id=ID)`: what Su does on the response's page."""

    def erase(extent: str = "personal", response_id: str = ID) -> Any:
        answer = su.post(
            f"/office/responses/{response_id}/erase", data={"extent": extent, "note": "Asked by telephone"}
        )
        assert answer.status_code == 302, answer.text
        return answer

    return erase
