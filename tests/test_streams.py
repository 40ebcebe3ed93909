"""Long answers: so many at a time that other requests find a thread."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector import streams
from collector.store import Place, Version
from collector.streams import MOST, Places

TABLE = "/office/exports/household.csv"


@pytest.fixture
def reader(app: Flask, su: FlaskClient, places: dict[str, Place], household: Version) -> FlaskClient:
    """Somebody who may export."""
    return su


def test_slow_readers_leave_threads_to_others(reader: FlaskClient) -> None:
    """A place comes back when the answer was read, and when its reader goes away."""
    begun = [reader.get(TABLE) for _ in range(MOST)]
    refused = reader.get(TABLE, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (503, "downloads_too_many")
    assert int(refused.headers["Retry-After"]) > 0
    assert "Too many downloads" in reader.get(TABLE).text
    assert reader.get("/office/exports/").status_code == 200
    assert begun[0].data.endswith(b"\r\n")
    again = reader.get(TABLE)
    assert again.status_code == 200 and reader.get(TABLE).status_code == 503
    begun[1].close()
    assert reader.get(TABLE).status_code == 200
    for answer in (*begun, again):
        answer.close()


def test_asking_what_there_is_takes_no_place(reader: FlaskClient) -> None:
    for _ in range(MOST + 1):
        assert reader.head(TABLE).status_code == 200


def test_a_place_is_given_back_once() -> None:
    places = Places(1)
    place = places.take()
    assert place is not None and places.take() is None
    assert list(place.held([b"a", b"b"])) == [b"a", b"b"]
    place.give_back()
    assert places.free == 1


def test_a_large_file_is_a_long_answer_and_a_photo_is_none(app: Flask) -> None:
    with app.test_request_context():
        for size, is_long in ((streams.LONG_BYTES, True), (100_000, False)):
            answer = app.response_class(iter([b"x"]), direct_passthrough=True)
            answer.content_length = size
            assert streams.is_long(answer) is is_long
        assert not streams.is_long(app.response_class(b"x" * 100))
