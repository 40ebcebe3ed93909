"""Every page of the office in Chromium: it fits, in both languages, and its scripts run under the policy."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.boxes import box_of, boxes_of
from tests.browser.office.conftest import OpenOffice
from tests.servers import Server

PAGES = (
    "/office/board?questionnaire=member_questionnaire",
    "/office/board/targets?questionnaire=member_questionnaire",
    "/office/phones",
    "/office/board/volunteers?questionnaire=member_questionnaire",
    "/office/responses",
    "/office/duplicates?questionnaire=member_questionnaire",
    "/office/quality",
    "/office/quality/rules?questionnaire=member_questionnaire",
    "/office/frequencies?questionnaire=member_questionnaire",
    "/office/places",
    "/office/lists",
    "/office/account",
    "/office/quarantine",
    "/office/questionnaires",
    "/office/questionnaires/member_questionnaire",
    "/office/questionnaires/member_questionnaire/versions/1/preview",
    "/office/people",
    "/office/people/new-volunteer",
    "/office/people/new-office-user",
    "/office/exports/",
    "/office/exports/member_questionnaire?format=xlsx&choices=labels",
)


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 1100, 360])
def test_pages_fit(open_office: OpenOffice, server: Server, width: int, language: str) -> None:
    """No page scrolls sideways, each has one heading and all seven ways onward."""
    page = open_office(width, language)
    for address in PAGES:
        page.goto(server.url + address)
        assert overflow(page) == 0, address
        expect(page.locator("main h1").first).to_be_visible()
        links = page.get_by_role("navigation").first.get_by_role("link")
        assert links.count() == 7, address
        for link in links.all():
            box = box_of(link)
            assert box["x"] >= 0 and box["x"] + box["width"] <= width, (address, "navigation reaches out")


def test_the_sign_in_page_fits(browser, server: Server) -> None:  # type: ignore[no-untyped-def]
    """On a phone, before anybody is signed in."""
    page = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    page.goto(f"{server.url}/office/sign-in")
    assert overflow(page) == 0
    expect(page.locator("#login")).to_be_focused()
    page.context.close()


def test_the_board_lists_66_communities(open_office: OpenOffice, server: Server) -> None:
    """A74: all of them, under 8 subdistricts."""
    page = open_office()
    page.goto(f"{server.url}/office/board?questionnaire=community_profile&view=table")
    assert page.locator("tr[data-place]").count() == 66
    assert page.locator("tr[data-subtotal]").count() == 8


def test_a_card_can_be_printed(open_office: OpenOffice, server: Server) -> None:
    """In print only the card is left."""
    page = open_office()
    page.goto(f"{server.url}/office/people/new-volunteer")
    page.get_by_label("Name").fill("Printed")
    page.locator("main form button").click()
    page.get_by_role("button", name="Issue a code").click()
    expect(page.get_by_role("button", name="Print the card")).to_be_visible()
    assert re.search(r"/join/\S{20,}", page.locator("[data-enrolment-link]").inner_text())
    page.emulate_media(media="print")
    expect(page.locator(".enrolment__code")).to_be_visible()
    expect(page.get_by_role("navigation").first).to_be_hidden()
    expect(page.get_by_role("button", name="Print the card")).to_be_hidden()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_hidden()


def test_the_preview_is_drawn_by_the_phones_code(open_office: OpenOffice, server: Server) -> None:
    """The first question can be answered, inside the frame."""
    page = open_office()
    page.goto(f"{server.url}/office/questionnaires/member_questionnaire/versions/1/preview")
    frame = page.locator("#preview")
    expect(frame.get_by_role("combobox").first).to_be_visible()
    box, outer = boxes_of(frame.get_by_role("button").last, frame)
    assert outer["x"] <= box["x"] and box["y"] + box["height"] <= outer["y"] + outer["height"]
