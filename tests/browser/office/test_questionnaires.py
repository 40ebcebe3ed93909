"""A questionnaire from its workbook to the archive, as a supervisor takes it there, without JavaScript."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.screens.desk_questionnaires import CHANGES, FIRST, upload
from tests.servers import Server

FORM_ID = "water_job"


def test_try_out_publish_change_and_archive(browser: Browser, server: Server) -> None:
    """What the next version changes is read before it is published; a test and the archive can be taken back."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.url}/office/questionnaires")
    page.locator("#login").fill("owner")
    page.locator("#password").fill(server.password)
    page.locator("form:has(#password) button").click()
    if page.locator("html").get_attribute("lang") != "en":
        page.locator("form[action$='/language'] button").click()
    page.goto(f"{server.url}/office/questionnaires")
    upload(page, FIRST.replace("FORM_ID", FORM_ID))
    press(page, "Publish for testing first")
    expect(page.get_by_text("It is being tried out.")).to_be_visible()
    press(page, "End the test")
    expect(page.get_by_text("The test is over")).to_be_visible()
    second = FIRST
    for before, after in CHANGES.items():
        second = second.replace(before, after)
    page.goto(f"{server.url}/office/questionnaires")
    upload(page, second.replace("FORM_ID", FORM_ID))
    difference = page.locator("[data-difference]")
    expect(difference.get_by_role("heading", name="Looks like a rename (1)")).to_be_visible()
    expect(difference.get_by_text("<img src=x onerror=alert(1)> (lake)")).to_be_visible()
    press(page, "Publish")
    press(page, "Archive")
    expect(page.get_by_text("It is in the archive")).to_be_visible()
    press(page, "Bring back")
    expect(page.get_by_text("It is back from the archive.")).to_be_visible()
    context.close()


def press(page: Page, name: str) -> None:
    """Press the button of this name."""
    page.get_by_role("button", name=name, exact=True).click()
