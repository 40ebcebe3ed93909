"""What the browser does to the phone's database: none, closed, older, about to be cleared."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.app.conftest import fill_and_finish, read_store, start
from tests.browser.app.fake_server import FakeServer, make_model
from tests.browser.app.test_sending import picture


def test_a19_no_storage_is_said_before_anything_is_typed(phone: BrowserContext, fake: FakeServer) -> None:
    phone.add_init_script("indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }")
    page = phone.new_page()
    page.goto(f"{fake.url}/app/")
    expect(page.get_by_role("heading")).to_have_text("This browser cannot keep responses")


def test_insecure_address_is_said_plainly(phone: BrowserContext, fake: FakeServer) -> None:
    phone.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    page = phone.new_page()
    page.goto(f"{fake.url}/app/")
    expect(page.get_by_role("heading")).to_have_text("Please open the https address")


def test_a05_closed_connection_is_opened_again_by_the_next_save(
    phone: BrowserContext, enrol: Callable[[], Page]
) -> None:
    # The browser's own closing cannot be asked for, so the page's connection is remembered and closed under it.
    phone.add_init_script("""
        const open = indexedDB.open.bind(indexedDB)
        indexedDB.open = (...values) => {
            const request = open(...values)
            request.addEventListener('success', () => { globalThis.lastConnection = request.result })
            return request
        }
    """)
    page = enrol()
    start(page)
    page.evaluate("lastConnection.close()")
    page.get_by_role("textbox", name="Name", exact=True).fill("abc")
    page.wait_for_timeout(600)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("abc")


def test_a06_unsent_responses_and_drafts_survive_a_new_layout(
    phone: BrowserContext, enrol: Callable[[], Page], fake: FakeServer
) -> None:
    page = enrol()
    phone.set_offline(True)
    start(page)
    fill_and_finish(page, "kept", "30")
    page.locator("[data-action=next]").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("draft")
    page.wait_for_timeout(600)
    before = read_store(page, "outbox"), read_store(page, "drafts")
    version = page.evaluate("indexedDB.databases().then((all) => all[0].version)")
    # Before there is a signal: nothing may be sent meanwhile.
    fake.mode = "error"
    phone.set_offline(False)

    schema = (Path(__file__).resolve().parents[3] / "static/field/store/schema.js").read_text(encoding="utf-8")
    newer = schema.rstrip().removesuffix("]") + "  (database) => { database.createObjectStore('added') },\n]\n"
    other = phone.new_page()
    # The new layout comes with a new build, past the worker's cache.
    other.route("**/field/store/schema.js", lambda route: route.fulfill(body=newer, content_type="text/javascript"))
    phone.unroute_all()
    page.close()
    page = phone.new_page()
    page.goto(f"{fake.url}/sync/v1/nothing")
    page.evaluate(
        "navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((one) => one.unregister())))"
    )
    page.evaluate("caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))")
    other.goto(f"{fake.url}/app/")
    expect(other.locator("[data-draft]")).to_be_visible()
    assert other.evaluate("indexedDB.databases().then((all) => all[0].version)") == version + 1
    after = read_store(other, "outbox"), read_store(other, "drafts")
    assert [entry["document"] for entry in after[0]] == [entry["document"] for entry in before[0]]
    assert after[1] == before[1]


def test_a07_unsent_responses_that_the_browser_may_clear_are_named_and_can_be_saved(
    phone: BrowserContext, enrol: Callable[[], Page]
) -> None:
    phone.add_init_script("""
        globalThis.asked = 0
        navigator.storage.persisted = async () => false
        navigator.storage.persist = async () => { globalThis.asked += 1; return false }
    """)
    page = enrol()
    phone.set_offline(True)
    start(page)
    for age in ("30", "31", "32"):
        fill_and_finish(page, "Li Wei", age)
        if age != "32":
            page.locator("[data-action=next]").click()
    page.goto(page.url.split("/app/")[0] + "/app/")
    notice = page.locator("[data-notice=persist]")
    expect(notice).to_contain_text("3 responses are unsent")
    expect(notice).to_contain_text("home screen")
    assert page.evaluate("asked") >= 1
    with page.expect_download() as download:
        notice.get_by_role("button", name="Save as a file").click()
    saved = page.evaluate("JSON.parse", Path(download.value.path()).read_text(encoding="utf-8"))
    assert (saved["collector"], saved["version"]) == ("unsent", 1)
    assert sorted(saved["responses"]) == sorted(entry["document"] for entry in read_store(page, "outbox"))


def test_a08_draft_begun_on_a_full_phone_stays_one_draft(phone: BrowserContext, enrol: Callable[[], Page]) -> None:
    page = enrol()
    page.evaluate("""
        const put = IDBObjectStore.prototype.put
        IDBObjectStore.prototype.put = function (...values) {
            if (this.name === 'drafts' && globalThis.isFull) throw new DOMException('full', 'QuotaExceededError')
            return put.apply(this, values)
        }
        globalThis.isFull = true
    """)
    start(page)
    page.get_by_role("textbox", name="Name", exact=True).fill("Li Wei")
    expect(page.get_by_text("full").first).to_be_visible()
    begun = page.url
    page.evaluate("globalThis.isFull = false")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("textbox", name="Age", exact=True)).to_be_visible()
    page.get_by_role("textbox", name="Age", exact=True).fill("30")
    # After a failure it is tried again in five seconds.
    expect(page.get_by_text("full")).to_have_count(0, timeout=8000)
    assert page.url == begun
    expect(page.get_by_role("dialog")).to_have_count(0)
    [draft] = [draft for draft in read_store(page, "drafts") if draft["rev"] > 0]
    assert draft["id"] == begun.rsplit("/", 1)[1]
    assert draft["answers"]["name"] == "Li Wei"


def test_a08_full_phone_keeps_the_rest_going(
    phone: BrowserContext, enrol: Callable[[], Page], fake: FakeServer
) -> None:
    page = enrol()
    start(page)
    page.evaluate("""
        const put = IDBObjectStore.prototype.put
        IDBObjectStore.prototype.put = function (...values) {
            if (this.name === 'drafts' && globalThis.isFull) throw new DOMException('full', 'QuotaExceededError')
            return put.apply(this, values)
        }
        globalThis.isFull = true
    """)
    page.get_by_role("textbox", name="Name", exact=True).fill("Li Wei")
    expect(page.get_by_text("out of space").or_(page.get_by_text("full")).first).to_be_visible()
    page.evaluate("globalThis.isFull = false")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox", name="Age", exact=True).fill("30")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("[data-state=safe]")).to_be_visible()
    assert len(fake.response_for("household")) == 1


def test_a08_little_room_is_said_with_what_is_left(phone: BrowserContext, enrol: Callable[[], Page]) -> None:
    phone.add_init_script("navigator.storage.estimate = async () => ({ quota: 64e9, usage: 63.7e9 })")
    page = enrol()
    page.reload()
    expect(page.locator("[data-notice=room]")).to_contain_text("Only 300.0 MB are left on this phone")


def test_a08_photo_that_does_not_fit_is_not_attached_and_the_others_are_sent(
    phone: BrowserContext, enrol: Callable[[], Page], fake: FakeServer
) -> None:
    fake.add_model(make_model("photos", "照片", photos=True))
    page = enrol()
    phone.set_offline(True)
    start(page)
    for name in ("first", "second"):
        fill_and_finish(page, name, "30")
        page.locator("[data-action=next]").click()
    page.goto(f"{fake.url}/app/")
    page.evaluate("""
        const put = IDBObjectStore.prototype.put
        IDBObjectStore.prototype.put = function (...values) {
            if (this.name === 'files') throw new DOMException('full', 'QuotaExceededError')
            return put.apply(this, values)
        }
        undefined
    """)
    page.get_by_role("link", name="Other questionnaires").click()
    page.locator('[data-form="photos"]').click()
    page.get_by_role("textbox", name="Name", exact=True).fill("third")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    page.locator("input[type=file]").first.set_input_files(
        {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": picture("four", 2000, 1600)}
    )
    expect(page.locator("main").get_by_text(re.compile("full|space|room")).first).to_be_visible()
    expect(page.locator("main img")).to_have_count(0)
    phone.set_offline(False)
    for _ in range(2):
        page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("[data-state=safe]")).to_be_visible(timeout=15_000)
    assert len(fake.response_for("household")) == 2
    [document] = fake.response_for("photos")
    assert (document["answers"]["name"], document["files"]) == ("third", [])
