"""Exports in Chromium: the list of files keeps itself fresh, the address of options can be copied, and all works without JavaScript."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.office.conftest import OpenOffice
from tests.servers import Server

ADDRESS = "/office/exports/"
QUICK = "form[action$='/member_questionnaire']:has([value=xlsx]) button"


def test_a_file_is_waited_for_and_fetched__A83(open_office: OpenOffice, server: Server) -> None:
    """A83: whoever asks sees at once that it is under way, and later, without doing anything, that it is there."""
    page = open_office(360, "en")
    page.goto(server.url + ADDRESS)
    page.locator(QUICK).click()
    row = page.locator("[data-file]").first
    expect(row).to_have_attribute("data-state", re.compile("waiting|running|ready"))
    expect(row).to_have_attribute("data-state", "ready", timeout=30_000)
    with page.expect_download() as download:
        row.get_by_role("link", name="Download").click()
    assert re.fullmatch(r"member_questionnaire-\d{8}\.xlsx", download.value.suggested_filename)
    assert download.value.path().read_bytes().startswith(b"PK")
    row.get_by_role("button", name="Delete").click()
    expect(page.locator("[data-file]")).to_have_count(0)


def test_the_address_of_options_is_copied_and_fills_the_form_in(open_office: OpenOffice, server: Server) -> None:
    page = open_office(1280, "en")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server.url}{ADDRESS}member_questionnaire")
    page.locator("summary", has_text="How columns and cells look").click()
    page.get_by_label("SPSS").check()
    page.get_by_label("their texts").check()
    page.get_by_role("button", name="Only show the address").click()
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("/office/exports/member_questionnaire?format=sav&choices=labels")
    page.goto(f"{server.url}{ADDRESS}")
    page.goto(copied)
    expect(page.get_by_label("SPSS")).to_be_checked()
    expect(page.get_by_label("their texts")).to_be_checked()


def test_it_works_without_javascript(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(f"{server.url}/office/sign-in?next={ADDRESS}")
    page.locator("#login").fill("owner")
    page.locator("#password").fill(server.password)
    page.locator("form:has(#password) button").click()
    page.locator(QUICK).click()
    # The page asks anew by itself, every few seconds.
    expect(page.locator("[data-file]").first).to_have_attribute("data-state", "ready", timeout=30_000)
    with page.expect_download() as download:
        page.locator("[data-file] a[download]").first.click()
    assert download.value.path().stat().st_size > 0
    context.close()
