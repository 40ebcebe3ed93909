"""Choices in every look that a form can ask for: what is stored, what a screen reader hears, what a small screen shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.boxes import box_of, boxes_of
from tests.browser.conftest import NewPhone
from tests.browser.fill.answers import expect_stored, stored

from .models import Node, choices, field_list, model, question, repeat, select

Fill = Callable[..., Page]

CROPS = choices(("a", "Maize"), ("b", "Rice"), ("c", "Wheat"), ("d", "Sweet potato"), ("e", "Other crops"))
AGREE = choices(("1", "完全不同意"), ("2", "不同意"), ("3", "一般"), ("4", "同意"), ("5", "完全同意"))
OFTEN = choices(("1", "Never"), ("2", "Rarely"), ("3", "Often"), ("4", "Always"))
LONG = choices(("1", "Completely unsatisfied"), ("2", "Somewhat unsatisfied"), ("3", "Neither nor"), ("4", "Satisfied"))
LISTS = {"crops": CROPS, "agree": AGREE, "often": OFTEN, "long": LONG}


def go_on(page: Page) -> None:
    """Taps Next."""
    page.locator(".bottombar__next").tap()


def places(rows: Locator) -> list[tuple[int, int]]:
    """Left and top of each element."""
    found = rows.evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).map(({ left, top }) => [Math.round(left), Math.round(top)])"
    )
    return [(left, top) for left, top in found]


def columns(group: Locator) -> int:
    """How many choices stand beside each other in the first line."""
    found = places(group.locator(".option"))
    return sum(1 for _, top in found if top == found[0][1])


# Columns, packs, scales


#: How many of the crops stand in the first line at 360 pixels, and at 800 (None: as many as their words have room).
IN_A_LINE: dict[str, tuple[int, int | None]] = {
    "columns": (2, 4),
    "columns-3": (2, 3),
    "columns-2 no-buttons": (2, 2),
    "columns-4 no-buttons": (3, 4),
    "compact-2": (2, 2),
    "columns-pack": (2, None),
    "horizontal": (2, None),
    "horizontal-compact": (2, None),
    "compact": (3, None),
    "list": (5, None),
    "vertical": (1, 1),
    "image-map": (1, 1),
}


@pytest.mark.parametrize("multiple", [False, True])
def test_columns_are_as_many_as_asked_for_and_as_the_screen_has_room_for(fill: Fill, multiple: bool) -> None:
    questions = [
        select(f"q{number}", words, "crops", multiple=multiple, appearance=words)
        for number, words in enumerate(IN_A_LINE)
    ]
    page = fill(model(field_list("p", questions), lists=LISTS))
    groups = [page.get_by_role("group", name=words, exact=True) for words in IN_A_LINE]
    for number, group in enumerate(groups):
        group.get_by_text("Rice", exact=True).tap()
        expect_stored(page, f"p/q{number}", "b")
        expect(group.get_by_role("checkbox" if multiple else "radio", name="Rice", exact=True)).to_be_checked()
    assert {words: columns(group) for words, group in zip(IN_A_LINE, groups, strict=True)} == {
        words: narrow for words, (narrow, _) in IN_A_LINE.items()
    }
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.locator(".option").evaluate_all(
        "(all) => all.filter((one) => one.getBoundingClientRect().height < 48).length"
    )
    assert small == 0
    page.set_viewport_size({"width": 800, "height": 740})
    for words, group in zip(IN_A_LINE, groups, strict=True):
        assert IN_A_LINE[words][1] in (None, columns(group)), words


def test_choices_without_buttons_show_which_is_chosen_and_where_the_focus_is(fill: Fill) -> None:
    page = fill(model(select("x", "Crops?", "crops", appearance="columns-pack no-buttons"), lists=LISTS))
    look = "(row) => { const style = getComputedStyle(row); return [style.backgroundColor, style.outlineStyle] }"
    rice = page.locator(".option").nth(1)
    before = rice.evaluate(look)
    rice.tap()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    after = rice.evaluate(look)
    expect_stored(page, "x", "b")
    assert before[0] != after[0]
    assert after[1] == "solid"
    # Not by colour alone, which the sun takes away; and the mark is no part of the choice's name.
    marks = page.locator(".option").evaluate_all("(all) => all.map((one) => getComputedStyle(one, '::before').content)")
    assert ["✓" in mark for mark in marks] == [False, True, False, False, False]
    expect(page.get_by_role("radio", name="Rice", exact=True)).to_be_checked()


def test_a_likert_scale_is_one_line_where_its_words_fit_and_a_list_where_not(fill: Fill) -> None:
    page = fill(
        model(
            field_list(
                "p",
                [
                    select("a", "How often?", "often", appearance="likert", required="true()"),
                    select("b", "同意吗？", "agree", appearance="likert"),
                    select("c", "How satisfied?", "long", appearance="likert"),
                ],
            ),
            lists=LISTS,
        )
    )
    expect(page.get_by_role("radio")).to_have_count(13)
    assert [columns(page.get_by_role("group", name=name)) for name in ("How often?", "同意吗？", "How satisfied?")] == [
        4,
        5,
        1,
    ]
    go_on(page)
    error = page.locator(".question__error").first
    expect(error).to_be_visible()
    for radio in page.get_by_role("group", name="How often?").get_by_role("radio").all():
        assert radio.get_attribute("aria-describedby") == error.get_attribute("id")
    page.get_by_role("radio", name="Always", exact=True).check()
    expect(error).to_be_hidden()
    expect_stored(page, "p/a", "4")


# Tables


def table(list_name: str) -> Node:
    """What pyxform makes of a table-list: a note with the group's label, the head, and the rows."""
    return field_list(
        "t",
        [
            question("generated_table_list_label_2", "Please rate", readonly="true()"),
            {**select("reserved_name_for_field_list_labels_3", "", list_name, appearance="label"), "label": ""},
            select("water", "Water", list_name, appearance="list-nolabel", required="true()", hint="From the tap"),
            select("roads", "Roads", list_name, appearance="list-nolabel"),
            select("crops", "Which?", list_name, appearance="list-nolabel", multiple=True),
            question("why", "Why?"),
        ],
    )


#: The words of choices that do not stand whole in one line.
BROKEN_WORDS = """(labels) => labels.filter((label) => label.checkVisibility()).flatMap((label) => {
  const text = label.firstChild
  return [...text.textContent.matchAll(/[^\\s]+/g)].filter(({ 0: word, index }) => {
    const range = document.createRange()
    range.setStart(text, index)
    range.setEnd(text, index + word.length)
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1
  }).map(([word]) => word)
})"""
LOOKS = ("likert", "columns", "columns-3", "columns-3 no-buttons", "columns-pack", "compact-4", "horizontal", "list")
WORDY = choices(("1", "Strongly disagree"), ("2", "Disagree"), ("3", "Undecided"), ("4", "Agree"), ("5", "Satisfied"))


@pytest.mark.parametrize(("width", "scale"), [(320, 100), (360, 100), (412, 130), (360, 200)])
def test_no_look_breaks_a_choice_within_a_word(page: Page, fill: Fill, width: int, scale: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.evaluate("(scale) => { document.documentElement.style.fontSize = `${scale}%` }", scale)
    looks = [select(f"q{number}", look, "wordy", appearance=look) for number, look in enumerate(LOOKS)]
    head = select("head", "Agree?", "wordy", appearance="label")
    rows = [select(name, name, "wordy", appearance="list-nolabel") for name in ("water", "roads")]
    fill(model(field_list("p", [*looks, head, *rows]), lists={"wordy": WORDY}))
    labels = page.locator(".option__label, .table-head__cell")
    expect(page.get_by_role("radio")).to_have_count(5 * (len(LOOKS) + 2))
    page.wait_for_timeout(200)
    assert labels.evaluate_all(BROKEN_WORDS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_scale_becomes_a_list_when_the_text_is_made_larger_and_a_line_again(page: Page, fill: Fill) -> None:
    page.set_viewport_size({"width": 412, "height": 740})
    fill(
        model(
            field_list("p", [select("a", "Agree?", "agree", appearance="likert"), *table("agree")["children"]]),
            lists=LISTS,
        )
    )
    line = page.locator(".option-list--line")
    head = page.locator(".table-head__cell")
    expect(line).to_have_count(4)
    expect(head).to_have_count(5)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    expect(line).to_have_count(0)
    expect(head).to_have_count(0)
    page.evaluate("document.documentElement.style.fontSize = ''")
    expect(line).to_have_count(4)


def test_a_table_has_its_head_once_and_each_row_is_a_group_of_named_choices(fill: Fill) -> None:
    page = fill(model(table("agree"), lists=LISTS))
    expect(page.get_by_text("Please rate")).to_be_visible()
    expect(page.get_by_text("reserved_name")).to_have_count(0)
    head = page.locator(".table-head__cell")
    expect(head).to_have_text(["完全不同意", "不同意", "一般", "同意", "完全同意"])
    water = page.get_by_role("group", name="Water", exact=True)
    expect(water).to_have_accessible_description("From the tap")
    columns_of_head = [left for left, _ in places(head)]
    assert all(
        abs(left - at) < 3
        for left, at in zip([left for left, _ in places(water.locator(".option"))], columns_of_head, strict=True)
    )
    small = page.locator(".option").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).filter(({ width, height }) => width < 44 || height < 48).length"
    )
    assert small == 0
    go_on(page)
    expect(water.get_by_role("radio", name="不同意", exact=True)).to_have_attribute("aria-invalid", "true")
    water.get_by_role("radio", name="不同意", exact=True).check()
    page.get_by_role("group", name="Which?").get_by_role("checkbox", name="同意", exact=True).check()
    assert (stored(page, "t/water"), stored(page, "t/crops"), stored(page, "t/roads")) == ("2", "4", "")


def test_taking_an_answer_of_a_table_back_moves_no_row(fill: Fill) -> None:
    page = fill(model(table("agree"), lists=LISTS))
    roads = page.get_by_role("group", name="Roads", exact=True)
    why = page.get_by_label("Why?")
    expect(why).to_be_visible()

    def height() -> int:
        """From the row to what stands below the table, wherever the page is scrolled to."""
        return places(why)[0][1] - places(roads)[0][1]

    expect(roads.get_by_role("radio")).to_have_count(5)
    before = height()
    roads.get_by_role("radio", name="一般", exact=True).check()
    assert height() == before
    clear = roads.get_by_role("button", name="Take the answer back")
    size = box_of(clear)
    assert min(size["width"], size["height"]) >= 48
    clear.tap()
    expect_stored(page, "t/roads", "")


def test_a_table_whose_words_are_too_long_shows_them_in_each_row(fill: Fill) -> None:
    page = fill(model(table("long"), lists=LISTS))
    water = page.get_by_role("group", name="Water", exact=True)
    expect(water.get_by_text("Completely unsatisfied")).to_be_visible()
    expect(page.locator(".table-head")).to_be_hidden()
    water.get_by_text("Satisfied", exact=True).tap()
    expect_stored(page, "t/water", "4")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_rows_without_a_head_show_the_words_themselves(fill: Fill) -> None:
    rows = [select(name, name, "often", appearance="list-nolabel") for name in ("a", "b")]
    page = fill(model(field_list("p", rows), lists=LISTS))
    words = page.get_by_role("group", name="b", exact=True).get_by_text("Rarely")
    expect(words).to_be_visible()
    assert box_of(words)["width"] > 20


def test_the_head_of_a_table_stays_in_view_above_its_rows(fill: Fill) -> None:
    rows = [select(f"r{number}", f"Row {number}", "agree", appearance="list-nolabel") for number in range(12)]
    page = fill(
        model(
            field_list(
                "p", [select("h", "Head", "agree", appearance="label"), *rows, *(question(f"q{n}") for n in range(8))]
            ),
            lists=LISTS,
        )
    )
    row = page.get_by_role("group", name="Row 8", exact=True)
    row.scroll_into_view_if_needed()
    expect(page.locator(".table-head__cell").first).to_be_in_viewport()
    below = "() => document.querySelector('.table-head').getBoundingClientRect().top - document.querySelector('.topbar').getBoundingClientRect().bottom"
    assert -2 <= page.evaluate(below) < 80
    page.get_by_label("q7").scroll_into_view_if_needed()
    expect(page.locator(".table-head__cell").first).not_to_be_in_viewport()


# Behind one line


def test_minimal_of_a_short_list_is_the_phones_own_picker(fill: Fill) -> None:
    page = fill(model(select("x", "Crops?", "crops", appearance="minimal quick"), question("next"), lists=LISTS))
    page.get_by_label("Crops?").select_option(label="Rice")
    expect_stored(page, "x", "b")
    expect(page.get_by_label("next")).to_be_visible()


def test_minimal_of_a_long_list_is_a_sheet_that_is_searched(fill: Fill) -> None:
    many = choices(*((str(number), f"Village {number}") for number in range(400)))
    page = fill(
        model(
            field_list(
                "p", [select("x", "Village?", "many", appearance="minimal", required="true()"), question("next")]
            ),
            lists={"many": many},
        )
    )
    box = page.get_by_role("combobox", name="Village?")
    expect(box).to_have_text("Choose…")
    go_on(page)
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_be_focused()
    box.tap()
    sheet = page.get_by_role("dialog", name="Village?")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(sheet.get_by_label("Type to search")).not_to_be_focused()
    sheet.get_by_label("Type to search").fill("399")
    sheet.get_by_text("Village 399").tap()
    expect(sheet).to_have_count(0)
    expect(box).to_have_text("Village 399")
    expect(box).to_be_focused()
    expect(box).not_to_have_attribute("aria-invalid", "true")
    expect_stored(page, "p/x", "399")
    box.tap()
    expect(sheet).to_be_visible()
    assert page.evaluate("window.world.fill.back()") is True
    expect(sheet).to_have_count(0)
    expect(box).to_be_visible()


def test_minimal_of_several_choices_is_a_sheet_that_is_closed_with_done(fill: Fill) -> None:
    page = fill(model(select("x", "Crops?", "crops", multiple=True, appearance="minimal"), lists=LISTS), ui="zh")
    page.get_by_role("combobox", name="Crops?").tap()
    for name in ("Wheat", "Maize"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="选好了").tap()
    expect(page.get_by_role("combobox", name="Crops?")).to_have_text("Maize, Wheat")
    expect_stored(page, "x", "a c")


def test_a_cascade_of_minimal_lists_follows_the_level_above(fill: Fill) -> None:
    towns = choices(("n", "North"), ("s", "South"))
    villages = choices(
        *((f"{town}{number}", f"{town}-village {number}", town) for town in "ns" for number in range(60)),
        columns=("name", "label", "town"),
    )
    page = fill(
        model(
            field_list(
                "p",
                [
                    select("town", "Town?", "towns", appearance="minimal"),
                    select("place", "Village?", "villages", where="[town = /data/p/town]", appearance="minimal"),
                ],
            ),
            lists={"towns": towns, "villages": villages},
        )
    )
    page.get_by_label("Town?").select_option(label="South")
    page.get_by_role("combobox", name="Village?").tap()
    page.get_by_text("s-village 7", exact=True).tap()
    expect_stored(page, "p/place", "s7")
    page.get_by_label("Town?").select_option(label="North")
    expect_stored(page, "p/place", "")
    expect(page.get_by_role("combobox", name="Village?")).to_have_text("Choose…")


def test_a_long_list_does_not_keep_what_stands_below_it_out_of_reach(fill: Fill) -> None:
    many = choices(*((str(number), f"Village {number}") for number in range(3000)))
    page = fill(model(field_list("p", [select("x", "Village?", "many"), question("below")]), lists={"many": many}))
    below = page.get_by_label("below")
    expect(page.get_by_role("radio")).to_have_count(30)
    for _ in range(8):
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(60)
    expect(below).to_be_in_viewport()
    shown = page.get_by_role("radio").count()
    page.get_by_role("button", name="Show more").tap()
    assert page.get_by_role("radio").count() > shown


def test_a_short_list_is_searched_where_the_form_asks_for_it(fill: Fill) -> None:
    looks = ["autocomplete", "search", "autocomplete_chars", "search('x')"]
    questions = [
        select(f"q{number}", words, "crops", multiple=True, appearance=words) for number, words in enumerate(looks)
    ]
    page = fill(model(field_list("p", questions), lists=LISTS))
    for number, words in enumerate(looks):
        group = page.get_by_role("group", name=words, exact=True)
        group.get_by_label("Type to search").fill("POTÁ")
        expect(group.get_by_role("checkbox")).to_have_count(1)
        group.get_by_role("checkbox", name="Sweet potato").check()
        expect_stored(page, f"p/q{number}", "d")


# Going on by itself, taken from the form, other


def test_quick_goes_on_by_itself_in_every_look(fill: Fill) -> None:
    looks = ["quick", "quickcompact", "quickcompact-2", "columns quick"]
    questions = [select(f"q{number}", words, "crops", appearance=words) for number, words in enumerate(looks)]
    page = fill(model(*questions, question("next"), lists=LISTS))
    for words in looks:
        page.get_by_role("group", name=words, exact=True).get_by_text("Rice", exact=True).tap()
    expect(page.get_by_label("next")).to_be_visible()
    assert [stored(page, f"q{number}") for number in range(4)] == ["b"] * 4


def test_choices_from_a_repeat_follow_its_rows(fill: Fill) -> None:
    itemset = {"nodeset": "/data/p/kid[./name != '']", "value": "name", "label": "name"}
    page = fill(
        model(
            field_list(
                "p",
                [
                    repeat("kid", [question("name", "Name")]),
                    question("best", "Best?", control="select1", itemset=itemset),
                ],
            ),
        ),
        answers={"p": {"kid": [{"name": "Bo"}, {"name": "Li"}]}},
    )
    best = page.get_by_role("group", name="Best?")
    best.get_by_role("radio", name="Li", exact=True).check()
    page.get_by_label("Name").first.fill("An")
    expect(best.get_by_role("radio", name="An", exact=True)).to_be_visible()
    expect(best.get_by_role("radio", name="Li", exact=True)).to_be_checked()
    expect_stored(page, "p/best", "Li")


def test_a_value_stands_in_a_choices_label(fill: Fill) -> None:
    itemset = {"nodeset": "instance('l')/root/item", "value": "name", "label": "itextId", "is_itext": True}
    form = model(
        field_list("p", [question("head", "Head?"), question("who", "Who?", control="select1", itemset=itemset)]),
        lists={"l": {"columns": ["name", "itextId"], "rows": [["1", "l-0"]]}},
    )
    for texts in form["texts"].values():
        texts["l-0"] = ["The head, ", {"value": " /data/p/head "}]
    page = fill(form)
    page.get_by_label("Head?").fill("Li")
    expect(page.get_by_role("radio", name="The head, Li")).to_be_visible()


def test_a51_other_opens_a_box_to_type_in(fill: Fill) -> None:
    form = model(
        field_list(
            "p",
            [
                select("crop", "Crop?", "l"),
                question("crop_other", "Specify other.", relevant="selected(/data/p/crop, 'other')"),
            ],
        ),
        lists={"l": choices(("a", "Maize"), ("other", "Other"))},
    )
    page = fill(form)
    expect(page.get_by_label("Specify other.")).to_have_count(0)
    page.get_by_role("radio", name="Other").check()
    page.get_by_label("Specify other.").fill("Teff")
    assert (stored(page, "p/crop"), stored(page, "p/crop_other")) == ("other", "Teff")


# Rank


def rank() -> dict[str, Any]:
    """A form of one rank question."""
    itemset = {"nodeset": "instance('crops')/root/item", "value": "name", "label": "label"}
    return model(question("order", "Order?", control="rank", type="odk:rank", itemset=itemset), lists=LISTS)


def test_a_rank_is_dragged_by_its_handle(fill: Fill) -> None:
    page = fill(rank())
    handles = page.locator(".rank__handle")
    expect(handles).to_have_count(5)
    last, first = boxes_of(handles.nth(4), handles.nth(0))
    page.mouse.move(last["x"] + 10, last["y"] + 10)
    page.mouse.down()
    page.mouse.move(first["x"] + 10, first["y"] + 60, steps=12)
    page.mouse.up()
    expect_stored(page, "order", "a e b c d")
    expect(page.locator(".rank__label").nth(1)).to_have_text("2. Other crops")


def test_a_rank_stays_legible_at_double_text_size(fill: Fill) -> None:
    page = fill(rank())
    page.set_viewport_size({"width": 320, "height": 740})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    label = page.locator(".rank__label").first
    expect(label).to_be_visible()
    assert label.evaluate("(label) => label.getBoundingClientRect().width") > 150
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_touch_of_the_handle_alone_is_no_answer(fill: Fill) -> None:
    page = fill(rank())
    page.locator(".rank__handle").first.tap()
    expect_stored(page, "order", "")
    page.get_by_role("button", name="Keep this order").tap()
    expect_stored(page, "order", "a b c d e")


# Numbers


def test_thousands_are_set_apart_when_nobody_types(fill: Fill) -> None:
    page = fill(
        model(
            field_list(
                "p",
                [
                    question("income", type="int", appearance="thousands-sep"),
                    question("share", type="decimal", appearance="thousands-sep"),
                    question("next"),
                ],
            )
        ),
        answers={"p": {"income": "-1234567"}},
    )
    income, share = page.get_by_label("income"), page.get_by_label("share")
    expect(income).to_have_value("-1,234,567")
    income.tap()
    expect(income).to_have_value("-1234567")
    income.fill("12345678901234567")
    share.fill("1234,5")
    page.get_by_label("next").tap()
    expect(income).to_have_value("12,345,678,901,234,567")
    expect(share).to_have_value("1,234.5")
    assert (stored(page, "p/income"), stored(page, "p/share")) == ("12345678901234567", "1234.5")


def test_an_iphone_has_a_button_for_the_sign_where_a_number_may_be_negative(
    new_phone: NewPhone, fill_origin: str
) -> None:
    phone = new_phone(
        user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
    )
    page = phone.new_page()
    page.goto(f"{fill_origin}/tests/browser/fill/harness.html")
    page.wait_for_function("() => window.isReady")
    form = model(
        field_list(
            "p",
            [
                question("balance", type="decimal"),
                question("age", type="int", constraint=". >= 0 and . < 120"),
                question("cold", type="int", constraint=". <= 40"),
            ],
        )
    )
    page.evaluate("(model) => window.mount(model)", form)
    expect(page.get_by_label("cold", exact=True)).to_be_visible()
    signs = page.locator(".number__sign")
    expect(signs).to_have_count(2)
    page.get_by_label("balance", exact=True).fill("12")
    signs.first.tap()
    expect(page.get_by_label("balance", exact=True)).to_have_value("-12")
    expect_stored(page, "p/balance", "-12")
    signs.first.tap()
    expect_stored(page, "p/balance", "12")
    signs.nth(1).tap()
    page.keyboard.type("5")
    expect_stored(page, "p/cold", "-5")


def test_other_phones_have_a_button_for_the_sign_where_the_form_speaks_of_negative_numbers(fill: Fill) -> None:
    page = fill(
        model(
            field_list(
                "p",
                [question("balance", type="decimal"), question("cold", type="int", constraint=". >= -40 and . <= 50")],
            )
        )
    )
    page.get_by_label("balance", exact=True).fill("-5")
    expect_stored(page, "p/balance", "-5")
    page.get_by_label("cold", exact=True).fill("12")
    page.locator(".number__sign").tap()
    expect_stored(page, "p/cold", "-12")
    assert page.get_by_label("cold", exact=True).get_attribute("inputmode") == "numeric"
    assert page.get_by_label("balance", exact=True).get_attribute("inputmode") == "decimal"


def test_a37_all_17_digits_of_an_integer_are_kept(fill: Fill) -> None:
    page = fill(model(question("id", type="int"), question("next")))
    box = page.get_by_label("id", exact=True)
    box.type("12345678901234567")
    go_on(page)
    expect(page.get_by_label("next")).to_be_visible()
    page.get_by_role("button", name="Back").tap()
    expect(box).to_have_value("12345678901234567")
    expect_stored(page, "id", "12345678901234567")


def test_pictures_that_are_not_here_do_not_lie_over_a_scale(page: Page, fill: Fill) -> None:
    itemset = {"nodeset": "instance('l')/root/item", "value": "name", "label": "itextId", "is_itext": True}
    rows = [[str(number), f"i-{number}"] for number in range(5)]
    form = model(
        question("x", "Agree?", control="select1", appearance="likert", itemset=itemset),
        lists={"l": {"columns": ["name", "itextId"], "rows": rows}},
    )
    words = ("Strongly Disagree", "Disagree", "Neutral", "Agree", "Strongly Agree")
    pictures = ("angry.jpg", "sad.png", "neutral.png", "happy.svg", "excited.svg")
    for texts in form["texts"].values():
        for number, (word, picture) in enumerate(zip(words, pictures, strict=True)):
            texts[f"i-{number}"] = {"text": word, "image": picture}
    page.set_viewport_size({"width": 412, "height": 740})
    fill(form, ui="zh")
    expect(page.get_by_text("这里没有文件 excited.svg。")).to_be_visible()
    scale = page.locator(".option-list--line .option")
    expect(scale).to_have_count(5)
    # What stands in a row of the scale stays within it, also where the row is lower than its words and picture.
    page.locator(".option-list--line .option-list__rows").evaluate("(rows) => { rows.style.blockSize = '5rem' }")
    outside = scale.evaluate_all(
        """(options) => options.flatMap((option) => {
          const { left, right } = option.getBoundingClientRect()
          return [...option.children].map((part) => part.getBoundingClientRect()).filter((box) => box.left < left - 1 || box.right > right + 1)
        }).length"""
    )
    assert outside == 0
