"""A supervisor merges a community by keyboard, sees it in the history, and takes it back."""

from playwright.sync_api import expect

from tests.browser.office.conftest import OpenOffice
from tests.servers import Server


def test_a_community_is_merged_and_taken_back_by_keyboard(open_office: OpenOffice, server: Server) -> None:
    page = open_office(width=360)
    page.goto(f"{server.url}/office/places?q=320102003003")
    page.locator(".tree__leaves a").press("Enter")
    summary = page.locator("#merge > summary")
    summary.press("Enter")
    page.locator("#merge-into").fill("320102003009")
    page.locator("#merge-into").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The place was merged")
    expect(page.locator("tbody tr").first).to_contain_text("Merged into Changjinglou (320102003009)")
    expect(page.locator("#merge")).to_have_count(0)
    page.get_by_role("button", name="Take the last change back").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The last change was taken back")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#merge > summary")).to_be_visible()
