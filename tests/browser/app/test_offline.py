"""Without a signal: the client opens, fills and keeps; with one it sends, once."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.app.conftest import fill_and_finish, read_store, start
from tests.browser.app.fake_server import FakeServer, make_model


def test_a20_response_finished_without_a_signal_is_sent_once_when_it_returns(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    page = enrol()
    phone.set_offline(True)
    page.reload()
    start(page)
    fill_and_finish(page, "Li Wei", "30")
    expect(page.locator("[data-state=kept]")).to_contain_text("Kept on this phone")

    # No dialog is in the way: the next response begins from here.
    page.locator("[data-action=next]").click()
    fill_and_finish(page, "Wang Fang", "41")
    page.get_by_role("link", name="Home").click()
    expect(page.locator("[data-safety]")).to_contain_text("2 wait for a signal")

    phone.set_offline(False)
    expect(page.locator('[data-safety="safe.all"]')).to_contain_text("All 2 responses are safe", timeout=15_000)
    assert sorted(document["answers"]["name"] for document in fake.response_for("household")) == ["Li Wei", "Wang Fang"]
    assert [len(revisions) for revisions in fake.documents.values()] == [1, 1]


def test_a12_nothing_to_continue_after_submitting(enrol: Callable[[], Page]) -> None:
    page = enrol()
    start(page)
    fill_and_finish(page, "Li Wei", "30")
    expect(page.locator("[data-state=safe]")).to_be_visible()
    page.goto(page.url.split("/app/")[0] + "/app/")
    expect(page.locator("[data-safety]")).to_be_visible()
    assert page.locator("[data-draft]").count() == 0
    assert read_store(page, "drafts") == []
    assert read_store(page, "outbox") == []


def test_document_says_where_who_and_when(enrol: Callable[[], Page], fake: FakeServer) -> None:
    page = enrol()
    start(page)
    fill_and_finish(page, "Li Wei", "30")
    expect(page.locator("[data-state=safe]")).to_be_visible()
    [document] = fake.response_for("household")
    assert document["place"] == "320102003001"
    assert document["answers"]["subdistrict"] == "320102003"
    assert document["answers"]["community"] == "320102003001"
    assert document["answers"]["meta"]["instanceID"] == f"uuid:{document['id']}"
    assert (document["author"], document["device"], document["base"]) == ("u1", "d1", None)
    assert document["language"] == "English (en)"
    assert document["started_at"] < document["finished_at"]


def test_a11_every_form_opens_without_a_signal_though_it_was_never_opened_with_one(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    fake.add_model(make_model("second", "第二份", place_path=["subdistrict", "community"]))
    page = enrol()
    phone.set_offline(True)
    page.reload()
    for form in ("household", "second"):
        start(page, form)
        page.go_back()
        page.get_by_role("dialog").get_by_role("button", name="Leave", exact=True).click()
        page.get_by_role("link", name="Home").click()


def test_a21_forms_of_one_title_do_not_block_each_other(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    fake.add_model(make_model("household_2", "住户问卷", place_path=["subdistrict", "community"]))
    page = enrol()
    phone.set_offline(True)
    for form in ("household", "household_2"):
        start(page, form)
        fill_and_finish(page, form, "30")
        page.get_by_role("link", name="Home").click()
    assert len(read_store(page, "outbox")) == 2
    phone.set_offline(False)
    expect(page.locator('[data-safety="safe.all"]')).to_be_visible(timeout=15_000)
    assert len(fake.response_for("household")) == len(fake.response_for("household_2")) == 1
