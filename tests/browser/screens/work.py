"""What a volunteer works with every day: the first page, communities, doors, responses."""

import time

from playwright.sync_api import expect

from tests.browser.screens.stage import PLACE, Stage, Tour
from tests.browser.screens.steps import leave_draft, send_twenty


def home(stage: Stage) -> Tour:
    """The first page from empty to busy, the community, what was sent and what waits."""
    page = stage.new_phone()
    stage.enrol(stage.say("李秀英", "Li Xiuying"))
    stage.ready_for_offline()
    yield "home-new"
    stage.go(f"/app/place/{PLACE}")
    yield "place"
    stage.go("/app/place/-")
    yield "place-none"
    stage.go("/app/responses")
    yield "responses-none"
    leave_draft(stage)
    yield "home-draft"
    send_twenty(stage)
    expect(page.locator("[data-state=safe]")).to_be_visible()
    yield "done-safe"
    page.context.set_offline(True)
    send_twenty(stage)
    expect(page.locator("[data-state=kept]")).to_be_visible()
    yield "done-kept-offline"
    stage.go("/app/")
    expect(page.locator("[data-safety]").first).to_be_visible()
    yield "home-offline-unsent"
    stage.go("/app/responses")
    yield "responses-offline"
    page.locator("[data-section='responses.outbox'] [data-response]").first.click()
    stage.dialog()
    yield "response-details"
    page.keyboard.press("Escape")
    page.locator("[data-section='responses.drafts'] button").last.click()
    stage.dialog()
    yield "draft-discard"
    page.keyboard.press("Escape")
    stage.go("/app/settings")
    page.locator("[data-action=sign-out]").click()
    stage.dialog()
    yield "sign-out-unsent"
    stage.close_phone()


def searching(stage: Stage) -> Tour:
    """A volunteer of all communities: the list is searched."""
    page = stage.new_phone()
    stage.enrol(stage.say("陈大明", "Chen Daming"), ())
    yield "home-all-places"
    page.get_by_role("searchbox").fill("xyz")
    yield "home-no-match"
    stage.close_phone()


def doors(stage: Stage) -> Tour:
    """The list of doors, one door and what happened there, a call that is due."""
    page = stage.new_phone()
    stage.enrol(stage.say("黄建华", "Huang Jianhua"))
    stage.go("/app/doors")
    yield "doors-none"
    stage.go(f"/app/door/new?place={PLACE}")
    yield "door-new"
    page.locator("[data-action=save-door]").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    yield "door-new-fault"
    add_door(stage, stage.say("3 幢 201 王奶奶", "3-201 Grandmother Wang"))
    yield "door"
    page.locator("[data-outcome=nobody_home]").click()
    expect(page.locator("[data-action=undo]")).to_be_visible()
    yield "door-nobody-home"
    page.locator("[data-outcome=call_again]").click()
    stage.dialog()
    yield "door-call-again"
    page.locator("dialog [name=time][value=own]").check()
    yield "door-call-own-time"
    page.locator("dialog [name=time]").first.check()
    page.locator("dialog .button--primary").click()
    expect(page.locator("[data-state=call_again]")).to_be_visible()
    yield "door-call-agreed"
    page.locator("[data-action=edit-door]").click()
    expect(page.locator("[data-action=save-door]")).to_be_visible()
    yield "door-edit"
    stage.go(page.url.removeprefix(stage.server.url))
    page.locator("[data-action=delete-door]").click()
    stage.dialog()
    yield "door-delete"
    page.keyboard.press("Escape")
    for label, outcome in (
        (stage.say("3 幢 202", "3-202"), "refused"),
        (
            stage.say(
                "建邺路 100 号 5 单元 601 室（院子里，从后门进）",
                "Building 100, Jianye Road, unit 5, flat 601 (in the yard, by the back door)",
            ),
            "",
        ),
    ):
        stage.go(f"/app/door/new?place={PLACE}")
        add_door(stage, label)
        if outcome:
            page.locator(f"[data-outcome={outcome}]").click()
            expect(page.locator("[data-action=undo]")).to_be_visible()
    stage.go("/app/doors")
    expect(page.locator("[data-door]").first).to_be_visible()
    yield "doors"
    page.locator("[name=filter]").nth(2).check()
    yield "doors-done"
    stage.go(f"/app/place/{PLACE}")
    expect(page.locator("[data-door]").first).to_be_visible()
    yield "place-doors"
    stage.go("/app/")
    expect(page.locator("[data-door]").first).to_be_visible()
    yield "home-call"
    page.clock.set_fixed_time(time.time() + 26 * 3600)
    page.reload()
    expect(page.locator("[data-door]").first).to_be_visible()
    yield "home-call-overdue"
    stage.close_phone()


def add_door(stage: Stage, label: str) -> None:
    """On the page of a new door: write it down."""
    page = stage.page
    page.locator("main :is(input[type=text], input:not([type]))").first.fill(label)
    page.locator("[data-action=save-door]").click()
    expect(page.locator("[data-outcome]").first).to_be_visible()
