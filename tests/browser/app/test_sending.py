"""Failures of the server and of the way to it: what is unsent stays, and goes when it can."""

import hashlib
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.app.conftest import fill_and_finish, read_store, start
from tests.browser.app.fake_server import FakeServer, make_model


@pytest.mark.parametrize("mode", ["error", "html", "silent_drop"])
def test_a09_a04_response_leaves_only_with_a_receipt_and_goes_by_itself_later(
    enrol: Callable[[], Page], fake: FakeServer, mode: str
) -> None:
    page = enrol()
    fake.mode = mode
    start(page)
    fill_and_finish(page, "Li Wei", "30")
    page.get_by_role("link", name="My responses").click()
    expect(page.locator('[data-section="responses.outbox"]')).to_contain_text("Waiting to be sent")
    page.wait_for_timeout(500)
    assert len(read_store(page, "outbox")) == 1
    fake.mode = "ok"
    # The page stays open and nobody taps anything (A04); the first pauses are a few seconds.
    expect(page.locator('[data-section="responses.sent"]')).to_contain_text("Safe at the server", timeout=20_000)
    assert read_store(page, "outbox") == []
    assert len(fake.response_for("household")) == 1


def test_a10_a78_refused_phone_keeps_all_goes_on_and_sends_after_a_new_code(
    enrol: Callable[[], Page], fake: FakeServer
) -> None:
    page = enrol()
    fake.revoked.add("t1")
    start(page)
    fill_and_finish(page, "first", "30")
    page.locator("[data-action=next]").click()
    fill_and_finish(page, "second", "31")
    expect(page.locator("[data-state=kept]")).to_contain_text("no longer signed in")
    page.get_by_role("link", name="Home").click()
    expect(page.locator("[data-safety]")).to_contain_text("Scan your code again to send 2 responses")
    page.goto(f"{fake.url}/join/new")
    page.locator("[data-action=start]").click()
    expect(page.locator('[data-safety="safe.all"]')).to_be_visible(timeout=15_000)
    assert len(fake.response_for("household")) == 2


def test_a22_a24_photos_go_on_where_the_link_was_cut(enrol: Callable[[], Page], fake: FakeServer) -> None:
    fake.add_model(make_model("photos", "照片", photos=True))
    page = enrol()
    page.get_by_role("link", name="Other questionnaires").click()
    page.locator('[data-form="photos"]').click()
    page.get_by_role("textbox", name="Name", exact=True).fill("x")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    for colour in ("front", "back"):
        page.locator("input[type=file]").first.set_input_files(
            {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": picture(colour)}
        )
        expect(page.locator("main img").first).to_be_visible()
        page.get_by_role("button", name="Next").click()
    fake.cut_upload_at = 300_000
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("[data-state=safe]")).to_be_visible(timeout=30_000)
    [document] = fake.response_for("photos")
    front, back = document["answers"]["front"], document["answers"]["back"]
    assert front != back
    sizes = {file["name"]: (file["path"], file["size"]) for file in document["files"]}
    assert sizes[front][0] == "/data/front" and sizes[back][0] == "/data/back"
    for name in (front, back):
        assert len(fake.files[f"{document['id']}.{name}"]["bytes"]) == sizes[name][1]
    # One piece at most went twice.
    assert fake.received_bytes < sum(size for _, size in sizes.values()) + 256 * 1024 + 20_000
    assert read_store(page, "files") == []


def picture(seed: str, width: int = 900, height: int = 700) -> bytes:
    """A JPEG of noise: large enough to need more than one piece."""
    import io
    import random

    from PIL import Image

    noise = random.Random(seed)
    image = Image.frombytes("RGB", (width, height), noise.randbytes(width * height * 3))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def begin_with_photos(page: Page, name: str, photos: list[bytes]) -> None:
    """Fill in the form with photos up to its Finish; the form has a question for each photo."""
    page.get_by_role("link", name="Home").click()
    page.get_by_role("link", name="Other questionnaires").click()
    page.locator('[data-form="photos"]').click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    for photo in photos:
        page.locator("input[type=file]").first.set_input_files(
            {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": photo}
        )
        expect(page.locator("main img").first).to_be_visible()
        page.get_by_role("button", name="Next").click()
    for _ in range(2 - len(photos)):
        page.get_by_role("button", name="Next").click()


def test_answers_pass_a_large_photo_that_is_on_its_way_and_its_progress_is_told(
    enrol: Callable[[], Page], fake: FakeServer
) -> None:
    fake.add_model(make_model("photos", "照片", photos=True))
    page = enrol()
    fake.piece_permits = threading.Semaphore(2)
    begin_with_photos(page, "large", [picture("front"), picture("back")])
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("[data-state=kept]")).to_be_visible()
    page.get_by_role("link", name="My responses").click()
    row = page.locator('[data-section="responses.outbox"] [data-response]').first
    expect(row).to_contain_text(re.compile(r"Sending photo 1 of 2, \d+\s%"))

    page.get_by_role("link", name="Home").click()
    start(page)
    fill_and_finish(page, "small", "30")
    fake.piece_permits.release(10_000)
    expect(page.locator("[data-state=safe]")).to_be_visible(timeout=15_000)
    page.get_by_role("link", name="Home").click()
    expect(page.locator('[data-safety="safe.all"]')).to_be_visible(timeout=20_000)
    kinds = [kind for kind, _ in fake.arrivals]
    # The second push did not wait for the rest of the photos.
    assert kinds.count("push") == 2
    assert kinds.index("push", 1) < len(kinds) - 1
    [document] = fake.response_for("photos")
    for file in document["files"]:
        assert hashlib.sha256(fake.files[f"{document['id']}.{file['name']}"]["bytes"]).hexdigest() == file["sha256"]


@pytest.mark.parametrize(("connection", "is_held"), [("cellular", True), ("wifi", False), (None, True)])
def test_photos_wait_for_wifi_where_that_was_chosen(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer, connection: str | None, is_held: bool
) -> None:
    told = f"{{ type: '{connection}', addEventListener() {{}} }}" if connection else "undefined"
    phone.add_init_script(f"Object.defineProperty(navigator, 'connection', {{ get: () => ({told}) }})")
    fake.add_model(make_model("photos", "照片", photos=True))
    page = enrol()
    page.get_by_role("link", name="Settings").click()
    page.locator("[data-settings=sending] > summary").click()
    page.get_by_role("checkbox", name="Photos only on Wi-Fi").check()
    card = page.locator("[data-card=sending]")
    words = {"cellular": "no Wi-Fi now", "wifi": "There is Wi-Fi", None: "does not tell"}[connection]
    expect(card).to_contain_text(words)
    begin_with_photos(page, "x", [picture("front")])
    page.get_by_role("button", name="Finish").click()
    if is_held:
        expect(page.locator("[data-state=kept]")).to_contain_text("photos wait for Wi-Fi")
        assert len(fake.response_for("photos")) == 1
        assert not fake.files
        page.get_by_role("link", name="My responses").click()
        expect(page.locator("[data-response]")).to_contain_text("1 photo or file is left. They wait for Wi-Fi.")
        expect(page.locator("[data-safety]")).to_contain_text("Photos of 1 response wait for Wi-Fi")
        page.get_by_role("button", name="Send photos now").click()
        expect(page.locator('[data-safety="safe.all"]')).to_be_visible(timeout=15_000)
    else:
        expect(page.locator("[data-state=safe]")).to_be_visible(timeout=15_000)
    [file] = fake.files.values()
    assert len(file["bytes"]) == file["length"]
    page.get_by_role("link", name="Settings").click()
    page.locator("[data-settings=sending] > summary").click()
    photos = re.search(r"questionnaires, (\d+) kB for photos", card.locator("[data-traffic=month]").inner_text())
    assert photos and file["length"] / 1000 <= int(photos[1]) < file["length"] / 1000 + 10


def test_a09_network_that_wants_a_sign_in_is_named_with_a_way_to_its_page(
    enrol: Callable[[], Page], fake: FakeServer
) -> None:
    page = enrol()
    fake.mode = "html"
    start(page)
    fill_and_finish(page, "Li Wei", "30")
    page.get_by_role("link", name="My responses").click()
    expect(page.locator("[data-safety]")).to_contain_text("This network wants a sign-in; 1 response is kept")
    expect(page.locator("[data-response]")).to_contain_text(
        re.compile("wants a sign-in first. Tries again by itself in a")
    )
    assert page.get_by_role("link", name="Open its page").get_attribute("href") == "/"
    page.locator("[data-response]").click()
    expect(page.get_by_role("dialog")).to_contain_text("This network wants a sign-in first")


def test_tap_on_a_row_tells_its_details(enrol: Callable[[], Page], fake: FakeServer) -> None:
    page = enrol()
    fake.receipt = {"status": "quarantined", "id": None, "reason": "id_missing", "message": ""}
    start(page)
    fill_and_finish(page, "Li Wei", "30")
    page.get_by_role("link", name="My responses").click()
    page.locator("[data-response]").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Size: answers 1 kB, photos and files 0 kB")
    expect(dialog).to_contain_text("Tried once without success")
    expect(dialog).to_contain_text("Last reason: the server could not tell which response it is")
    # What is kept aside is still reported (contract of the board).
    dialog.get_by_role("button", name="Close").click()
    page.reload()
    expect(page.locator("[data-response]")).to_be_visible()
    [entry] = read_store(page, "outbox")
    wait_for_pull(page, fake, "1")
    assert (fake.pulls[-1]["responses"], fake.pulls[-1]["failed"]) == ("1", "1")
    oldest = datetime.fromisoformat(fake.pulls[-1]["oldest"])
    assert round(oldest.timestamp() * 1000) == entry["summary"]["finished_at"]


def wait_for_pull(page: Page, fake: FakeServer, responses: str) -> None:
    """Wait until the last pull told of so many unsent responses."""
    for _ in range(100):
        if fake.pulls and fake.pulls[-1].get("responses") == responses:
            return
        page.wait_for_timeout(50)
    raise AssertionError(fake.pulls)


def test_response_that_a_supervisor_deleted_leaves_the_phone_and_says_so(
    enrol: Callable[[], Page], fake: FakeServer
) -> None:
    page = enrol()
    fake.receipt = {"status": "deleted", "missing_files": ["gone.jpg"]}
    start(page)
    fill_and_finish(page, "Li Wei", "30")
    expect(page.locator("[data-state=safe]")).to_contain_text("A supervisor deleted it")
    page.get_by_role("link", name="My responses").click()
    expect(page.locator('[data-section="responses.sent"]')).to_contain_text("A supervisor deleted it")
    assert read_store(page, "outbox") == []


def test_a16_response_that_was_finished_too_late_is_kept_and_says_so_plainly(
    enrol: Callable[[], Page], fake: FakeServer
) -> None:
    page = enrol()
    sentence = "It was finished after the questionnaire was closed."
    fake.receipt = {"status": "quarantined", "reason": "finished_after_close", "message": sentence}
    start(page)
    fill_and_finish(page, "Li Wei", "30")
    expect(page.locator("[data-state=safe]")).to_contain_text("a supervisor will look at it")
    page.get_by_role("link", name="My responses").click()
    page.locator("[data-response]").click()
    expect(page.get_by_role("dialog")).to_contain_text(sentence)


def test_a15_phone_with_a_wrong_clock_is_told_and_sends_all_the_same(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    off = datetime.now(UTC) - datetime.fromisoformat("2016-01-01T16:57:50+01:00")
    phone.add_init_script(f"const real = Date.now; Date.now = () => real() - {round(off.total_seconds() * 1000)}")
    page = enrol()
    # The worker is in charge from the first opening after it was installed.
    page.reload()
    expect(page.locator("[data-notice=clock]")).to_contain_text(
        f"off by about {round(off.total_seconds() / 86400)} days"
    )
    start(page)
    fill_and_finish(page, "Li Wei", "30")
    expect(page.locator("[data-state=safe]")).to_be_visible()
    [document] = fake.response_for("household")
    assert document["finished_at"].startswith("2016-01-01T")
    assert fake.pushes[-1]["sent_at"].startswith("2016-01-01T")


def test_a24_only_the_photos_that_did_not_arrive_are_sent_again(enrol: Callable[[], Page], fake: FakeServer) -> None:
    model = make_model("photos", "照片", photos=True)
    children = model["root"]["children"]
    [front] = [child for child in children if child["name"] == "front"]
    children[2:4] = [{**front, "name": f"p{number}"} for number in range(5)]
    fake.add_model(model)
    page = enrol()
    fake.whole_files_at_most = 3
    begin_with_photos(page, "x", [picture(str(number), 1500, 1130) for number in range(5)])
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("link", name="My responses").click()
    expect(page.locator("[data-response]")).to_contain_text("2 photos or files are left", timeout=30_000)
    expect(page.locator("[data-response]")).to_contain_text("The server cannot take it now")
    before = {name for name, file in fake.files.items() if len(file["bytes"]) == file["length"]}
    assert len(before) == 3
    assert min(file["length"] for file in fake.files.values()) > 900_000
    fake.received_bytes, fake.arrivals, fake.whole_files_at_most = 0, [], None
    page.get_by_role("button", name="Send now").click()
    expect(page.locator('[data-safety="safe.all"]')).to_be_visible(timeout=30_000)
    assert not {name for kind, name in fake.arrivals if kind == "piece"} & before
    assert fake.received_bytes < 2_200_000


def test_photos_wait_while_the_server_has_no_room_and_answers_go_on(
    enrol: Callable[[], Page], fake: FakeServer
) -> None:
    fake.add_model(make_model("photos", "照片", photos=True))
    page = enrol()
    fake.whole_files_at_most, fake.refused_as = 0, ("disk_nearly_full", 507)
    begin_with_photos(page, "x", [picture("front", 400, 300)])
    pulls = len(fake.pulls)
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("link", name="My responses").click()
    expect(page.locator("[data-response]")).to_contain_text("The server cannot take it now", timeout=30_000)
    assert len(fake.pushes) == 1
    # What the office has for the phone comes, though a photo waits.
    page.get_by_role("button", name="Send now").click()
    for _ in range(300):
        if len(fake.pulls) > pulls:
            break
        page.wait_for_timeout(100)
    assert len(fake.pulls) > pulls
    expect(page.locator("[data-response]")).to_contain_text("The server cannot take it now")
    assert all(len(file["bytes"]) < file["length"] for file in fake.files.values())
    fake.whole_files_at_most = None
    page.get_by_role("button", name="Send now").click()
    expect(page.locator('[data-safety="safe.all"]')).to_be_visible(timeout=30_000)
    assert all(len(file["bytes"]) == file["length"] for file in fake.files.values())


def test_a10_draft_being_typed_when_the_phone_is_refused_is_intact(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    page = enrol()
    phone.set_offline(True)
    start(page)
    for name in ("one", "two", "three", "four"):
        fill_and_finish(page, name, "30")
        page.locator("[data-action=next]").click()
    page.get_by_role("textbox", name="Name", exact=True).press_sequentially("Li W")
    fake.revoked.add("t1")
    phone.set_offline(False)
    page.get_by_role("textbox", name="Name", exact=True).press_sequentially("ei")
    page.wait_for_timeout(1500)
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Li Wei")
    page.goto(f"{fake.url}/app/")
    expect(page.locator("[data-safety]")).to_contain_text("Scan your code again to send 4 responses")
    page.goto(f"{fake.url}/join/new")
    page.locator("[data-action=start]").click()
    expect(page.locator('[data-safety="safe.all"]')).to_contain_text("All 4", timeout=15_000)
    page.locator("[data-draft]").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Li Wei")


def test_a18_signing_out_says_how_many_are_unsent_and_keeps_them(
    enrol: Callable[[], Page], phone: BrowserContext, fake: FakeServer
) -> None:
    page = enrol()
    phone.set_offline(True)
    start(page)
    fill_and_finish(page, "Li Wei", "30")
    page.get_by_role("link", name="Settings").click()
    page.locator("[data-action=sign-out]").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 response is unsent")
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("This phone still keeps 1 unsent response")).to_be_visible()
    phone.set_offline(False)
    page.goto(f"{fake.url}/join/abc")
    page.locator("[data-action=start]").click()
    expect(page.locator('[data-safety="safe.all"]')).to_be_visible(timeout=15_000)
    assert len(fake.response_for("household")) == 1


def test_dead_link_leads_a_known_phone_back_and_is_not_tried_again(enrol: Callable[[], Page], fake: FakeServer) -> None:
    page = enrol()
    page.goto(f"{fake.url}/join/unknown")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[data-action=again]")).to_have_count(0)
    page.get_by_role("link", name="Go to the start page").click()
    expect(page.locator("[data-place]").first).to_be_visible()
