"""The sheet behind ⋯: size of the text, reading aloud, and the ways out of a questionnaire that lead through it.

Speech is a stand-in put into the page before its scripts run: Chromium has no voices of its own. It says what was to be spoken, and can be
told when an utterance ends and when voices come.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.boxes import box_of

from .models import EN, ZH, choices, field_list, model, question, select

Fill = Callable[..., Page]

#: `window.speech` has `voices`, what was `spoken`, `end()` of the present utterance and `arrive(…voices)`.
SPEECH = """() => {
    const synthesis = new EventTarget()
    const speech = { voices: [], spoken: [], cancelled: 0, current: null }
    speech.end = () => { const ended = speech.current; speech.current = null; ended?.onend?.({}) }
    speech.arrive = (...voices) => { speech.voices = voices; synthesis.dispatchEvent(new Event('voiceschanged')) }
    synthesis.getVoices = () => speech.voices
    synthesis.speak = (utterance) => { speech.current = utterance; speech.spoken.push([utterance.text, utterance.lang]) }
    synthesis.cancel = () => { if (speech.current) speech.cancelled += 1; speech.current = null }
    Object.defineProperty(window, 'speechSynthesis', { value: synthesis, configurable: true })
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
    window.speech = speech
}"""
ENGLISH = {"lang": "en-GB", "localService": True, "default": False, "name": "Anna"}
CHINESE = {"lang": "zh_CN", "localService": True, "default": True, "name": "Li"}
CANTONESE = {"lang": "zh-HK", "localService": True, "default": False, "name": "Sin"}
FAR = {"lang": "en-US", "localService": False, "default": True, "name": "Cloud"}

WATER = choices(("tap", "A tap"), ("well", "A well"))
TWO = model(
    field_list(
        "page",
        [
            select("water", ("Where is water from?", "水从哪里来？"), "water", hint="The most used one."),
            question("name", ("Your name?", "您的姓名？")),
        ],
    ),
    question("end", ("Remarks?", "备注？")),
    lists={"water": WATER},
)


@pytest.fixture
def speech(page: Page) -> Callable[..., None]:
    """`speech(ENGLISH)`: a page whose phone has these voices."""

    def speak(*voices: dict[str, Any]) -> None:
        page.add_init_script(f"({SPEECH})()")
        page.reload()
        page.wait_for_function("() => window.isReady")
        page.evaluate("(voices) => window.speech.arrive(...voices)", list(voices))

    return speak


def open_more(page: Page) -> Any:
    """Opens the sheet and gives it."""
    page.get_by_role("button", name="Text size and more").tap()
    dialog = page.get_by_role("dialog", name="Text size and more")
    expect(dialog).to_be_visible()
    return dialog


def spoken(page: Page) -> list[str]:
    """The texts that were spoken so far."""
    texts: list[str] = page.evaluate("window.speech.spoken.map(([text]) => text)")
    return texts


def test_the_sheet_says_what_it_holds(fill: Fill) -> None:
    page = fill(TWO, ways=["callAgain", "handOver", "help"])
    dialog = open_more(page)
    expect(dialog).to_match_aria_snapshot("""
        - dialog "Text size and more":
          - heading "Text size and more" [level=2]
          - button "Close"
          - group "Text size":
            - radio "Normal" [checked]
            - radio "Large"
            - radio "Larger"
            - radio "Largest"
          - switch "Read questions aloud" [disabled]
          - button "Call again later"
          - button "Hand the phone to the respondent"
          - button "Help"
    """)
    switch = dialog.get_by_role("switch", name="Read questions aloud")
    expect(switch).to_have_accessible_description(
        "This phone has no voice for English. In the phone’s settings, look for “Text-to-speech” and add one."
    )
    dialog.get_by_role("button", name="Close").tap()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Text size and more")).to_be_focused()


def test_the_sheet_needs_no_finger_and_back_closes_it(fill: Fill) -> None:
    page = fill(TWO, ways=["help"])
    more = page.get_by_role("button", name="Text size and more")
    more.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Normal").focus()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("radio", name="Large", exact=True)).to_be_checked()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(more).to_be_focused()
    more.press("Space")
    expect(dialog).to_be_visible()
    assert page.evaluate("window.world.fill.back()") is True
    expect(dialog).to_have_count(0)
    assert page.evaluate("[window.world.left, window.world.gone]") == [0, []]


@pytest.mark.parametrize("layout", ["pages", "scroll"])
def test_a_larger_text_is_seen_at_once_and_kept_at_the_same_question(fill: Fill, layout: str) -> None:
    group = field_list("page", [question(f"q{n}", f"Question {n}?", hint="A hint in a line") for n in range(20)])
    page = fill(model(group), layout=layout)
    box = page.get_by_label("Question 12?")
    while box.count() == 0:
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(100)
    box.fill("half a wo")
    question_12 = page.locator(".question", has=box)
    question_12.evaluate("(element) => scrollBy(0, element.getBoundingClientRect().top - 110)")
    # By script: Playwright would scroll the bar into view before it taps it.
    page.get_by_role("button", name="Text size and more").dispatch_event("click")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    before = box_of(question_12)
    dialog.get_by_role("radio", name="Largest").check(force=True)
    assert page.evaluate("document.documentElement.dataset.size") == "200"
    page.wait_for_timeout(300)
    after = box_of(question_12)
    assert after["height"] > 1.4 * before["height"]
    assert abs(after["y"] - before["y"]) <= 3
    expect(box).to_have_value("half a wo")
    assert page.evaluate("JSON.parse(localStorage.getItem('display')).size") == 200
    page.reload()
    page.wait_for_function("() => window.isReady")
    assert page.evaluate("document.documentElement.dataset.size") == "200"


def test_choices_in_a_line_become_a_list_when_the_text_grows(fill: Fill) -> None:
    agree = choices(*((word, word) for word in ("Never", "Seldom", "Always")))
    page = fill(model(select("q", "How often?", "agree", appearance="likert"), lists={"agree": agree}))
    expect(page.locator(".option-list--line")).to_have_count(1)
    open_more(page).get_by_role("radio", name="Largest").check(force=True)
    expect(page.locator(".option-list--line")).to_have_count(0)


@pytest.mark.parametrize("way", ["callAgain", "handOver", "help"])
def test_each_way_closes_the_sheet_and_what_is_not_there_is_not_offered(fill: Fill, way: str) -> None:
    page = fill(TWO, ways=[way])
    dialog = open_more(page)
    expect(dialog.locator("[data-way]")).to_have_count(1)
    dialog.locator("[data-way]").tap()
    expect(dialog).to_have_count(0)
    assert page.evaluate("window.world.gone") == [way]


def test_a_preview_has_no_ways(fill: Fill) -> None:
    page = fill(TWO)
    expect(open_more(page).locator("[data-way]")).to_have_count(0)


def test_a_question_is_read_with_its_hint_and_choices_and_a_second_tap_stops(fill: Fill, speech: Any) -> None:
    speech(CHINESE, ENGLISH)
    page = fill(TWO)
    expect(page.locator(".aloud")).to_have_count(0)
    dialog = open_more(page)
    switch = dialog.get_by_role("switch", name="Read questions aloud")
    expect(switch).to_be_enabled()
    switch.check()
    dialog.get_by_role("button", name="Close").tap()
    assert page.evaluate("JSON.parse(localStorage.getItem('display')).voice") is True

    button = page.get_by_role("button", name="Read aloud: Where is water from?")
    size = box_of(button)
    assert size["height"] >= 48 and size["width"] >= 48
    button.tap()
    stop = page.get_by_role("button", name="Stop: Where is water from?")
    expect(stop).to_be_visible()
    for count, text in enumerate(("Where is water from?", "The most used one.", "A tap", "A well"), start=1):
        page.wait_for_function("(count) => window.speech.spoken.length === count", arg=count)
        assert spoken(page)[-1] == text
        page.evaluate("window.speech.end()")
    expect(button).to_be_visible()
    assert page.evaluate("window.speech.spoken[0][1]") == "en-GB"

    button.tap()
    page.wait_for_function("() => window.speech.spoken.length === 5")
    stop.tap()
    expect(button).to_be_visible()
    assert page.evaluate("window.speech.cancelled") == 1
    page.wait_for_timeout(500)
    assert len(spoken(page)) == 5


def test_leaving_the_page_stops_the_voice(fill: Fill, speech: Any) -> None:
    speech(ENGLISH)
    page = fill(TWO)
    open_more(page).get_by_role("switch").check()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Read aloud: Your name?").tap()
    page.wait_for_function("() => window.speech.spoken.length === 1")
    page.locator(".bottombar__next").tap()
    expect(page.get_by_role("button", name="Read aloud: Remarks?")).to_be_visible()
    assert page.evaluate("[window.speech.cancelled, window.speech.current]") == [1, None]
    page.get_by_role("button", name="Read aloud: Remarks?").tap()
    page.evaluate("window.world.fill.destroy()")
    assert page.evaluate("[window.speech.cancelled, window.speech.current]") == [2, None]


def test_the_setting_is_kept_and_voices_may_come_late_or_not_at_all(fill: Fill, speech: Any) -> None:
    speech(FAR, CANTONESE)
    page = fill(TWO)
    dialog = open_more(page)
    expect(dialog.get_by_role("switch")).to_be_disabled()
    expect(dialog).to_contain_text("no voice for English")
    page.evaluate("(voice) => window.speech.arrive(voice)", ENGLISH)
    expect(dialog.get_by_role("switch")).to_be_enabled()
    dialog.get_by_role("switch").check()
    page.keyboard.press("Escape")
    expect(page.locator(".aloud")).to_have_count(2)

    # The next time the voices come after the page.
    page.reload()
    page.wait_for_function("() => window.isReady")
    fill(TWO)
    page.wait_for_timeout(300)
    expect(page.locator(".aloud")).to_have_count(0)
    page.evaluate("(voice) => window.speech.arrive(voice)", ENGLISH)
    expect(page.locator(".aloud")).to_have_count(2)
    dialog = open_more(page)
    expect(dialog.get_by_role("switch")).to_be_checked()
    dialog.get_by_role("switch").uncheck()
    expect(page.locator(".aloud")).to_have_count(0)


def test_the_voice_is_that_of_the_questionnaires_language(fill: Fill, speech: Any) -> None:
    speech(CANTONESE, ENGLISH, CHINESE)
    page = fill(TWO)
    open_more(page).get_by_role("switch").check()
    page.keyboard.press("Escape")
    page.get_by_label("Language of the questions").select_option(ZH)
    page.get_by_role("button", name="Read aloud: 您的姓名？").tap()
    page.wait_for_function("() => window.speech.spoken.length === 1")
    assert page.evaluate("window.speech.spoken[0]") == ["您的姓名？", "zh_CN"]
    # Cantonese is no help to who asks in Mandarin.
    page.evaluate("(voice) => window.speech.arrive(voice)", CANTONESE)
    expect(open_more(page).get_by_role("switch")).to_be_disabled()


def test_questions_that_come_later_get_their_button_too(fill: Fill, speech: Any) -> None:
    speech(ENGLISH)
    form = model(
        field_list(
            "page",
            [question("has", "Any children?"), question("kids", "How many?", relevant="/data/page/has = 'yes'")],
        )
    )
    page = fill(form)
    open_more(page).get_by_role("switch").check()
    page.keyboard.press("Escape")
    page.get_by_label("Any children?", exact=True).fill("yes")
    expect(page.get_by_role("button", name="Read aloud: How many?")).to_be_visible()
    expect(page.locator(".aloud")).to_have_count(2)


@pytest.mark.parametrize("ui", ["zh", "en"])
def test_nothing_is_cut_at_320_px_with_double_text(fill: Fill, speech: Any, ui: str) -> None:
    speech(ENGLISH, CHINESE)
    page = fill(TWO, ui=ui, language=ZH if ui == "zh" else EN, ways=["callAgain", "handOver", "help"])
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.locator(".topbar__more").tap()
    page.get_by_role("switch").check()
    wide = """() => [...document.querySelectorAll('.fill *')].filter((part) => {
        const box = part.getBoundingClientRect()
        return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1)
    }).map((part) => part.outerHTML.slice(0, 200))"""
    assert page.evaluate(wide) == []
    for target in page.get_by_role("dialog").locator("button, label").all():
        assert box_of(target)["height"] >= 48
    page.keyboard.press("Escape")
    assert page.evaluate(wide) == []
    for target in page.locator(".topbar button, .topbar select, .aloud").all():
        box = box_of(target)
        assert box["height"] >= 47.5 and box["width"] >= 47.5
