"""The board refreshes itself while it is open, and says so when it cannot."""

import urllib.request
from json import dumps, loads
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.office.conftest import OpenOffice
from tests.servers import Server

BOARD = "/office/board?questionnaire=meeting_record&view=table"
PLACE = "320102003001"


def call(address: str, body: object, token: str = "") -> dict[str, object]:
    """POST JSON as a phone does; gives the answer."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(address, dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        found: dict[str, object] = loads(answer.read())
    return found


def send_record(server: Server, token: str) -> None:
    """Send one meeting record of the first community."""
    answers = {"community": PLACE}
    document = {"id": str(uuid4()), "form": "meeting_record", "model": "", "place": PLACE, "answers": answers}
    document |= {"version": "2006-03", "author": None, "started_at": "", "finished_at": "", "files": []}
    receipts = call(f"{server.url}/sync/v1/push", {"responses": [dumps(document)]}, token)["receipts"]
    assert receipts[0]["status"] == "stored"  # type: ignore[index]


def open_board(open_office: OpenOffice, server: Server) -> Page:
    """The board under a clock that the test moves."""
    page = open_office()
    page.clock.install()
    page.goto(server.url + BOARD)
    return page


def test_new_responses_appear_by_themselves(open_office: OpenOffice, server: Server) -> None:
    """Ten seconds later the row shows what has come in; the keyboard stays on the link where it was."""
    link = server.enrolment_link("Board volunteer")
    token = str(call(f"{server.url}/sync/v1/enrol", {"token": link.rpartition("/")[2], "label": "x"})["device_token"])
    page = open_board(open_office, server)
    amount = page.locator(f"tr[data-place='{PLACE}'] .amount b")
    before = int(amount.inner_text())
    place = page.locator(f"tr[data-place='{PLACE}'] a")
    place.focus()
    send_record(server, token)
    page.clock.run_for(10_500)
    expect(amount).to_have_text(str(before + 1))
    expect(place).to_be_focused()


def test_an_unreachable_server_is_said(open_office: OpenOffice, server: Server) -> None:
    """The figures stay and are called old; with the network back the notice goes."""
    page = open_board(open_office, server)
    stale = page.locator("[data-board-stale]")
    expect(stale).to_be_hidden()
    page.context.set_offline(True)
    page.clock.run_for(10_500)
    expect(stale).to_be_visible()
    assert page.locator("tr[data-place]").count() == 66
    page.context.set_offline(False)
    page.clock.run_for(10_500)
    expect(stale).to_be_hidden()


def test_after_the_session_has_ended_the_figures_stay(open_office: OpenOffice, server: Server) -> None:
    """The sign-in page that then answers is not put in place of the board."""
    page = open_board(open_office, server)
    page.context.clear_cookies()
    page.clock.run_for(10_500)
    expect(page.locator("[data-board-stale]")).to_be_visible()
    assert page.locator("tr[data-place]").count() == 66
