"""A phone in real Chromium, and a server that fails on demand. The real server's part is in test_real_server.py."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.app.fake_server import FakeServer, RunningServer, make_model


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    """A running server with one form for communities."""
    server = FakeServer()
    server.add_model(make_model("household", "住户问卷", place_path=["subdistrict", "community"]))
    running = RunningServer(server)
    yield server
    running.stop()


@pytest.fixture
def phone(new_phone: Callable[..., BrowserContext]) -> BrowserContext:
    """A phone that has never seen the server, in English."""
    return new_phone(locale="en-GB")


@pytest.fixture
def enrol(phone: BrowserContext, fake: FakeServer) -> Callable[[], Page]:
    """Enrols the phone by link, switches to English, and gives the page, ready to work without a signal."""

    def run() -> Page:
        page = phone.new_page()
        page.goto(f"{fake.url}/join/abc")
        page.get_by_text("English").click()
        # By its English name: the button is drawn anew with the language, and a press that begins on the old one counts for nothing.
        page.get_by_role("button", name="Start", exact=True).click()
        page.wait_for_url("**/app/")
        expect(page.locator("[data-place]").first).to_be_visible()
        wait_until_kept(page)
        return page

    return run


def wait_until_kept(page: Page) -> None:
    """Wait until the service worker keeps the client and answers for this page."""
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def wait_until(page: Page, holds: Callable[[], bool], pause_ms: int = 100) -> None:
    """Wait for something that a page cannot be asked for in one turn."""
    for _ in range(150):
        if holds():
            return
        page.wait_for_timeout(pause_ms)
    assert holds()


def start(page: Page, form: str = "household", place: str = "320102003001") -> None:
    """Go from the start page to the first question of a form."""
    page.locator(f'[data-place="{place}"]').click()
    page.locator(f'[data-form="{form}"]').click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_visible()


def fill_and_finish(page: Page, name: str, age: str) -> None:
    """Answer both questions of the form and finish."""
    answer(page, name, age)
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("[data-state]")).to_be_visible()


def answer(page: Page, name: str, age: str) -> None:
    """Answer both questions and go to the page with Finish."""
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox", name="Age", exact=True).fill(age)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("button", name="Finish")).to_be_visible()


def read_store(page: Page, store: str) -> list[dict[str, Any]]:
    """Everything in one store of the phone's database."""
    return page.evaluate(
        """(store) => new Promise((resolve, reject) => {
            const opening = indexedDB.open('collector')
            opening.onsuccess = () => {
                const database = opening.result
                const reading = database.transaction(store).objectStore(store).getAll()
                reading.onsuccess = () => { resolve(reading.result); database.close() }
                reading.onerror = () => reject(reading.error)
            }
        })""",
        store,
    )
