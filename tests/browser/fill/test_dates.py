"""Dates in other calendars, from the phone's own calendar, chosen in steps, and across zones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.fill.answers import expect_stored

from .models import field_list, model, question

Fill = Callable[..., Page]


def go_on(page: Page) -> None:
    """Taps Next."""
    page.locator(".bottombar__next").tap()


@pytest.mark.parametrize(
    ("appearance", "typed", "value"),
    [
        ("ethiopian", "20151306", "2023-09-11"),
        ("coptic", "17410101", "2024-09-11"),
        ("islamic", "14460101", "2024-07-08"),
        ("persian", "14031230", "2025-03-20"),
        ("buddhist", "25040307", "1961-03-07"),
        ("persian month-year", "140312", "2025-02-19"),
    ],
)
def test_a_date_of_another_calendar_is_kept_as_the_gregorian_one(
    fill: Fill, appearance: str, typed: str, value: str
) -> None:
    form = model(question("born", type="date", appearance=appearance), question("next"))
    page = fill(form)
    page.get_by_label("Year").tap()
    page.keyboard.type(typed)
    expect_stored(page, "born", value)
    expect(page.locator(".date__spoken")).to_contain_text("Western calendar: ")
    expect(page.locator(".date__spoken")).to_contain_text(value[:4])
    fill(form, answers=page.evaluate("window.world.form.answers()"), ui="zh")
    boxes = page.locator(".box__control")
    assert "".join(boxes.nth(i).input_value().zfill(2) for i in range(boxes.count())) == typed
    expect(page.locator(".date__spoken")).to_contain_text("公历")
    go_on(page)
    expect(page.get_by_label("next")).to_be_visible()


def test_a_day_that_the_calendar_does_not_have_stays_as_typed_and_blocks(fill: Fill) -> None:
    form = model(question("born", type="date", appearance="ethiopian"), question("next"))
    page = fill(form)
    page.get_by_label("Year").tap()
    page.keyboard.type("20161306")
    go_on(page)
    expect(page.locator(".question__error")).to_contain_text("exists")
    fill(form, answers=page.evaluate("window.world.form.answers()"))
    expect(page.get_by_label("Day")).to_have_value("06")
    page.get_by_label("Day").fill("5")
    expect_stored(page, "born", "2024-09-10")
    page.get_by_role("button", name="Today").tap()
    expect_stored(page, "born", page.evaluate("new Date().toLocaleDateString('sv')"))


def test_a_calendar_that_the_phone_does_not_know_is_said_and_typed_as_gregorian(fill: Fill) -> None:
    page = fill(model(question("born", type="date", appearance="bikram-sambat")))
    expect(page.locator(".notice")).to_contain_text("western date")
    page.get_by_label("Year").tap()
    page.keyboard.type("20240911")
    expect_stored(page, "born", "2024-09-11")


def test_the_phones_own_calendar_is_in_the_sheet_unless_the_form_says_no(fill: Fill) -> None:
    page = fill(
        model(
            field_list(
                "p",
                [
                    question("a", type="date"),
                    question("b", type="dateTime"),
                    question("c", type="date", appearance="no-calendar"),
                    question("d", type="date", appearance="month-year"),
                ],
            )
        )
    )
    choose = page.get_by_role("button", name="Choose")
    expect(choose).to_have_count(4)
    calendar = page.get_by_role("button", name="Use the phone’s calendar")
    picker = page.locator(".date__picker")
    # The calendar itself is the browser's own and cannot be driven: what it does on a choice is its change event.
    pick = "(picker) => { picker.value = '2024-02-29'; picker.dispatchEvent(new Event('change')) }"
    choose.nth(0).tap()
    expect(calendar).to_be_visible()
    picker.evaluate(pick)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect_stored(page, "p/a", "2024-02-29")
    page.get_by_label("Hour").fill("9")
    page.get_by_label("Minute").fill("05")
    choose.nth(1).tap()
    picker.evaluate(pick)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect_stored(page, "p/b", "2024-02-29T09:05:00.000+08:00")
    for number in (2, 3):
        choose.nth(number).tap()
        expect(page.get_by_role("button", name="1980s")).to_be_visible()
        expect(calendar).to_have_count(0)
        page.get_by_role("button", name="Close", exact=True).tap()


# In steps


@pytest.mark.parametrize(
    ("appearance", "cells", "value"),
    [
        ("", ("1960s", "1961", "Mar", "7"), "1961-03-07"),
        ("month-year", ("2010s", "2019", "May"), "2019-05-01"),
        ("year", ("2010s", "2019"), "2019-01-01"),
    ],
)
def test_a42_a_date_is_chosen_in_at_most_six_taps(
    page: Page, fill: Fill, appearance: str, cells: tuple[str, ...], value: str
) -> None:
    page.evaluate("() => { window.taps = 0; addEventListener('click', () => { window.taps += 1 }, true) }")
    fill(model(question("born", "Born when?", type="date", appearance=appearance), question("next")))
    page.get_by_role("button", name="Choose").tap()
    sheet = page.get_by_role("dialog", name="Born when?")
    for cell in cells:
        sheet.get_by_role("button", name=cell, exact=True).tap()
    expect(sheet).to_have_count(0)
    expect_stored(page, "born", value)
    assert page.evaluate("window.taps") == len(cells) + 1 <= 6
    expect(page.get_by_label("Year")).to_have_value(value[:4])
    go_on(page)
    expect(page.get_by_label("next")).to_be_visible()


def test_a42_the_steps_say_where_they_are_and_lead_back(fill: Fill) -> None:
    page = fill(model(question("born", type="date")), answers={"born": "1961-03-07"}, ui="zh")
    page.get_by_role("button", name="选择").tap()
    title = page.get_by_role("dialog").get_by_role("heading")
    cell = page.locator(".steps__cell")
    back = page.get_by_role("button", name="返回上一步")
    expect(title).to_have_text("哪个年代？")
    expect(back).to_be_hidden()
    # All at once: nobody scrolls to the year of birth.
    assert [cell.first.text_content(), cell.last.text_content(), cell.count()] == ["1910 年代", "2020 年代", 12]
    expect(page.locator("[aria-current]")).to_have_text("1960 年代")
    page.get_by_text("1970 年代").tap()
    expect(title).to_be_focused()
    back.tap()
    page.get_by_text("1960 年代").tap()
    expect(page.locator("[aria-current]")).to_have_text("1961")
    page.get_by_text("1964").tap()
    expect(title).to_have_text("1964 年的哪个月？")
    expect(page.locator("[aria-current]")).to_have_text("3月")
    page.get_by_text("2月", exact=True).tap()
    expect(title).to_have_text("1964年2月的哪一天？")
    expect(cell).to_have_count(29)
    page.get_by_role("button", name="关闭").tap()
    expect_stored(page, "born", "1961-03-07")
    expect(page.get_by_role("button", name="选择")).to_be_focused()


def test_a42_the_steps_go_by_the_keys_alone(fill: Fill) -> None:
    page = fill(model(question("born", type="date")))
    press = page.keyboard.press
    page.get_by_role("button", name="Choose").focus()
    press("Enter")
    expect(page.get_by_role("heading", name="Around which year?")).to_be_focused()
    press("ArrowDown")
    expect(page.get_by_role("button", name="1910s")).to_be_focused()
    # Three in a row on this phone: a row down, then one to the right.
    press("ArrowDown")
    press("ArrowRight")
    expect(page.get_by_role("button", name="1950s")).to_be_focused()
    press("Enter")
    press("ArrowRight")
    press("Enter")
    expect(page.get_by_role("heading", name="Which month of 1950?")).to_be_focused()
    press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Choose")).to_be_focused()
    expect_stored(page, "born", "")


@pytest.mark.parametrize("ui", ["zh", "en"])
@pytest.mark.parametrize("scale", [100, 200])
def test_the_cells_are_large_and_whole_on_the_narrowest_phone(fill: Fill, ui: str, scale: int) -> None:
    page = fill(model(question("born", type="date")), ui=ui)
    page.set_viewport_size({"width": 320, "height": 740})
    page.evaluate("(scale) => { document.documentElement.style.fontSize = `${scale}%` }", scale)
    page.get_by_role("button", name={"zh": "选择", "en": "Choose"}[ui]).tap()
    cells = page.locator(".steps__cell")
    for step in (12, 10, 12, 30):
        expect(cells).to_have_count(step)
        sizes = cells.evaluate_all(
            "(all) => all.map((one) => [one.getBoundingClientRect().width, one.getBoundingClientRect().height, one.scrollWidth - one.clientWidth])"
        )
        assert all(width >= 48 and height >= 48 and over <= 0 for width, height, over in sizes)
        assert page.locator(".steps").evaluate("(sheet) => sheet.scrollWidth <= sheet.clientWidth")
        cells.nth(8).tap()
    expect_stored(page, "born", "1998-09-09")


def test_a_datetime_is_not_shifted_by_opening_it_in_another_zone(browser: Browser, fill_origin: str) -> None:
    phone = browser.new_context(timezone_id="America/New_York", **PHONE)
    page = phone.new_page()
    page.goto(f"{fill_origin}/tests/browser/fill/harness.html")
    page.wait_for_function("() => window.isReady")
    answers = {"p": {"met": "2024-03-10T23:30:00.000+08:00", "at": "07:05:00.000+08:00"}}
    form = model(field_list("p", [question("met", type="dateTime"), question("at", type="time")]))
    page.evaluate("([model, answers]) => window.mount(model, { answers })", [form, answers])
    expect(page.get_by_label("Hour")).to_have_count(2)
    assert [page.locator(".box__control").nth(i).input_value() for i in range(7)] == [
        "2024",
        "03",
        "10",
        "23",
        "30",
        "07",
        "05",
    ]
    go_on(page)
    expect(page.locator(".review")).to_be_visible()
    expect_stored(page, "p/met", answers["p"]["met"])
    expect_stored(page, "p/at", answers["p"]["at"])
    phone.close()
