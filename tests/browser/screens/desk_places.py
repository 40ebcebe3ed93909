"""The supervisor's desk, places: the tree, one place and its changes, import, boundaries, lists of doors."""

import json

from playwright.sync_api import Page, expect

from tests.browser.screens.desk_questionnaires import open_desk
from tests.browser.screens.stage import PLACE, Stage, Tour

SQUARE = [[118.79, 32.04], [118.81, 32.04], [118.81, 32.06], [118.79, 32.06], [118.79, 32.04]]
PLACES = "code,name_zh,name_en,parent\nZ9-LANG,新社区,New,320102003\n"
FAULTS = "code,name_zh,parent\n,无码,\n3.20102E+11,甲,\nX1,乙,Y9\n"
DOORS = "编号,社区代码,地址,备注\n1,320102003001,香铺营 1 号,有狗\n2,320102003001,<img src=x onerror=alert(1)>,\n"


def places(stage: Stage) -> Tour:
    """From the tree to a door of a list."""
    page = open_desk(stage)
    stage.go("/office/places")
    yield "places"
    stage.go("/office/places?on=2020-01-01&q=3201020030")
    yield "places-found"
    stage.go("/office/places?q=320102003001")
    page.locator(".tree__leaves a").first.click()
    for kind in ("rename", "split"):
        page.locator(f"#{kind} > summary").click()
    page.locator("[name='split-parts-0-code']").fill("A")
    page.locator("#split form button").click()
    expect(page.locator("#split .field__fault").first).to_be_visible()
    yield "place-faults"
    choose(page, stage, "/office/places/import", "places.csv", FAULTS)
    yield "places-import-faults"
    choose(page, stage, "/office/places/import", "places.csv", PLACES.replace("LANG", stage.lang))
    yield "places-import"
    choose(page, stage, "/office/places/boundaries", "b.geojson", boundaries())
    yield "boundaries"
    stage.go("/office/lists/add")
    page.locator("#name").fill(f"2026 {stage.lang}")
    page.locator("form:has(#name) .button--primary").click()
    page.wait_for_url("**/import")
    choose(page, stage, page.url.removeprefix(stage.server.url), "doors.csv", DOORS)
    yield "list-import"
    page.locator("form:has([name=sha256]) .button--primary").click()
    expect(page.locator("[name=entry]")).to_have_count(2)
    yield "list"
    page.locator(".table--doors .table__main").first.click()
    expect(page.locator("#label")).to_be_visible()
    yield "list-door"
    stage.close_phone()


def choose(page: Page, stage: Stage, path: str, name: str, content: str) -> None:
    """Choose a file on a page and look at it."""
    stage.go(path)
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content.encode()}
    page.locator("#file").set_input_files(file)
    page.locator("form:has(#file) .button--primary").click()
    expect(page.locator(".figures")).to_be_visible()


def boundaries() -> str:
    """A file with a boundary, one that matches no place, and a point."""
    shapes = [({"type": "Polygon", "coordinates": [SQUARE]}, code) for code in (PLACE, "Z0")]
    shapes.append(({"type": "Point", "coordinates": [118.79, 32.04]}, PLACE))
    features = [{"type": "Feature", "properties": {"code": code}, "geometry": shape} for shape, code in shapes]
    return json.dumps({"type": "FeatureCollection", "features": features})
