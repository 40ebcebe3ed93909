"""The supervisor's desk, coverage: the board in its three views, a place, volunteers, targets typed and from a table."""

from playwright.sync_api import expect

from tests.browser.screens.desk_questionnaires import open_desk
from tests.browser.screens.stage import PLACE, Stage, Tour

OF = "questionnaire=member_questionnaire"


def coverage(stage: Stage) -> Tour:
    """From the board to a place and its volunteers; then what is expected of the communities."""
    page = open_desk(stage)
    stage.go(f"/office/board?{OF}")
    yield "board-tiles"
    stage.go(f"/office/board?{OF}&view=table&sort=behind&state=received&from=2026-01-01&on=2026-01-01")
    yield "board-table-filtered"
    stage.go(f"/office/board?{OF}&view=map")
    expect(page.locator("[data-map-note]")).not_to_be_empty()
    yield "board-map"
    stage.go(f"/office/board?{OF}")
    page.locator(f"[data-tiles] [data-place='{PLACE}']").click()
    expect(page.locator("main h1")).to_be_visible()
    yield "board-place"
    stage.go(f"/office/board/volunteers?{OF}")
    yield "board-volunteers"
    stage.go("/office/phones")
    yield "phones"
    stage.go(f"/office/board/targets?{OF}")
    page.locator("[name=for_all]").fill("x")
    page.locator("main form .button--primary").click()
    expect(page.locator(".field__fault").first).to_be_visible()
    yield "targets-fault"
    stage.go(f"/office/board/targets/import?{OF}")
    yield "targets-import"
    table = f"code,expected,starts,ends,priority\n{PLACE},90,2026-05-01,2026-05-31,1\nX,1,,,\n"
    page.locator("#file").set_input_files({"name": "targets.csv", "mimeType": "text/csv", "buffer": table.encode()})
    page.locator("form:has(#file) .button--primary").click()
    expect(page.locator("[data-fault]").first).to_be_visible()
    yield "targets-preview"
    stage.close_phone()
