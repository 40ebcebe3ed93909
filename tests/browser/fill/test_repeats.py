"""Repeats: a list of rows on a page of its own, rows inside a field-list, rows that the form counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from .models import field_list, model, question, repeat

Fill = Callable[..., Page]

MEMBER = [question("name", "Name"), question("age", "Age", type="int")]
PAGED = model(question("street"), repeat("member", MEMBER, ("Member", "成员")), question("end"))
INLINE = model(field_list("page", [question("street"), repeat("member", MEMBER, "Member")]), question("end"))
PEOPLE = {"member": [{"name": "Li", "age": "1"}, {"name": "Wang", "age": "2"}, {"name": "Zhao", "age": "3"}]}


def rows(page: Page, path: str = "/data/member") -> list[str]:
    """The names in the rows, in order."""
    found: list[str] = page.evaluate(
        "(path) => window.world.form.find(path).children.map((row) => row.children[0].value)", path
    )
    return found


def go_on(page: Page) -> None:
    """Taps Next."""
    page.locator(".bottombar__next").tap()


def open_list(page: Page) -> None:
    """From the first page to the list of rows."""
    go_on(page)
    expect(page.get_by_role("button", name="Add: Member")).to_be_visible()


def test_a_row_is_added_filled_and_comes_back_to_the_list(fill: Fill) -> None:
    page = fill(PAGED, answers={"member": []})
    open_list(page)
    for name in ("Li", "Wang"):
        page.get_by_role("button", name="Add: Member").tap()
        page.get_by_label("Name").fill(name)
        go_on(page)
        expect(page.get_by_label("Age", exact=True)).to_be_visible()
        go_on(page)
        expect(page.locator(".repeat-rows__answer").last).to_have_text(name)
    assert page.locator(".repeat-rows__title").all_inner_texts() == ["Member 1", "Member 2"]
    go_on(page)
    expect(page.get_by_label("end")).to_be_visible()
    page.get_by_role("button", name="Back").tap()
    expect(page.locator(".repeat-rows__row")).to_have_count(2)


def test_back_out_of_a_row_leads_to_the_list(fill: Fill) -> None:
    page = fill(PAGED, answers=PEOPLE)
    open_list(page)
    page.get_by_text("Wang").tap()
    expect(page.get_by_label("Name")).to_have_value("Wang")
    expect(page.locator(".fill-page__trail")).to_have_text("Member 2 · Wang")
    page.get_by_role("button", name="Back").tap()
    expect(page.locator(".repeat-rows__row")).to_have_count(3)


def test_a_row_nobody_looked_at_is_gone_through_before_next_leads_on(fill: Fill) -> None:
    page = fill(PAGED, answers={"member": [{"name": "Li"}, {}]})
    open_list(page)
    go_on(page)
    expect(page.locator(".fill-page__trail")).to_have_text("Member 2")
    go_on(page)
    go_on(page)
    go_on(page)
    expect(page.get_by_label("end")).to_be_visible()


def test_a_removed_row_comes_back_where_it_was(fill: Fill) -> None:
    page = fill(PAGED, answers=PEOPLE)
    open_list(page)
    page.get_by_role("button", name="Remove Member 2").tap()
    expect(page.locator(".fill__notice")).to_contain_text("Member 2 · Wang removed")
    assert rows(page) == ["Li", "Zhao"]
    page.get_by_role("button", name="Undo").tap()
    assert rows(page) == ["Li", "Wang", "Zhao"]
    assert page.locator(".repeat-rows__answer").all_inner_texts() == ["Li", "Wang", "Zhao"]
    expect(page.locator(".fill__notice")).to_be_hidden()


def test_rows_in_a_field_list_stand_on_the_page(fill: Fill) -> None:
    page = fill(INLINE, answers={"page": {"member": []}})
    page.get_by_role("button", name="Add: Member").tap()
    page.get_by_label("Name").fill("Li")
    page.get_by_role("button", name="Add: Member").tap()
    page.get_by_label("Name").nth(1).fill("Wang")
    assert rows(page, "/data/page/member") == ["Li", "Wang"]
    page.get_by_role("button", name="Remove Member 1").tap()
    expect(page.get_by_label("Name")).to_have_count(1)
    expect(page.get_by_label("Name")).to_have_value("Wang")
    go_on(page)
    expect(page.get_by_label("end")).to_be_visible()


def test_rows_that_the_form_counts_are_neither_added_nor_removed(fill: Fill) -> None:
    form = model(
        question("count", type="int"), repeat("member", MEMBER, "Member", count="/data/count"), question("end")
    )
    page = fill(form)
    page.get_by_label("count").fill("2")
    go_on(page)
    for title in ("Member 1", "Member 2"):
        for name in ("Name", "Age"):
            expect(page.get_by_label(name, exact=True)).to_be_visible()
            expect(page.locator(".fill-page__trail")).to_have_text(title)
            expect(page.get_by_role("button", name="Remove")).to_have_count(0)
            go_on(page)
    expect(page.get_by_label("end")).to_be_visible()


def test_counted_rows_in_a_field_list_have_no_buttons(fill: Fill) -> None:
    form = model(
        field_list(
            "page", [question("count", type="int"), repeat("member", MEMBER, "Member", count="/data/page/count")]
        )
    )
    page = fill(form)
    page.get_by_label("count").fill("2")
    expect(page.get_by_label("Name")).to_have_count(2)
    expect(page.get_by_role("button", name="Add: Member")).to_have_count(0)
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)


def test_a_fault_inside_a_row_is_found_from_finish(fill: Fill) -> None:
    needed: list[dict[str, Any]] = [question("name", "Name", required="true()")]
    page = fill(
        model(repeat("member", needed, "Member")),
        answers={"member": [{"name": "Li"}, {"name": ""}]},
        position="#review",
    )
    expect(page.locator(".overview__label")).to_have_text("Member 2 › Name")
    go_on(page)
    expect(page.get_by_label("Name")).to_be_focused()
    expect(page.locator(".fill-page__trail")).to_have_text("Member 2")


def test_a_repeat_inside_a_repeat_has_a_list_of_its_own(fill: Fill) -> None:
    form = model(
        repeat("home", [question("flat"), repeat("person", [question("name", "Name")], "Person")], "Home"),
        question("end"),
    )
    page = fill(form, answers={"home": [{"flat": "1", "person": [{"name": "Li"}]}]})
    page.get_by_role("button", name="Home 1").first.tap()
    go_on(page)
    page.get_by_role("button", name="Add: Person").tap()
    expect(page.locator(".fill-page__trail")).to_have_text("Home 1 › Person 2")
    page.get_by_label("Name").fill("Wang")
    go_on(page)
    expect(page.locator(".repeat-rows__answer")).to_have_text(["Li", "Wang"])
    go_on(page)
    expect(page.get_by_role("button", name="Add: Home")).to_be_visible()
    go_on(page)
    expect(page.get_by_label("end")).to_be_visible()


def test_a13_a_draft_reopens_inside_the_row_where_it_was_left(page: Page, fill: Fill) -> None:
    fill(PAGED, answers=PEOPLE)
    open_list(page)
    page.get_by_role("button", name="Remove Member 1").tap()
    page.get_by_text("Zhao").tap()
    go_on(page)
    page.get_by_label("Age", exact=True).fill("33")
    page.wait_for_timeout(400)
    draft = page.evaluate("window.world.saves.at(-1)")
    page.reload()
    page.wait_for_function("() => window.isReady")
    fill(PAGED, answers=draft["answers"], position=draft["position"])
    expect(page.locator(".fill-page__trail")).to_have_text("Member 2 · Zhao")
    expect(page.get_by_label("Age", exact=True)).to_have_value("33")
