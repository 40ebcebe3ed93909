"""Positions, lines and areas: from the phone, by walking, and typed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.fill.answers import expect_stored, stored

from .models import field_list, model, question

Fill = Callable[..., Page]


def stand(phone: BrowserContext, latitude: float, longitude: float, accuracy: float = 5) -> None:
    """The phone stands there, and knows it to within so many metres."""
    phone.set_geolocation({"latitude": latitude, "longitude": longitude, "accuracy": accuracy})


def go_on(page: Page) -> None:
    """Taps Next."""
    page.locator(".bottombar__next").tap()


def type_point(page: Page, latitude: str, longitude: str, button: str) -> None:
    """Types degrees into the question's fields and takes them."""
    page.get_by_label("Latitude").fill(latitude)
    page.get_by_label("Longitude").fill(longitude)
    page.get_by_role("button", name=button).tap()


def test_a39_a_refusal_is_a_warning_that_says_what_to_switch_on_and_the_place_can_be_typed(fill: Fill) -> None:
    page = fill(model(question("where", "Where?", type="geopoint"), question("next")))
    page.get_by_role("button", name="Get location").tap()
    status = page.locator(".geo__status")
    expect(status).to_contain_text("Allow location")
    expect(status).to_contain_class("notice--warning")
    expect(page.locator(".question__error")).to_be_hidden()
    page.get_by_text("Type coordinates").tap()
    type_point(page, "95", "118,79", "Use these")
    expect(page.get_by_role("alert").filter(has_text="Latitude goes from -90 to 90")).to_be_visible()
    expect_stored(page, "where", "")
    type_point(page, "-32,05", "118.79", "Use these")
    expect_stored(page, "where", "-32.05 118.79 0 0")
    expect(page.locator(".geo__value")).to_have_text("-32.05, 118.79 (typed)")
    expect(page.get_by_role("link", name="Open in a map app")).to_have_attribute(
        "href", "geo:-32.05,118.79?q=-32.05,118.79"
    )
    go_on(page)
    expect(page.get_by_label("next")).to_be_visible()


def test_a39_a_fix_of_25_metres_is_still_on_offer_after_a_minute(phone: BrowserContext, page: Page, fill: Fill) -> None:
    phone.grant_permissions(["geolocation"])
    stand(phone, 32.05, 118.79, 40)
    page.clock.install()
    fill(model(question("where", "Where?", type="geopoint", parameters={"accuracyThreshold": "10"}), question("next")))
    page.get_by_role("button", name="Get location").tap()
    expect(page.get_by_role("button", name="Use this one (±40 m)")).to_be_visible()
    stand(phone, 32.05, 118.79, 25)
    use = page.get_by_role("button", name="Use this one (±25 m)")
    expect(use).to_be_visible()
    page.clock.run_for(60_000)
    # A worse one that comes later does not take its place.
    stand(phone, 32.06, 118.79, 60)
    expect(page.locator(".geo__status")).to_have_text("Accuracy 25 m; waiting for 10 m.")
    expect_stored(page, "where", "")
    use.tap()
    expect_stored(page, "where", "32.05 118.79 0 25")
    go_on(page)
    expect(page.get_by_label("next")).to_be_visible()


def test_a39_the_accuracies_of_the_form_decide_what_is_taken_and_what_is_poor(
    phone: BrowserContext, page: Page, fill: Fill
) -> None:
    phone.grant_permissions(["geolocation"])
    stand(phone, 32.05, 118.79, 60)
    parameters = {"accuracyThreshold": "0", "unacceptableAccuracyThreshold": "50", "allow-mock-accuracy": "true"}
    fill(model(question("where", type="geopoint", parameters=parameters)))
    page.get_by_role("button", name="Get location").tap()
    status = page.locator(".geo__status")
    expect(status).to_contain_text("only 60 m. Wait")
    expect(status).to_contain_class("notice--warning")
    stand(phone, 32.05, 118.79, 3)
    take = page.get_by_role("button", name="Use this one (±3 m)")
    expect(take).to_be_visible()
    # A threshold of 0 leaves it to the volunteer, however good the fix.
    expect_stored(page, "where", "")
    page.get_by_role("button", name="Stop looking").tap()
    expect(take).to_be_hidden()
    page.get_by_role("button", name="Get location").tap()
    take.tap()
    expect_stored(page, "where", "32.05 118.79 0 3")
    page.get_by_role("button", name="Take the answer back").tap()
    expect_stored(page, "where", "")


def test_without_a_map_placement_says_so_and_offers_the_fields(fill: Fill) -> None:
    page = fill(
        model(
            field_list(
                "p",
                [
                    question("a", type="geopoint", appearance="placement-map"),
                    question("b", type="geopoint", appearance="maps"),
                    question("c", type="geopoint", appearance="hide-input"),
                ],
            )
        )
    )
    expect(page.get_by_role("button", name="Get location")).to_have_count(3)
    expect(page.get_by_text("There is no map here.")).to_have_count(1)
    expect(page.get_by_label("Latitude").nth(0)).to_be_visible()
    expect(page.get_by_label("Latitude").nth(1)).to_be_hidden()
    expect(page.get_by_label("Latitude").nth(2)).to_be_hidden()


def test_a_line_is_typed_undone_and_needs_two_points(fill: Fill) -> None:
    form = model(question("line", type="geotrace", required="true()"), question("next"))
    page = fill(form)
    page.get_by_text("Type coordinates").tap()
    type_point(page, "32", "118", "Add this point")
    expect(page.get_by_text("1 more needed.")).to_be_visible()
    go_on(page)
    expect(page.locator(".question__error")).to_have_text("A line needs at least two points.")
    type_point(page, "32.001", "118", "Add this point")
    type_point(page, "32.002", "118.001", "Add this point")
    expect(page.locator(".geo > [role=status]")).to_have_text("3 points, length 257 m")
    expect(page.get_by_role("img", name="Sketch of the points")).to_be_visible()
    page.get_by_role("button", name="Undo last point").tap()
    expect_stored(page, "line", "32 118 0 0;32.001 118 0 0")
    expect(page.locator(".geo > [role=status]")).to_have_text("2 points, length 111 m")
    fill(form, answers=page.evaluate("window.world.form.answers()"))
    expect(page.locator(".geo > [role=status]")).to_have_text("2 points, length 111 m")
    go_on(page)
    expect(page.get_by_label("next")).to_be_visible()


def test_an_area_is_walked_closes_itself_and_is_measured_as_the_form_measures_it(
    phone: BrowserContext, page: Page, fill: Fill
) -> None:
    phone.grant_permissions(["geolocation"])
    stand(phone, 0, 0)
    form = model(
        field_list(
            "p",
            [
                question("field", type="geoshape"),
                {
                    "kind": "question",
                    "name": "size",
                    "type": "decimal",
                    "control": "input",
                    "calculate": "area(/data/p/field)",
                    "readonly": "true()",
                },
            ],
        )
    )
    page.evaluate("() => import('/static/engine/functions/rare.js')")
    fill(form)
    page.get_by_label("A point every").select_option(label="20 metres")
    page.get_by_role("button", name="Record while walking").tap()
    expect(page.get_by_text("2 more needed.")).to_be_visible()
    stand(phone, 0, 0.0001)
    expect(page.locator(".geo__status")).to_contain_text("accuracy 5 m")
    stand(phone, 0, 0.001)
    expect(page.get_by_text("1 more needed.")).to_be_visible()
    # Too uncertain to be a corner.
    stand(phone, 0.0005, 0.001, 150)
    expect(page.locator(".geo__status")).to_contain_text("only 150 m")
    stand(phone, 0.001, 0.001)
    expect(page.locator(".geo > [role=status]")).to_contain_text("3 points")
    page.get_by_role("button", name="Pause recording").tap()
    stand(phone, 0.001, 0)
    page.get_by_role("button", name="Add my position").tap()
    expect(page.locator(".geo > [role=status]")).to_have_text("4 points, outline 445 m, area 12392 m²")
    expect_stored(page, "p/field", "0 0 0 5;0 0.001 0 5;0.001 0.001 0 5;0.001 0 0 5;0 0 0 5")
    assert stored(page, "p/size").startswith("12391.")
    expect(page.locator("polygon")).to_have_attribute("points", "12,188 188,188 188,12 12,12")
    page.get_by_role("button", name="Clear all").tap()
    expect_stored(page, "p/field", "")
