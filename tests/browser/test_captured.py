"""What the phone captures, from the workbook to the server: the packed client under the real server's rules, with no flag and no file missing."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.store import File, Response, Revision, User
from collector.store.session import writing
from tests.browser.boxes import box_of
from tests.browser.conftest import NewPhone, browser_with_devices
from tests.browser.volunteer import enrol, next_page, wait_until_offline_ready
from tests.servers import Server
from tests.workbooks import make_workbook

BOOK = """
| survey   |           |       |                  |            |                                                     |
|          | type      | name  | label::中文 (zh) | appearance | parameters                                          |
|          | image     | sign  | 签名             | signature  |                                                     |
|          | audio     | voice | 录音             |            |                                                     |
|          | geoshape  | field | 地块             |            |                                                     |
|          | date      | born  | 生日             | persian    |                                                     |
|          | range     | often | 频率             | vertical   | start=0 end=1 step=0.1 tick_interval=0.5 tick_labelset=o |
| choices  |           |       |                  |
|          | list_name | name  | label::中文 (zh) |
|          | o         | 0     | 从不             |
|          | o         | 1     | 总是             |
| settings |
|          | form_title | form_id  | version | default_language | style |
|          | 采集       | captured | 1       | 中文 (zh)        | pages |
"""


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium with a microphone of its own making."""
    yield from browser_with_devices(playwright)


@pytest.fixture(scope="module")
def captured(server: Server) -> None:
    """A published questionnaire of what is captured."""
    content = make_workbook(BOOK)
    compiled = compile_workbook(content, "captured.xlsx")
    assert not compiled.errors
    app = server.app
    with app.app_context(), writing() as session:
        publish_version(session, add_draft(session, compiled, Workbook("captured.xlsx", content), by=None), by=None)
    app.extensions["collector_engine"].dispose()


def test_all_that_is_captured_without_a_signal_reaches_the_server(
    server: Server, captured: None, new_phone: NewPhone
) -> None:
    phone = new_phone()
    phone.grant_permissions(["microphone"])
    page = phone.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Security Policy" in message.text else None)
    enrol(page, server.enrolment_link("采集志愿者"))
    wait_until_offline_ready(page)
    # Nothing of the widgets was fetched for this page before: the service worker has them.
    phone.set_offline(True)
    page.locator('[href="/app/place/-"]').click()
    page.get_by_role("button", name="采集").click()
    page.get_by_role("button", name="签名").tap()
    box = box_of(page.locator(".pad__canvas"))
    page.mouse.move(box["x"] + 40, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 240, box["y"] + 120, steps=6)
    page.mouse.up()
    page.get_by_role("button", name="保存").tap()
    expect(page.locator(".file__image")).to_be_visible()
    next_page(page)
    page.get_by_role("button", name="录音", exact=True).tap()
    expect(page.get_by_role("timer")).to_have_text("正在录音 0:01")
    page.get_by_role("button", name="停止并保存").tap()
    expect(page.locator("audio")).to_be_visible()
    next_page(page)
    page.get_by_text("输入坐标").tap()
    for latitude, longitude in (("32.05", "118.79"), ("32.05", "118.791"), ("32.051", "118.791")):
        page.get_by_label("纬度").fill(latitude)
        page.get_by_label("经度").fill(longitude)
        page.get_by_role("button", name="添加这个点").tap()
    expect(page.get_by_text("3 个点")).to_be_visible()
    next_page(page)
    page.get_by_label("年").tap()
    page.keyboard.type("14031230")
    next_page(page)
    expect(page.locator(".range__label").first).to_have_text("从不")
    for _ in range(4):
        page.get_by_role("button", name="加 0.1").tap()
    next_page(page)
    phone.set_offline(False)
    page.get_by_role("button", name="完成").click()
    expect(page.locator("[data-state=safe]")).to_be_visible(timeout=20_000)
    assert faults == []
    with Session(server.app.extensions["collector_engine"]) as session:
        response = session.scalars(
            select(Response).join(User, User.id == Response.author_id).where(User.name == "采集志愿者")
        ).one()
        revision = session.scalars(select(Revision).where(Revision.response_id == response.id)).one()
        answers = json.loads(revision.document)["answers"]
        files = session.execute(select(File.name, File.detected_type).where(File.response_id == response.id)).all()
    assert revision.flags == []
    assert response.missing_files == 0
    assert {name for name, _ in files} == {answers["sign"], answers["voice"]}
    assert answers["field"] == "32.05 118.79 0 0;32.05 118.791 0 0;32.051 118.791 0 0;32.05 118.79 0 0"
    assert (answers["born"], answers["often"]) == ("2025-03-20", "0.3")
