"""The volunteer's own list of doors, the calls agreed on, and the start page that leads from one door to the next."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.app.conftest import answer, fill_and_finish, read_store, start, wait_until
from tests.browser.app.fake_server import FakeServer, make_model
from tests.browser.app.test_shared_phone import PIN, SEARCH, enter_pin, join, server_key, set_pin
from tests.browser.boxes import boxes_of

__all__ = ["server_key"]

PLACE = "320102003001"
SECRET = "Geheimnis"
Enrol = Callable[[], Page]


def add_door(page: Page, label: str, note: str = "", place: str = PLACE) -> None:
    """Write down a door by way of its community, and stay on its page."""
    page.get_by_role("link", name="Home").click()
    page.locator(f'[data-place="{place}"]').click()
    page.get_by_role("button", name="Add a door").click()
    page.get_by_label("Address or name").fill(label)
    page.get_by_label("Note for yourself").fill(note)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1, name=label)).to_be_visible()


def doors_tab(page: Page, chosen: str = "To do") -> None:
    """Open the list of doors with one of its filters."""
    page.get_by_role("link", name="Doors").click()
    page.get_by_role("radio", name=re.compile(chosen)).check()


def agree_on(page: Page, time: str) -> None:
    """Choose a time in the open dialog and save it."""
    dialog = page.get_by_role("dialog", name="When shall you call again?")
    dialog.get_by_role("radio", name=re.compile(time)).check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)


def test_a_door_is_added_in_its_community_and_is_found_there_and_in_the_list(enrol: Enrol) -> None:
    page = enrol()
    page.get_by_role("link", name="Doors").click()
    expect(page.get_by_text("Write down the doors you visit")).to_be_visible()
    expect(page.get_by_text("Your doors stay on this phone. Nobody else sees them.")).to_be_visible()
    page.get_by_role("button", name="Add a door").click()
    page.get_by_role("button", name="Save", exact=True).click()
    label = page.get_by_label("Address or name")
    expect(label).to_be_focused()
    expect(label).to_have_attribute("aria-invalid", "true")
    expect(label).to_have_accessible_description(re.compile("so that you find this door again"))
    label.fill("3-201 Wang")
    page.get_by_label("Community").select_option(label="Changjianglu")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-state]")).to_have_text("Not visited yet")
    # Back does not show the empty form once more.
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("link", name=re.compile("3-201 Wang"))).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_have_text("Changjianglu")
    page.get_by_role("link", name="Home").click()
    page.locator('[data-place="320102003002"]').click()
    expect(page.locator("[data-door]")).to_contain_text("3-201 Wang")
    page.get_by_role("link", name="Home").click()
    page.locator(f'[data-place="{PLACE}"]').click()
    expect(page.get_by_role("button", name="Add a door")).to_be_visible()
    expect(page.locator("[data-door]")).to_have_count(0)


def test_what_happened_at_a_door_is_noted_and_a_mistap_is_undone(enrol: Enrol) -> None:
    page = enrol()
    add_door(page, "3-201 Wang", "Dog")
    expect(page.get_by_text("Dog", exact=True)).to_be_visible()
    nobody = page.get_by_role("button", name="Nobody home")
    nobody.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_have_text("Nobody was home")
    # The place on the page is not lost for whoever uses no screen.
    expect(nobody).to_be_focused()
    nobody.click()
    expect(page.locator("ol > li")).to_have_count(2)
    page.get_by_role("button", name="Refused").click()
    expect(page.locator("[data-state]")).to_have_text("Refused")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-state]")).to_have_text("Nobody was home")
    expect(page.locator("ol > li")).to_have_count(2)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.reload()
    expect(page.locator("[data-state]")).to_have_text("Nobody was home")
    doors_tab(page, "Done 0")
    expect(page.get_by_text("No door here.")).to_be_visible()
    doors_tab(page, "To do 1")
    expect(page.locator("[data-door]")).to_contain_text("2 visits")


def test_a_door_is_edited_and_deleted_after_asking(enrol: Enrol) -> None:
    page = enrol()
    add_door(page, "3-201")
    page.get_by_role("button", name="Nobody home").click()
    page.get_by_role("button", name="Edit").click()
    # While it is edited, to save is the one great button.
    expect(page.locator(".button--primary")).to_have_count(1)
    page.get_by_label("Address or name").fill("3-201 Wang")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3-201 Wang")
    expect(page.locator("[data-state]")).to_have_text("Nobody was home")
    page.get_by_role("button", name="Delete this door").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3-201 Wang")
    page.get_by_role("button", name="Delete this door").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete this door").click()
    expect(page.get_by_role("heading", level=1, name="3-201 Wang")).to_have_count(0)
    wait_until(page, lambda: read_store(page, "doors") == [])


def test_a_finished_questionnaire_makes_its_door_visited(enrol: Enrol, fake: FakeServer) -> None:
    page = enrol()
    add_door(page, "3-201 Wang")
    page.get_by_role("button", name="Start questionnaire").click()
    fill_and_finish(page, "Wang", "31")
    doors_tab(page, "Done 1")
    expect(page.locator("[data-door-state=visited]")).to_contain_text("1 visit")
    [door] = read_store(page, "doors")
    assert [attempt["outcome"] for attempt in door["attempts"]] == ["visited"]
    wait_until(page, lambda: len(fake.documents) == 1)
    assert list(fake.documents) == [door["response"]]
    # The door's own data stay here.
    assert "3-201" not in str(fake.pushes)


def test_a_draft_that_is_left_or_deleted_leaves_its_door_as_it_was(enrol: Enrol) -> None:
    page = enrol()
    add_door(page, "3-201 Wang")
    url = page.url
    page.get_by_role("button", name="Start questionnaire").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_visible()
    page.get_by_role("button", name="Leave; the draft is kept").click()
    expect(page.get_by_role("button", name="Start questionnaire")).to_be_visible()
    page.get_by_role("button", name="Start questionnaire").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Wang")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Leave; the draft is kept").click()
    page.get_by_role("button", name="Continue questionnaire").click()
    expect(page.get_by_role("textbox", name="Age", exact=True)).to_be_visible()
    page.get_by_role("button", name="Leave; the draft is kept").click()
    page.get_by_role("link", name="Home").click()
    expect(page.locator("[data-draft]")).to_contain_text("3-201 Wang")
    page.get_by_role("link", name="My responses").click()
    page.get_by_role("button", name="Delete draft").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete draft").click()
    expect(page.locator("[data-draft]")).to_have_count(0)
    page.goto(url)
    expect(page.locator("[data-state]")).to_have_text("Not visited yet")
    expect(page.get_by_role("button", name="Start questionnaire")).to_be_visible()


def test_a_call_agreed_on_in_the_questionnaire_is_on_top_and_continues_it(enrol: Enrol, fake: FakeServer) -> None:
    page = enrol()
    start(page)
    page.get_by_role("textbox", name="Name", exact=True).fill("Wang")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name=re.compile("Call again later")).click()
    dialog = page.get_by_role("dialog", name="When shall you call again?")
    dialog.get_by_label("Address or name").fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("Address or name")).to_be_focused()
    dialog.get_by_label("Address or name").fill("3-201 Wang")
    agree_on(page, "In 1 hour")
    call = page.locator('[data-section="calls.title"] [data-door]')
    expect(call).to_contain_text(
        re.compile(r"3-201 Wang.*Call again .*\d\d:\d\d.*Xiangpuying.*questionnaire begun", re.DOTALL)
    )
    # It stands above all else that can be tapped in the page but the line on safety.
    tops = page.evaluate("[...document.querySelectorAll('main a.row')].map((row) => row.dataset.door ?? '')")
    assert tops[0] != ""
    call.click()
    page.get_by_role("button", name="Continue questionnaire").click()
    fill_and_finish(page, "Wang", "31")
    page.get_by_role("link", name="Home").click()
    expect(call).to_have_count(0)
    [door] = read_store(page, "doors")
    assert [attempt["outcome"] for attempt in door["attempts"]] == ["call_again", "visited"]
    assert door["call_at"] is None


def test_a_missed_call_is_marked_and_one_of_tomorrow_waits(enrol: Enrol) -> None:
    page = enrol()
    # Nine in the morning here.
    nine = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    page.clock.set_system_time(nine)
    add_door(page, "3-201")
    page.get_by_role("button", name="Call again…").click()
    expect(page.get_by_role("dialog").get_by_role("radio")).to_have_count(4)
    agree_on(page, "Today 19:00")
    expect(page.locator("[data-state]")).to_have_text("Call again 19:00")
    expect(page.get_by_role("button", name="Call again…")).to_be_focused()
    add_door(page, "3-202")
    page.get_by_role("button", name="Call again…").click()
    agree_on(page, "Tomorrow 10:00")
    expect(page.locator("[data-state]")).to_have_text("Call again tomorrow 10:00")
    add_door(page, "3-203")
    page.get_by_role("button", name="Call again…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Another time").check()
    dialog.get_by_label("Day and time").fill("2026-11-24T08:00")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("Day and time")).to_have_accessible_description(re.compile("still to come"))
    dialog.get_by_label("Day and time").fill("2026-11-24T17:30")
    agree_on(page, "Another time")
    page.get_by_role("link", name="Home").click()
    calls = page.locator('[data-section="calls.title"] [data-door]')
    expect(calls).to_have_count(2)
    expect(calls.nth(0)).to_contain_text("Call again 17:30")
    expect(calls.nth(1)).to_contain_text("Call again 19:00")
    page.clock.set_system_time(nine + timedelta(hours=9))
    page.reload()
    expect(calls.nth(0)).to_contain_text("Overdue: 17:30")
    expect(calls.nth(1)).to_contain_text("Call again 19:00")
    page.clock.set_system_time(nine + timedelta(days=1))
    page.reload()
    expect(calls).to_have_count(3)
    expect(calls.nth(2)).to_contain_text("Call again 10:00")


def test_a_dialog_that_is_closed_changes_nothing(enrol: Enrol) -> None:
    page = enrol()
    add_door(page, "3-201")
    page.get_by_role("button", name="Call again…").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("[data-state]")).to_have_text("Not visited yet")
    [door] = read_store(page, "doors")
    assert door["attempts"] == []


def test_the_next_response_is_one_tap_from_its_first_question(enrol: Enrol, fake: FakeServer) -> None:
    fake.add_model(make_model("person", "个人", place_path=["subdistrict", "community"]))
    page = enrol()
    expect(page.locator("[data-action=start-next]")).to_have_count(0)
    start(page, place="320102003002")
    fill_and_finish(page, "Li", "40")
    page.get_by_role("link", name="Home").click()
    button = page.get_by_role("button", name="Start the next")
    expect(button).to_contain_text("Household · Changjianglu")
    # Under the thumb: right above the bar, however long the page.
    box, bar = boxes_of(button, page.locator("nav.bar"))
    assert 0 <= bar["y"] - box["y"] - box["height"] < 16
    assert bar["y"] + bar["height"] == pytest.approx(740, abs=1)
    button.click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_visible()
    answer(page, "Li", "41")
    [draft] = [draft for draft in read_store(page, "drafts") if draft["rev"] > 0]
    assert (draft["form"], draft["place"]) == ("household", "320102003002")


def test_home_says_what_is_left_and_counts_what_waits_here_as_done(
    enrol: Enrol, phone: BrowserContext, fake: FakeServer
) -> None:
    page = enrol()
    row = page.locator(f'[data-place="{PLACE}"]')
    expect(row).to_contain_text("58 left of 70")
    phone.set_offline(True)
    start(page)
    fill_and_finish(page, "Li", "40")
    page.get_by_role("link", name="Home").click()
    expect(row).to_contain_text("57 left of 70")


def test_a_new_volunteer_is_led_to_practice_and_the_home_screen_until_done(enrol: Enrol) -> None:
    page = enrol()
    practice, install = (page.locator(f'main a[href="/app/{step}"]') for step in ("practice", "install"))
    expect(practice).to_have_text("Practise first: one minute")
    expect(install).to_have_text("Put it on your phone’s screen")
    expect(page.get_by_role("link", name="Help")).to_have_attribute("href", "/app/help")
    page.evaluate("localStorage.setItem('steps', 'practice')")
    page.reload()
    expect(install).to_be_visible()
    expect(practice).to_have_count(0)
    page.evaluate("localStorage.setItem('steps', 'practice,install')")
    page.reload()
    expect(page.locator("[data-place]").first).to_be_visible()
    expect(install).to_have_count(0)


def test_a_search_finds_communities_and_doors(enrol: Enrol) -> None:
    page = enrol()
    add_door(page, "3-201 Wang", "red gate")
    # A list worth searching: as many doors as it takes, written at once.
    page.evaluate("""async () => {
        const opened = await new Promise((resolve) => {
            const opening = indexedDB.open('collector')
            opening.onsuccess = () => resolve(opening.result)
        })
        const store = opened.transaction('doors', 'readwrite').objectStore('doors')
        store.getAll().onsuccess = ({ target }) => {
            const [door] = target.result
            for (let number = 1; number <= 8; number += 1) store.put({ ...door, id: `d${number}`, label: `12-${number}`, note: '' })
        }
        await new Promise((resolve) => { store.transaction.oncomplete = resolve })
        opened.close()
    }""")
    page.get_by_role("link", name="Home").click()
    page.reload()
    box = page.get_by_role("searchbox", name="Find a community or a door")
    box.fill("gate")
    expect(page.locator("[data-door]")).to_have_count(1)
    expect(page.locator("[data-place]")).to_have_count(0)
    box.fill("12-")
    expect(page.locator("[data-door]")).to_have_count(8)
    box.fill("xiang")
    expect(page.locator("[data-place]")).to_have_count(1)
    box.fill("nobody")
    expect(page.get_by_text("Nothing matches “nobody”.")).to_be_visible()
    page.get_by_role("link", name="Doors").click()
    box = page.get_by_role("searchbox", name="Find an address, a name or a note")
    box.fill("wang GATE")
    expect(page.locator("[data-door]")).to_have_count(1)
    page.locator("[data-door]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3-201 Wang")


def test_a_full_phone_says_that_a_door_is_not_kept_and_keeps_the_words(enrol: Enrol) -> None:
    page = enrol()
    page.evaluate("""
        const put = IDBObjectStore.prototype.put
        IDBObjectStore.prototype.put = function (...values) {
            if (this.name === 'doors' && globalThis.isFull) throw new DOMException('full', 'QuotaExceededError')
            return put.apply(this, values)
        }
        globalThis.isFull = true
    """)
    page.get_by_role("link", name="Doors").click()
    page.get_by_role("button", name="Add a door").click()
    page.get_by_label("Address or name").fill("3-201 Wang")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("The phone is full")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.evaluate("globalThis.isFull = false")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3-201 Wang")


def test_doors_are_their_volunteers_alone_and_outlive_a_sign_out(enrol: Enrol, fake: FakeServer) -> None:
    page = enrol()
    add_door(page, "3-201 Wang")
    url = page.url
    join(page, fake, "wang")
    page.get_by_role("link", name="Doors").click()
    expect(page.get_by_text("Write down the doors you visit")).to_be_visible()
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_have_text("This door is not on your list")
    join(page, fake, "abc")
    sign_out(page)
    assert [door["label"] for door in read_store(page, "doors")] == ["3-201 Wang"]
    join(page, fake, "abc")
    page.get_by_role("link", name="Doors").click()
    expect(page.locator("[data-door]")).to_contain_text("3-201 Wang")


def sign_out(page: Page) -> None:
    """Sign the present volunteer out."""
    page.get_by_role("link", name="Settings").click()
    page.locator("[data-action=sign-out]").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a18_signing_out_names_what_is_unsent_keeps_it_and_sends_it_at_the_next_sign_in(
    enrol: Enrol, fake: FakeServer
) -> None:
    page = enrol()
    fake.mode = "error"
    for name in ("one", "two"):
        start(page)
        fill_and_finish(page, name, "31")
        page.get_by_role("link", name="Home").click()
    page.get_by_role("link", name="Settings").click()
    page.locator("[data-action=sign-out]").click()
    expect(page.get_by_role("dialog").get_by_role("heading")).to_contain_text("2")
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("This phone still keeps 2 unsent responses.")).to_be_visible()
    kept = [entry["summary"]["author"] for entry in read_store(page, "outbox")]
    assert kept == ["u1", "u1"]
    assert not fake.documents
    fake.mode = "ok"
    join(page, fake, "abc")
    expect(page.locator('[data-safety="safe.all"]')).to_be_visible()
    assert sorted(document["answers"]["name"] for document in fake.response_for("household")) == ["one", "two"]
    assert {document["author"] for document in fake.response_for("household")} == {"u1"}


def test_doors_lie_sealed_under_a_pin_and_open_again_without(
    enrol: Enrol, fake: FakeServer, server_key: ec.EllipticCurvePrivateKey
) -> None:
    page = enrol()
    page.reload()
    add_door(page, f"3-201 {SECRET}", f"{SECRET} too")
    assert page.evaluate(SEARCH, [SECRET]) == [f"doors: {SECRET}"]
    set_pin(page)
    assert page.evaluate(SEARCH, [SECRET]) == []
    add_door(page, f"3-202 {SECRET}")
    page.get_by_role("button", name="Nobody home").click()
    expect(page.locator("[data-state]")).to_have_text("Nobody was home")
    page.get_by_role("button", name="Start questionnaire").click()
    fill_and_finish(page, SECRET, "31")
    assert page.evaluate(SEARCH, [SECRET]) == []
    page.reload()
    expect(page.get_by_label("PIN", exact=True)).to_be_visible()
    enter_pin(page)
    doors_tab(page, "All 2")
    expect(page.locator("[data-door]")).to_have_text(
        [re.compile(f"3-201 {SECRET}"), re.compile(f"3-202 {SECRET}.*Done.*2 visits")]
    )
    page.get_by_role("link", name="Settings").click()
    page.locator("[data-settings=pin] > summary").click()
    page.get_by_role("button", name="Remove PIN").click()
    page.get_by_role("dialog").get_by_label("Your PIN now").fill(PIN)
    page.get_by_role("dialog").get_by_role("button", name="Remove PIN").click()
    expect(page.get_by_role("button", name="Set a PIN")).to_be_visible()
    assert sorted((door["label"], door["note"]) for door in read_store(page, "doors")) == [
        (f"3-201 {SECRET}", f"{SECRET} too"),
        (f"3-202 {SECRET}", ""),
    ]
