"""A questionnaire without a finger and without eyes: keys only, names, roles and states, errors tied to what they are about.

What Chromium computes of names and states is what a screen reader is given; no screen reader itself runs here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .models import EN, ZH, choices, field_list, model, question, repeat, select

Fill = Callable[..., Page]
Node = dict[str, Any]

REQUIRED = {"required": "true()"}
SCALE = {"parameters": {"start": "0", "end": "5", "step": "1"}}
FRUIT = choices(("apple", "Apple"), ("pear", "Pear"), ("plum", "Plum"))

#: A question of each kind that an error can stand at, with an answer that is right.
KINDS: dict[str, tuple[Node, str]] = {
    "radio": (select("q", "Fruit?", "fruit", **REQUIRED), "pear"),
    "checkboxes": (select("q", "Fruit?", "fruit", multiple=True, **REQUIRED), "pear plum"),
    "likert": (select("q", "Fruit?", "fruit", appearance="likert", **REQUIRED), "pear"),
    "picker": (select("q", "Fruit?", "fruit", appearance="minimal", **REQUIRED), "pear"),
    "sheet": (select("q", "Fruit?", "fruit", multiple=True, appearance="minimal", **REQUIRED), "pear"),
    "rank": ({**select("q", "Fruit?", "fruit", **REQUIRED), "control": "rank"}, "pear plum apple"),
    "acknowledgement": (question("q", "Fruit?", control="trigger", **REQUIRED), "OK"),
    "text": (question("q", "Fruit?", **REQUIRED), "x"),
    "long text": (question("q", "Fruit?", appearance="multiline", **REQUIRED), "x"),
    "number": (question("q", "Fruit?", type="int", **REQUIRED), "3"),
    "counter": (question("q", "Fruit?", type="int", appearance="counter", **REQUIRED), "3"),
    "date": (question("q", "Fruit?", type="date", **REQUIRED), "2019-05-01"),
    "month": (question("q", "Fruit?", type="date", appearance="month-year", **REQUIRED), "2019-05-01"),
    "time": (question("q", "Fruit?", type="time", **REQUIRED), "09:30:00.000+08:00"),
    "moment": (question("q", "Fruit?", type="dateTime", **REQUIRED), "2019-05-01T09:30:00.000+08:00"),
    "slider": (question("q", "Fruit?", type="int", control="range", **SCALE, **REQUIRED), "3"),
    "stars": (question("q", "Fruit?", type="int", control="range", appearance="rating", **SCALE, **REQUIRED), "3"),
    "scale": (question("q", "Fruit?", type="int", control="range", appearance="picker", **SCALE, **REQUIRED), "3"),
    "photo": (question("q", "Fruit?", type="binary", control="upload", mediatype="image/*", **REQUIRED), "a.jpg"),
    "file": (question("q", "Fruit?", type="binary", control="upload", mediatype="application/*", **REQUIRED), "a.pdf"),
    "drawing": (
        question("q", "Fruit?", type="binary", control="upload", mediatype="image/*", appearance="draw", **REQUIRED),
        "a.png",
    ),
    "place": (question("q", "Fruit?", type="geopoint", **REQUIRED), "32.05 118.78 0 5"),
    "area": (question("q", "Fruit?", type="geoshape", **REQUIRED), "32 118 0 0;32 119 0 0;33 119 0 0;32 118 0 0"),
    "bare": (select("q", "Fruit?", "fruit", appearance="no-buttons columns-2", **REQUIRED), "pear"),
    "bearing": (question("q", "Fruit?", type="int", appearance="bearing", **REQUIRED), "90"),
    "other calendar": (question("q", "Fruit?", type="date", appearance="persian", **REQUIRED), "2019-05-01"),
    "sound": (question("q", "Fruit?", type="binary", control="upload", mediatype="audio/*", **REQUIRED), "a.mp3"),
    "film": (question("q", "Fruit?", type="binary", control="upload", mediatype="video/*", **REQUIRED), "a.mp4"),
    "code": (question("q", "Fruit?", type="barcode", **REQUIRED), "4006381333931"),
}

#: What takes an answer in the question: everything but its buttons for more and less, its search box and what is folded away.
CONTROLS = """(question) => {
    const fields = [...question.querySelectorAll('input, select, textarea, [role=combobox]')]
        .filter((field) => field.type !== 'search' && field.tabIndex >= 0 && !field.closest('details, .line__every'))
    return (fields.length ? fields : [...question.querySelectorAll('button')].filter((button) => button.hasAttribute('aria-describedby')))
        .map((control) => [control.getAttribute('aria-invalid'), control.getAttribute('aria-describedby')])
}"""


def next_page(page: Page) -> None:
    """Presses the large button below."""
    page.locator(".bottombar__next").tap()


def listen(page: Page) -> None:
    """Notes in `window.said` what the fill screen's live region says from now on, each silence as an empty text."""
    page.evaluate(
        """() => {
            window.said = []
            const live = document.querySelector('.fill > [role=alert]')
            new MutationObserver(() => { if (live.textContent !== window.said.at(-1)) window.said.push(live.textContent) }).observe(live, { childList: true })
        }"""
    )


def assert_named(page: Page, kind: str) -> None:
    """Each control has a name of its own, and the question names the group of them, or the one."""
    question = page.locator(".question")
    if question.evaluate("(element) => element.tagName") == "FIELDSET":
        expect(page.get_by_role("group", name="Fruit?", exact=True)).to_have_count(1)
    else:
        named = page.get_by_label("Fruit?", exact=True)
        expect(named).to_have_count(1)
    tree = question.aria_snapshot()
    for line in tree.splitlines():
        what = line.strip().removeprefix("- ").strip("'")
        if what.split(" ")[0] in {"radio", "checkbox", "textbox", "combobox", "slider", "button", "spinbutton"}:
            assert '"' in what, f"no name: {line}"
    if kind in {"radio", "likert"}:
        for name in ("Apple", "Pear", "Plum"):
            expect(page.get_by_role("radio", name=name, exact=True)).to_have_count(1)


@pytest.mark.parametrize("kind", KINDS)
def test_a86_a87_controls_have_names_and_an_error_is_tied_to_them_said_once_and_gone_with_the_answer(
    fill: Fill, kind: str
) -> None:
    node, value = KINDS[kind]
    page = fill(model(node, lists={"fruit": FRUIT}))
    widget = page.locator(".question :is(input, select, textarea, button)").first
    widget.wait_for(state="attached")
    assert_named(page, kind)
    listen(page)
    next_page(page)
    error = page.locator(".question__error")
    expect(error).to_be_visible()
    expect(error).to_have_text("This question needs an answer.")
    controls = page.locator(".question").evaluate(CONTROLS)
    assert controls
    for invalid, described in controls:
        assert invalid == "true"
        assert error.get_attribute("id") in (described or "").split()
    assert page.evaluate("document.querySelector('.question').contains(document.activeElement)")
    page.wait_for_function("() => window.said.length > 0")
    page.wait_for_timeout(150)
    assert page.evaluate("window.said") == ["This question needs an answer."]

    page.evaluate("(value) => window.world.form.set(window.world.form.find('/data/q'), value)", value)
    expect(error).to_be_hidden()
    for invalid, described in page.locator(".question").evaluate(CONTROLS):
        assert invalid is None
        assert error.get_attribute("id") not in (described or "").split()
    assert page.evaluate("window.said.at(-1)") == ""


@pytest.mark.parametrize("layout", ["pages", "scroll"])
def test_a88_finish_leads_into_the_third_question_and_says_two(fill: Fill, layout: str) -> None:
    form = model(*(question(f"q{n}", f"Question {n}?", **(REQUIRED if n in (3, 9) else {})) for n in range(1, 31)))
    page = fill(form, layout=layout, position="#review")
    expect(page.get_by_role("heading", name="Check and finish")).to_be_visible()
    listen(page)
    next_page(page)
    third = page.get_by_role("textbox", name="Question 3?", exact=True)
    expect(third).to_be_focused()
    expect(third).to_be_in_viewport(ratio=1)
    expect(third).to_have_attribute("aria-invalid", "true")
    # Nothing covers it.
    assert third.evaluate(
        """(field) => {
            const { left, top, width, height } = field.getBoundingClientRect()
            return document.elementFromPoint(left + width / 2, top + height / 2) === field
        }"""
    )
    expect(page.locator(".fill__notice")).to_have_text("2 questions to put right")
    page.wait_for_function("() => window.said.at(-1) === '2 questions to put right'")
    third.fill("a")
    expect(page.locator(".fill__notice")).to_have_text("1 question to put right")
    next_page(page)
    ninth = page.get_by_role("textbox", name="Question 9?", exact=True)
    expect(ninth).to_be_focused()
    expect(ninth).to_be_in_viewport(ratio=1)


FRENCH = "Français (fr)"


def in_french(form: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    """The form with a third language that has these texts."""
    languages = [*form["form"]["languages"], {"name": FRENCH, "code": "fr"}]
    texts_of = {**form["texts"], FRENCH: {**form["texts"][EN], **texts}}
    return {**form, "form": {**form["form"], "languages": languages}, "texts": texts_of}


@pytest.mark.parametrize(("ui", "builtin"), [("en", "This question needs an answer."), ("zh", "这个问题必须回答。")])
def test_a56_messages_are_the_forms_in_its_language_else_the_clients_own_once(
    fill: Fill, ui: str, builtin: str
) -> None:
    own = question(
        "q", "Âge?", type="int", constraint=". < 120", required_message="x", constraint_message="x", **REQUIRED
    )
    form = in_french(
        model(field_list("page", [own, question("r", "Nom?", **REQUIRED)])),
        {"/data/page/q:required_message": "Obligatoire", "/data/page/q:constraint_message": "Invalide"},
    )
    page = fill(form, language=FRENCH, ui=ui)
    next_page(page)
    errors = page.locator(".question__error")
    expect(errors).to_have_text(["Obligatoire", builtin])
    expect(page.locator(".fill-page")).to_have_attribute("lang", "fr")
    expect(page.get_by_text(builtin, exact=True)).to_have_count(1)
    page.get_by_label("Âge?").fill("130")
    expect(errors.first).to_have_text("Invalide")
    next_page(page)
    expect(errors).to_have_text(["Invalide", builtin])


def test_the_language_changes_in_mid_interview_and_nothing_is_lost(fill: Fill) -> None:
    form = model(
        field_list(
            "page",
            [
                question("name", ("Name?", "姓名？"), **REQUIRED),
                question("age", ("Age?", "年龄？"), type="int"),
                question("born", ("Born?", "出生日期？"), type="date"),
                select("owns", ("Owns?", "自有？"), "yn", **REQUIRED),
                question("more", ("Remarks?", "备注？"), appearance="multiline"),
            ],
        )
    )
    page = fill(form)
    next_page(page)
    errors = page.locator(".question__error:visible")
    expect(errors).to_have_count(2)
    page.get_by_label("Age?").press_sequentially("12.")
    page.get_by_label("Year").press_sequentially("19")
    remarks = page.get_by_label("Remarks?")
    remarks.press_sequentially("half a wo")
    before = page.evaluate("scrollY")
    assert before > 0
    switch = page.get_by_label("Language of the questions")
    # As a finger does it, without scrolling.
    switch.evaluate("(control) => control.focus({ preventScroll: true })")
    switch.select_option(ZH)
    expect(page.get_by_label("备注？")).to_have_value("half a wo")
    expect(page.get_by_label("年龄？")).to_have_value("12.")
    expect(page.get_by_role("textbox", name="Year")).to_have_value("19")
    expect(page.get_by_label("姓名？")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("radio", name="Yes")).to_have_attribute("aria-invalid", "true")
    # Whoever chose it with the keyboard is still there, and the page lies where it lay.
    expect(switch).to_be_focused()
    assert abs(page.evaluate("scrollY") - before) < 120
    page.wait_for_function("() => window.world.saves.at(-1)?.answers.page.more === 'half a wo'")
    switch.select_option(EN)
    expect(page.get_by_label("Remarks?")).to_have_value("half a wo")


def test_a54_the_language_changes_while_an_input_method_composes(page: Page, fill: Fill) -> None:
    fill(model(question("name", ("Name?", "姓名？"))))
    box = page.get_by_label("Name?")
    box.focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "王芳", "selectionStart": 2, "selectionEnd": 2})
    assert page.evaluate("[window.world.changes, window.world.saves.length]") == [0, 0]
    # Whoever taps on the globe ends the composition, with what it shows.
    switch = page.get_by_label("Language of the questions")
    switch.focus()
    switch.select_option(ZH)
    expect(page.get_by_label("姓名？")).to_have_value("王芳")
    page.wait_for_function("() => window.world.saves.at(-1)?.answers.name === '王芳'")


TWELVE = model(
    question("note", "Welcome.", readonly="true()"),
    question("name", "Name?", **REQUIRED),
    question("age", "Age?", type="int"),
    select("owns", "Owns?", "yn"),
    select("fruit", "Fruit?", "fruit", multiple=True),
    select("best", "Best?", "fruit", appearance="minimal"),
    question("born", "Born?", type="date"),
    question("at", "When?", type="time"),
    question("score", "Score?", type="int", control="range", **SCALE),
    {**select("order", "Order?", "fruit"), "control": "rank"},
    repeat("member", [question("who", "Who?")], "Member"),
    question("ok", "Understood?", control="trigger"),
    question("remarks", "Remarks?", appearance="multiline"),
    lists={"fruit": FRUIT},
)


def tab_to(page: Page, target: Locator) -> None:
    """Presses Tab until the target has the focus."""
    target.wait_for()
    for _ in range(25):
        page.keyboard.press("Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{target} cannot be reached by Tab")


def test_a_whole_questionnaire_is_filled_in_with_keys_only(fill: Fill) -> None:
    page = fill(TWELVE)
    keys = page.keyboard
    go_on = page.locator(".bottombar__next")

    def press_next() -> None:
        tab_to(page, go_on)
        keys.press("Enter")

    press_next()
    # An error leads to its field; Enter goes on from a line of text.
    press_next()
    expect(page.get_by_label("Name?")).to_be_focused()
    keys.type("Li Wei")
    keys.press("Enter")
    tab_to(page, page.get_by_label("Age?"))
    keys.type("47")
    keys.press("Enter")
    tab_to(page, page.get_by_role("radio", name="Yes"))
    keys.press("Space")
    keys.press("ArrowDown")
    press_next()
    tab_to(page, page.get_by_role("checkbox", name="Apple"))
    keys.press("Space")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Space")
    press_next()
    tab_to(page, page.get_by_role("combobox", name="Best?"))
    keys.type("Pl")
    press_next()
    tab_to(page, page.get_by_label("Year"))
    keys.type("19610307")
    press_next()
    tab_to(page, page.get_by_label("Hour"))
    keys.type("0930")
    press_next()
    slider = page.get_by_role("slider", name="Score?")
    tab_to(page, slider)
    # To go past it, forth and back, is no answer.
    keys.press("Tab")
    keys.press("Shift+Tab")
    assert "score" not in page.evaluate("window.world.form.answers()")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    press_next()
    tab_to(page, page.get_by_role("button", name="Plum: up"))
    keys.press("Enter")
    press_next()
    tab_to(page, page.get_by_role("button", name="Add: Member"))
    keys.press("Enter")
    tab_to(page, page.get_by_label("Who?"))
    keys.type("Wang")
    keys.press("Enter")
    expect(page.get_by_text("Is there another one?")).to_be_visible()
    press_next()
    tab_to(page, page.get_by_role("checkbox", name="OK, read"))
    keys.press("Space")
    press_next()
    tab_to(page, page.get_by_label("Remarks?"))
    keys.type("none")
    press_next()
    expect(page.get_by_text("Nothing is missing.")).to_be_visible()
    press_next()
    page.wait_for_function("() => window.world.finished.length === 1")
    answers = page.evaluate("window.world.finished[0].answers")
    assert answers.pop("at").startswith("09:30")
    assert answers == {
        "name": "Li Wei",
        "age": "47",
        "owns": "no",
        "fruit": "apple plum",
        "best": "plum",
        "born": "1961-03-07",
        "score": "2",
        "order": "apple plum pear",
        "member": [{"who": "Wang"}],
        "ok": "OK",
        "remarks": "none",
    }


def test_what_a_screen_reader_is_given(fill: Fill) -> None:
    form = model(
        field_list(
            "page",
            [
                question("name", "Name?", hint="As in the register", **REQUIRED),
                select("owns", "Owns?", "yn", hint="The flat", **REQUIRED),
                select("fruit", "Fruit?", "fruit", multiple=True),
                question("born", "Born?", type="date"),
            ],
            "About you",
        ),
        question("end"),
        lists={"fruit": FRUIT},
    )
    page = fill(form)
    expect(page.get_by_role("textbox", name="Day")).to_be_visible()
    next_page(page)
    expect(page.locator(".question__error:visible")).to_have_count(2)
    expect(page.locator(".fill")).to_match_aria_snapshot("""
        - banner:
          - button "Leave; the draft is kept"
          - paragraph: 1 / 2
          - combobox "Language of the questions"
          - button "All questions"
          - button "Text size and more"
          - progressbar "Progress"
        - main:
          - region "Page 1 of 2":
            - heading "About you" [level=2]
            - textbox "Name?" [invalid]
            - group "Owns?":
              - radio "Yes"
              - radio "No"
            - group "Fruit?":
              - checkbox "Apple"
              - checkbox "Pear"
              - checkbox "Plum"
            - group "Born?":
              - textbox "Year"
              - textbox "Month"
              - textbox "Day"
        - navigation "Pages":
          - button "Leave"
          - button "Next"
        - alert: This question needs an answer.
    """)
    name = page.get_by_role("textbox", name="Name?")
    expect(name).to_have_accessible_description("As in the register This question needs an answer.")
    expect(name).to_have_attribute("aria-required", "true")
    yes = page.get_by_role("radio", name="Yes")
    expect(yes).to_have_accessible_description("This question needs an answer.")
    assert yes.evaluate("(radio) => radio.required") is True
    expect(page.get_by_role("group", name="Owns?")).to_have_accessible_description("The flat")
