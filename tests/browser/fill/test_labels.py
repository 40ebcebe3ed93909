"""What stands in labels, hints and choices besides words: Markdown and HTML, pictures and recordings, guidance, looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from .models import EN, ZH, Node, choices, field_list, group, model, question, repeat, select

Fill = Callable[..., Page]

HOSTILE = "<img src=x onerror=alert(1)>"


def picture(colour: str) -> str:
    """The address of a picture of one colour, three wide and two high."""
    return (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='300' height='200'%3E"
        f"%3Crect width='300' height='200' fill='{colour}'/%3E%3C/svg%3E"
    )


def have_media(page: Page, **files: str) -> None:
    """Puts files beside the questionnaire: `name__ext` is the file name.ext."""
    page.evaluate(
        "(files) => { window.world.media = files }",
        {name.replace("__", "."): address for name, address in files.items()},
    )


def set_text(form: dict[str, Any], key: str, text: Any, language: str | None = None) -> None:
    """Replaces a text in the model, in one language or in all."""
    for name, texts in form["texts"].items():
        if language in (None, name):
            texts[key] = text


def with_media(name: str, **forms: Any) -> dict[str, Any]:
    """A model of one question whose label has these forms: `image`, `audio` and so on."""
    form = model(question(name, "Look"), question("next"))
    set_text(form, f"/data/{name}:label", {"text": "Look", **{key.replace("_", "-"): it for key, it in forms.items()}})
    return form


def test_marks_are_drawn_in_labels_hints_and_choices_and_left_out_elsewhere(fill: Fill) -> None:
    form = model(
        group(
            "g",
            [
                select("owns", "Owns a **house**?", "yn", hint="See the *deed* at [the office](https://example.org/a)"),
                question("name", "# Name\nof the <u>owner</u>"),
            ],
            "<b>Home</b>",
        ),
        lists={"yn": choices(("yes", '<span style="color:green">Yes</span>'), ("no", "No"))},
    )
    page = fill(form)
    question_group = page.get_by_role("group", name="Owns a house?", exact=True)
    expect(question_group.locator("strong")).to_have_text("house")
    link = question_group.get_by_role("link", name="the office")
    assert [link.get_attribute(name) for name in ("href", "target", "rel")] == [
        "https://example.org/a",
        "_blank",
        "noopener noreferrer",
    ]
    green = question_group.get_by_role("radio", name="Yes", exact=True)
    green.check()
    colour = page.locator(".option__label span").evaluate("(word) => getComputedStyle(word).color")
    plain_colour = page.locator(".option__label").nth(1).evaluate("(word) => getComputedStyle(word).color")
    assert colour != plain_colour
    expect(page.locator(".fill-page__trail")).to_have_text("Home")
    page.locator(".bottombar__next").tap()
    box = page.get_by_role("textbox", name="Name of the owner")
    label = page.locator(".question__text")
    assert label.evaluate("(label) => getComputedStyle(label.firstChild).display") == "block"
    box.fill("a **b** <b>c</b>")
    page.get_by_role("button", name="All questions").tap()
    overview = page.get_by_role("dialog")
    for words in ("Home", "Owns a house?", "Yes", "a **b** <b>c</b>"):
        expect(overview.get_by_text(words, exact=True)).to_be_visible()


def test_a82_markup_that_is_not_allowed_is_shown_as_text_and_nothing_runs(page: Page, fill: Fill) -> None:
    page.evaluate("() => { window.alert = () => { window.hasRun = true } }")
    form = model(
        field_list(
            "p",
            [
                question("a", f"{HOSTILE} **bold**", hint="<script>alert(1)</script> *x*"),
                select("c", "<a href='javascript:alert(1)'>x</a> <b>y</b>", "l"),
            ],
        ),
        lists={"l": choices(("1", f"{HOSTILE} **one**"))},
    )
    fill(form)
    expect(page.get_by_text(f"{HOSTILE} bold")).to_be_visible()
    expect(page.get_by_text("<script>alert(1)</script> x")).to_be_visible()
    expect(page.get_by_role("radio", name=f"{HOSTILE} one")).to_be_visible()
    expect(page.locator(".fill__main").locator("img, script, a")).to_have_count(0)
    assert page.evaluate("window.hasRun") is None


def test_a_value_in_a_label_is_never_markup(fill: Fill) -> None:
    kids = repeat("kid", [question("kid_name", "Name")])
    form = model(
        field_list(
            "p",
            [
                question("name"),
                question("note", readonly="true()"),
                kids,
                question(
                    "best",
                    "Best?",
                    control="select1",
                    itemset={"nodeset": "/data/p/kid", "value": "kid_name", "label": "kid_name"},
                ),
            ],
        )
    )
    set_text(form, "/data/p/note:label", ["**Hello** ", {"value": " /data/p/name "}, "!"])
    page = fill(form, answers={"p": {"name": f"*Li* {HOSTILE}", "kid": [{"kid_name": "**Bo** _x_"}]}})
    note = page.locator(".question--note .question__text")
    expect(note).to_have_text(f"Hello *Li* {HOSTILE}!")
    expect(note.locator("strong")).to_have_text("Hello")
    expect(page.locator(".fill__main img")).to_have_count(0)
    best = page.get_by_role("group", name="Best?")
    best.get_by_role("radio", name="**Bo** _x_", exact=True).check()
    page.get_by_role("button", name="All questions").tap()
    expect(page.get_by_role("dialog").get_by_text("**Bo** _x_").last).to_be_visible()


def test_a_picture_is_shown_and_a_tap_makes_it_large(page: Page, fill: Fill) -> None:
    have_media(page, map__png=picture("teal"), big__png=picture("gold"))
    fill(with_media("spot", image="map.png", big_image="big.png"))
    expect(page.locator(".media__image")).to_be_visible()
    page.get_by_role("button", name="Enlarge the picture").tap()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("img")).to_have_attribute("src", picture("gold"))
    assert page.evaluate("window.world.fill.back()") is True
    expect(dialog).to_have_count(0)
    expect(page.get_by_label("Look")).to_be_visible()


def test_a_picture_follows_the_language_and_a_missing_file_is_named(page: Page, fill: Fill) -> None:
    form = with_media("spot", image="map.png", audio="gone.mp3")
    set_text(form, "/data/spot:label", {"text": "看", "image": "map_zh.png"}, ZH)
    have_media(page, map__png=picture("teal"), map_zh__png=picture("red"))
    fill(form, language=EN)
    expect(page.locator(".media__image")).to_have_attribute("src", picture("teal"))
    expect(page.get_by_text("The file gone.mp3 is not here.")).to_be_visible()
    page.get_by_label("Language of the questions").select_option(ZH)
    expect(page.locator(".media__image")).to_have_attribute("src", picture("red"))


def test_sound_and_film_play_by_themselves_only_where_the_form_says_so(page: Page, fill: Fill) -> None:
    # As a phone has them: the policy lets no `data:` play.
    kept = "(type) => URL.createObjectURL(new Blob(['\\0\\0\\0'], { type }))"
    have_media(page, a__mp3=page.evaluate(kept, "audio/mpeg"), v__mp4=page.evaluate(kept, "video/mp4"))
    form = with_media("one", audio="a.mp3", video="v.mp4")
    form["root"]["children"][0]["parameters"] = {"autoplay": "audio"}
    fill(form)
    expect(page.locator("video")).to_be_visible()
    players = page.locator("audio, video")
    assert players.evaluate_all("(all) => all.map((one) => [one.localName, one.controls, one.autoplay])") == [
        ["audio", True, True],
        ["video", True, False],
    ]


def test_pictures_of_choices_come_as_their_rows_are_reached(page: Page, fill: Fill) -> None:
    rows = [[str(number), f"i-{number}"] for number in range(60)]
    itemset = {"nodeset": "instance('l')/root/item", "value": "name", "label": "itextId", "is_itext": True}
    form = model(
        question("x", "Which?", control="select1", itemset=itemset),
        lists={"l": {"columns": ["name", "itextId"], "rows": rows}},
    )
    for number in range(60):
        set_text(form, f"i-{number}", {"text": f"Bird {number}", "image": f"{number}.png"})
    page.evaluate("window.asked = []")
    have_media(page, **{f"{number}__png": picture("teal") for number in range(60)})
    page.evaluate(
        """() => {
            const files = window.world.media
            window.world.media = new Proxy(files, { get: (all, name) => { window.asked.push(name); return all[name] } })
        }"""
    )
    fill(form)
    expect(page.get_by_role("radio", name="Bird 0", exact=True)).to_be_visible()
    expect(page.locator(".option img").first).to_be_visible()
    assert 1 <= page.evaluate("window.asked.length") < 20
    page.get_by_role("radio", name="Bird 25", exact=True).scroll_into_view_if_needed()
    page.wait_for_function("() => window.asked.includes('25.png')")
    page.locator(".option img").first.tap()
    assert page.evaluate("window.world.form.find('/data/x').value") == "0"


def test_guidance_is_folded_under_more(fill: Fill) -> None:
    form = model(question("age", hint="In years"))
    set_text(form, "/data/age:hint", {"text": "In years", "guidance": "Count from the **last** birthday."})
    page = fill(form)
    expect(page.get_by_text("Count from the last birthday.")).to_be_hidden()
    page.get_by_text("More", exact=True).tap()
    expect(page.get_by_text("Count from the last birthday.")).to_be_visible()
    fill(form, ui="zh")
    expect(page.get_by_text("更多说明", exact=True)).to_be_visible()


def notes(*appearances: str) -> list[Node]:
    """A note for each appearance, labelled with it."""
    return [
        question(f"n{number}", words, readonly="true()", appearance=words) for number, words in enumerate(appearances)
    ]


def test_looks_of_notes_are_colours_that_stay_legible_and_widths_do_no_harm(fill: Fill) -> None:
    form = model(
        field_list(
            "p", [*notes("h1 yellow", "li", "h3 blue center underline", "h4 summary", "h2 red", "green lime w1")]
        ),
    )
    page = fill(form)
    title = page.get_by_text("h1 yellow")
    expect(page.locator(".look--yellow")).to_have_count(1)
    style = "(label) => { const style = getComputedStyle(label.closest('.question__label')); return [style.backgroundColor, style.fontSize] }"
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.look--li .question__text')).display === 'list-item'"
    )
    plain_style, yellow = page.get_by_text("h4 summary").evaluate(style), title.evaluate(style)
    assert yellow[0] != plain_style[0]
    assert float(yellow[1][:-2]) > float(plain_style[1][:-2])
    widths = page.locator(".question--note").evaluate_all(
        "(all) => all.map((one) => Math.round(one.getBoundingClientRect().width))"
    )
    assert len(set(widths)) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_kobo_widths_stand_beside_each_other_where_there_is_room(fill: Fill) -> None:
    four = [question(f"q{number}", appearance="w1") for number in range(4)]
    page = fill(model(field_list("p", [question("whole"), *four])))
    tops = "() => [...document.querySelectorAll('.question')].map((one) => Math.round(one.getBoundingClientRect().top))"
    page.wait_for_function("() => document.querySelectorAll('.look--w1').length === 4")
    assert len(set(page.evaluate(tops))) == 5
    page.set_viewport_size({"width": 800, "height": 740})
    page.wait_for_function(
        "() => new Set([...document.querySelectorAll('.question')].map((one) => Math.round(one.getBoundingClientRect().top))).size === 2"
    )


def test_a_right_to_left_language_mirrors_the_page_but_not_the_numbers(fill: Fill) -> None:
    form = model(
        field_list(
            "p",
            [
                select("owns", "هل تملك بيتا؟", "yn"),
                question("age", "العمر", type="int"),
                question("phone", "الهاتف", appearance="numbers"),
            ],
        ),
        lists={"yn": choices(("yes", "نعم"), ("no", "لا"))},
    )
    form["form"]["languages"] = [{"name": EN, "code": "ar"}]
    page = fill(form)
    option = page.locator(".option").first
    expect(option).to_be_visible()
    boxes = option.evaluate(
        "(row) => [row.querySelector('input'), row.querySelector('span')].map((one) => one.getBoundingClientRect().left)"
    )
    assert boxes[0] > boxes[1]
    for name in ("العمر", "الهاتف"):
        box = page.get_by_label(name)
        box.type("-12")
        assert box.evaluate(
            "(box) => { const { direction, textAlign } = getComputedStyle(box); return [direction, textAlign] }"
        ) == ["ltr", "right"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_apps_own_words_end_with_their_full_stop_in_a_page_from_right_to_left(fill: Fill) -> None:
    form = model(question("age", "العمر", required="true()"))
    form["form"]["languages"] = [{"name": EN, "code": "ar"}]
    page = fill(form)
    page.locator(".bottombar__next").tap()
    message = page.locator(".question__error").get_by_text("This question needs an answer.")
    expect(message).to_be_visible()
    last_word, full_stop, left_edge = message.evaluate(
        """(element) => {
          const text = element.firstChild
          const at = (from, to) => {
            const range = document.createRange()
            range.setStart(text, from)
            range.setEnd(text, to)
            return range.getBoundingClientRect().left
          }
          const end = text.data.length
          return [at(end - 7, end - 1), at(end - 1, end), document.querySelector('.question').getBoundingClientRect().left]
        }"""
    )
    assert left_edge < last_word < full_stop
