"""What a volunteer does on the phone, in the phone's Chinese."""

import io

from PIL import Image
from playwright.sync_api import Page, expect


def enrol(page: Page, link: str) -> None:
    """Open the enrolment link and start; the app's first page is there afterwards."""
    page.goto(link)
    page.locator("[data-action=start]").click()
    page.wait_for_url("**/app/")
    expect(page.locator("[data-place]").first).to_be_visible()


def wait_until_offline_ready(page: Page) -> None:
    """Wait until the service worker answers for this page."""
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def start_form(page: Page, title: str, place: str | None = "320102003001") -> None:
    """From the first page: choose a community (None: no community) and a questionnaire; its first question is there afterwards."""
    page.locator(f'[data-place="{place}"]' if place else '[href="/app/place/-"]').click()
    page.get_by_role("button", name=title).click()
    expect(page.get_by_role("button", name="下一页")).to_be_visible()
    expect(page.locator(".question :is(input, select, textarea)").first).to_be_visible()


def next_page(page: Page) -> None:
    """Tap Next."""
    page.get_by_role("button", name="下一页").click()


def photo(width: int = 40, height: int = 20) -> bytes:
    """A JPEG as a camera gives it."""
    content = io.BytesIO()
    Image.new("RGB", (width, height), (180, 60, 40)).save(content, "JPEG")
    return content.getvalue()
