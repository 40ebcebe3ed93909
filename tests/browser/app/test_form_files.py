"""Lists and media beside a questionnaire: fetched with it, kept for work without a signal, let go when nothing needs them."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.app.conftest import fill_and_finish, start, wait_until
from tests.browser.app.fake_server import FakeServer, make_model, question
from tests.browser.app.test_updates import BUILD, check_for_update

RED_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)
PLACE = '[data-place="320102003001"]'


def people(*names: str) -> bytes:
    """A list as the server keeps it."""
    return json.dumps({"columns": ["name", "label"], "rows": [[name.lower(), name] for name in names]}).encode()


def with_files(
    fake: FakeServer, form: str, names: bytes, picture: bytes = RED_DOT, version: str = "1"
) -> dict[str, Any]:
    """A form whose first question has a picture and whose second is chosen from a list in a file."""
    model = make_model(form, form, place_path=["subdistrict", "community"])
    itemset = {"nodeset": "instance('people')/root/item", "value": "name", "label": "label"}
    chosen = question("person", control="select1", itemset=itemset)
    at = next(place for place, node in enumerate(model["root"]["children"]) if node["name"] == "age")
    model["root"]["children"].insert(at, chosen)
    for words in model["texts"].values():
        words["/data/person:label"] = "Person"
        words["/data/name:label"] = {"text": "Name", "image": "dot.png"}
    model["form"]["version"] = version
    model["lists"] = {"people": {"file": "people.csv", **fake.add_file(names)}}
    model["media"] = {"dot.png": {**fake.add_file(picture), "type": "image/png"}}
    return model


def kept_files(page: Page) -> set[str]:
    """Hashes of the files that the phone keeps."""
    code = "caches.open('form-files').then((cache) => cache.keys()).then((all) => all.map(({ url }) => url.split('/').pop()))"
    return set(page.evaluate(code))


def give_a_file(fake: FakeServer) -> bool:
    """Let the server give one more file; a request that a page has given up may take it. Never what is waited for."""
    fake.file_permits.release()
    return False


def wait_until_whole(page: Page, form: str) -> None:
    """Wait, at the community's page, until a form can be opened."""
    expect(page.locator(f'[data-form="{form}"]')).to_be_enabled(timeout=20_000)


def leave(page: Page) -> None:
    """Leave the form for the start page; its draft stays."""
    page.wait_for_timeout(600)
    page.goto(page.url.split("/app/")[0] + "/app/")


def open_and_look(page: Page, form: str, *names: str) -> None:
    """Open a form at its first question, see that its picture shows, then that these people can be chosen."""
    start(page, form)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.question img')].some((image) => image.naturalWidth === 1)"
    )
    page.get_by_role("textbox", name="Name", exact=True).fill("x")
    page.get_by_role("button", name="Next").click()
    for name in names:
        expect(page.get_by_role("radio", name=name, exact=True)).to_be_visible()
    assert page.get_by_role("radio").count() == len(names)


def test_a11_after_an_update_a_form_that_was_not_opened_has_its_choices_and_media_without_a_signal(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    """F1 and F2 come with version 1 of the app, only F1 is opened after the update, then F2 without a signal."""
    fake.add_model(with_files(fake, "f1", people("Wei", "Na")))
    fake.add_model(with_files(fake, "f2", people("Qiang", "Fang", "Min")))
    page = enrol()
    page.locator(PLACE).click()
    wait_until_whole(page, "f1")
    wait_until_whole(page, "f2")
    page.get_by_role("link", name="Back").first.click()
    fake.build = "b00000000002"
    check_for_update(page)
    page.get_by_role("button", name="Update", exact=True).click()
    page.wait_for_function(f"() => {BUILD} === 'b00000000002'", polling=100)
    # Old builds go; the files of questionnaires are none of a build's business.
    wait_until(page, lambda: sum(name.startswith("collector-") for name in page.evaluate("caches.keys()")) == 1)
    open_and_look(page, "f1", "Wei", "Na")
    leave(page)
    asked = len(fake.fetched_files)
    phone.set_offline(True)
    page.reload()
    open_and_look(page, "f2", "Qiang", "Fang", "Min")
    assert len(fake.fetched_files) == asked == 3, "each content once: both forms show the same picture"


def test_a_form_whose_files_are_not_all_here_waits_for_them_and_fetches_none_twice(
    enrol: Callable[[], Page], fake: FakeServer
) -> None:
    model = with_files(fake, "f1", people("Wei"))
    dot = model["media"]["dot.png"]["sha256"]
    fake.withheld_files.add(dot)
    fake.add_model(model)
    page = enrol()
    page.locator(PLACE).click()
    row = page.locator('[data-form="f1"]')
    expect(row).to_contain_text("1 of 2 files are here", timeout=20_000)
    expect(row).to_be_disabled()
    expect(page.locator('[data-form="household"]')).to_be_enabled()
    fake.withheld_files.clear()
    wait_until_whole(page, "f1")
    assert fake.fetched_files.count(model["lists"]["people"]["sha256"]) == 1


def test_the_version_before_stays_until_the_new_one_is_whole(enrol: Callable[[], Page], fake: FakeServer) -> None:
    old, new = people("Wei"), people("Wei", "Na")
    fake.add_model(with_files(fake, "f1", old))
    page = enrol()
    page.locator(PLACE).click()
    wait_until_whole(page, "f1")
    first_model = page.locator('[data-form="f1"]').get_attribute("data-model")
    fake.withdraw("f1")
    model = with_files(fake, "f1", new, version="2")
    fake.withheld_files.add(model["lists"]["people"]["sha256"])
    fake.add_model(model)
    page.goto(f"{fake.url}/app/")
    open_and_look(page, "f1", "Wei")
    leave(page)
    # The draft that was begun with it keeps the old version's files too.
    fake.withheld_files.clear()
    page.goto(f"{fake.url}/app/")
    page.locator(PLACE).click()
    expect(page.locator(f'[data-form="f1"]:not([data-model="{first_model}"])')).to_be_enabled(timeout=20_000)
    page.get_by_role("link", name="Back").first.click()
    open_and_look(page, "f1", "Wei", "Na")
    leave(page)
    old_hash = next(name for name, content in fake.form_files.items() if content == old)
    assert old_hash in kept_files(page)


def test_files_that_nothing_needs_go(enrol: Callable[[], Page], fake: FakeServer) -> None:
    """When a form is withdrawn its files go with it, but not those that a form or a draft still uses."""
    fake.add_model(with_files(fake, "f1", people("Wei")))
    fake.add_model(with_files(fake, "f2", people("Qiang")))
    page = enrol()
    page.locator(PLACE).click()
    wait_until_whole(page, "f2")
    assert len(kept_files(page)) == 3
    fake.withdraw("f2")
    page.goto(f"{fake.url}/app/")
    gone = next(name for name, content in fake.form_files.items() if content == people("Qiang"))
    wait_until(page, lambda: gone not in kept_files(page))
    assert kept_files(page) == set(fake.form_files) - {gone}


def test_what_is_finished_meanwhile_does_not_wait_for_large_files(enrol: Callable[[], Page], fake: FakeServer) -> None:
    """A response that is finished while a file is coming goes out before the next of them."""
    model = with_files(fake, "f1", people("Wei"))
    for number in range(20):
        model["media"][f"{number}.png"] = {**fake.add_file(RED_DOT + bytes([number])), "type": "image/png"}
    fake.add_model(model)
    fake.file_permits = threading.Semaphore(1)
    page = enrol()
    start(page)
    fill_and_finish(page, "Li Wei", "30")
    wait_until(page, lambda: give_a_file(fake) or page.locator("[data-state=safe]").is_visible(), 1000)
    assert len(fake.fetched_files) < len(fake.form_files)
    fake.file_permits.release(1000)
    page.get_by_role("link", name="Back to the community").click()
    wait_until_whole(page, "f1")
    assert set(fake.fetched_files) == set(fake.form_files)


def test_a_portal_page_is_no_list(enrol: Callable[[], Page], fake: FakeServer) -> None:
    """Only the bytes that the hash names are kept (A09)."""
    model = with_files(fake, "f1", people("Wei"))
    sha256 = model["lists"]["people"]["sha256"]
    fake.form_files[sha256] = b"<!doctype html><title>Wi-Fi</title>Please sign in"
    fake.add_model(model)
    page = enrol()
    page.locator(PLACE).click()
    expect(page.locator('[data-form="f1"]')).to_contain_text("of 2 files are here", timeout=20_000)
    assert sha256 not in kept_files(page)
    fake.form_files[sha256] = people("Wei")
    wait_until_whole(page, "f1")


def test_a_file_that_the_server_has_lost_holds_up_its_own_form_only(
    enrol: Callable[[], Page], fake: FakeServer
) -> None:
    lost = with_files(fake, "f1", people("Wei"))
    del fake.form_files[lost["lists"]["people"]["sha256"]]
    fake.add_model(lost)
    fake.add_model(with_files(fake, "f2", people("Na")))
    page = enrol()
    page.locator(PLACE).click()
    wait_until_whole(page, "f2")
    expect(page.locator('[data-form="f1"]')).to_contain_text("1 of 2 files are here")
    page.get_by_role("link", name="Back").first.click()
    expect(page.locator('[data-safety="safe.none"]')).to_be_visible()


@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_form_that_asks_where_the_phone_is(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer, is_allowed: bool
) -> None:
    """The fix is in the answers; without leave the form goes on without a word."""
    model = make_model("f1", "f1", place_path=["subdistrict", "community"])
    model["root"]["children"].append({"name": "where", "kind": "question", "type": "geopoint"})
    model["actions"] = [{"event": "odk-instance-first-load", "ref": "/data/where", "kind": "setgeopoint"}]
    fake.add_model(model)
    if is_allowed:
        phone.grant_permissions(["geolocation"])
        phone.set_geolocation({"latitude": 32.06, "longitude": 118.79, "accuracy": 12})
    page = enrol()
    start(page, "f1")
    page.get_by_role("textbox", name="Name", exact=True).fill("x")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox", name="Age", exact=True).fill("30")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("[data-state=safe]")).to_be_visible()
    [document] = fake.response_for("f1")
    assert document["answers"].get("where") == ("32.06 118.79 0 12" if is_allowed else None)
