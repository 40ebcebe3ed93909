"""Each kind of question: what is typed or tapped, what is stored, what is shown again."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.boxes import box_of
from tests.browser.fill.answers import expect_stored, stored

from .models import choices, field_list, model, question, select

Fill = Callable[..., Page]

GEO = question("where", "Where?", type="geopoint")
PHOTO: dict[str, Any] = {"control": "upload", "type": "binary", "mediatype": "image/*"}


def go_on(page: Page) -> None:
    """Taps Next."""
    page.locator(".bottombar__next").tap()


# Typed


def test_a38_numbers_are_text_on_the_numeric_keypad(fill: Fill) -> None:
    page = fill(model(question("phone", appearance="numbers")))
    box = page.get_by_label("phone")
    box.type("0008888888")
    assert (box.get_attribute("inputmode"), box.get_attribute("type")) == ("numeric", "text")
    expect_stored(page, "phone", "0008888888")


@pytest.mark.parametrize(("typed", "value"), [("2,5", "2.5"), ("2.5", "2.5"), ("２．５", "2.5")])
def test_a36_a_decimal_shows_what_is_stored(fill: Fill, typed: str, value: str) -> None:
    page = fill(model(question("share", type="decimal", required="true()"), question("next")))
    box = page.get_by_label("share")
    box.type(typed)
    expect(box).to_have_value(typed)
    box.blur()
    expect(box).to_have_value(value)
    expect_stored(page, "share", value)


@pytest.mark.parametrize("typed", ["12.212,12", "123,.,1", "8-3"])
def test_a36_a_decimal_that_is_none_blocks_and_stays_visible(fill: Fill, typed: str) -> None:
    page = fill(model(question("share", type="decimal", required="true()"), question("next")))
    box = page.get_by_label("share")
    box.type(typed)
    go_on(page)
    expect(box).to_have_value(typed)
    expect(page.locator(".question__error")).to_have_text("Please type a number, such as 2.5.")


@pytest.mark.parametrize("typed", ["١٢", "۱۲", "१२"])
def test_a53_digits_of_other_scripts(fill: Fill, typed: str) -> None:
    page = fill(model(question("age", type="int", constraint=". >= 12")))
    page.get_by_label("age", exact=True).type(typed)
    expect_stored(page, "age", "12")
    go_on(page)
    expect(page.locator(".review")).to_be_visible()


def test_text_of_many_lines_keeps_its_line_breaks(fill: Fill) -> None:
    page = fill(model(question("story", appearance="multiline"), question("next")))
    box = page.get_by_label("story")
    box.type("one\ntwo")
    expect_stored(page, "story", "one\ntwo")
    expect(box).to_be_focused()


def test_an_unknown_type_is_typed_as_text(fill: Fill) -> None:
    page = fill(model(question("line", type="osm")))
    page.get_by_label("line").fill("way 12")
    expect_stored(page, "line", "way 12")


# Choices


def test_a86_a_radio_is_named_by_its_choice_and_the_group_by_the_question(fill: Fill) -> None:
    page = fill(model(select("owns", "Owns a house?", "yn", required="true()", hint="Look at the deed.")))
    group = page.get_by_role("group", name="Owns a house?", exact=True)
    group.get_by_role("radio", name="Yes", exact=True).check()
    expect_stored(page, "owns", "yes")
    expect(group).to_have_accessible_description("Look at the deed.")


def test_the_whole_row_of_a_choice_can_be_tapped(fill: Fill) -> None:
    page = fill(model(select("owns", "Owns?", "yn")))
    row = page.locator(".option").nth(1)
    row.tap(position={"x": box_of(row)["width"] - 6, "y": 6})
    expect_stored(page, "owns", "no")


def test_a_choice_that_is_not_required_can_be_taken_back(fill: Fill) -> None:
    page = fill(model(select("owns", "Owns?", "yn")))
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Take the answer back").tap()
    expect_stored(page, "owns", "")
    expect(page.get_by_role("radio", name="Yes")).not_to_be_checked()


def test_select_multiple_keeps_the_order_of_the_list(fill: Fill) -> None:
    lists = {"tools": choices(("a", "Axe"), ("b", "Bow"), ("c", "Cart"))}
    page = fill(model(select("tools", "Tools", "tools", multiple=True), lists=lists))
    for name in ("Cart", "Axe", "Bow"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("checkbox", name="Bow").uncheck()
    expect_stored(page, "tools", "a c")


def test_quick_goes_on_by_itself(fill: Fill) -> None:
    page = fill(model(select("owns", "Owns?", "yn", appearance="quick"), question("next")))
    page.get_by_text("Yes", exact=True).tap()
    expect(page.get_by_label("next")).to_be_visible()


def test_minimal_is_the_phones_own_picker(fill: Fill) -> None:
    page = fill(model(select("owns", "Owns?", "yn", appearance="minimal")))
    page.get_by_label("Owns?").select_option(label="No")
    expect_stored(page, "owns", "no")


def test_choices_follow_their_filter(fill: Fill) -> None:
    lists = {
        "towns": choices(("n", "North"), ("s", "South")),
        "places": choices(("1", "Hill", "n"), ("2", "Lake", "s"), columns=("name", "label", "town")),
    }
    form = model(
        field_list(
            "p", [select("town", "Town", "towns"), select("place", "Place", "places", where="[town = /data/p/town]")]
        ),
        lists=lists,
    )
    page = fill(form)
    expect(page.get_by_text("There is nothing to choose from here.")).to_be_visible()
    page.get_by_role("radio", name="South").check()
    expect(page.get_by_role("radio", name="Lake")).to_be_visible()
    expect(page.get_by_role("radio", name="Hill")).to_have_count(0)


def test_a_list_of_30000_opens_and_is_searched(fill: Fill) -> None:
    rows = [(str(n), f"Village {n}") for n in range(30000)]
    page = fill(model(select("village", "Village?", "v"), lists={"v": choices(*rows)}))
    expect(page.get_by_role("radio")).to_have_count(30)
    page.locator(".bottombar__next").scroll_into_view_if_needed()
    started = page.evaluate("performance.now()")
    page.get_by_label("Type to search").fill("29999")
    expect(page.get_by_role("radio")).to_have_count(1)
    assert page.evaluate("performance.now()") - started < 1000
    page.get_by_role("radio", name="Village 29999").check()
    expect_stored(page, "village", "29999")
    page.get_by_label("Type to search").fill("")
    expect(page.get_by_role("radio").first).to_be_checked()


def test_trigger_is_acknowledged(fill: Fill) -> None:
    page = fill(model(question("read", "Please read.", control="trigger")))
    page.get_by_role("checkbox").check()
    expect_stored(page, "read", "OK")


def test_rank_is_moved_by_buttons(fill: Fill) -> None:
    itemset = {"nodeset": "instance('f')/root/item", "value": "name", "label": "label"}
    form = model(
        question("order", control="rank", type="odk:rank", itemset=itemset),
        lists={"f": choices(("a", "Apple"), ("b", "Bean"), ("c", "Corn"))},
    )
    page = fill(form)
    expect_stored(page, "order", "")
    page.get_by_role("button", name="Corn: up").tap()
    page.get_by_role("button", name="Corn: up").tap()
    expect_stored(page, "order", "c a b")
    expect(page.get_by_role("button", name="Corn: down")).to_be_focused()


def test_a_slider_is_unanswered_until_it_is_used(fill: Fill) -> None:
    page = fill(
        model(question("level", control="range", type="decimal", parameters={"start": "0", "end": "2", "step": "0.5"}))
    )
    expect_stored(page, "level", "")
    expect(page.locator("output")).to_have_text("–")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect_stored(page, "level", "0.5")
    page.get_by_role("button", name="0.5 more").tap()
    expect(page.locator("output")).to_have_text("1.0")


# Dates and times


def test_a42_a_birth_date_is_eight_digits(fill: Fill) -> None:
    page = fill(model(question("born", type="date")))
    page.get_by_label("Year").tap()
    page.keyboard.type("19610307")
    expect_stored(page, "born", "1961-03-07")
    expect(page.locator(".date__spoken")).to_have_text("Tuesday, March 7, 1961")


def test_a42_a_single_digit_that_is_whole_goes_on(fill: Fill) -> None:
    page = fill(model(question("born", type="date")))
    page.get_by_label("Year").tap()
    page.keyboard.type("196137")
    expect_stored(page, "born", "1961-03-07")
    page.get_by_label("Day").blur()
    expect(page.get_by_label("Month")).to_have_value("03")


@pytest.mark.parametrize(
    ("appearance", "typed", "value"), [("month-year", "20195", "2019-05-01"), ("year", "2019", "2019-01-01")]
)
def test_a42_only_what_is_asked_is_typed(fill: Fill, appearance: str, typed: str, value: str) -> None:
    page = fill(model(question("when", type="date", appearance=appearance)))
    page.get_by_label("Year").tap()
    page.keyboard.type(typed)
    expect_stored(page, "when", value)
    expect(page.locator(".box__control")).to_have_count(2 if appearance == "month-year" else 1)


def test_a_date_half_typed_is_kept_and_called_incomplete(fill: Fill) -> None:
    form = model(question("born", type="date"), question("next"))
    page = fill(form)
    page.get_by_label("Year").fill("1961")
    go_on(page)
    expect(page.locator(".question__error")).to_contain_text("full date")
    draft = page.evaluate("window.world.form.answers()")
    fill(form, answers=draft)
    expect(page.get_by_label("Year")).to_have_value("1961")
    page.get_by_label("Year").fill("")
    go_on(page)
    expect(page.get_by_label("next")).to_be_visible()


def test_a_day_that_does_not_exist_blocks(fill: Fill) -> None:
    page = fill(model(question("born", type="date"), question("next")))
    page.get_by_label("Year").tap()
    page.keyboard.type("20230230")
    go_on(page)
    expect(page.locator(".question__error")).to_contain_text("exists")


def test_time_and_datetime_carry_the_offset_of_the_phone(fill: Fill) -> None:
    page = fill(model(field_list("p", [question("at", "At", type="time"), question("met", "Met", type="dateTime")])))
    at = page.get_by_role("group", name="At", exact=True)
    at.get_by_label("Hour").tap()
    page.keyboard.type("0943")
    page.get_by_role("group", name="Met", exact=True).get_by_label("Year").tap()
    page.keyboard.type("200603281430")
    expect_stored(page, "p/at", "09:43:00.000+08:00")
    expect_stored(page, "p/met", "2006-03-28T14:30:00.000+08:00")


def test_today_fills_the_boxes(fill: Fill) -> None:
    page = fill(model(question("born", type="date")))
    page.get_by_role("button", name="Today").tap()
    today = page.evaluate("new Date().toLocaleDateString('sv')")
    expect_stored(page, "born", today)


# Notes and what is read-only


def test_a_note_shows_its_text_with_the_answer_in_it(fill: Fill) -> None:
    form = model(field_list("p", [question("name"), question("hello", readonly="true()")]))
    form["texts"]["English (en)"]["/data/p/hello:label"] = ["Hello ", {"value": " /data/p/name "}, "!\nSit down."]
    page = fill(form)
    page.get_by_label("name").fill("Li Wei")
    note = page.locator(".question__text").nth(1)
    expect(note).to_have_text("Hello Li Wei!\nSit down.")
    assert note.evaluate("(note) => getComputedStyle(note.parentElement).whiteSpace") == "pre-line"


def test_guidance_opens_on_a_tap(fill: Fill) -> None:
    form = model(question("age", hint="In years"))
    form["texts"]["English (en)"]["/data/age:hint"] = {"text": "In years", "guidance": "Count from the last birthday."}
    page = fill(form)
    expect(page.get_by_text("In years")).to_be_visible()
    expect(page.get_by_text("Count from the last birthday.")).to_be_hidden()
    page.get_by_text("More", exact=True).tap()
    expect(page.get_by_text("Count from the last birthday.")).to_be_visible()


def test_questions_without_a_control_are_never_shown(fill: Fill) -> None:
    page = fill(model(question("a"), {"kind": "question", "name": "sum", "type": "int", "calculate": "1 + 1"}))
    go_on(page)
    expect(page.locator(".review")).to_be_visible()


# Position


def locate(phone: BrowserContext, accuracy: float) -> None:
    """The phone stands in Nanjing and knows it to within so many metres."""
    phone.set_geolocation({"latitude": 32.05, "longitude": 118.79, "accuracy": accuracy})


def test_a_good_fix_is_taken_by_itself_and_only_after_a_tap(phone: BrowserContext, fill: Fill) -> None:
    phone.grant_permissions(["geolocation"])
    locate(phone, 5)
    page = fill(model(GEO))
    page.wait_for_timeout(200)
    expect_stored(page, "where", "")
    page.get_by_role("button", name="Get location").tap()
    page.wait_for_function("() => window.world.form.find('/data/where').value !== ''")
    expect_stored(page, "where", "32.05 118.79 0 5")


def test_a39_a_weak_fix_is_taken_when_the_volunteer_says_so(phone: BrowserContext, fill: Fill) -> None:
    phone.grant_permissions(["geolocation"])
    locate(phone, 25)
    page = fill(model(GEO))
    page.get_by_role("button", name="Get location").tap()
    page.get_by_role("button", name="Use this one (±25 m)").tap()
    expect_stored(page, "where", "32.05 118.79 0 25")


def test_a39_a_refusal_is_said_and_an_optional_question_can_be_skipped(fill: Fill) -> None:
    page = fill(model(GEO, question("next")))
    page.get_by_role("button", name="Get location").tap()
    expect(page.locator(".geo__status")).to_contain_text("Allow location")
    go_on(page)
    expect(page.get_by_label("next")).to_be_visible()


def test_a39_silence_ends_after_30_seconds_with_what_to_switch_on(page: Page, fill: Fill) -> None:
    page.clock.install()
    page.evaluate("navigator.geolocation.watchPosition = () => 1")
    fill(model(GEO))
    page.get_by_role("button", name="Get location").tap()
    page.clock.run_for(20000)
    expect(page.locator(".geo__status")).to_contain_text("Looking for your position")
    page.clock.run_for(11000)
    expect(page.locator(".geo__status")).to_contain_text("Switch on Location")
    expect(page.get_by_role("button", name="Get location")).to_be_enabled()


# Files


def jpeg(width: int, height: int, colour: str, orientation: int = 1) -> bytes:
    """A picture as a camera makes it, with orientation and the place where it was taken."""
    picture = Image.new("RGB", (width, height), colour)
    exif = picture.getexif()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[2] = (32.0, 3.0, 0.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def choose(page: Page, question_index: int, data: bytes, name: str = "image.jpg", mime: str = "image/jpeg") -> None:
    """Hands a file to a question's first picker and waits until it is kept."""
    page.locator(".file").nth(question_index).locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": mime, "buffer": data}
    )
    page.locator(".file").nth(question_index).locator("img").wait_for()


def test_a22_two_photos_of_one_name_are_two_files(fill: Fill) -> None:
    page = fill(model(field_list("p", [question("front", **PHOTO), question("back", **PHOTO)])))
    expect(page.locator(".file")).to_have_count(2)
    choose(page, 0, jpeg(40, 20, "red"))
    choose(page, 1, jpeg(80, 60, "blue"))
    front, back = stored(page, "p/front"), stored(page, "p/back")
    assert front != back
    about = page.evaluate("[...window.world.files].map(([name, file]) => [name, file.about.path, file.about.type])")
    assert sorted(about) == sorted([[front, "/data/p/front", "image/jpeg"], [back, "/data/p/back", "image/jpeg"]])


def kept(page: Page) -> bytes:
    """The one file that is kept."""
    data = page.evaluate(
        "(async () => [...new Uint8Array(await [...window.world.files.values()][0].blob.arrayBuffer())])()"
    )
    return bytes(data)


def test_a_photo_is_scaled_turned_upright_and_freed_of_its_place(fill: Fill) -> None:
    page = fill(model(question("photo", **PHOTO)))
    choose(page, 0, jpeg(3200, 800, "red", orientation=6))
    picture = Image.open(io.BytesIO(kept(page)))
    assert picture.size == (400, 1600)
    assert picture.format == "JPEG"
    assert not picture.getexif()


def test_max_pixels_of_the_form_is_held(fill: Fill) -> None:
    page = fill(model(question("photo", parameters={"max-pixels": "640"}, **PHOTO)))
    choose(page, 0, jpeg(1280, 960, "red"))
    assert Image.open(io.BytesIO(kept(page))).size == (640, 480)


def test_a_retake_replaces_and_remove_removes_once_the_page_is_left(fill: Fill) -> None:
    page = fill(model(question("photo", **PHOTO)))
    choose(page, 0, jpeg(40, 20, "red"))
    first = stored(page, "photo")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": jpeg(60, 20, "blue")}
    )
    page.wait_for_function(
        "(first) => window.world.form.find('/data/photo').value !== first && window.world.files.size === 1", arg=first
    )
    second = stored(page, "photo")
    page.get_by_role("button", name="Remove").tap()
    expect_stored(page, "photo", "")
    page.get_by_role("button", name="Undo").tap()
    expect_stored(page, "photo", second)
    expect(page.locator(".file img")).to_be_visible()
    page.get_by_role("button", name="Remove").tap()
    go_on(page)
    page.wait_for_function("() => window.world.files.size === 0")
    expect_stored(page, "photo", "")


def test_a_photo_that_is_none_is_refused_in_plain_words(fill: Fill) -> None:
    page = fill(model(question("photo", **PHOTO)))
    page.locator("input[type=file]").first.set_input_files(
        {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture"}
    )
    expect(page.locator(".file__message")).to_contain_text("cannot be read")
    expect_stored(page, "photo", "")


def test_a_full_phone_keeps_the_earlier_photo(fill: Fill) -> None:
    page = fill(model(question("photo", **PHOTO)))
    choose(page, 0, jpeg(40, 20, "red"))
    name = stored(page, "photo")
    page.evaluate("window.world.isFull = true")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": jpeg(60, 20, "blue")}
    )
    expect(page.locator(".file__message")).to_contain_text("phone is full")
    expect_stored(page, "photo", name)


def test_finish_waits_for_a_photo_that_is_still_being_read(fill: Fill) -> None:
    page = fill(model(question("photo", required="true()", **PHOTO)))
    page.evaluate("""() => {
        const read = window.createImageBitmap
        window.createImageBitmap = async (...values) => { await new Promise((done) => setTimeout(done, 800)); return read(...values) }
    }""")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": jpeg(40, 20, "red")}
    )
    go_on(page)
    expect(page.locator(".review")).to_be_visible()
    assert stored(page, "photo") != ""


def test_a_required_photo_ties_its_error_to_the_picker(fill: Fill) -> None:
    page = fill(model(question("photo", required="true()", **PHOTO)))
    expect(page.locator(".file")).to_be_visible()
    go_on(page)
    for picker in page.locator("input[type=file]").all():
        assert picker.get_attribute("aria-invalid") == "true"
        assert picker.get_attribute("aria-describedby") == page.locator(".question__error").get_attribute("id")


def test_a_recording_is_kept_as_it_is(fill: Fill) -> None:
    page = fill(model(question("voice", control="upload", type="binary", mediatype="audio/*")))
    page.locator("input[type=file]").set_input_files({"name": "a.mp3", "mimeType": "audio/mpeg", "buffer": b"12345"})
    expect(page.locator("audio")).to_be_visible()
    assert kept(page) == b"12345"
