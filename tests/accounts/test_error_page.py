"""Errors as pages for people: in their language, with the way back, without a trace."""

import re

import pytest
from flask.testing import FlaskClient

from collector.settings import PROJECT_ROOT
from tests.conftest import People


def test_an_unknown_address(client: FlaskClient, people: People) -> None:
    """For somebody who is not signed in too."""
    answer = client.get("/office/nothing")
    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text and 'href="/"' in answer.text


def test_it_speaks_the_chosen_language(client: FlaskClient, people: People) -> None:
    """Chinese after the switch."""
    client.post("/office/language", data={"language": "zh"})
    assert "此地址没有内容。" in client.get("/office/nothing").text


@pytest.mark.parametrize("address", ["/office/sign-in", "/office/people", "/office/nothing"])
def test_pages_carry_the_headers_that_keep_them_safe(client: FlaskClient, people: People, address: str) -> None:
    """No inline script, no framing, nothing kept by caches that others share."""
    headers = client.get(address).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"


def test_no_template_has_inline_script_or_style(client: FlaskClient) -> None:
    """The policy would refuse them in silence. What is saved as a file, in templates/export/, stands by itself."""
    pages = [path for path in (PROJECT_ROOT / "templates").rglob("*.html") if path.parent.name != "export"]
    assert len(pages) > 50
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", text), path
