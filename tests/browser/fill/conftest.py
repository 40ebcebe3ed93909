"""The fill screen by itself, in a real Chromium of phone size: files from the work tree, no application server."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from collector.edge import CONTENT_SECURITY_POLICY
from tests.browser.conftest import NewPhone

ROOT = Path(__file__).resolve().parents[3]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        """Gives the server's own policy with each file: the screen has to do with what it allows."""
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the tests' output is for failures."""


@pytest.fixture(scope="session")
def fill_origin() -> Iterator[str]:
    """Address of a server that gives the files of the work tree."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(ROOT)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(new_phone: NewPhone) -> BrowserContext:
    """A cheap phone in China."""
    return new_phone()


@pytest.fixture
def page(phone: BrowserContext, fill_origin: str) -> Iterator[Page]:
    """The empty test page. A script error fails the test."""
    page = phone.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{fill_origin}/tests/browser/fill/harness.html")
    page.wait_for_function("() => window.isReady")
    yield page
    assert faults == []


@pytest.fixture
def fill(page: Page) -> Callable[..., Page]:
    """Opens a form model: `fill(model, ui="zh", answers={…}, position=…)` gives the page."""

    def mount(model: dict[str, Any], **options: Any) -> Page:
        page.evaluate("([model, options]) => window.mount(model, options)", [model, options])
        return page

    return mount
