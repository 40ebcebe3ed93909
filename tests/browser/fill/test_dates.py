"""Dates in other calendars, from the phone's own calendar, and across zones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE

from .models import field_list, model, question

Fill = Callable[..., Page]


def stored(page: Page, name: str) -> str:
    """The lexical value of a question at the form's top."""
    found: str = page.evaluate("(name) => window.world.form.find(`/data/${name}`).value", name)
    return found


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
    assert stored(page, "born") == value
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
    assert stored(page, "born") == "2024-09-10"
    page.get_by_role("button", name="Today").tap()
    assert stored(page, "born") == page.evaluate("new Date().toLocaleDateString('sv')")


def test_a_calendar_that_the_phone_does_not_know_is_said_and_typed_as_gregorian(fill: Fill) -> None:
    page = fill(model(question("born", type="date", appearance="bikram-sambat")))
    expect(page.locator(".notice")).to_contain_text("western date")
    page.get_by_label("Year").tap()
    page.keyboard.type("20240911")
    assert stored(page, "born") == "2024-09-11"


def test_the_phones_own_calendar_is_a_tap_away_unless_the_form_says_no(fill: Fill) -> None:
    page = fill(
        model(
            field_list(
                "p",
                [
                    question("a", type="date"),
                    question("b", type="dateTime"),
                    question("c", type="date", appearance="no-calendar"),
                    question("d", type="dateTime", appearance="no-calendar"),
                    question("e", type="date", appearance="month-year"),
                ],
            )
        )
    )
    expect(page.get_by_label("Minute")).to_have_count(2)
    # The picker itself is the browser's own and cannot be driven: what it does on a choice is its change event.
    expect(page.get_by_role("button", name="Calendar")).to_have_count(2)
    pickers = page.locator(".date__picker")
    pickers.nth(0).evaluate("(picker) => { picker.value = '2024-02-29'; picker.dispatchEvent(new Event('change')) }")
    assert stored(page, "p/a") == "2024-02-29"
    page.get_by_label("Hour").first.fill("9")
    page.get_by_label("Minute").first.fill("05")
    pickers.nth(1).evaluate("(picker) => { picker.value = '2024-02-29'; picker.dispatchEvent(new Event('change')) }")
    assert stored(page, "p/b") == "2024-02-29T09:05:00.000+08:00"


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
    assert stored(page, "p/met") == answers["p"]["met"]
    assert stored(page, "p/at") == answers["p"]["at"]
    phone.close()
