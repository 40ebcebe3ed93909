"""Responses for tests of places."""

from uuid import uuid4

from collector.store import Version
from tests.conftest import Phone
from tests.documents import make_document


def send(phone: Phone, version: Version, place: str) -> str:
    """Send a response for a place; gives its id."""
    response_id = str(uuid4())
    answers = {"place": place, "hh_size": "4"}
    document = make_document(version, id=response_id, place=place, answers=answers, author=phone.user.id)
    assert phone.receipts(document)[0]["status"] == "stored"
    return response_id
