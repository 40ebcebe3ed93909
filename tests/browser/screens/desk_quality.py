"""The supervisor's desk, quality: what was noticed, a volunteer against the others, the rules, frequencies."""

from itertools import islice
from json import dumps
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from collector.sample.population import members
from tests.browser.office.test_board_refresh import call
from tests.browser.screens.desk_questionnaires import open_desk
from tests.browser.screens.stage import PLACE, Stage, Tour
from tests.servers import Server

OF = "questionnaire=member_questionnaire"
#: Volunteers that send, and responses of each.
SENDERS, EACH = 4, 6


def quality(stage: Stage) -> Tour:
    """From the page of what was noticed to frequencies."""
    author = stock(stage.server, stage.lang)
    page = open_desk(stage)
    stage.go(f"/office/quality?{OF}")
    expect(page.locator("#volunteers")).to_be_visible()
    yield "quality"
    stage.go(f"/office/quality/volunteer/{author}?{OF}")
    yield "quality-volunteer"
    stage.go(f"/office/quality/rules?{OF}")
    yield "quality-rules"
    page.locator("#limit-too_long").fill("soon")
    page.locator("main form .button--primary").click()
    expect(page.locator(".field__fault")).to_be_visible()
    yield "quality-rules-fault"
    stage.go(f"/office/frequencies?{OF}&question=person/sex&by=person/education&state=received")
    yield "frequencies-crossed"
    stage.go(f"/office/frequencies?{OF}&question=person/birth_year")
    yield "frequencies-numbers"
    stage.close_phone()


def stock(server: Server, mark: str) -> str:
    """Send responses of the sample from several phones, those of the last one too quickly; gives that one's author."""
    author = ""
    records = members()
    for number in range(SENDERS):
        link = server.enrolment_link(f"Hui {number} {mark}", (PLACE,))
        enrolled: Any = call(
            f"{server.url}/sync/v1/enrol", {"token": link.rpartition("/")[2], "label": "Chrome on Android"}
        )
        author = enrolled["user"]["id"]
        documents = []
        for record in islice(records, EACH):
            finished = record["started_at"] if number == SENDERS - 1 else record["finished_at"]
            parts = {"id": str(uuid4()), "version": "2006-03", "model": "", "author": author, "files": []}
            documents.append(dumps(record | parts | {"finished_at": finished}))
        call(f"{server.url}/sync/v1/push", {"responses": documents}, str(enrolled["device_token"]))
    return author
