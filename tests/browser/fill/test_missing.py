"""“Rather not say” and “Don't know”, where the form allows them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.boxes import box_of

from .models import YES_NO, field_list, model, question, repeat, select

Fill = Callable[..., Page]

BOTH = ["dont_know", "declined"]
FORM = model(
    question("income", "Income?", type="int", required="true()", constraint=". > 0", missing=BOTH),
    question("plain", "Plain?", required="true()"),
)


def button(page: Page, name: str = "Don't know") -> Locator:
    """One of the buttons under the question."""
    return page.get_by_role("button", name=name, exact=True)


def is_pressed(page: Page, name: str = "Don't know") -> str | None:
    """Its state as it is told to a screen reader."""
    return button(page, name).get_attribute("aria-pressed")


def answers(page: Page) -> dict[str, Any]:
    """What the form holds now."""
    found: dict[str, Any] = page.evaluate("window.world.form.answers()")
    return found


def go_on(page: Page) -> None:
    """Taps the large button below."""
    page.locator(".bottombar__next").tap()


def test_a_reason_answers_a_required_question_and_is_saved(fill: Fill) -> None:
    page = fill(FORM)
    go_on(page)
    expect(page.locator(".question__error")).to_be_visible()
    button(page, "Rather not say").tap()
    expect(page.locator(".question__error")).to_be_hidden()
    assert (is_pressed(page, "Rather not say"), is_pressed(page)) == ("true", "false")
    page.wait_for_function("() => window.world.saves.at(-1)?.answers['income@missing'] === 'declined'")
    button(page).tap()
    assert (is_pressed(page, "Rather not say"), is_pressed(page)) == ("false", "true")
    go_on(page)
    expect(page.get_by_label("Plain?")).to_be_visible()
    expect(page.locator(".reason")).to_have_count(0)


def test_an_answer_takes_the_place_of_the_reason(fill: Fill) -> None:
    page = fill(FORM)
    button(page).tap()
    page.get_by_role("textbox", name="Income?").press_sequentially("5")
    expect(button(page)).to_have_attribute("aria-pressed", "false")
    assert answers(page) == {"income": "5"}


def test_the_answer_goes_and_comes_back_with_undo(fill: Fill) -> None:
    page = fill(FORM)
    box = page.get_by_role("textbox", name="Income?")
    box.fill("500")
    button(page, "Rather not say").tap()
    expect(box).to_have_value("")
    assert answers(page) == {"income@missing": "declined"}
    page.get_by_role("button", name="Undo").tap()
    expect(box).to_have_value("500")
    expect(button(page, "Rather not say")).to_have_attribute("aria-pressed", "false")
    assert answers(page) == {"income": "500"}


def test_the_answer_comes_back_when_the_reason_is_taken_back(fill: Fill) -> None:
    page = fill(FORM)
    box = page.get_by_role("textbox", name="Income?")
    box.fill("500")
    button(page).tap()
    button(page, "Rather not say").tap()
    button(page, "Rather not say").tap()
    expect(box).to_have_value("500")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert answers(page) == {"income": "500"}
    box.fill("")
    button(page).tap()
    button(page).tap()
    assert answers(page) == {}


SHOWN: list[tuple[str, dict[str, Any], str]] = [
    ("select1", {"control": "select1", "itemset": {"nodeset": "instance('yn')/root/item", "value": "name", "label": "label"}}, "yes"),
    ("select", {"control": "select", "itemset": {"nodeset": "instance('yn')/root/item", "value": "name", "label": "label"}}, "yes no"),
    ("rank", {"control": "rank", "type": "odk:rank", "itemset": {"nodeset": "instance('yn')/root/item", "value": "name", "label": "label"}}, "yes no"),
    ("date", {"type": "date"}, "1945-08-15"),
    ("time", {"type": "time"}, "09:30:00.000+08:00"),
    ("dateTime", {"type": "dateTime"}, "2026-03-28T09:43:10.000+08:00"),
    ("geopoint", {"type": "geopoint"}, "32.05 118.79 0 4"),
    ("range", {"type": "int", "control": "range", "parameters": {"start": "0", "end": "10", "step": "1"}}, "4"),
    ("trigger", {"control": "trigger"}, "OK"),
    ("barcode", {"type": "barcode"}, "690"),
    ("multiline", {"appearance": "multiline"}, "long"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "keys", "value"), SHOWN, ids=[kind for kind, _, _ in SHOWN])
def test_every_kind_of_question_is_emptied_and_filled_again(
    fill: Fill, kind: str, keys: dict[str, Any], value: str
) -> None:
    form = model(question("q", "Q?", missing=["dont_know"], **keys), lists={"yn": YES_NO})
    page = fill(form, answers={"q": value})
    expect(button(page)).to_be_visible()
    state = """() => [...document.querySelectorAll('.question input, .question textarea, .question output')]
        .map((box) => (box.type === 'checkbox' || box.type === 'radio' ? box.checked : box.value)).join('|')"""
    filled = page.evaluate(state)
    button(page).tap()
    assert answers(page) == {"q@missing": "dont_know"}
    if kind not in ("rank", "barcode"):
        assert page.evaluate(state) != filled
    button(page).tap()
    assert answers(page) == {"q": value}
    assert page.evaluate(state) == filled


def test_a_photo_comes_back_when_the_reason_is_taken_back(fill: Fill) -> None:
    photo = question("photo", "Photo?", type="binary", control="upload", mediatype="image/*", missing=["declined"])
    page = fill(model(photo))
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "JPEG")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}
    )
    expect(page.locator(".file__preview img")).to_be_visible()
    name = answers(page)["photo"]
    button(page, "Rather not say").tap()
    expect(page.locator(".file__preview img")).to_have_count(0)
    assert answers(page) == {"photo@missing": "declined"}
    button(page, "Rather not say").tap()
    expect(page.locator(".file__preview img")).to_be_visible()
    assert answers(page) == {"photo": name}


def test_a_draft_shows_its_reasons_and_the_list_says_them_in_words(fill: Fill) -> None:
    page = fill(FORM, answers={"income@missing": "declined", "plain": "x"}, position="review", ui="zh")
    page.evaluate("window.world.fill.back()")
    page.get_by_role("button", name="全部问题").tap()
    entry = page.locator(".overview__entry").first
    expect(entry).to_contain_text("不愿回答")
    entry.get_by_role("button").tap()
    expect(button(page, "不愿回答")).to_have_attribute("aria-pressed", "true")
    expect(button(page, "不知道")).to_have_attribute("aria-pressed", "false")


def test_a_row_that_was_taken_out_comes_back_with_its_reasons(fill: Fill) -> None:
    page = fill(
        model(repeat("m", [question("name", "Name?", missing=BOTH), question("age", "Age?")], "Members")),
        answers={"m": [{"name": "Li", "age": "3"}, {"name@missing": "declined", "age": "4"}]},
    )
    page.get_by_role("button", name="Remove Members 2").tap()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert answers(page) == {"m": [{"name": "Li", "age": "3"}]}
    page.get_by_role("button", name="Undo").tap()
    expect(page.get_by_role("button", name="Remove Members 2")).to_be_visible()
    assert answers(page)["m"][1] == {"name@missing": "declined", "age": "4"}


def test_the_buttons_are_named_by_their_question_and_go_where_it_is_not_asked(fill: Fill) -> None:
    form = model(
        field_list(
            "page",
            [
                select("sure", "Sure?", "yn", missing=["dont_know"]),
                question("why", "Why?", readonly="/data/page/sure = 'no'", missing=["declined"]),
            ],
        ),
        lists={"yn": YES_NO},
    )
    page = fill(form)
    expect(page.get_by_role("group", name="Why?").get_by_role("button")).to_have_text("Rather not say")
    expect(page.get_by_role("group", name="Sure?").get_by_role("button").last).to_have_text("Don't know")
    page.get_by_text("No", exact=True).tap()
    expect(page.get_by_role("button", name="Rather not say")).to_have_count(0)


@pytest.mark.parametrize(("width", "text_size"), [(360, "100%"), (320, "100%"), (320, "200%")])
def test_the_buttons_are_large_and_fit_the_screen(fill: Fill, width: int, text_size: str) -> None:
    page = fill(FORM)
    page.set_viewport_size({"width": width, "height": 640})
    page.evaluate("(size) => { document.documentElement.style.fontSize = size }", text_size)
    for name in ("Don't know", "Rather not say"):
        box = box_of(button(page, name))
        assert box["height"] >= 48
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_shown_whole_a_reason_counts_as_done(fill: Fill) -> None:
    page = fill(FORM, layout="scroll")
    expect(page.locator(".topbar__place")).to_have_text("0 / 2")
    button(page).tap()
    expect(page.locator(".topbar__place")).to_have_text("1 / 2")
