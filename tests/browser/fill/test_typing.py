"""What is typed in other scripts and with input methods, and what is shown where a translation is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.questionnaires.books import compile_markdown, model_of, place

from .models import model, question

Fill = Callable[..., Page]

AGES = model(question("age", "Age?", type="int", constraint=". = 12", required="true()"), question("next", "Next?"))
NAMES = model(question("name", "Name?", constraint="string-length(.) = 1"), question("next", "Next?"))

#: Counts what runs while somebody composes: changes and checks of the form, saves, and changes of the page.
WATCH = """() => {
    const { form } = window.world
    const seen = { checks: 0, redrawn: 0 }
    const problem = form.problem.bind(form)
    form.problem = (node) => { seen.checks += 1; return problem(node) }
    const watcher = new MutationObserver((records) => { seen.redrawn += records.length })
    watcher.observe(document.querySelector('#root'), { subtree: true, childList: true, characterData: true, attributes: true })
    window.soFar = () => ({ ...seen, changes: window.world.changes, saves: window.world.saves.length })
}"""


def go_on(page: Page) -> None:
    """Taps Next."""
    page.locator(".bottombar__next").tap()


@pytest.mark.parametrize("typed", ["١٢", "۱۲", "१२"])
def test_a53_digits_of_other_scripts_are_typed_in_a_number_box(fill: Fill, typed: str) -> None:
    page = fill(AGES)
    page.get_by_label("Age?").press_sequentially(typed)
    assert page.evaluate("window.world.form.find('/data/age').value") == "12"
    page.wait_for_function("() => window.world.saves.at(-1)?.answers.age === '12'")
    go_on(page)
    expect(page.get_by_label("Next?")).to_be_visible()


def test_a53_the_constraint_is_that_of_the_number(fill: Fill) -> None:
    page = fill(AGES)
    page.get_by_label("Age?").press_sequentially("١٣")
    go_on(page)
    expect(page.locator(".question__error")).to_be_visible()
    assert page.evaluate("window.world.form.find('/data/age').value") == "13"
    assert page.evaluate("window.world.form.problem(window.world.form.find('/data/age')).kind") == "constraint"


def compose(cdp: CDPSession, *texts: str) -> None:
    """Shows each of the texts as what the input method has composed so far."""
    for text in texts:
        cdp.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


@pytest.mark.parametrize("code", [13, 229], ids=["Enter", "Enter, told as 229"])
def test_a54_enter_confirms_a_composition_and_does_nothing_else(fill: Fill, code: int) -> None:
    page = fill(NAMES)
    box = page.get_by_label("Name?")
    box.focus()
    box.evaluate("(box) => { box.dataset.mark = 'mine' }")
    page.evaluate(WATCH)
    cdp = page.context.new_cdp_session(page)
    compose(cdp, "w", "wa", "wan", "wang")
    page.wait_for_timeout(400)
    expect(box).to_have_value("wang")
    during: dict[str, Any] = page.evaluate("window.soFar()")
    assert during == {"checks": 0, "redrawn": 0, "changes": 0, "saves": 0}
    cdp.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": code}
    )
    assert page.evaluate("window.soFar()") == during
    cdp.send("Input.insertText", {"text": "王"})
    cdp.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13})
    page.wait_for_function("() => window.world.saves.length > 0")
    page.wait_for_timeout(400)
    expect(box).to_have_value("王")
    assert box.get_attribute("data-mark") == "mine"
    assert page.evaluate("window.world.saves.map((draft) => draft.answers.name)") == ["王"]
    expect(page.get_by_label("Next?")).to_have_count(0)
    box.press("Enter")
    expect(page.get_by_label("Next?")).to_be_visible()


GERMAN = """
    | survey |
    | | type         | name | label::English (en) | label::Deutsch (de) |
    | | text         | a    | Name                |                     |
    | | select_one l | b    | Choice              | Wahl                |
    | choices |
    | | list_name | name | label::English (en) | label::Deutsch (de) |
    | | l         | x    | Ex                  | Iks                 |
    | | l         | y    | Why                 |                     |
    | settings |
    | | form_id | default_language |
    | | f       | English (en)     |
"""


def test_a55_a_label_without_german_is_shown_in_english_and_the_import_says_where(fill: Fill) -> None:
    compiled = compile_markdown(GERMAN)
    missing = [place(finding) for finding in compiled.warnings if finding.code == "translation_missing"]
    assert missing == [("survey", 2, "label::Deutsch (de)"), ("choices", 3, "label::Deutsch (de)")]
    page = fill(model_of(compiled))
    page.locator(".topbar select").select_option("Deutsch (de)")
    expect(page.locator(".question__text")).to_have_text("Name")
    go_on(page)
    expect(page.locator(".question__text")).to_have_text("Wahl")
    expect(page.locator(".option")).to_have_text(["Iks", "Why"])
