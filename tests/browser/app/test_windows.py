"""A16 on the phone: outside of its window a questionnaire begins no response; what was begun can be finished and is sent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.app.conftest import start
from tests.browser.app.fake_server import FakeServer

PLACE = '[data-place="320102003001"]'


def moment(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def pull(page: Page, fake: FakeServer) -> None:
    """Wait for what the server says now."""
    before = len(fake.pulls)
    page.goto(f"{fake.url}/app/")
    for _ in range(100):
        if len(fake.pulls) > before:
            break
        page.wait_for_timeout(100)
    expect(page.locator(PLACE)).to_be_visible()


def test_a16_closed_and_not_yet_open(enrol: Callable[[], Page], fake: FakeServer) -> None:
    page = enrol()
    start(page)
    page.get_by_role("textbox", name="Name", exact=True).fill("Wang")
    page.get_by_role("button", name="Next").click()
    fake.window = {"opens_at": None, "closes_at": moment(-1)}
    pull(page, fake)
    page.locator(PLACE).click()
    form = page.locator('[data-form="household"]')
    expect(form).to_contain_text("Closed since")
    expect(form).to_be_disabled()
    page.goto(f"{fake.url}/app/new/household?place=320102003001")
    expect(page.get_by_role("status")).to_contain_text("Closed since")

    page.goto(f"{fake.url}/app/")
    page.locator("[data-draft]").click()
    page.get_by_role("textbox", name="Age", exact=True).fill("44")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator('[data-state="safe"]')).to_be_visible()
    expect(page.locator("[data-action=next]")).to_have_count(0)

    fake.window = {"opens_at": moment(3), "closes_at": None}
    pull(page, fake)
    page.locator(PLACE).click()
    expect(form).to_contain_text("Opens")
    fake.window = {}
    pull(page, fake)
    page.locator(PLACE).click()
    expect(form).to_be_enabled()
