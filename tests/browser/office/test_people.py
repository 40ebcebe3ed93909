"""People in the office, as a supervisor does it: a table of volunteers becomes cards; a second step guards the sign-in."""

import re

import pyotp
from playwright.sync_api import expect

from tests.browser.office.conftest import OpenOffice
from tests.servers import Server

TABLE = "name,language,places\nBrook,en,320102003001;320102003002\nCliff,zh,320102003\nDale,en,C99\n"


def test_a_table_of_volunteers_becomes_cards(open_office: OpenOffice, server: Server) -> None:
    """Upload, look, add, print: in print only the cards are left, black on white; then the team moves in one step."""
    page = open_office()
    page.goto(f"{server.url}/office/people")
    page.get_by_role("link", name="Import volunteers").click()
    page.get_by_label("CSV or Excel file").set_input_files(
        {"name": "team.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    page.get_by_role("button", name="Upload and check").click()
    expect(page.locator("[data-faults]")).to_contain_text("Row 4")
    page.get_by_role("button", name="Add 2 volunteers").click()
    cards = page.locator(".sheet__card")
    expect(cards).to_have_count(2)
    assert re.search(r"/join/\S{20,}", cards.first.inner_text())
    page.emulate_media(media="print", color_scheme="dark")
    expect(cards.first).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.get_by_role("navigation").first).to_be_hidden()
    expect(page.get_by_role("button", name="Print on A4")).to_be_hidden()
    page.emulate_media(media="screen")
    page.goto(f"{server.url}/office/people")
    for name in ("Brook", "Cliff"):
        page.get_by_label(f"Tick {name}").check()
    page.get_by_role("button", name="Communities, questionnaires").click()
    page.get_by_label("Move: only those chosen below").check()
    page.locator("summary").nth(2).click()
    page.locator("details details[open] input[type=checkbox]").first.check()
    page.get_by_role("button", name="Save for all of them").click()
    expect(page.get_by_text("2 volunteers were changed.")).to_be_visible()


def test_a_second_step_guards_the_sign_in(open_office: OpenOffice, server: Server) -> None:
    """Switched on with a code of the app; signing in then asks for one; a recovery code from paper lets in, too."""
    page = open_office()
    page.goto(f"{server.url}/office/people/new-office-user")
    page.get_by_label("Name", exact=True).fill("Guarded")
    page.get_by_label("Login", exact=True).fill("guarded")
    page.get_by_label("English").check()
    page.get_by_role("button", name="Add office person").click()
    password = page.locator("[data-password]").inner_text()
    page.locator("summary[aria-label^='Account of']").click()
    page.get_by_role("button", name="Sign out").click()

    def sign_in() -> None:
        page.get_by_label("Login", exact=True).fill("guarded")
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()

    sign_in()
    page.goto(f"{server.url}/office/account")
    page.get_by_role("link", name="Switch the second step on").click()
    secret = page.locator("[data-secret]").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Switch on").click()
    codes = page.locator("[data-codes] li").all_inner_texts()
    assert len(codes) == 10
    page.locator("summary[aria-label^='Account of']").click()
    page.get_by_role("button", name="Sign out").click()
    sign_in()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/office/board*")
