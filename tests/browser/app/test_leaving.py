"""Ways out of a questionnaire: the phone's Back button, and calling again later. The draft stays, whichever is taken."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app.conftest import read_store, start
from tests.browser.app.fake_server import FakeServer, make_model


@pytest.mark.parametrize("press", ["page", "script"])
def test_a14_back_on_page_3_shows_page_2_and_asks_on_page_1(
    enrol: Callable[[], Page], fake: FakeServer, press: str
) -> None:
    fake.add_model(make_model("photos", "照片", place_path=["subdistrict", "community"], photos=True))
    page = enrol()

    def back() -> None:
        if press == "page":
            page.go_back()
        else:
            page.evaluate("history.back()")

    def draft_is_kept() -> None:
        [draft] = read_store(page, "drafts")
        assert (draft["answers"]["name"], draft["answers"]["age"]) == ("Li Wei", "47")

    page.get_by_role("link", name="Home").click()
    start(page, form="photos")
    page.get_by_role("textbox", name="Name", exact=True).fill("Li Wei")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox", name="Age", exact=True).fill("47")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("group", name="Front")).to_be_visible()
    back()
    expect(page.get_by_role("textbox", name="Age", exact=True)).to_have_value("47")
    back()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Li Wei")
    back()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The draft is kept")
    # Back again closes what is open, as anywhere on the phone.
    dialog.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Li Wei")
    draft_is_kept()
    back()
    dialog.get_by_role("button", name="Leave").click()
    expect(page.locator("[data-draft]")).to_be_visible()
    draft_is_kept()
    page.locator("[data-draft]").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Li Wei")


@pytest.mark.parametrize("answered", [True, False])
def test_call_again_later_keeps_the_draft_and_leads_home(enrol: Callable[[], Page], answered: bool) -> None:
    page = enrol()
    start(page)
    if answered:
        page.get_by_role("textbox", name="Name", exact=True).fill("Li Wei")
    page.get_by_role("button", name="Text size and more").click()
    page.get_by_role("button", name="Call again later").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    # Thought better of: the questionnaire is still there.
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Li Wei" if answered else "")

    page.get_by_role("button", name="Text size and more").click()
    page.get_by_role("button", name="Call again later").click()
    dialog.get_by_role("textbox").first.fill("3-201")
    dialog.locator("form").evaluate("(form) => form.requestSubmit()")
    page.wait_for_url("**/app/")
    [draft] = read_store(page, "drafts")
    [door] = read_store(page, "doors")
    assert draft["rev"] > 0
    assert (door["response"], door["state"]) == (draft["id"], "call_again")
    page.goto(f"{page.url}fill/{draft['id']}")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Li Wei" if answered else "")
