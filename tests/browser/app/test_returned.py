"""A73: a response that a supervisor returned is corrected on the phone, without a signal, and sent as a revision of the same response."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.app.conftest import fill_and_finish, read_store, start, wait_until
from tests.browser.app.fake_server import FakeServer
from tests.browser.app.test_shared_phone import PIN, enter_pin, server_key, set_pin

__all__ = ["server_key"]

REASON = "Age of the second child? <img src=x onerror=alert(1)>"
Enrol = Callable[[], Page]


def send_back(fake: FakeServer, response: str, **changes: Any) -> None:
    """Return the newest revision of a response, as the office does it."""
    document = fake.documents[response][-1]
    read = json.loads(document)
    entry = {"id": response, "form": read["form"], "version": read["version"], "model": read["model"], "title": "住户"}
    entry |= {"revision": len(fake.documents[response]), "reason": REASON, "document": document}
    fake.returned = [entry | {"returned_at": "2026-11-24T12:00:00.000Z"} | changes]


def pull(page: Page) -> None:
    """Open the app again, which pulls."""
    page.goto(page.url.split("/app/")[0] + "/app/")
    expect(page.locator("[data-place]").first).to_be_visible()


def correct(page: Page, age: str) -> None:
    """From the start page: open what was returned, change the age, and finish."""
    page.locator("[data-returned]").click()
    expect(page.locator("[data-banner=returned]")).to_contain_text(REASON)
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Wang")
    fill_and_finish(page, "Wang", age)


def test_a73_it_comes_back_with_the_reason_and_is_sent_again_as_a_revision(
    enrol: Enrol, fake: FakeServer, phone: BrowserContext
) -> None:
    page = enrol()
    start(page)
    fill_and_finish(page, "Wang", "31")
    wait_until(page, lambda: len(fake.documents) == 1 and read_store(page, "outbox") == [])
    [response] = fake.documents
    send_back(fake, response)
    pull(page)
    expect(page.locator("[data-section='returned.title']")).to_contain_text(REASON)
    phone.set_offline(True)
    correct(page, "32")
    expect(page.locator("[data-state=kept]")).to_be_visible()
    page.get_by_role("link", name="My responses").click()
    expect(page.locator(f'[data-response="{response}"]')).to_have_count(1)
    fake.receipt = {"status": "revision_stored", "revision": 2}
    phone.set_offline(False)
    wait_until(page, lambda: len(fake.documents[response]) == 2)
    fake.returned = []
    first, second = map(json.loads, fake.documents[response])
    assert (second["base"], second["answers"]["age"]) == (1, "32")
    assert (second["started_at"], second["finished_at"]) == (first["started_at"], first["finished_at"])
    # One response is one row, which says that it was sent again.
    expect(page.locator(f'[data-response="{response}"]')).to_have_count(1)
    expect(page.locator(f'[data-response="{response}"]')).to_contain_text("Corrected, and sent again")
    assert len(read_store(page, "sent")) == 1
    # Returned a second time.
    send_back(fake, response, returned_at="2026-11-25T12:00:00.000Z")
    pull(page)
    correct(page, "33")
    wait_until(page, lambda: len(fake.documents[response]) == 3)
    assert json.loads(fake.documents[response][-1])["base"] == 2


def test_a73_behind_a_pin_what_came_back_is_sealed(enrol: Enrol, fake: FakeServer, server_key: Any) -> None:
    page = enrol()
    page.reload()
    set_pin(page)
    page.get_by_role("link", name="Home").click()
    start(page)
    fill_and_finish(page, "Wang", "31")
    wait_until(page, lambda: len(fake.documents) == 1 and read_store(page, "outbox") == [])
    send_back(fake, next(iter(fake.documents)))
    page.goto(f"{fake.url}/app/")
    enter_pin(page, PIN)
    expect(page.locator("[data-returned]")).to_contain_text(REASON)
    [draft] = read_store(page, "drafts")
    assert "reason" not in draft and "answers" not in draft and draft["sealed"]
    correct(page, "32")
    wait_until(page, lambda: len(next(iter(fake.documents.values()))) == 2)


def test_a_form_that_is_tried_out_says_so_where_it_is_chosen_and_while_it_is_filled_in(
    enrol: Enrol, fake: FakeServer
) -> None:
    fake.testing = True
    page = enrol()
    page.locator("[data-place]").first.click()
    expect(page.locator("[data-form=household]")).to_contain_text("Being tested")
    page.locator("[data-form=household]").click()
    expect(page.locator("[data-banner=test]")).to_be_visible()
