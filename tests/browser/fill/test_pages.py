"""Going through a form: Next, Back, Finish, the list of questions, the language, the draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.boxes import boxes_of

from .models import EN, YES_NO, ZH, field_list, group, model, question, select

Fill = Callable[..., Page]

THREE = model(
    question(
        "q1", ("Your name?", "姓名？"), required="true()", required_message=("Please give a name.", "请填写姓名。")
    ),
    question("q2", "Street?"),
    question("q3", "Remarks?"),
)


def answers(page: Page) -> dict[str, Any]:
    """What the form holds now."""
    found: dict[str, Any] = page.evaluate("window.world.form.answers()")
    return found


def next_page(page: Page) -> None:
    """Taps the large button below."""
    page.locator(".bottombar__next").tap()


def test_a29_next_stays_while_a_required_answer_is_missing(fill: Fill) -> None:
    page = fill(THREE)
    box = page.get_by_label("Your name?")
    for text in ("", " "):
        box.fill(text)
        next_page(page)
        expect(page.get_by_text("Please give a name.", exact=True).first).to_be_visible()
        expect(box).to_be_focused()
        expect(box).to_have_attribute("aria-invalid", "true")
        described = box.get_attribute("aria-describedby")
        assert described and "Please give a name." in page.locator(f"#{described.split()[-1]}").inner_text()
    box.fill("Li Wei")
    expect(box).not_to_have_attribute("aria-invalid", "true")
    next_page(page)
    expect(page.get_by_label("Street?")).to_be_visible()


def test_a29_going_back_is_allowed_with_a_problem_on_the_page(fill: Fill) -> None:
    page = fill(model(question("q1"), question("q2", required="true()")), position=None)
    next_page(page)
    next_page(page)
    expect(page.get_by_label("q2")).to_be_focused()
    page.get_by_role("button", name="Back").tap()
    expect(page.get_by_label("q1")).to_be_visible()


def test_a14_back_goes_page_by_page_and_says_so_on_the_first(fill: Fill) -> None:
    page = fill(THREE)
    page.get_by_label("Your name?").fill("Li Wei")
    next_page(page)
    next_page(page)
    expect(page.get_by_label("Remarks?")).to_be_visible()
    assert page.evaluate("window.world.fill.back()") is True
    expect(page.get_by_label("Street?")).to_be_visible()
    assert page.evaluate("window.world.fill.back()") is True
    expect(page.get_by_label("Your name?")).to_have_value("Li Wei")
    assert page.evaluate("window.world.fill.back()") is False
    expect(page.get_by_label("Your name?")).to_have_value("Li Wei")


def test_a14_back_closes_the_list_of_questions_first(fill: Fill) -> None:
    page = fill(THREE)
    page.get_by_role("button", name="All questions").tap()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("window.world.fill.back()") is True
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Your name?")).to_be_visible()


def test_the_way_out_saves_the_draft_first(fill: Fill) -> None:
    page = fill(THREE)
    page.get_by_label("Your name?").fill("Li Wei")
    page.get_by_role("button", name="Leave; the draft is kept").tap()
    page.wait_for_function("() => window.world.left === 1")
    assert page.evaluate("window.world.saves.at(-1).answers.q1") == "Li Wei"


def test_a13_answers_and_page_are_saved_without_leaving_the_box(fill: Fill) -> None:
    page = fill(THREE)
    page.get_by_label("Your name?").fill("x")
    next_page(page)
    page.get_by_label("Street?").type("Beijing Road")
    page.wait_for_timeout(400)
    draft = page.evaluate("window.world.saves.at(-1)")
    assert draft["answers"]["q2"] == "Beijing Road"
    page.reload()
    page.wait_for_function("() => window.isReady")
    fill(THREE, answers=draft["answers"], position=draft["position"])
    expect(page.get_by_label("Street?")).to_have_value("Beijing Road")


def test_a13_hiding_the_page_saves_at_once(fill: Fill) -> None:
    page = fill(THREE)
    saved = page.evaluate(
        """() => {
            const box = document.querySelector('.input')
            box.value = 'Li Wei'
            box.dispatchEvent(new Event('input', { bubbles: true }))
            const before = window.world.saves.length
            window.dispatchEvent(new Event('pagehide'))
            return [before, window.world.saves.map((draft) => draft.answers.q1)]
        }"""
    )
    assert saved == [0, ["Li Wei"]]


def test_saves_are_coalesced(fill: Fill) -> None:
    page = fill(THREE)
    page.get_by_label("Your name?").type("Li Wei of the third floor", delay=5)
    page.wait_for_timeout(400)
    assert 1 <= page.evaluate("window.world.saves.length") <= 3
    expect(page.locator(".topbar__saved")).to_have_text("Saved")


def test_a_full_phone_is_said_and_the_answer_stays(fill: Fill) -> None:
    page = fill(THREE)
    page.evaluate("window.world.isFull = true")
    box = page.get_by_label("Your name?")
    box.fill("Li Wei")
    expect(page.locator(".topbar__saved")).to_contain_text("phone is full")
    expect(box).to_have_value("Li Wei")
    page.evaluate("window.world.isFull = false")
    page.wait_for_function("() => window.world.saves.length > 0", timeout=8000)
    assert page.evaluate("window.world.saves.at(-1).answers.q1") == "Li Wei"


def test_a54_composition_neither_advances_nor_saves_nor_validates(fill: Fill) -> None:
    page = fill(THREE)
    seen = page.evaluate(
        """async () => {
            const box = document.querySelector('.input')
            const fire = (type, Kind, init) => box.dispatchEvent(new Kind(type, { bubbles: true, cancelable: true, ...init }))
            box.focus()
            fire('compositionstart', CompositionEvent, { data: '' })
            for (const text of ['w', 'wa', 'wan', 'wang']) {
                box.value = text
                fire('input', InputEvent, { isComposing: true, data: text })
                await new Promise((done) => setTimeout(done, 120))
            }
            const during = [window.world.changes, window.world.saves.length]
            box.value = '王'
            fire('keydown', KeyboardEvent, { key: 'Enter', isComposing: true, keyCode: 229 })
            fire('input', InputEvent, { isComposing: true, data: '王' })
            fire('compositionend', CompositionEvent, { data: '王' })
            await new Promise((done) => setTimeout(done, 400))
            return { during, value: box.value, isSame: box === document.querySelector('.input'), saved: window.world.saves.map((draft) => draft.answers.q1) }
        }"""
    )
    assert seen == {"during": [0, 0], "value": "王", "isSame": True, "saved": ["王"]}


def test_enter_goes_on_when_nothing_is_composed(fill: Fill) -> None:
    page = fill(THREE)
    box = page.get_by_label("Your name?")
    box.fill("王")
    box.press("Enter")
    expect(page.get_by_label("Street?")).to_be_visible()


def test_typing_keeps_the_same_box_while_other_questions_come_and_go(fill: Fill) -> None:
    form = model(
        field_list(
            "page",
            [
                question("q1"),
                question("q2", relevant="/data/page/q1 = 'ab'"),
                question("q3", readonly="true()", calculate="/data/page/q1"),
            ],
        )
    )
    page = fill(form)
    box = page.get_by_label("q1")
    box.evaluate("(box) => { box.dataset.mark = 'mine' }")
    box.type("ab")
    expect(page.get_by_label("q2")).to_be_visible()
    expect(page.locator("output")).to_have_text("ab")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("data-mark", "mine")
    box.type("c")
    expect(page.get_by_label("q2")).to_have_count(0)


def test_a87_the_error_of_a_radio_is_tied_and_said_once(fill: Fill) -> None:
    page = fill(model(select("owns", "Owns a house?", "yn", required="true()")))
    page.evaluate(
        """() => {
            window.said = []
            new MutationObserver(() => { const text = document.querySelector('[role=alert]').textContent; if (text) window.said.push(text) })
                .observe(document.querySelector('[role=alert]'), { childList: true })
        }"""
    )
    next_page(page)
    error = page.locator(".question__error")
    expect(error).to_be_visible()
    for radio in page.get_by_role("radio").all():
        assert radio.get_attribute("aria-invalid") == "true"
        assert radio.get_attribute("aria-describedby") == error.get_attribute("id")
    page.wait_for_timeout(200)
    assert page.evaluate("window.said") == ["This question needs an answer."]
    page.get_by_role("radio", name="Yes").check()
    expect(error).to_be_hidden()
    for radio in page.get_by_role("radio").all():
        assert radio.get_attribute("aria-invalid") is None
        assert radio.get_attribute("aria-describedby") is None


def test_a88_finish_leads_to_the_first_fault_and_counts(fill: Fill) -> None:
    form = model(*[question(f"q{n}", **({"required": "true()"} if n in (3, 9) else {})) for n in range(1, 11)])
    page = fill(form, position="#review")
    next_page(page)
    box = page.get_by_label("q3")
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    expect(page.locator(".fill__notice")).to_have_text("2 questions to put right")
    expect(page.get_by_role("alert")).to_have_text("2 questions to put right")
    box.fill("a")
    expect(page.locator(".fill__notice")).to_have_text("1 question to put right")
    next_page(page)
    expect(page.get_by_label("q9")).to_be_focused()
    page.get_by_label("q9").fill("b")
    next_page(page)
    expect(page.get_by_text("Nothing is missing.")).to_be_visible()
    next_page(page)
    page.wait_for_function("() => window.world.finished.length === 1")
    assert page.evaluate("[window.world.finished[0].answers.q3, window.world.finished[0].answers.q9]") == ["a", "b"]


def test_the_review_names_each_problem_and_leads_there(fill: Fill) -> None:
    page = fill(THREE, position="#review")
    page.locator(".overview").get_by_text("Please give a name.").tap()
    expect(page.get_by_label("Your name?")).to_be_focused()


def test_answers_that_no_longer_apply_are_dropped_only_after_a_question(fill: Fill) -> None:
    form = model(select("owns", "Owns?", "yn"), question("street", relevant="/data/owns = 'yes'"))
    page = fill(form, answers={"owns": "no", "street": "Beijing Road"}, position="#review")
    next_page(page)
    expect(page.get_by_role("dialog")).to_contain_text("1 answer belongs to a question that no longer applies")
    page.get_by_role("button", name="Cancel").tap()
    assert page.evaluate("window.world.finished.length") == 0
    next_page(page)
    page.get_by_role("dialog").get_by_role("button", name="Finish").tap()
    page.wait_for_function("() => window.world.finished.length === 1")
    assert "street" not in page.evaluate("window.world.finished[0].answers")


def test_nothing_is_saved_after_finish(fill: Fill) -> None:
    page = fill(model(question("q1")))
    page.get_by_label("q1").fill("a")
    next_page(page)
    next_page(page)
    page.wait_for_function("() => window.world.finished.length === 1")
    count = page.evaluate("window.world.saves.length")
    page.wait_for_timeout(500)
    page.evaluate("window.world.fill.destroy()")
    assert page.evaluate("window.world.saves.length") == count


def test_a_failed_finish_keeps_the_answers_and_can_be_repeated(fill: Fill) -> None:
    page = fill(model(question("q1")), position="#review", answers={"q1": "a"}, failFinish=True)
    next_page(page)
    expect(page.locator(".fill__notice")).to_contain_text("could not be kept")
    expect(page.get_by_role("button", name="Finish")).to_be_enabled()


def test_the_list_shows_answers_in_short_and_leads_to_the_question(fill: Fill) -> None:
    form = model(
        select("owns", "Owns?", "yn"),
        question("age", "Age", type="int"),
        question("name", "Name", required="true()"),
        lists={"yn": YES_NO},
    )
    page = fill(form, answers={"owns": "yes", "age": "x"})
    page.get_by_role("button", name="All questions").tap()
    expect(page.locator(".overview__entry")).to_have_text(
        ["Owns?You are hereYes", "Agex · Please check", "NameAnswer needed"]
    )
    page.locator(".overview__go").nth(1).tap()
    expect(page.get_by_label("Age", exact=True)).to_be_focused()


def test_the_language_changes_in_mid_interview_and_nothing_typed_is_lost(fill: Fill) -> None:
    page = fill(THREE, language=EN)
    page.get_by_label("Your name?").fill("Li Wei")
    page.get_by_label("Language of the questions").select_option(ZH)
    box = page.get_by_label("姓名？")
    expect(box).to_have_value("Li Wei")
    box.fill("")
    next_page(page)
    expect(page.get_by_text("请填写姓名。").first).to_be_visible()
    assert answers(page).get("q1", "") == ""


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("ui", ["zh", "en"])
def test_nothing_scrolls_sideways_at_double_text_size(fill: Fill, width: int, ui: str) -> None:
    form = model(
        field_list(
            "page",
            [
                question("born", "When were you born?", type="date"),
                question("when", "When?", type="dateTime"),
                select("owns", "Owns a house?", "yn"),
                question("photo", "A photo", control="upload", type="binary", mediatype="image/*"),
                question(
                    "level",
                    "How much?",
                    control="range",
                    type="int",
                    parameters={"start": "0", "end": "10", "step": "1"},
                ),
                question("where", "Where?", type="geopoint"),
            ],
            "A page of many kinds",
        ),
        group("g", [question("last")]),
    )
    page = fill(form, ui=ui)
    page.set_viewport_size({"width": width, "height": 740})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    expect(page.locator(".geo")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_targets_are_large_enough_for_a_thumb(fill: Fill) -> None:
    page = fill(
        model(field_list("page", [select("owns", "Owns?", "yn"), question("name"), question("born", type="date")]))
    )
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .option, .input, .box__control, select')]
            .filter((target) => target.getClientRects().length)
            .filter((target) => { const box = target.getBoundingClientRect(); return box.height < 48 || box.width < 44 })
            .map((target) => target.outerHTML)"""
    )
    assert small == []


def test_list_of_many_questions_scrolls_to_its_end(fill: Fill) -> None:
    page = fill(model(*(question(f"q{number}", f"Question {number}?") for number in range(40))))
    page.get_by_role("button", name="All questions").tap()
    last = page.locator(".overview__go").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    last.tap()
    expect(page.get_by_label("Question 39?")).to_be_visible()


def test_button_beside_next_says_that_it_leaves_only_on_the_first_page(fill: Fill) -> None:
    page = fill(THREE)
    beside = page.locator(".bottombar__back")
    expect(beside).to_have_text("Leave")
    page.get_by_label("Your name?").fill("Li Wei")
    next_page(page)
    expect(beside).to_have_text("Back")


def test_number_of_faults_stays_in_view_and_covers_no_question(fill: Fill) -> None:
    page = fill(model(*(question(f"q{number}", f"Question {number}?", required="true()") for number in range(3))))
    page.get_by_role("button", name="All questions").tap()
    page.get_by_role("button", name="Go to the end").tap()
    page.locator(".bottombar__next").tap()
    notice, label = page.locator(".fill__notice"), page.get_by_text("Question 0?")
    expect(notice).to_be_in_viewport()
    expect(label).to_be_in_viewport()
    below = page.evaluate(
        "() => document.querySelector('.question__label').getBoundingClientRect().top"
        " - document.querySelector('.fill__notice').getBoundingClientRect().bottom"
    )
    assert below >= 0


def test_button_looks_as_before_after_a_tap(fill: Fill) -> None:
    page = fill(THREE)
    page.get_by_label("Your name?").fill("Li Wei")
    colour = "() => getComputedStyle(document.querySelector('.bottombar__next')).backgroundColor"
    before = page.evaluate(colour)
    next_page(page)
    page.wait_for_timeout(400)
    assert page.evaluate(colour) == before


def test_field_stays_between_the_bars_when_the_keyboard_opens(fill: Fill) -> None:
    page = fill(model(field_list("page", [question(f"q{number}", f"Question {number}?") for number in range(6)])))
    field = page.get_by_label("Question 3?")
    field.tap()
    page.set_viewport_size({"width": 360, "height": 380})
    page.wait_for_timeout(300)
    box, bar, top = boxes_of(field, page.locator(".bottombar"), page.locator(".topbar"))
    assert top["y"] + top["height"] <= box["y"] and box["y"] + box["height"] <= bar["y"]
    assert bar["y"] + bar["height"] <= 380
