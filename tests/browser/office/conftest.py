"""A supervisor's desk: the real office in real Chromium."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.servers import Server

OpenOffice = Callable[..., Page]


@pytest.fixture
def open_office(browser: Browser, server: Server) -> Iterator[OpenOffice]:
    """`open_office(width=1280, language="en")`: the board, signed in as the owner. Faults of scripts fail the test."""
    contexts, faults = [], []

    def open_office(width: int = 1280, language: str = "en") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, has_touch=width < 600)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{server.url}/office/board")
        page.locator("#login").fill("owner")
        page.locator("#password").fill(server.password)
        page.locator("form:has(#password) button").click()
        page.wait_for_url("**/office/board")
        if page.locator("html").get_attribute("lang") != {"zh": "zh-CN", "en": "en"}[language]:
            page.locator("form[action$='/language'] button").click()
        return page

    yield open_office
    for context in contexts:
        context.close()
    assert faults == []
