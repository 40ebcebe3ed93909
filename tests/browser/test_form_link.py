"""The link of a questionnaire, `/app/new/<form>`: its first question at once, on a phone that has nothing but its enrolment."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPhone
from tests.browser.volunteer import enrol, wait_until_offline_ready
from tests.servers import Server

PLACE = "320102003001"


def first_question(page: Page) -> None:
    """Wait for a control that can be answered."""
    expect(page.locator(".question :is(input, select, textarea)").first).to_be_visible()


def test_it_opens_before_anything_was_pulled_and_without_a_signal_afterwards(
    server: Server, new_phone: NewPhone
) -> None:
    context = new_phone()
    page = context.new_page()
    # The call that brings everything fails: only what the link itself asks for comes.
    context.route("**/sync/v1/pull*", lambda route: route.abort())
    page.goto(server.enrolment_link("Link"))
    page.locator("[data-action=start]").click()
    page.wait_for_url("**/app/")
    page.goto(f"{server.url}/app/new/member_questionnaire")
    first_question(page)
    assert "/app/fill/" in page.url
    context.unroute("**/sync/v1/pull*")
    page.goto(f"{server.url}/app/")
    expect(page.locator("[data-place]").first).to_be_visible()
    wait_until_offline_ready(page)
    context.set_offline(True)
    page.goto(f"{server.url}/app/new/member_questionnaire?place={PLACE}")
    first_question(page)


def test_a_questionnaire_that_is_not_there_is_said(server: Server, new_phone: NewPhone) -> None:
    page = new_phone().new_page()
    enrol(page, server.enrolment_link("Nowhere"))
    page.goto(f"{server.url}/app/new/unknown_form")
    expect(page.get_by_role("status")).to_contain_text("还没有下载")
    page.get_by_role("link", name="回到首页").click()
    expect(page.locator("[data-place]").first).to_be_visible()


def test_a_phone_that_is_not_enrolled_is_asked_to_be(server: Server, new_phone: NewPhone) -> None:
    page = new_phone().new_page()
    page.goto(f"{server.url}/app/new/member_questionnaire")
    expect(page.get_by_role("heading", name="请扫描")).to_be_visible()
