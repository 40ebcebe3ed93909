"""The record of how a form was filled in: audit.csv as ODK Collect writes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from .models import field_list, group, model, question, repeat

Fill = Callable[..., Page]


def audited(*children: dict[str, Any], **parameters: str) -> dict[str, Any]:
    """A form that asks for a record, with the parameters of the audit question (`_` for `-`)."""
    written = {name.replace("_", "-"): value for name, value in parameters.items()}
    audit = {"kind": "question", "name": "audit", "type": "binary", "parameters": written}
    return model(*children, group("meta", [audit]))


def rows(text: str) -> list[dict[str, str]]:
    """The lines of a record."""
    return list(csv.DictReader(io.StringIO(text)))


def so_far(page: Page) -> list[dict[str, str]]:
    """The record as it would be kept with the draft now."""
    return rows(page.evaluate("window.world.audit.text()"))


def finished(page: Page) -> str:
    """Finishes the record, and gives its file."""
    text: str = page.evaluate(
        """async () => {
            let text = ''
            const files = { put: async (blob, about) => { text = await blob.text(); return `${about.path} ${about.type}` } }
            const result = await window.world.audit.finish(window.world.form.finish(), files)
            window.world.result = result
            return text
        }"""
    )
    return text


def go_on(page: Page) -> None:
    """Taps the large button below."""
    page.locator(".bottombar__next").tap()


def test_pages_rows_jumps_faults_and_the_end_are_recorded(fill: Fill) -> None:
    form = audited(
        question("name", "Name", required="true()"),
        field_list("page", [question("a"), question("b")]),
        repeat("member", [question("age", "Age")], "Member"),
    )
    page = fill(form, audit={})
    go_on(page)
    page.get_by_label("Name", exact=True).fill("王")
    go_on(page)
    expect(page.get_by_label("a", exact=True)).to_be_visible()
    page.get_by_role("button", name="All questions").tap()
    page.get_by_role("dialog").get_by_role("button", name="Close").tap()
    go_on(page)
    page.get_by_role("button", name="Add: Member").tap()
    go_on(page)
    page.get_by_role("button", name="Remove Member 1").tap()
    expect(page.get_by_text("Nothing added yet.")).to_be_visible()
    go_on(page)
    expect(page.get_by_text("Nothing is missing.")).to_be_visible()
    lines = rows(finished(page))
    assert list(lines[0]) == ["event", "node", "start", "end"]
    assert [(line["event"], line["node"]) for line in lines] == [
        ("form start", ""),
        ("constraint error", "/data/name"),
        ("question", "/data/name"),
        ("jump", ""),
        ("group questions", "/data/page"),
        ("add repeat", "/data/member"),
        ("question", "/data/member[1]/age"),
        ("delete repeat", "/data/member[1]"),
        ("add repeat", "/data/member"),
        ("end screen", ""),
        ("form save", ""),
        ("form exit", ""),
        ("form finalize", ""),
    ]
    spans = {"question", "group questions", "add repeat", "end screen"}
    assert all((line["end"] != "") == (line["event"] in spans) for line in lines)
    assert all(int(line["end"]) >= int(line["start"]) > 1_600_000_000_000 for line in lines if line["end"])
    assert page.evaluate("window.world.result.answers.meta.audit") == "/data/meta/audit text/csv"


def test_changes_are_recorded_with_old_and_new_value_and_by_whom(fill: Fill) -> None:
    form = audited(
        question("name"), field_list("page", [question("a"), question("b")]), track_changes="true", identify_user="true"
    )
    page = fill(form, audit={})
    page.get_by_label("name", exact=True).fill('Li, "Bo"')
    go_on(page)
    page.get_by_label("b", exact=True).fill("x")
    page.get_by_role("button", name="Back").tap()
    page.get_by_label("name", exact=True).fill("Li")
    go_on(page)
    lines = so_far(page)
    assert [(line["event"], line["node"], line["old-value"], line["new-value"]) for line in lines] == [
        ("form start", "", "", ""),
        ("question", "/data/name", "", 'Li, "Bo"'),
        ("group questions", "/data/page", "", ""),
        ("question", "/data/page/b", "", "x"),
        ("question", "/data/name", 'Li, "Bo"', "Li"),
    ]
    assert {line["user"] for line in lines} == {"Li Hua"}


def test_the_record_goes_on_in_a_reopened_draft_and_asks_why_answers_changed(fill: Fill) -> None:
    form = audited(question("name"), question("age"), track_changes="true", track_changes_reasons="on-form-edit")
    page = fill(form, audit={})
    page.get_by_label("name", exact=True).fill("two\nlines")
    page.evaluate("window.world.audit.leave()")
    earlier = page.evaluate("window.world.audit.text()")
    answers = page.evaluate("window.world.form.answers()")
    page.evaluate("window.world.fill.destroy()")

    page = fill(form, audit={"earlier": earlier}, answers=answers)
    assert [line["event"] for line in so_far(page)] == [
        "form start",
        "question",
        "form save",
        "form exit",
        "form resume",
    ]
    go_on(page)
    page.get_by_label("age", exact=True).fill("5")
    assert "change reason" not in finished(page)

    page.get_by_role("button", name="Back").tap()
    page.get_by_label("name", exact=True).fill("Wang")
    page.evaluate(
        """() => {
            const files = { put: async (blob) => { window.text = await blob.text(); return 'f' } }
            window.asked = window.world.audit.finish(window.world.form.finish(), files)
        }"""
    )
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Why were answers changed?")
    dialog.get_by_role("button", name="Finish").tap()
    expect(dialog).to_be_visible()
    dialog.get_by_role("textbox").fill("by phone")
    dialog.get_by_role("button", name="Finish").tap()
    page.evaluate("() => window.asked")
    reasons = [line["change-reason"] for line in rows(page.evaluate("window.text")) if line["event"] == "change reason"]
    assert reasons == ["by phone"]

    page.evaluate("() => { window.asked = window.world.audit.finish(window.world.form.finish(), {}) }")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").tap()
    assert page.evaluate("() => window.asked") is None


def test_the_place_is_recorded_only_where_the_form_asks(page: Page, fill: Fill) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 32.05, "longitude": 118.78, "accuracy": 12})
    page.evaluate(
        """() => {
            window.asks = 0
            const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation)
            navigator.geolocation.getCurrentPosition = (...rest) => { window.asks += 1; ask(...rest) }
        }"""
    )
    fill(audited(question("name")), audit={})
    assert page.evaluate("window.asks") == 0
    page.evaluate("window.world.fill.destroy()")

    form = audited(
        question("name"),
        question("age"),
        location_priority="high-accuracy",
        location_min_interval="1",
        location_max_age="60",
    )
    fill(form, audit={})
    page.wait_for_function("() => window.world.audit.text().includes('location permissions granted')")
    go_on(page)
    lines = so_far(page)
    assert [line["event"] for line in lines] == [
        "form start",
        "location tracking enabled",
        "location permissions granted",
        "question",
    ]
    assert (lines[-1]["latitude"], lines[-1]["longitude"], lines[-1]["accuracy"]) == ("32.05", "118.78", "12")
    page.evaluate("window.world.audit.leave()")


def test_a_refusal_to_tell_the_place_is_recorded_and_stops_nobody(page: Page, fill: Fill) -> None:
    page.context.clear_permissions()
    form = audited(
        question("name"),
        question("age"),
        location_priority="balanced",
        location_min_interval="60",
        location_max_age="120",
    )
    fill(form, audit={})
    page.wait_for_function("() => window.world.audit.text().includes('location permissions not granted')")
    go_on(page)
    expect(page.get_by_label("age", exact=True)).to_be_visible()
    assert so_far(page)[-1]["latitude"] == ""
    page.evaluate("window.world.audit.leave()")
