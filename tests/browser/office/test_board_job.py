"""A supervisor finds out where the survey lags, and on the map; also on a phone and without JavaScript."""

import re
from json import dumps
from uuid import uuid4

from playwright.sync_api import Browser, expect
from sqlalchemy import select

from collector.store import Measures, Response, User
from collector.store.session import reading, writing
from tests.browser.office.conftest import OpenOffice
from tests.browser.office.test_board_refresh import call
from tests.servers import Server

PLACE, FORM = "320102003002", "member_questionnaire"
EVIL = "<img src=x onerror=alert(1)>"


def send_with_point(server: Server) -> str:
    """A response of a community with a point, whose name looks like markup; gives its id."""
    link = server.enrolment_link("Map volunteer", (PLACE,))
    token = str(call(f"{server.url}/sync/v1/enrol", {"token": link.rpartition("/")[2], "label": "x"})["device_token"])
    id_ = str(uuid4())
    document: dict[str, object] = {
        "id": id_,
        "form": FORM,
        "model": "",
        "place": PLACE,
        "answers": {"community": PLACE},
    }
    app = server.app
    with app.app_context():
        document["author"] = reading().scalars(select(User.id).where(User.name == "Map volunteer")).first()
    document |= {"version": "2006-03", "started_at": "", "finished_at": "", "files": []}
    call(f"{server.url}/sync/v1/push", {"responses": [dumps(document)]}, token)
    with app.app_context(), writing() as session:
        response = session.get_one(Response, id_)
        response.instance_name = EVIL
        measured = session.get(Measures, id_) or Measures(response_id=id_, questionnaire_id=response.questionnaire_id)
        measured.latitude, measured.longitude = 32.04, 118.78
        session.add(measured)
    app.extensions["collector_engine"].dispose()
    return id_


def test_from_the_tile_to_the_responses(open_office: OpenOffice, server: Server) -> None:
    """Tile -> place -> volunteer -> responses, by keyboard, on a phone's screen; the filter goes along in the address."""
    send_with_point(server)
    page = open_office(width=360)
    page.goto(f"{server.url}/office/board?questionnaire={FORM}&period=7")
    page.locator(f"[data-tiles] [data-place='{PLACE}']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_have_text("Changjianglu")
    assert "period=7" in page.url
    page.locator("[data-volunteer] a[href*='place=']").first.click()
    expect(page).to_have_url(re.compile(rf"/office/responses\?.*place={PLACE}"))


def test_a82_the_map_shows_points_as_text(open_office: OpenOffice, server: Server) -> None:
    """A82: a bubble names a response whose name looks like markup; no script runs, and nothing is asked of anybody else."""
    send_with_point(server)
    page = open_office()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.url}/office/board?questionnaire={FORM}&view=map")
    expect(page.locator("[data-map-note]")).to_contain_text("Points:")
    page.locator(".map-point").first.click(force=True)
    bubble = page.locator(".leaflet-popup-content")
    expect(bubble).to_contain_text(EVIL)
    assert bubble.locator("img").count() == 0
    expect(bubble.get_by_role("link")).to_have_text("Open the response")
    assert all(url.startswith((server.url, "data:", "blob:")) for url in asked)


def test_without_javascript(browser: Browser, server: Server) -> None:
    """The board, its filters and the way to the table from the map work as plain pages."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{server.url}/office/board?view=map")
    page.locator("#login").fill("owner")
    page.locator("#password").fill(server.password)
    page.locator("form:has(#password) button").click()
    expect(page.locator("noscript")).to_have_count(1)
    page.get_by_role("link", name="以表格查看").click()
    expect(page.locator("tr[data-place]")).to_have_count(66)
    page.locator("#under").select_option(index=2)
    page.locator(".board-filters button").click()
    assert page.locator("tr[data-place]").count() < 66
    context.close()
