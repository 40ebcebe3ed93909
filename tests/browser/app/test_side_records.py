"""What the phone keeps beside the answers: the record of how a form was filled in, the last response, the name, the wish for a layout."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.app.conftest import answer, fill_and_finish, read_store, start, wait_until
from tests.browser.app.fake_server import FakeServer, make_model, question


def add_form(fake: FakeServer, *meta: dict[str, Any], actions: list[dict[str, str]] | None = None) -> None:
    """Publish a form with a name and an age, with more questions in its `meta`."""
    form = make_model("recorded", "有记录的问卷", place_path=["subdistrict", "community"])
    form["root"]["children"][-1]["children"] += meta
    form["root"]["children"][:0] = [
        question(name, preload="property", preload_params=name) for name in ("username", "email")
    ]
    for child in form["root"]["children"][:2]:
        del child["control"], child["label"]
    form["actions"] = actions or []
    fake.add_model(form)


def test_the_record_is_kept_with_the_draft_and_sent_as_a_file(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    add_form(fake, {"name": "audit", "kind": "question", "type": "binary", "parameters": {"identify-user": "true"}})
    page = enrol()
    start(page, "recorded")
    page.get_by_role("textbox", name="Name", exact=True).fill("王")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("textbox", name="Age", exact=True)).to_be_visible()
    page.locator(".topbar__row .button").first.click()
    expect(page.locator("[data-draft]")).to_be_visible()
    page.close()

    page = phone.new_page()
    page.goto(f"{fake.url}/app/")
    page.locator("[data-draft]").click()
    page.get_by_role("textbox", name="Age", exact=True).fill("30")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("[data-state=safe]")).to_be_visible()
    [document] = fake.response_for("recorded")
    [file] = document["files"]
    assert document["answers"]["meta"]["audit"] == file["name"]
    assert file["name"].endswith(".csv")
    assert (file["path"], file["type"]) == ("/data/meta/audit", "text/csv")
    # Whoever signed in is who filled it in; a phone knows neither number nor address.
    assert document["answers"]["username"] == "李华"
    assert "email" not in document["answers"]
    content = fake.files[f"{document['id']}.{file['name']}"]["bytes"].decode()
    lines = [line.split(",") for line in content.splitlines()]
    assert lines[0] == ["event", "node", "start", "end", "user"]
    assert [(line[0], line[1]) for line in lines[1:]] == [
        ("form start", ""),
        ("question", "/data/name"),
        ("question", "/data/age"),
        ("form save", ""),
        ("form exit", ""),
        ("form resume", ""),
        ("question", "/data/age"),
        ("end screen", ""),
        ("form save", ""),
        ("form exit", ""),
        ("form finalize", ""),
    ]
    assert {line[4] for line in lines[1:]} == {"李华"}


def test_the_next_response_begins_with_what_the_last_one_held(enrol: Callable[[], Page], fake: FakeServer) -> None:
    add_form(
        fake,
        actions=[
            {"event": "odk-instance-first-load", "ref": "/data/name", "value": "instance('__last-saved')/data/name"},
        ],
    )
    page = enrol()
    start(page, "recorded")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("")
    fill_and_finish(page, "香铺营", "30")
    page.goto(f"{fake.url}/app/")
    start(page, "recorded")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("香铺营")
    expect(page.locator(".fill")).to_be_visible()
    # A form that does not look back leaves nothing behind.
    page.goto(f"{fake.url}/app/")
    start(page)
    fill_and_finish(page, "Li", "40")
    keys = page.evaluate(
        """() => new Promise((resolve) => {
            const opening = indexedDB.open('collector')
            opening.onsuccess = () => {
                const reading = opening.result.transaction('profile').objectStore('profile').getAllKeys()
                reading.onsuccess = () => { resolve(reading.result); opening.result.close() }
            }
        })"""
    )
    assert [key for key in keys if key.startswith("last-saved")] == ["last-saved u1 recorded"]


def test_a_draft_is_listed_by_its_name_and_a_response_too(enrol: Callable[[], Page], fake: FakeServer) -> None:
    name = {"name": "instanceName", "kind": "question", "type": "string", "calculate": "concat('户主 ', /data/name)"}
    add_form(fake, name)
    page = enrol()
    start(page, "recorded")
    answer(page, "王小明", "30")
    page.locator(".topbar__row .button").first.click()
    expect(page.locator("[data-draft]")).to_contain_text("户主 王小明")
    page.locator("[data-draft]").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("[data-state=safe]")).to_be_visible()
    page.goto(f"{fake.url}/app/responses")
    expect(page.locator("[data-response]")).to_contain_text("户主 王小明")


def test_the_wish_for_a_layout_is_kept_on_the_phone(enrol: Callable[[], Page], fake: FakeServer) -> None:
    page = enrol()

    def kept() -> list[str]:
        return [str(one) for one in read_store(page, "profile")]

    page.goto(f"{fake.url}/app/settings/layout")
    page.get_by_text("All on one page").click()
    # Once it is kept: an address that is typed ends the page at once.
    wait_until(page, lambda: "scroll" in kept())
    page.goto(f"{fake.url}/app/")
    start(page)
    page.get_by_role("textbox", name="Name", exact=True).fill("Li Wei")
    page.get_by_role("textbox", name="Age", exact=True).fill("30")
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="All questions").click()
    page.get_by_role("button", name="Show it page by page").click()
    expect(page.get_by_role("textbox", name="Age", exact=True)).to_have_count(0)
    wait_until(page, lambda: read_store(page, "drafts")[0]["answers"].get("age") == "30")
    wait_until(page, lambda: "pages" in kept())
    page.goto(f"{fake.url}/app/settings/layout")
    expect(page.get_by_role("radio", name="Page by page")).to_be_checked()


def test_the_place_of_the_start_is_asked_of_the_phone(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    add_form(
        fake,
        {"name": "at", "kind": "question", "type": "geopoint"},
        actions=[{"event": "odk-instance-first-load", "ref": "/data/meta/at", "kind": "setgeopoint"}],
    )
    phone.grant_permissions(["geolocation"])
    phone.set_geolocation({"latitude": 32.05, "longitude": 118.78, "accuracy": 8})
    page = enrol()
    start(page, "recorded")
    fill_and_finish(page, "Li", "30")
    expect(page.locator("[data-state=safe]")).to_be_visible()
    [document] = fake.response_for("recorded")
    assert document["answers"]["meta"]["at"] == "32.05 118.78 0 8"
