"""Pictures that are drawn, recordings, codes, headings and scales: what a finger, a microphone, a camera and a compass give."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect

from tests.browser.boxes import box_of
from tests.browser.conftest import browser_with_devices
from tests.browser.fill.answers import expect_stored, stored

from .models import choices, field_list, model, question

Fill = Callable[..., Page]

UPLOAD: dict[str, Any] = {"control": "upload", "type": "binary"}


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium with a camera and a microphone of its own making. Permission for them is asked as on a phone."""
    yield from browser_with_devices(playwright)


def photo(name: str, appearance: str = "", **keys: Any) -> dict[str, Any]:
    """A question of a picture."""
    return question(name, mediatype="image/*", appearance=appearance, **UPLOAD, **keys)


def kept(page: Page, name: str) -> tuple[bytes, str]:
    """The file that a question's answer names, and its type."""
    data, mime = page.evaluate(
        """async (name) => {
            const { blob, about } = window.world.files.get(window.world.form.find(`/data/${name}`).value)
            return [[...new Uint8Array(await blob.arrayBuffer())], about.type]
        }""",
        name,
    )
    return bytes(data), mime


def picture(page: Page, name: str) -> Image.Image:
    """The picture that a question keeps."""
    return Image.open(io.BytesIO(kept(page, name)[0]))


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    """Red, green and blue at a place of the picture."""
    found = image.convert("RGB").getpixel((x, y))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def wait_for_answer(page: Page, name: str, before: str = "") -> None:
    """Waits until a question's answer is another than before, and its earlier file is gone."""
    page.wait_for_function(
        "([name, before]) => { const { value } = window.world.form.find(`/data/${name}`); return value !== before && value !== '' && !window.world.files.has(before) }",
        arg=[name, before],
    )


def jpeg(width: int, height: int, colour: str, orientation: int = 1) -> bytes:
    """A picture as a camera makes it."""
    image = Image.new("RGB", (width, height), colour)
    exif = image.getexif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def give(picker: Locator, data: bytes, name: str = "image.jpg", mime: str = "image/jpeg") -> None:
    """Hands a file to a picker."""
    picker.set_input_files({"name": name, "mimeType": mime, "buffer": data})


def stroke(page: Page, *points: tuple[float, float]) -> None:
    """Draws on the pad, from point to point, each a share of its width and height."""
    box = box_of(page.locator(".pad__canvas"))
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()


def ink(page: Page, x: float, y: float) -> list[int]:
    """The colour of the pad at a share of its width and height: red, green, blue."""
    found: list[int] = page.locator(".pad__canvas").evaluate(
        "(pad, [x, y]) => [...pad.getContext('2d').getImageData(Math.round(x * pad.width), Math.round(y * pad.height), 1, 1).data].slice(0, 3)",
        [x, y],
    )
    return found


# Drawn


def test_a_signature_is_drawn_undone_and_stays_right_when_the_phone_is_turned(fill: Fill) -> None:
    page = fill(model(photo("name", "signature", required="true()"), question("next")))
    sign = page.get_by_role("button", name="Sign")
    sign.tap()
    keep = page.get_by_role("button", name="Keep")
    expect(keep).to_be_disabled()
    stroke(page, (0.2, 0.3), (0.6, 0.3))
    stroke(page, (0.2, 0.7), (0.6, 0.7))
    page.get_by_role("button", name="Undo").tap()
    assert ink(page, 0.4, 0.3) == [17, 17, 17]
    assert ink(page, 0.4, 0.7) == [255, 255, 255]
    page.set_viewport_size({"width": 740, "height": 360})
    assert ink(page, 0.4, 0.3) == [17, 17, 17]
    stroke(page, (0.3, 0.4), (0.3, 0.5))
    assert ink(page, 0.3, 0.45) == [17, 17, 17]
    keep.tap()
    wait_for_answer(page, "name")
    signed = picture(page, "name")
    assert (kept(page, "name")[1], signed.format) == ("image/png", "PNG")
    # Cut to what was written, on white.
    assert pixel(signed, 0, 0) == (255, 255, 255)
    assert max(signed.size) < 1000
    first = stored(page, "name")
    page.get_by_role("button", name="Sign again").tap()
    expect(keep).to_be_disabled()
    page.get_by_role("button", name="Cancel").tap()
    expect_stored(page, "name", first)
    page.get_by_role("button", name="Remove").tap()
    page.locator(".bottombar__next").tap()
    assert sign.get_attribute("aria-describedby") == page.locator(".question__error").get_attribute("id")


def test_a_drawing_left_by_back_is_not_lost_and_goes_on_from_what_is_kept(fill: Fill) -> None:
    page = fill(model(photo("map", "draw", parameters={"max-pixels": "500"})))
    page.get_by_role("button", name="Draw").tap()
    # With the keyboard: pen down, two steps to the right, pen up.
    for key in (" ", "ArrowRight", "ArrowRight", " "):
        page.keyboard.press(key)
    assert page.evaluate("window.world.fill.back()")
    expect(page.locator(".pad")).to_have_count(0)
    expect_stored(page, "map", "")
    page.get_by_role("button", name="Draw").tap()
    assert ink(page, 0.5, 0.5) == [17, 17, 17]
    page.get_by_label("Red").check()
    stroke(page, (0.1, 0.1), (0.9, 0.1))
    page.get_by_role("button", name="Keep").tap()
    wait_for_answer(page, "map")
    assert max(picture(page, "map").size) == 500
    before = stored(page, "map")
    page.locator(".file img").wait_for()
    page.get_by_role("button", name="Draw").tap()
    assert ink(page, 0.5, 0.1) == [208, 32, 28]
    stroke(page, (0.1, 0.9), (0.9, 0.9))
    page.get_by_role("button", name="Clear all").tap()
    assert ink(page, 0.5, 0.1) == [208, 32, 28]
    stroke(page, (0.1, 0.8), (0.9, 0.8))
    page.get_by_role("button", name="Keep").tap()
    wait_for_answer(page, "map", before)
    assert max(picture(page, "map").size) == 500


def test_a_photo_is_marked_and_keeps_its_size(fill: Fill) -> None:
    page = fill(model(photo("house", "new annotate")))
    mark = page.get_by_role("button", name="Draw on the photo")
    expect(page.locator("input[type=file]")).to_have_count(1)
    expect(mark).to_be_hidden()
    give(page.locator("input[type=file]"), jpeg(1600, 1200, "blue"))
    mark.tap()
    page.get_by_label("Yellow").check()
    stroke(page, (0.2, 0.5), (0.8, 0.5))
    before = stored(page, "house")
    page.get_by_role("button", name="Keep").tap()
    wait_for_answer(page, "house", before)
    marked = picture(page, "house")
    assert (marked.format, marked.size) == ("JPEG", (1600, 1200))
    red, green, blue = pixel(marked, 800, 600)
    assert red > 200 and green > 150 and blue < 120
    assert pixel(marked, 800, 80)[2] > 200


def test_a_picture_that_the_form_begins_with_can_be_drawn_on(page: Page, fill: Fill) -> None:
    page.evaluate(
        """() => {
            const canvas = document.createElement('canvas')
            canvas.width = 200
            canvas.height = 100
            window.world.media['body.png'] = canvas.toDataURL()
        }"""
    )
    fill(model(photo("where", "annotate", default="jr://images/body.png")))
    page.locator(".file img").wait_for()
    page.get_by_role("button", name="Draw on the photo").tap()
    stroke(page, (0.2, 0.5), (0.8, 0.5))
    page.get_by_role("button", name="Keep").tap()
    wait_for_answer(page, "where", "jr://images/body.png")
    assert picture(page, "where").size == (200, 100)


# Pictures and files


def test_a23_a_turned_photo_is_upright_once(fill: Fill) -> None:
    page = fill(model(photo("front")))
    give(page.locator("input[type=file]").first, jpeg(40, 20, "red", orientation=6))
    wait_for_answer(page, "front")
    assert picture(page, "front").size == (20, 40)
    assert not picture(page, "front").getexif()
    shown = page.locator(".file img")
    shown.wait_for()
    page.wait_for_function("() => document.querySelector('.file img').naturalWidth > 0")
    assert shown.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [20, 40]


def test_a26_a_photo_of_11_mb_that_cannot_be_scaled_is_refused_in_words_that_close(fill: Fill, tmp_path: Path) -> None:
    large = tmp_path / "image.jpg"
    large.write_bytes(bytes(11_000_000))
    page = fill(model(field_list("p", [question("name"), photo("front")])))
    page.get_by_label("name").fill("Li Wei")
    page.locator("input[type=file]").first.set_input_files(large)
    message = page.locator(".file__message")
    expect(message).to_contain_text("10.5 MB")
    expect(message).to_contain_text("at most 10 MB can be sent")
    message.get_by_role("button", name="Close").tap()
    expect(message.locator("p")).to_have_text("")
    expect(message.get_by_role("button")).to_have_count(0)
    expect(page.get_by_label("name")).to_have_value("Li Wei")
    page.locator(".bottombar__next").tap()
    page.locator(".bottombar__next").tap()
    page.wait_for_function("() => window.world.finished.length === 1")
    assert page.evaluate("window.world.finished[0].answers.p.name") == "Li Wei"


def test_the_appearance_says_which_camera_and_whether_a_file_may_be_chosen(fill: Fill) -> None:
    page = fill(
        model(
            field_list(
                "p",
                [
                    photo("a"),
                    photo("b", "new"),
                    photo("c", "new-front"),
                    photo("d", "selfie"),
                    question("e", mediatype="video/*", **UPLOAD),
                    question("f", mediatype="video/*", appearance="new-front", **UPLOAD),
                    question("g", mediatype="application/*", parameters={"accept": "application/pdf,.doc"}, **UPLOAD),
                    question("h", mediatype="application/*", **UPLOAD),
                    question("i", mediatype="audio/*", parameters={"quality": "external"}, **UPLOAD),
                    question("j", mediatype="image/*", appearance="ex:org.app.camera(a='b')", **UPLOAD),
                ],
            )
        )
    )
    expect(page.locator(".file")).to_have_count(10)
    found = page.evaluate(
        "[...document.querySelectorAll('.file')].map((file) => [...file.querySelectorAll('input')].map((input) => [input.accept, input.getAttribute('capture')]))"
    )
    back, front, any_photo = ["image/*", "environment"], ["image/*", "user"], ["image/*", None]
    assert found == [
        [back, any_photo],
        [back],
        [front],
        [front],
        [["video/*", "environment"], ["video/*", None]],
        [["video/*", "user"]],
        [["application/pdf,.doc", None]],
        [["*/*", None]],
        [["audio/*", "user"]],
        [back, any_photo],
    ]
    expect(page.locator(".notice")).to_have_text(
        "This was made for another app (org.app.camera), which cannot be opened here. Please answer here."
    )
    give(page.locator(".file").nth(7).locator("input"), b"%PDF-", "a.pdf", "application/pdf")
    wait_for_answer(page, "p/h")
    assert kept(page, "p/h") == (b"%PDF-", "application/pdf")


# Recorded


def test_a_recording_is_made_in_place_played_made_again_and_kept_when_the_page_is_left(
    phone: BrowserContext, fill: Fill
) -> None:
    phone.grant_permissions(["microphone"])
    voice = question("voice", mediatype="audio/*", parameters={"quality": "voice-only"}, **UPLOAD)
    page = fill(model(voice, question("next")))
    page.evaluate(
        """() => {
            window.MediaRecorder = class extends MediaRecorder {
                constructor(stream, options) {
                    super(stream, options)
                    window.bits = options.audioBitsPerSecond
                }
            }
        }"""
    )
    page.get_by_role("button", name="Record sound").tap()
    expect(page.get_by_role("timer")).to_have_text("Recording 0:01")
    assert page.evaluate("window.bits") == 12000
    page.get_by_role("button", name="Stop and keep").tap()
    expect(page.locator("audio")).to_be_visible()
    first = stored(page, "voice")
    data, mime = kept(page, "voice")
    assert mime.startswith("audio/webm") and len(data) > 500
    page.locator("audio").evaluate("(player) => { player.muted = true; return player.play() }")
    page.get_by_role("button", name="Record again").tap()
    expect(page.get_by_role("timer")).to_contain_text("Recording")
    page.wait_for_timeout(300)
    page.locator(".bottombar__next").tap()
    expect(page.get_by_label("next")).to_be_visible()
    wait_for_answer(page, "voice", first)
    page.locator(".bottombar__back").tap()
    page.get_by_role("button", name="Remove").tap()
    expect(page.get_by_role("button", name="Record sound")).to_be_visible()
    page.locator(".bottombar__next").tap()
    expect(page.get_by_label("next")).to_be_visible()
    assert page.evaluate("window.world.files.size") == 0


def test_a_microphone_that_is_refused_says_what_to_do_and_a_file_can_be_chosen(fill: Fill) -> None:
    page = fill(model(question("voice", mediatype="audio/*", **UPLOAD)))
    page.get_by_role("button", name="Record sound").tap()
    expect(page.locator(".file__message")).to_contain_text("Allow the microphone for the browser")
    give(page.locator("input[type=file]"), b"12345", "a.mp3", "audio/mpeg")
    wait_for_answer(page, "voice")
    assert kept(page, "voice") == (b"12345", "audio/mpeg")


# Allowed only when it is needed, and with the reason


def test_what_the_phone_will_ask_for_is_explained_beside_the_button_and_not_asked_at_opening(
    phone: BrowserContext, page: Page, fill: Fill
) -> None:
    page.evaluate(
        """() => {
            window.asked = []
            const { geolocation, mediaDevices } = navigator
            for (const name of ['watchPosition', 'getCurrentPosition']) {
                const ask = geolocation[name].bind(geolocation)
                geolocation[name] = (...values) => { window.asked.push(name); return ask(...values) }
            }
            const ask = mediaDevices.getUserMedia.bind(mediaDevices)
            mediaDevices.getUserMedia = (wish) => { window.asked.push('getUserMedia'); return ask(wish) }
            window.BarcodeDetector = class { async detect() { return [] } }
        }"""
    )
    form = model(
        field_list(
            "p",
            [
                question("where", type="geopoint"),
                question("field", type="geoshape"),
                question("voice", mediatype="audio/*", **UPLOAD),
                question("code", type="barcode"),
            ],
        )
    )
    fill(form)
    place = "The questionnaire asks where this is. The phone will ask you: tap “Allow”."
    expect(page.locator(".reason:visible")).to_have_count(4)
    expect(page.get_by_text(place)).to_have_count(2)
    expect(page.get_by_text("The microphone listens only while you record.")).to_be_visible()
    expect(page.get_by_text("The camera only reads the code.")).to_be_visible()
    assert page.evaluate("window.asked") == []
    phone.grant_permissions(["geolocation", "microphone", "camera"])
    expect(page.locator(".reason:visible")).to_have_count(0)
    fill(form, ui="zh")
    expect(page.get_by_role("button", name="获取位置")).to_be_visible()
    expect(page.locator(".reason:visible")).to_have_count(0)


def test_the_camera_is_explained_until_it_has_taken_a_first_photo(fill: Fill) -> None:
    form = model(photo("front"))
    page = fill(form)
    reason = page.get_by_text("The camera is for this question only.")
    gallery = page.locator("input[type=file]").nth(1)
    expect(reason).to_be_visible()
    give(gallery, jpeg(40, 20, "red"))
    wait_for_answer(page, "front")
    expect(reason).to_be_visible()
    before = stored(page, "front")
    give(page.locator("input[type=file]").first, jpeg(40, 20, "blue"))
    wait_for_answer(page, "front", before)
    expect(reason).to_be_hidden()
    fill(form)
    expect(page.get_by_text("Take photo")).to_be_visible()
    expect(reason).to_be_hidden()


@pytest.mark.parametrize("scale", [100, 200])
def test_a_photo_has_a_large_button_a_preview_and_can_be_taken_again_on_the_narrowest_phone(
    page: Page, fill: Fill, scale: int
) -> None:
    page.set_viewport_size({"width": 320, "height": 740})
    page.evaluate("(scale) => { document.documentElement.style.fontSize = `${scale}%` }", scale)
    fill(model(photo("front")))
    take = page.locator(".file__picker").first
    box = box_of(take)
    assert box["width"] > 270 and box["height"] >= 64
    give(page.locator("input[type=file]").first, jpeg(1600, 1200, "blue"))
    expect(take).to_have_text("Take it again")
    shown = page.get_by_role("img", name="The photo taken")
    expect(shown).to_be_in_viewport()
    for button in (take, page.get_by_role("button", name="Remove")):
        assert box_of(button)["height"] >= 48
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Remove").tap()
    expect(take).to_have_text("Take photo")


# Codes


def test_a_code_is_typed_where_the_browser_cannot_scan(fill: Fill) -> None:
    page = fill(model(question("code", "Code", type="barcode"), question("next")))
    expect(page.get_by_text("cannot scan codes. Please type")).to_be_visible()
    expect(page.get_by_role("button", name="Scan the code")).to_have_count(0)
    page.get_by_label("Code").fill("0012345")
    page.keyboard.press("Enter")
    expect_stored(page, "code", "0012345")
    expect(page.get_by_label("next")).to_be_visible()


#: What Chrome on Android has and Chromium on Linux has not. It sees a code at its second look.
DETECTOR = """() => {
    window.BarcodeDetector = class {
        looks = 0
        async detect(video) {
            this.looks += 1
            return this.looks > 1 && video.videoWidth ? [{ rawValue: '6901234567892' }] : []
        }
    }
}"""


def test_a_code_is_scanned_by_the_camera_which_goes_off_again(phone: BrowserContext, page: Page, fill: Fill) -> None:
    page.evaluate(DETECTOR)
    page.evaluate(
        """() => {
            const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
            window.asked = []
            navigator.mediaDevices.getUserMedia = async (what) => {
                const stream = await ask(what)
                window.asked.push([what.video.facingMode, stream.getTracks()[0]])
                return stream
            }
        }"""
    )
    fill(model(question("code", "Code", type="barcode", appearance="front")))
    page.get_by_role("button", name="Scan the code").tap()
    expect(page.locator(".barcode__message")).to_contain_text("Allow the camera for the browser")
    phone.grant_permissions(["camera"])
    page.get_by_role("button", name="Scan the code").tap()
    expect(page.get_by_label("Code", exact=True)).to_have_value("6901234567892")
    expect_stored(page, "code", "6901234567892")
    assert page.evaluate("window.asked.map(([facing, track]) => [facing, track.readyState])") == [["user", "ended"]]
    page.evaluate("() => { window.BarcodeDetector.prototype.detect = async () => [] }")
    page.get_by_role("button", name="Scan the code").tap()
    expect(page.get_by_text("Hold the code in the middle")).to_be_visible()
    assert page.evaluate("window.world.fill.back()")
    expect(page.locator(".pad")).to_have_count(0)
    expect_stored(page, "code", "6901234567892")
    page.wait_for_function("() => window.asked.every(([, track]) => track.readyState === 'ended')")


# Numbers


def test_a_bearing_is_read_from_the_compass_or_typed(page: Page, fill: Fill) -> None:
    fill(model(question("way", "Way", type="decimal", appearance="bearing")))
    page.get_by_role("button", name="Use the compass").tap()
    expect(page.get_by_text("Hold the phone flat")).to_be_visible()
    page.evaluate(
        "dispatchEvent(new DeviceOrientationEvent('deviceorientationabsolute', { absolute: true, alpha: 88.5, beta: 0, gamma: 0 }))"
    )
    page.get_by_role("button", name="Use 271.5°").tap()
    expect(page.get_by_label("Way")).to_have_value("271.5")
    expect_stored(page, "way", "271.5")
    page.get_by_label("Way").fill("90")
    expect_stored(page, "way", "90")
    page.get_by_role("button", name="Use the compass").tap()
    expect(page.get_by_text("No compass works on this phone.")).to_be_visible()


def test_a_counter_counts_and_an_app_of_elsewhere_is_answered_here(fill: Fill) -> None:
    page = fill(
        model(
            field_list(
                "p",
                [
                    question("heads", "Heads", type="int", appearance="counter"),
                    question("breaths", "Breaths", type="int", appearance="ex:change.uw.android.BREATHCOUNT"),
                ],
            )
        )
    )
    for name in ("1 more", "1 more", "1 more", "1 less"):
        page.get_by_role("button", name=name).tap()
    expect_stored(page, "p/heads", "2")
    expect(page.get_by_label("Heads")).to_have_value("2")
    expect(page.get_by_text("made for another app (change.uw.android.BREATHCOUNT)")).to_be_visible()
    page.get_by_label("Breaths").fill("18")
    expect_stored(page, "p/breaths", "18")


def test_ranges_count_in_whole_steps_up_and_down(fill: Fill) -> None:
    tenths = {"start": "0", "end": "1", "step": "0.1"}
    falling = {"start": "10", "end": "-10", "step": "-4", "placeholder": "2"}
    page = fill(
        model(
            field_list(
                "p",
                [
                    question("a", control="range", type="decimal", parameters=tenths),
                    question("b", control="range", type="int", parameters=falling, appearance="no-ticks"),
                    question(
                        "c",
                        control="range",
                        type="int",
                        appearance="vertical",
                        parameters={"start": "0", "end": "4", "step": "1", "tick-labels": "often"},
                    ),
                ],
            ),
            lists={"often": choices(("0", "Never"), ("2", "Now and then"), ("4", "Always"))},
        )
    )
    a, b, c = (page.get_by_role("group", name=name, exact=True) for name in "abc")
    expect(a.get_by_role("slider")).to_have_attribute("aria-valuetext", "no answer yet")
    for _ in range(4):
        a.get_by_role("button", name="0.1 more").tap()
    expect_stored(page, "p/a", "0.3")
    expect(a.locator(".range__tick")).to_have_count(11)
    assert a.locator(".range__label").all_text_contents() == ["0.0", "1.0"]
    # The thumb stands at the placeholder, which is no answer.
    expect_stored(page, "p/b", "")
    expect(b.get_by_role("slider")).to_have_value("2")
    b.get_by_role("slider").press("ArrowRight")
    expect_stored(page, "p/b", "-2")
    b.get_by_role("button", name="4 more").tap()
    expect_stored(page, "p/b", "2")
    expect(b.locator(".range__tick")).to_have_count(0)
    assert c.locator(".range__label").all_text_contents() == ["Never", "Now and then", "Always"]
    upright = box_of(c.get_by_role("slider"))
    assert upright["height"] > 3 * upright["width"]
    c.get_by_role("slider").press("ArrowUp")
    expect_stored(page, "p/c", "1")
    c.get_by_role("button", name="Take the answer back").tap()
    expect_stored(page, "p/c", "")
    expect(c.get_by_role("slider")).to_have_attribute("aria-valuetext", "no answer yet")


def test_stars_are_radios_and_a_picker_is_the_phones_own(fill: Fill) -> None:
    page = fill(
        model(
            field_list(
                "p",
                [
                    question(
                        "a", control="range", type="int", appearance="rating", parameters={"start": "1", "end": "5"}
                    ),
                    question(
                        "b",
                        control="range",
                        type="decimal",
                        appearance="picker",
                        parameters={"start": "1.5", "end": "3", "step": "0.5"},
                    ),
                ],
            )
        )
    )
    page.locator(".star").nth(3).tap()
    expect_stored(page, "p/a", "4")
    expect(page.get_by_role("radio", name="4 of 5")).to_be_checked()
    expect(page.locator(".star--filled")).to_have_count(4)
    # Filled and hollow, for eyes that see no colour in the sun.
    assert page.locator(".star").all_text_contents() == ["★", "★", "★", "★", "☆"]
    page.keyboard.press("ArrowLeft")
    expect_stored(page, "p/a", "3")
    picker = page.get_by_role("group", name="b", exact=True).locator("select")
    assert picker.locator("option").all_text_contents() == ["Choose…", "1.5", "2.0", "2.5", "3.0"]
    picker.select_option("2.5")
    expect_stored(page, "p/b", "2.5")
