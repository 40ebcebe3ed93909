"""A supervisor at work in Chromium: a document in quarantine becomes a response, a conflict is decided, a response is deleted."""

import os
from json import dumps
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.office.conftest import OpenOffice
from tests.browser.office.test_board_refresh import PLACE, call
from tests.browser.office.test_pages import overflow
from tests.servers import Server

#: Where pictures of the pages go, if anywhere.
PICTURES = os.environ.get("DESK_PICTURES", "")
WIDTHS = (1280, 360)


def enrol(server: Server, name: str) -> str:
    """A phone's token."""
    link = server.enrolment_link(name)
    return str(call(f"{server.url}/sync/v1/enrol", {"token": link.rpartition("/")[2], "label": "x"})["device_token"])


def document(**overrides: object) -> str:
    """A meeting record of the first community."""
    made = {"id": str(uuid4()), "form": "meeting_record", "model": "", "version": "2006-03", "base": None}
    made |= {"place": PLACE, "answers": {"community": PLACE}, "author": None, "files": []}
    made |= {"started_at": "", "finished_at": "", "instance_name": f"Record {uuid4().hex[:6]}"}
    return dumps(made | overrides)


def push(server: Server, token: str, *documents: str, **body: object) -> list[dict[str, object]]:
    """Push; gives the receipts."""
    answer = call(f"{server.url}/sync/v1/push", {"responses": list(documents)} | body, token)
    return answer["receipts"]  # type: ignore[return-value]


def check(page: Page, name: str) -> None:
    """The page fits on a desk and on a phone."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) == 0, (name, width)
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})


def test_a_quarantined_document_is_accepted(open_office: OpenOffice, server: Server) -> None:
    """From the list of responses to the document, its questionnaire chosen, to the response; another one is put aside."""
    token = enrol(server, "Quarantine volunteer")
    members = [{"name": "Li", "age": "30"}, {"name": "Bo", "age": "61"}]
    answers = {"community": PLACE, "topic": "Water", "people": {"members": members}}
    lost = document(form="meting_record", instance_name="Lost record", answers=answers)
    assert {receipt["status"] for receipt in push(server, token, lost, "{nonsense")} == {"quarantined"}
    page = open_office()
    page.goto(f"{server.url}/office/responses")
    page.get_by_role("link", name="Quarantine").first.click()
    check(page, "quarantine")
    row = page.locator("tr", has_text="Its questionnaire is not known here")
    row.get_by_role("link", name="Look at it").first.click()
    expect(page.locator("h1")).to_have_text("Lost record")
    expect(page.locator("[data-contents]")).to_contain_text("Water")
    check(page, "quarantined")
    page.get_by_label("Questionnaire").select_option(label="Meeting and interview record")
    page.get_by_role("button", name="Accept as a response").click()
    expect(page.get_by_role("status")).to_contain_text("It is a response now.")
    expect(page.locator("h1")).to_have_text("Lost record")
    assert push(server, token, lost)[0]["status"] == "already_stored"

    page.goto(f"{server.url}/office/quarantine")
    page.locator("tr", has_text="It is not JSON").get_by_role("link", name="Look at it").click()
    check(page, "quarantined-nonsense")
    page.get_by_label("Why it is put aside").fill("Nothing is in it")
    page.get_by_role("button", name="Put it aside").click()
    expect(page.locator("main")).to_contain_text("It was put aside: Nothing is in it")
    check(page, "quarantined-aside")
    page.goto(f"{server.url}/office/quarantine?show=resolved")
    expect(page.locator("tbody tr")).to_have_count(2)
    check(page, "quarantine-resolved")


def test_a_conflict_is_decided_and_a_response_deleted__A03(open_office: OpenOffice, server: Server) -> None:
    """Both revisions side by side; the other one becomes current. Then the response goes for good."""
    token = enrol(server, "Conflict volunteer")
    response_id = str(uuid4())
    for topic in ("Water", "Roads"):
        answers = {"community": PLACE, "topic": topic}
        push(server, token, document(id=response_id, answers=answers, instance_name=f"About {topic}"))
    page = open_office()
    page.goto(f"{server.url}/office/responses/{response_id}")
    table = page.locator("[data-conflict]")
    expect(table.locator("mark")).to_have_text(["Water", "Roads"])
    check(page, "conflict")
    page.get_by_role("button", name="Make this one current").click()
    expect(page.get_by_role("status")).to_contain_text("Revision 2 is the current one now.")
    expect(page.locator("h1")).to_have_text("About Roads")
    expect(table).to_have_count(0)
    check(page, "decided")

    page.get_by_role("link", name="Delete this response").click()
    check(page, "delete")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator(".field__fault").first).to_be_visible()
    check(page, "delete-faults")
    page.get_by_label("The same interview was entered twice").check()
    page.get_by_label("The reason in your words").fill("Entered twice by us")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("status")).to_contain_text("The response was deleted.")
    page.goto(f"{server.url}/office/responses/{response_id}")
    expect(page.locator("h1")).to_have_text("This response was deleted")
    check(page, "deleted")


def test_the_page_of_phones_and_a_window(open_office: OpenOffice, server: Server) -> None:
    """What a phone holds is on the board and its page; a window is set and shown again. A16, A74."""
    token = enrol(server, "Holding volunteer")
    waiting = {"responses": 3, "files": 1, "drafts": 2, "failed": 1, "oldest": "2026-11-20T09:00:00+08:00"}
    push(server, token, waiting=waiting, sent_at="2020-01-01T00:00:00Z")
    page = open_office()
    expect(page.locator("[data-unsent]")).to_contain_text("unsent responses; the one silent longest was last seen")
    check(page, "board")
    page.locator("#phones").get_by_role("link", name="All phones").click()
    expect(page.locator("[data-phone]").first).to_contain_text("Holding volunteer")
    check(page, "phones")
    page.goto(f"{server.url}/office/questionnaires/community_profile")
    page.get_by_label("Closes").fill("2030-01-31T18:00")
    page.locator("[data-window] button").click()
    expect(page.get_by_label("Closes")).to_have_value("2030-01-31T18:00")
    check(page, "questionnaire-window")
    page.get_by_label("Closes").fill("")
    page.locator("[data-window] button").click()
    expect(page.get_by_label("Closes")).to_have_value("")
