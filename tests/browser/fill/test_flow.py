"""Moving about in a form: shown whole, long lists, what appears and disappears, undoing, what is told before Finish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .models import EN, ZH, field_list, group, model, question, repeat, select

Fill = Callable[..., Page]

MEMBER = [question("name", "Name"), question("age", "Age", type="int")]
PEOPLE = [{"name": "Li", "age": "1"}, {"name": "Wang", "age": "2"}, {"name": "Zhao", "age": "3"}]


def styled(form: dict[str, Any], style: str) -> dict[str, Any]:
    """The same form with a style of its own."""
    return {**form, "form": {**form["form"], "style": style}}


def many(count: int, **special: dict[str, Any]) -> dict[str, Any]:
    """A form of that many questions, named q0, q1 and so on; `special` gives some of them more keys."""
    return model(*(question(f"q{n}", f"Question {n}?", **special.get(f"q{n}", {})) for n in range(count)))


def go_on(page: Page) -> None:
    """Taps the large button below."""
    page.locator(".bottombar__next").tap()


def open_list(page: Page) -> None:
    """Opens the list of all questions."""
    page.get_by_role("button", name="All questions").tap()
    expect(page.get_by_role("dialog")).to_be_visible()


def answers(page: Page) -> dict[str, Any]:
    """What the form holds now."""
    found: dict[str, Any] = page.evaluate("window.world.form.answers()")
    return found


@pytest.mark.parametrize(
    ("style", "layout", "is_whole"),
    [
        ("", "form", False),
        ("pages", "form", False),
        ("theme-grid", "form", True),
        ("theme-grid pages no-text-transform", "form", False),
        ("pages", "scroll", True),
        ("theme-grid", "pages", False),
    ],
)
def test_the_form_s_style_and_the_volunteer_s_wish_decide_what_is_on_a_page(
    fill: Fill, style: str, layout: str, is_whole: bool
) -> None:
    page = fill(styled(many(3), style), layout=layout)
    expect(page.get_by_label("Question 0?")).to_be_visible()
    expect(page.get_by_label("Question 2?")).to_have_count(1 if is_whole else 0)


def test_a_form_shown_whole_draws_only_what_is_near_and_finds_the_rest(fill: Fill) -> None:
    page = fill(many(500, q450={"required": "true()"}, q470={"required": "true()"}), layout="scroll")
    expect(page.get_by_label("Question 0?")).to_be_in_viewport()
    page.wait_for_timeout(300)
    assert page.locator(".question").count() < 40
    expect(page.locator(".topbar__place")).to_have_text("0 / 500")
    page.get_by_label("Question 1?").fill("one")
    expect(page.locator(".topbar__place")).to_have_text("1 / 500")

    go_on(page)
    expect(page.get_by_label("Question 450?")).to_be_focused()
    expect(page.get_by_label("Question 450?")).to_be_in_viewport()
    expect(page.get_by_text("This question needs an answer.").first).to_be_visible()
    expect(page.locator(".fill__notice")).to_have_text("2 questions to put right")
    page.get_by_label("Question 450?").fill("a")
    expect(page.locator(".fill__notice")).to_have_text("1 question to put right")
    go_on(page)
    expect(page.get_by_label("Question 470?")).to_be_focused()
    page.get_by_label("Question 470?").fill("b")
    assert page.locator(".question").count() < 120
    go_on(page)
    expect(page.get_by_text("Nothing is missing.")).to_be_visible()
    go_on(page)
    page.wait_for_function("() => window.world.finished.length === 1")
    assert page.evaluate("window.world.finished[0].answers") == {"q1": "one", "q450": "a", "q470": "b"}


def test_a_form_shown_whole_is_scrolled_to_its_end_and_keeps_its_place(page: Page, fill: Fill) -> None:
    form = model(
        group("g", [question("a"), question("b", relevant="/data/g/a = 'x'")], "About you"),
        repeat("member", MEMBER, "Member"),
        *(question(f"q{n}", f"Question {n}?") for n in range(60)),
    )
    fill(form, layout="scroll", answers={"member": PEOPLE})
    expect(page.get_by_role("heading", name="About you")).to_be_visible()
    page.get_by_label("a", exact=True).fill("x")
    expect(page.get_by_label("b", exact=True)).to_be_visible()
    expect(page.get_by_label("a", exact=True)).to_be_focused()
    page.get_by_role("button", name="Add: Member").scroll_into_view_if_needed()
    page.get_by_role("button", name="Add: Member").tap()
    expect(page.get_by_label("Name", exact=True).nth(3)).to_be_focused()
    page.get_by_label("Name", exact=True).nth(3).fill("Sun")
    for _ in range(40):
        page.mouse.wheel(0, 900)
        page.wait_for_timeout(30)
    expect(page.get_by_label("Question 59?")).to_be_in_viewport()
    page.get_by_label("Question 59?").fill("last")
    page.wait_for_timeout(400)
    draft = page.evaluate("window.world.saves.at(-1)")
    assert draft["position"] == "/data/q59"
    page.reload()
    page.wait_for_function("() => window.isReady")
    fill(form, layout="scroll", answers=draft["answers"], position=draft["position"])
    expect(page.get_by_label("Question 59?")).to_be_in_viewport()
    expect(page.get_by_label("Question 59?")).to_have_value("last")
    assert draft["answers"]["member"][3]["name"] == "Sun"


def test_the_layout_changes_in_mid_interview_and_nothing_is_lost(fill: Fill) -> None:
    page = fill(many(40))
    page.get_by_label("Question 0?").fill("zero")
    for _ in range(3):
        go_on(page)
    page.get_by_label("Question 3?").fill("three")
    open_list(page)
    page.get_by_role("button", name="Show the whole questionnaire on one page").tap()
    expect(page.get_by_label("Question 3?")).to_be_in_viewport()
    expect(page.get_by_label("Question 3?")).to_have_value("three")
    page.get_by_label("Question 4?").fill("four")
    assert page.evaluate("window.world.layout") == "scroll"
    open_list(page)
    page.get_by_role("button", name="Show it page by page").tap()
    expect(page.get_by_label("Question 4?")).to_have_value("four")
    expect(page.get_by_label("Question 3?")).to_have_count(0)
    assert page.evaluate("window.world.layout") == "pages"
    assert answers(page) == {"q0": "zero", "q3": "three", "q4": "four"}


def test_a_long_list_of_questions_is_drawn_in_parts_and_searched(fill: Fill) -> None:
    page = fill(many(1000, q700={"required": "true()"}), position="/data/q900")
    open_list(page)
    page.wait_for_timeout(200)
    assert page.locator(".overview__entry").count() < 250
    present = page.locator(".overview__go[aria-current=step]")
    expect(present).to_have_text("Question 900?You are hereNo answer")
    expect(present).to_be_in_viewport()
    page.get_by_role("searchbox").fill("question 70")
    expect(page.locator(".overview__entry")).to_have_count(20)
    expect(page.get_by_text("Answer needed")).to_be_visible()
    page.get_by_role("searchbox").fill("nowhere")
    expect(page.get_by_text("No question has these words.")).to_be_visible()
    page.get_by_role("searchbox").fill("700")
    page.locator(".overview__go").tap()
    expect(page.get_by_label("Question 700?")).to_be_focused()


def test_the_list_has_groups_and_rows_as_headings(fill: Fill) -> None:
    form = model(
        group("home", [question("street"), repeat("member", MEMBER, "Member")], "Home"),
        question("end"),
    )
    page = fill(form, answers={"home": {"member": PEOPLE[:2]}})
    open_list(page)
    headings = page.locator(".overview__heading")
    expect(headings).to_have_text(["Home", "Home › Member 1 · Li", "Home › Member 2 · Wang"])
    expect(page.locator(".overview__label")).to_have_text(["street", "Member", "Name", "Age", "Name", "Age", "end"])


def test_a27_what_is_hidden_comes_back_and_what_appears_is_in_view_while_the_focus_stays(fill: Fill) -> None:
    form = model(
        field_list(
            "page",
            [
                *(question(f"q{n}", f"Question {n}?") for n in range(3)),
                question("has", "Any children?"),
                question("kids", "How many?", type="int", relevant="/data/page/has = 'yes'"),
                question("names", "Their names?", relevant="/data/page/kids > 1"),
            ],
        )
    )
    page = fill(form)
    has = page.get_by_label("Any children?")
    has.fill("yes")
    expect(page.get_by_label("How many?")).to_be_in_viewport()
    expect(has).to_be_focused()
    expect(has).to_be_in_viewport()
    page.get_by_label("How many?").fill("3")
    page.get_by_label("Their names?").fill("Li, Wang, Zhao")
    has.fill("no")
    expect(page.get_by_label("How many?")).to_have_count(0)
    expect(page.get_by_label("Their names?")).to_have_count(0)
    assert answers(page)["page"] == {"has": "no", "kids": "3", "names": "Li, Wang, Zhao"}
    has.fill("yes")
    expect(page.get_by_label("Their names?")).to_have_value("Li, Wang, Zhao")


def test_what_appears_between_two_questions_comes_between_them_in_every_way(fill: Fill) -> None:
    form = model(
        field_list(
            "page",
            [
                question("a"),
                question("b", relevant="/data/page/a = 'x'", required="true()"),
                question("c", required="true()"),
            ],
        )
    )
    page = fill(form)
    page.get_by_label("a", exact=True).fill("x")
    page.get_by_label("a", exact=True).press("Enter")
    expect(page.get_by_label("b", exact=True)).to_be_focused()
    go_on(page)
    expect(page.get_by_label("b", exact=True)).to_be_focused()


def test_a28_a_fault_on_a_hidden_page_blocks_nothing(fill: Fill) -> None:
    form = model(
        question("gender"),
        group(
            "g",
            [question("age", "Age", type="int", required="true()", constraint=". > 25 and . < 45")],
            relevant="/data/gender = 'f'",
        ),
    )
    page = fill(form, answers={"gender": "m", "g": {"age": "50"}}, position="#review")
    expect(page.get_by_text("Nothing is missing.")).to_be_visible()
    go_on(page)
    page.get_by_role("dialog").get_by_role("button", name="Finish").tap()
    page.wait_for_function("() => window.world.finished.length === 1")
    assert page.evaluate("window.world.finished[0].answers") == {"gender": "m"}

    page = fill(form, answers={"gender": "f", "g": {"age": "50"}}, position="#review")
    go_on(page)
    expect(page.get_by_label("Age", exact=True)).to_be_focused()
    expect(page.get_by_text("This answer is not allowed here. Please check it.").first).to_be_visible()
    page.get_by_role("button", name="Back").tap()
    expect(page.get_by_label("gender")).to_be_visible()


def test_a34_rows_beyond_the_number_come_back_and_are_told_before_finish(fill: Fill) -> None:
    form = model(
        question("size", type="int"), repeat("member", [question("name", "Name")], "Member", count="/data/size")
    )
    page = fill(form, answers={"size": "3", "member": [{"name": name} for name in "ABC"]})
    size = page.get_by_role("textbox", name="size")
    size.fill("1")
    size.fill("3")
    rows = "window.world.form.find('/data/member').children.map((row) => row.children[0].value)"
    assert page.evaluate(rows) == ["A", "B", "C"]
    size.fill("1")
    go_on(page)
    go_on(page)
    go_on(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(
        "2 entries that you filled in go beyond the number given. They will not be sent. Finish?"
    )
    expect(dialog).not_to_contain_text("no longer applies")
    dialog.get_by_role("button", name="Finish").tap()
    page.wait_for_function("() => window.world.finished.length === 1")
    assert page.evaluate("window.world.finished[0].answers.member") == [{"name": "A"}]


def test_a40_finishing_after_the_last_of_three_rows_was_removed(fill: Fill) -> None:
    page = fill(model(repeat("member", MEMBER, "Member")), answers={"member": PEOPLE})
    page.get_by_role("button", name="Remove Member 3").tap()
    go_on(page)
    go_on(page)
    page.wait_for_function("() => window.world.finished.length === 1")
    assert page.evaluate("window.world.finished[0].answers.member") == PEOPLE[:2]


def test_a32_a33_rows_are_numbered_anew_and_looked_up_anew_when_one_goes(fill: Fill) -> None:
    number = question("n", "Number", readonly="true()", calculate="position(..)")
    second = question(
        "second",
        "The second",
        readonly="true()",
        calculate="indexed-repeat(/data/page/member/name, /data/page/member, 2)",
    )
    form = model(field_list("page", [repeat("member", [question("name", "Name"), number], "Member"), second]))
    page = fill(form, answers={"page": {"member": [{"name": name} for name in ("Ana", "Ben", "Eva")]}})
    outputs = page.locator("output")
    expect(outputs).to_have_text(["1", "2", "3", "Ben"])
    page.get_by_role("button", name="Remove Member 1").tap()
    expect(outputs).to_have_text(["1", "2", "Eva"])
    page.get_by_role("button", name="Remove Member 2").tap()
    expect(page.get_by_label("Name", exact=True)).to_have_count(1)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ben")
    expect(outputs.nth(0)).to_have_text("1")
    page.get_by_role("button", name="Undo").tap()
    expect(outputs).to_have_text(["1", "2", "Eva"])


def test_rows_change_places_by_buttons_and_the_focus_goes_along(fill: Fill) -> None:
    page = fill(model(repeat("member", MEMBER, "Member"), question("end")), answers={"member": PEOPLE})
    page.get_by_role("button", name="Change the order").tap()
    up = page.get_by_role("button", name="Zhao: up")
    up.tap()
    assert page.locator(".repeat-rows__answer").all_inner_texts() == ["Li", "Zhao", "Wang"]
    expect(page.get_by_role("button", name="Member 2 · Zhao: up")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.locator(".repeat-rows__answer").all_inner_texts() == ["Zhao", "Li", "Wang"]
    expect(page.get_by_role("button", name="Zhao: up")).to_be_disabled()
    expect(page.get_by_role("button", name="Zhao: down")).to_be_focused()
    page.get_by_role("button", name="The order is right").tap()
    page.get_by_role("button", name="Remove Member 1").tap()
    page.get_by_role("button", name="Undo").tap()
    assert answers(page)["member"] == [PEOPLE[2], PEOPLE[0], PEOPLE[1]]


def test_rows_on_a_page_of_their_own_change_places_with_their_questions(fill: Fill) -> None:
    form = model(field_list("page", [repeat("member", MEMBER, "Member")]))
    page = fill(form, answers={"page": {"member": PEOPLE}})
    page.get_by_role("button", name="Li: down").tap()
    names = page.get_by_label("Name", exact=True)
    assert [names.nth(n).input_value() for n in range(3)] == ["Wang", "Li", "Zhao"]
    expect(page.get_by_role("button", name="Li: down")).to_be_focused()
    expect(page.locator(".repeat-row__title")).to_have_text(["Member 1", "Member 2", "Member 3"])


def test_rows_that_the_form_counts_or_fixes_have_no_buttons(fill: Fill) -> None:
    page = fill(
        model(
            repeat("a", MEMBER, "A", count="2"),
            field_list("page", [repeat("b", MEMBER, "B", fixed=True)]),
            repeat("c", MEMBER, "C", fixed=True),
        ),
        layout="scroll",
        answers={"a": PEOPLE[:2], "page": {"b": PEOPLE[:2]}, "c": PEOPLE[:2]},
    )
    page.mouse.wheel(0, 2000)
    expect(page.locator(".repeat-row__title")).to_have_text(["A 1", "A 2", "B 1", "B 2", "C 1", "C 2"])
    expect(page.get_by_role("button", name="Add:")).to_have_count(0)
    expect(page.locator(".fill-page").get_by_role("button")).to_have_count(0)


def test_another_row_is_asked_for_once_there_is_one(fill: Fill) -> None:
    page = fill(model(repeat("member", [question("name", "Name")], "Member"), question("end")), answers={"member": []})
    expect(page.get_by_text("Is there another one?")).to_be_hidden()
    expect(page.get_by_text("Nothing added yet.")).to_be_visible()
    page.get_by_role("button", name="Add: Member").tap()
    page.get_by_label("Name").fill("Li")
    go_on(page)
    expect(page.get_by_text("Is there another one?")).to_be_visible()
    expect(page.locator(".repeat-rows__answer")).to_have_text("Li")


def test_an_answer_taken_back_with_a_button_can_be_had_again(fill: Fill) -> None:
    page = fill(model(field_list("page", [select("owns", "Owns?", "yn"), question("name", "Name")])))
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Take the answer back").tap()
    expect(page.locator(".fill__notice")).to_contain_text("Answer taken back")
    assert "owns" not in answers(page).get("page", {})
    page.get_by_role("button", name="Undo").tap()
    expect(page.get_by_role("radio", name="Yes")).to_be_checked()
    assert answers(page)["page"]["owns"] == "yes"
    page.get_by_label("Name").fill("Li")
    page.get_by_label("Name").fill("")
    expect(page.locator(".fill__notice")).to_be_hidden()


def test_a_page_change_moves_the_focus_to_the_page_which_says_its_place(fill: Fill) -> None:
    page = fill(many(3), answers={"q1": "a"})
    go_on(page)
    section = page.locator(".fill-page")
    expect(section).to_be_focused()
    expect(section).to_have_attribute("aria-label", "Page 2 of 3")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Question 1?")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".bottombar__back")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".bottombar__next")).to_be_focused()


def test_on_a_page_with_one_empty_box_the_keyboard_comes_by_itself(fill: Fill) -> None:
    page = fill(many(3))
    go_on(page)
    expect(page.get_by_label("Question 1?")).to_be_focused()
    page.keyboard.type("a")
    page.get_by_role("button", name="Back").tap()
    expect(page.locator(".fill-page")).to_be_focused()
    go_on(page)
    expect(page.locator(".fill-page")).to_be_focused()
    assert answers(page)["q1"] == "a"


def test_who_comes_from_the_end_to_change_an_answer_goes_straight_back(fill: Fill) -> None:
    page = fill(many(5), answers={f"q{n}": "a" for n in range(5)}, position="#review")
    page.get_by_role("button", name="Look at all answers").tap()
    page.locator(".overview__go").nth(1).tap()
    expect(page.get_by_label("Question 1?")).to_be_focused()
    page.get_by_label("Question 1?").fill("b")
    page.get_by_role("button", name="Check").tap()
    expect(page.get_by_role("button", name="Finish")).to_be_visible()
    assert answers(page)["q1"] == "b"


@pytest.mark.parametrize("ui", ["zh", "en"])
def test_rows_lists_and_notices_fit_a_narrow_screen_with_double_text(fill: Fill, ui: str) -> None:
    form = model(
        repeat("member", MEMBER, ("Member of the household", "家庭成员")),
        field_list("page", [repeat("child", MEMBER, ("Child of the household", "孩子"))]),
        question("end", required="true()"),
    )
    page = fill(form, ui=ui, language=ZH if ui == "zh" else EN, answers={"member": PEOPLE, "page": {"child": PEOPLE}})
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    def nothing_is_cut() -> None:
        wide = page.evaluate(
            """() => [...document.querySelectorAll('.fill *, dialog *')].filter((part) => {
                const box = part.getBoundingClientRect()
                return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1)
            }).map((part) => part.outerHTML.slice(0, 200))"""
        )
        assert wide == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320

    nothing_is_cut()
    page.locator(".repeat-list > .button").tap()
    nothing_is_cut()
    page.locator(".repeat-list > .button").tap()
    page.locator(".repeat-rows__row .button").first.tap()
    expect(page.locator(".fill__notice .button")).to_be_visible()
    nothing_is_cut()
    page.locator(".topbar__row > .button").last.tap()
    expect(page.get_by_role("dialog")).to_be_visible()
    nothing_is_cut()
    page.evaluate("window.world.fill.back()")
    page.evaluate("window.world.fill.destroy()")
    fill(form, ui=ui, layout="scroll", answers={"member": PEOPLE, "page": {"child": PEOPLE}})
    page.wait_for_timeout(200)
    nothing_is_cut()
