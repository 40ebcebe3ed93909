"""A new version of the client: only on the volunteer's tap, and never under a page that is open."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.app.conftest import start
from tests.browser.app.fake_server import FakeServer

BUILD = "document.documentElement.dataset.build"


def check_for_update(page: Page) -> None:
    """Have the browser ask for a newer worker, as it does by itself now and then."""
    page.evaluate("navigator.serviceWorker.getRegistration('/app/').then((registration) => registration.update())")


def test_open_page_keeps_its_build_until_the_tap(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    page = enrol()
    old = page.evaluate(BUILD)
    fake.build = "b00000000002"
    check_for_update(page)
    expect(page.get_by_text("A new version is ready")).to_be_visible()
    # The server has no file of the old build any more; views not yet opened come from what the phone keeps.
    page.get_by_role("link", name="Settings").click()
    expect(page.locator("[data-action=sign-out]")).to_be_visible()
    page.reload()
    assert page.evaluate(BUILD) == old
    page.get_by_role("link", name="Home").click()
    page.get_by_role("button", name="Update", exact=True).click()
    page.wait_for_function(f"() => {BUILD} === 'b00000000002'", polling=100)
    page.wait_for_function("() => caches.keys().then((names) => names.length === 1)")

    # A11: after the update every form still opens without a signal.
    phone.set_offline(True)
    page.reload()
    start(page)


def test_update_in_one_tab_keeps_what_is_typed_in_another(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    page = enrol()
    typing = phone.new_page()
    typing.goto(page.url)
    start(typing)
    typing.get_by_role("textbox", name="Name", exact=True).fill("Li Wei")
    fake.build = "b00000000002"
    check_for_update(page)
    page.get_by_role("button", name="Update", exact=True).click()
    # A tab in the background draws no frames, so the pages are asked by the clock.
    page.wait_for_function(f"() => {BUILD} === 'b00000000002'", polling=100)
    typing.wait_for_function(f"() => {BUILD} === 'b00000000002'", polling=100)
    expect(typing.get_by_role("textbox", name="Name", exact=True)).to_have_value("Li Wei")
