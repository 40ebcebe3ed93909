"""Drafts: what is typed stays, whatever happens to the tab."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.app.conftest import answer, read_store, start
from tests.browser.app.fake_server import FakeServer


def test_a13_killed_tab_loses_nothing_typed(enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer) -> None:
    page = enrol()
    start(page)
    page.get_by_role("textbox", name="Name", exact=True).fill("x")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox", name="Age", exact=True).press_sequentially("47")
    page.wait_for_timeout(2000)
    page.close(run_before_unload=False)
    page = phone.new_page()
    page.goto(f"{fake.url}/app/")
    page.locator("[data-draft]").click()
    expect(page.get_by_role("textbox", name="Age", exact=True)).to_have_value("47")
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("x")


def test_a13_answer_typed_just_before_a_reload_is_there(enrol: Callable[[], Page]) -> None:
    page = enrol()
    start(page)
    for value in ("Li", "Li Wei", "Li Wei and others"):
        page.get_by_role("textbox", name="Name", exact=True).fill(value)
        page.reload()
        expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(value)
    # In the middle of typing, when the first letters were saved and the last ones wait.
    page.get_by_role("textbox", name="Name", exact=True).fill("")
    page.get_by_role("textbox", name="Name", exact=True).press_sequentially("Wang Fang", delay=20)
    page.reload()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Wang Fang")


def test_a14_back_goes_page_by_page_and_asks_on_the_first(enrol: Callable[[], Page]) -> None:
    page = enrol()
    start(page)
    page.get_by_role("textbox", name="Name", exact=True).fill("Li Wei")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("textbox", name="Age", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Li Wei")
    page.go_back()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The draft is kept")
    dialog.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Li Wei")
    page.go_back()
    dialog.get_by_role("button", name="Leave").click()
    expect(page.locator("[data-form]")).to_be_visible()
    expect(page.locator("[data-draft]")).to_be_visible()
    assert read_store(page, "drafts")[0]["answers"]["name"] == "Li Wei"
    page.go_back()
    expect(page.locator("[data-place]").first).to_be_visible()


def test_a01_draft_open_in_two_tabs_is_sent_once_and_the_second_answers_stay(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    first = enrol()
    start(first)
    answer(first, "Li Wei", "30")
    first.wait_for_timeout(600)
    second = phone.new_page()
    second.goto(first.url)
    expect(second.get_by_text("open in another tab")).to_be_visible()
    second.get_by_role("button", name="Open it here as well").click()
    expect(second.get_by_role("button", name="Finish")).to_be_visible()

    first.get_by_role("button", name="Finish").click()
    expect(first.locator("[data-state=safe]")).to_be_visible()

    second.get_by_role("button", name="Back").click()
    # The first saving tells; it is of the page gone back to.
    expect(second.get_by_role("dialog")).to_contain_text("already submitted in another tab")
    second.get_by_role("dialog").get_by_role("button").click()
    second.get_by_role("textbox", name="Age", exact=True).fill("31")
    second.wait_for_timeout(600)
    [document] = fake.response_for("household")
    assert document["answers"]["age"] == "30"
    [draft] = read_store(second, "drafts")
    assert draft["answers"]["age"] == "31"
    assert draft["id"] != document["id"]

    # The new draft is a response of its own.
    second.get_by_role("button", name="Next").click()
    second.get_by_role("button", name="Finish").click()
    expect(second.locator("[data-state=safe]")).to_be_visible()
    assert sorted(document["answers"]["age"] for document in fake.response_for("household")) == ["30", "31"]


def test_a01_second_tab_that_only_submits_is_told_and_keeps_a_draft(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    first = enrol()
    start(first)
    answer(first, "Li Wei", "30")
    first.wait_for_timeout(600)
    second = phone.new_page()
    second.goto(first.url)
    second.get_by_role("button", name="Open it here as well").click()
    expect(second.get_by_role("button", name="Finish")).to_be_visible()
    first.get_by_role("button", name="Finish").click()
    expect(first.locator("[data-state=safe]")).to_be_visible()
    second.get_by_role("button", name="Finish").click()
    expect(second.get_by_role("dialog")).to_contain_text("already submitted in another tab")
    assert len(fake.documents) == 1
    assert len(read_store(second, "drafts")) == 1


def test_draft_can_be_deleted_only_after_a_question(enrol: Callable[[], Page]) -> None:
    page = enrol()
    start(page)
    page.get_by_role("textbox", name="Name", exact=True).fill("x")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Leave; the draft is kept").click()
    page.get_by_role("link", name="My responses").click()
    page.get_by_role("button", name="Delete draft").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert len(read_store(page, "drafts")) == 1
    page.get_by_role("button", name="Delete draft").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete draft").click()
    expect(page.locator("[data-draft]")).to_have_count(0)
    assert read_store(page, "drafts") == []
