"""One error body on every path of the phone's API; a page for people elsewhere."""

import pytest
from flask.testing import FlaskClient

from collector.errors import ERRORS


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sync/v1/nothing", 404),
        ("GET", "/sync/v1/push", 405),
        ("POST", "/sync/v1/push", 401),
        ("GET", "/sync/v1/pull", 401),
        ("GET", "/sync/v1/models/x", 401),
        ("POST", "/sync/v1/enrol", 400),
        ("POST", "/sync/v1/files", 401),
        ("PATCH", "/sync/v1/files/x", 401),
    ],
)
def test_it_is_json_of_one_shape(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    body = answer.get_json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "details"}
    assert ERRORS[body["error"]["code"]].status == status
    assert body["error"]["message"].endswith((".", "。"))


def test_people_get_a_page(client: FlaskClient) -> None:
    answer = client.get("/office/nothing")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


def test_every_answer_forbids_inline_scripts(client: FlaskClient) -> None:
    for path in ("/office/sign-in", "/app/", "/sync/v1/pull", "/nothing"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
