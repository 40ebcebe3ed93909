"""A supervisor sees who works too fast, and makes a rule stricter; on a phone, with the keyboard where it matters."""

from playwright.sync_api import expect

from tests.browser.office.conftest import OpenOffice
from tests.browser.screens.desk_quality import OF, stock
from tests.servers import Server


def test_from_a_hasty_volunteer_to_a_stricter_rule(open_office: OpenOffice, server: Server) -> None:
    """Who stands apart comes first -> their page; then a rule is tried before it is saved."""
    author = stock(server, "job")
    page = open_office(width=360)
    page.goto(f"{server.url}/office/quality?{OF}")
    first = page.locator("tbody .table__main").first
    expect(first).to_have_attribute("href", f"/office/quality/volunteer/{author}?{OF}")
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice--warning").first).to_be_visible()
    page.goto(f"{server.url}/office/quality/rules?{OF}")
    page.locator("#limit-too_long").fill("1")
    page.locator("[name=preview]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_be_visible()
    expect(page.locator("#limit-too_long")).to_have_value("1")
    page.locator("#limit-too_long").press("Enter")
    expect(page.get_by_text("The rules are saved")).to_be_visible()
    page.goto(f"{server.url}/office/quality?{OF}")
    expect(page.locator("a[href*='flag=too_long']")).to_have_count(1)
