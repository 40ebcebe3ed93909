"""Doors of the office's lists on the phone: they come with a pull, work without a signal, and what happens there is sent."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.app.conftest import fill_and_finish, read_store, wait_until
from tests.browser.app.fake_server import FakeServer

PLACE = "320102003001"
Enrol = Callable[[], Page]


def door(key: str, label: str, **changes: Any) -> dict[str, Any]:
    """A door as a pull says it."""
    entry = {"key": key, "place": PLACE, "label": label, "note": "", "state": "open", "attempts": 0}
    return entry | {"call_at": None, "response": None} | changes


def set_list(fake: FakeServer, *entries: dict[str, Any]) -> None:
    """Let a pull say these doors."""
    fake.lists = [{"id": "7", "name": "Households", "form": "household", "entries": list(entries)}]


def sent(fake: FakeServer) -> list[tuple[str, str]]:
    """Key and outcome of the visits that came, in the order of their times."""
    return [(visit["key"], visit["outcome"]) for visit in sorted(fake.visits.values(), key=lambda visit: visit["at"])]


def test_what_happens_at_a_door_of_a_list_is_sent_once_there_is_a_signal(
    enrol: Enrol, fake: FakeServer, phone: BrowserContext
) -> None:
    set_list(fake, door("H2", "9 Long Lane"), door("H1", "1 Short Lane <b>", note="dog"), door("H3", "2 Lane"))
    page = enrol()
    expect(page.locator(f'[data-place="{PLACE}"]')).to_contain_text("3 of 3 doors left")
    page.get_by_role("link", name="Doors", exact=True).click()
    # In the order of the list.
    expect(page.locator("[data-door] .row__title")).to_have_text(["9 Long Lane", "1 Short Lane <b>", "2 Lane"])
    phone.set_offline(True)
    page.get_by_text("1 Short Lane <b>").click()
    expect(page.get_by_text("dog", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)
    page.get_by_role("button", name="Moved away").click()
    expect(page.locator("[data-state=moved]")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-state=open]")).to_be_visible()
    page.get_by_role("button", name="Nobody home").click()
    expect(page.locator("[data-visits]")).to_have_attribute("data-visits", "3")
    page.get_by_role("link", name="Doors", exact=True).click()
    page.get_by_text("9 Long Lane").click()
    page.get_by_role("button", name="Start questionnaire").click()
    fill_and_finish(page, "Wang", "31")
    phone.set_offline(False)
    wait_until(page, lambda: len(fake.visits) == 4)
    assert sent(fake) == [("H1", "moved"), ("H1", "open"), ("H1", "nobody_home"), ("H2", "done")]
    [done] = [visit for visit in fake.visits.values() if visit["outcome"] == "done"]
    assert done["response"] in fake.documents and done["list"] == "7"
    wait_until(page, lambda: not any(one["visits"] for one in read_store(page, "doors")))
    page.get_by_role("link", name="Home").click()
    expect(page.locator(f'[data-place="{PLACE}"]')).to_contain_text("2 of 3 doors left")


def test_labels_follow_the_office_and_only_visits_that_wait_keep_a_door(enrol: Enrol, fake: FakeServer) -> None:
    set_list(fake, door("H1", "1 Lane"), door("H2", "2 Lane"))
    page = enrol()
    page.get_by_role("link", name="Doors", exact=True).click()
    fake.unknown_doors = {"H1"}
    page.get_by_text("1 Lane").click()
    page.get_by_role("button", name="Refused").click()
    expect(page.get_by_text("The office does not know this door.")).to_be_visible()
    set_list(fake, door("H3", "3 Lane, <i>new</i>", state="nobody_home", attempts=2))
    page.goto(f"{fake.url}/app/doors")
    expect(page.locator("[data-door]")).to_have_text(["3 Lane, <i>new</i>Nobody was home2 visits"])
    page.get_by_role("radio", name="Done 1").check()
    expect(page.locator("[data-door]")).to_contain_text("not taken by the office")
    fake.unknown_doors = set()
    set_list(fake, door("H1", "1 Lane, changed"))
    page.goto(f"{fake.url}/app/doors")
    wait_until(page, lambda: sent(fake) == [("H1", "refused")])
    page.get_by_role("radio", name="Done 1").check()
    expect(page.locator("[data-door]")).to_contain_text("1 Lane, changed")
