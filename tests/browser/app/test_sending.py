"""Failures of the server and of the way to it: what is unsent stays, and goes when it can."""

from collections.abc import Callable

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


def picture(seed: str) -> bytes:
    """A JPEG of noise: large enough to need more than one piece."""
    import io
    import random

    from PIL import Image

    noise = random.Random(seed)
    image = Image.frombytes("RGB", (900, 700), noise.randbytes(900 * 700 * 3))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


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
