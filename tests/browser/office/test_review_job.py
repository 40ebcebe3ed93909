"""A supervisor goes through what came in: approves several, takes it back, corrects an answer with a reason."""

from playwright.sync_api import Browser, expect

from tests.browser.office.conftest import OpenOffice
from tests.browser.screens.desk_responses import stock
from tests.browser.screens.stage import Stage
from tests.servers import Server


def test_several_are_approved_and_taken_back_and_an_answer_is_corrected(
    open_office: OpenOffice, browser: Browser, server: Server
) -> None:
    """A77: the history says who changed which answer from what to what, and why."""
    sent = stock(Stage(server, browser, "en"), "dwellings_job")
    page = open_office()
    page.goto(f"{server.url}/office/responses?questionnaire=dwellings_job")
    boxes = page.locator("[name=response]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("tbody").get_by_text("approved", exact=True)).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 decisions were taken back.")).to_be_visible()
    expect(page.locator("tbody").get_by_text("approved", exact=True)).to_have_count(0)
    page.goto(f"{server.url}/office/responses/{sent[0]}")
    page.get_by_role("link", name="Change answers").click()
    page.get_by_label("How many people live here?").fill("5")
    page.get_by_label("Why the answers are changed").fill("Asked by telephone")
    page.get_by_role("button", name="Save as a revision").click()
    history = page.locator("[data-history]")
    expect(history).to_contain_text("Asked by telephone")
    row = history.get_by_role("row", name="How many people live here?")
    expect(row).to_contain_text("4")
    expect(row).to_contain_text("5")
