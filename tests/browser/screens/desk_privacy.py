"""The supervisor's desk, privacy: what the workbook marks, consent, erasing answers, how long they are kept."""

from json import dumps
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from tests.bench.phone import publish
from tests.browser.office.test_board_refresh import call
from tests.browser.screens.desk_questionnaires import open_desk
from tests.browser.screens.stage import PLACE, Stage, Tour
from tests.privacy.conftest import ANSWERS, VISIT
from tests.workbooks import make_workbook


def privacy(stage: Stage) -> Tour:
    """From the marks of the workbook to a response of which everything was erased."""
    form_id = f"visit_{stage.lang}"
    first, second = stock(stage, form_id)
    page = open_desk(stage)
    stage.go(f"/office/questionnaires/{form_id}/personal")
    yield "privacy-marks"
    stage.go(f"/office/responses?questionnaire={form_id}&consent=refused")
    expect(page.locator("tbody tr")).to_have_count(1)
    yield "privacy-list"
    stage.go(f"/office/responses/{first}")
    expect(page.locator("[data-consent]")).to_be_visible()
    page.locator("[data-consent] summary").click()
    yield "privacy-consent"
    stage.go(f"/office/responses/{first}/erase")
    yield "privacy-erase"
    page.locator("main form .button--danger").click()
    expect(page.locator(".field__fault")).to_be_visible()
    yield "privacy-erase-fault"
    page.locator("#note").fill(stage.say("来电要求", "Asked by telephone"))
    page.locator("main form .button--danger").click()
    expect(page.locator("[data-erasure]")).to_be_visible()
    yield "privacy-erased"
    stage.go(f"/office/responses?questionnaire={form_id}")
    page.locator(f"input[name=response][value='{second}']").check()
    page.locator("button[formaction*='/erase']").click()
    expect(page.locator("#note")).to_be_visible()
    yield "privacy-erase-several"
    stage.go(f"/office/retention/{form_id}")
    yield "privacy-retention"
    page.locator("#days").fill("3")
    page.locator("main form .button--primary").click()
    expect(page.locator(".field__fault")).to_be_visible()
    yield "privacy-retention-fault"
    stage.close_phone()


def stock(stage: Stage, form_id: str) -> list[str]:
    """Two responses, one of somebody who refused. Gives their ids."""
    publish(stage.server, make_workbook(VISIT.replace("| visit   |", f"| {form_id} |")), form_id)
    link = stage.server.enrolment_link(f"Hui {form_id}", (PLACE,))
    enrolled: Any = call(
        f"{stage.server.url}/sync/v1/enrol", {"token": link.rpartition("/")[2], "label": "Chrome on Android"}
    )
    ids = [str(uuid4()), str(uuid4())]
    parts = {
        "form": form_id, "version": "1", "model": "", "place": PLACE, "author": enrolled["user"]["id"], "tz": "Asia/Shanghai",
        "started_at": "2026-03-28T09:43:10.000+08:00", "finished_at": "2026-03-28T09:51:44.000+08:00", "files": [],
        "instance_name": "Xiaoming",
    }  # fmt: skip
    documents = [
        dumps(parts | {"id": id_, "answers": ANSWERS | {"place": PLACE, "agree": said}})
        for id_, said in zip(ids, ("yes", "no"), strict=True)
    ]
    call(f"{stage.server.url}/sync/v1/push", {"responses": documents}, str(enrolled["device_token"]))
    return ids
