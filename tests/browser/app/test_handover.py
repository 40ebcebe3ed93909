"""The phone in the respondent's hands: they see one questionnaire, and whatever leads out of it asks for the volunteer's PIN."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.app.conftest import read_store, start, wait_until
from tests.browser.app.fake_server import FakeServer
from tests.browser.app.test_shared_phone import PIN, SEARCH, begin_draft, enter_pin, server_key, set_pin

#: The fixture is another file's.
__all__ = ["server_key"]

SECRET = "Geheimnis"


@pytest.fixture
def with_pin(enrol: Callable[[], Page], fake: FakeServer, server_key: ec.EllipticCurvePrivateKey) -> Page:
    """A phone whose volunteer has a PIN and one draft, at the start page."""
    page = enrol()
    page.reload()
    begin_draft(page, "Li's neighbour")
    set_pin(page)
    page.get_by_role("link", name="Home").click()
    return page


def choose_handing_over(page: Page) -> Locator:
    """Takes the way of the sheet behind ⋯ and gives the dialog that comes."""
    page.get_by_role("button", name="Text size and more").click()
    page.get_by_role("button", name="Hand the phone to the respondent").click()
    return page.get_by_role("dialog")


def hand_over(page: Page) -> None:
    """Gives the phone away."""
    dialog = choose_handing_over(page)
    expect(dialog).to_contain_text("Only this questionnaire is shown.")
    dialog.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("button", name="Give the phone back")).to_be_visible()


def handed(page: Page) -> None:
    """Begins a response, answers its first question and gives the phone away on the second page."""
    start(page)
    page.get_by_role("textbox", name="Name", exact=True).fill(SECRET)
    page.get_by_role("button", name="Next").click()
    hand_over(page)


def asks_for_pin(page: Page) -> None:
    """The page asks, and shows nothing of the volunteer's before."""
    expect(page.get_by_label("PIN", exact=True)).to_be_visible()
    expect(page.locator("[data-draft], [data-place], [data-form], [data-response], .question")).to_have_count(0)


def test_the_respondent_sees_only_the_questionnaire(with_pin: Page) -> None:
    page = with_pin
    handed(page)
    expect(page.get_by_role("banner").get_by_role("button")).to_have_text(["", "Give the phone back"])
    expect(page.get_by_role("banner").get_by_role("combobox", name="Language of the questions")).to_have_count(1)
    expect(page.get_by_role("link")).to_have_count(0)
    page.get_by_role("button", name="Text size and more").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("radio")).to_have_count(4)
    expect(sheet.locator("[data-way]")).to_have_count(0)
    page.keyboard.press("Escape")
    # Back goes page by page, and at the first stays there; the button that would lead out is gone.
    page.go_back()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(SECRET)
    expect(page.get_by_role("button", name="Leave")).to_have_count(0)
    for _ in range(3):
        page.go_back()
        page.wait_for_timeout(200)
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(SECRET)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_giving_back_asks_for_the_pin_and_the_volunteer_goes_on_where_it_was(with_pin: Page) -> None:
    page = with_pin
    handed(page)
    page.get_by_role("textbox", name="Age", exact=True).fill("47")
    page.get_by_role("button", name="Give the phone back").click()
    asks_for_pin(page)
    assert page.evaluate(SEARCH, [SECRET]) == []
    enter_pin(page)
    expect(page.get_by_role("textbox", name="Age", exact=True)).to_have_value("47")
    # It is the volunteer's again.
    expect(page.get_by_role("button", name="Give the phone back")).to_have_count(0)
    page.get_by_role("button", name="Leave; the draft is kept").click()
    page.get_by_role("link", name="Home").click()
    expect(page.locator("[data-draft]")).to_have_count(2)


def test_another_address_a_reload_and_another_tab_ask(with_pin: Page, phone: BrowserContext, fake: FakeServer) -> None:
    page = with_pin
    second = phone.new_page()
    second.goto(f"{fake.url}/app/")
    enter_pin(second)
    expect(second.locator("[data-draft]")).to_have_count(1)
    handed(page)
    # The tab that was open before.
    asks_for_pin(second)
    page.get_by_role("textbox", name="Age", exact=True).fill("4")
    page.wait_for_timeout(600)
    # One that is opened now.
    third = phone.new_page()
    third.goto(f"{fake.url}/app/responses")
    asks_for_pin(third)
    # What a link or a script of the page would do.
    page.evaluate("""() => {
        const link = document.createElement('a')
        link.href = '/app/responses'
        document.body.append(link)
        link.click()
    }""")
    asks_for_pin(page)
    enter_pin(page)
    expect(page.get_by_role("heading", name="My responses")).to_be_visible()
    page.locator("[data-draft]").first.click()
    expect(page.get_by_role("textbox", name="Age", exact=True)).to_have_value("4")
    hand_over(page)
    page.reload()
    asks_for_pin(page)
    enter_pin(page)
    expect(page.get_by_role("textbox", name="Age", exact=True)).to_have_value("4")
    expect(page.get_by_role("button", name="Give the phone back")).to_have_count(0)


def test_finish_thanks_and_the_pin_is_asked_for_before_anything_else(with_pin: Page, fake: FakeServer) -> None:
    page = with_pin
    handed(page)
    page.get_by_role("textbox", name="Age", exact=True).fill("47")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_focused()
    expect(page.get_by_role("button")).to_have_text(["Give the phone back"])
    expect(page.get_by_role("link")).to_have_count(0)
    wait_until(page, lambda: len(fake.response_for("household")) == 1)
    assert fake.response_for("household")[0]["answers"]["age"] == "47"
    for _ in range(2):
        page.go_back()
        page.wait_for_timeout(200)
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    page.get_by_role("button", name="Give the phone back").click()
    asks_for_pin(page)
    enter_pin(page)
    expect(page.locator("[data-state=safe]")).to_be_visible()


def test_back_from_the_page_that_asks_leads_to_nothing_else(with_pin: Page) -> None:
    page = with_pin
    handed(page)
    page.get_by_role("button", name="Give the phone back").click()
    asks_for_pin(page)
    page.go_back()
    page.wait_for_timeout(300)
    asks_for_pin(page)


def test_a_phone_that_was_away_for_long_asks(with_pin: Page) -> None:
    page = with_pin
    handed(page)
    page.get_by_role("textbox", name="Age", exact=True).fill("47")
    page.evaluate("""() => {
        const now = Date.now
        const see = (state) => {
            Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
            document.dispatchEvent(new Event('visibilitychange'))
        }
        see('hidden')
        Date.now = () => now() + 6 * 60 * 1000
        see('visible')
        Date.now = now
    }""")
    asks_for_pin(page)
    enter_pin(page)
    expect(page.get_by_role("textbox", name="Age", exact=True)).to_have_value("47")


def test_a_draft_without_an_answer_is_there_after_the_pin(with_pin: Page) -> None:
    page = with_pin
    start(page)
    hand_over(page)
    page.get_by_role("button", name="Give the phone back").click()
    enter_pin(page)
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("")


def test_who_has_no_pin_is_told_why_and_sets_one_on_the_way(
    enrol: Callable[[], Page], fake: FakeServer, server_key: ec.EllipticCurvePrivateKey
) -> None:
    page = enrol()
    page.reload()
    start(page)
    page.get_by_role("textbox", name="Name", exact=True).fill(SECRET)
    dialog = choose_handing_over(page)
    expect(dialog).to_contain_text("First set a PIN")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Give the phone back")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(SECRET)

    dialog = choose_handing_over(page)
    dialog.get_by_role("button", name="Set a PIN").click()
    dialog.get_by_label("New PIN").fill(PIN)
    dialog.get_by_label("The PIN once more").fill(PIN)
    dialog.get_by_role("button", name="Save", exact=True).click()
    dialog.get_by_role("button", name="Hand over").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox", name="Age", exact=True).fill("47")
    page.wait_for_timeout(600)
    # What is saved meanwhile is sealed.
    assert page.evaluate(SEARCH, [SECRET]) == []
    assert ["sealed" in draft for draft in read_store(page, "drafts")] == [True]
    page.get_by_role("button", name="Give the phone back").click()
    asks_for_pin(page)
    enter_pin(page)
    expect(page.get_by_role("textbox", name="Age", exact=True)).to_have_value("47")


def test_without_the_servers_key_it_is_said_that_a_signal_is_needed_once(enrol: Callable[[], Page]) -> None:
    page = enrol()
    page.reload()
    start(page)
    dialog = choose_handing_over(page)
    expect(dialog).to_contain_text("must have updated once with a signal")
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_visible()


def test_help_leaves_and_the_draft_is_kept(enrol: Callable[[], Page]) -> None:
    page = enrol()
    page.reload()
    start(page)
    page.get_by_role("textbox", name="Name", exact=True).fill("Li")
    page.get_by_role("button", name="Text size and more").click()
    page.locator("[data-way=help]").click()
    page.wait_for_url("**/app/help")
    page.goto(page.url.replace("/app/help", "/app/"))
    page.locator("[data-draft]").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Li")
