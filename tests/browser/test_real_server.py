"""Phones against the real server where it matters most: photos, a killed browser, a phone whose access was taken back."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.operations import issue_enrolment, revoke_enrolment
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.store import Device, Enrolment, File, Response, User
from collector.store.session import writing
from tests.browser.conftest import NewPhone
from tests.browser.volunteer import enrol, next_page, photo, start_form, wait_until_offline_ready
from tests.servers import Server
from tests.workbooks import make_workbook

TWO_PHOTOS = """
| survey   |
|          | type  | name  | label::中文 (zh) | label::English (en) |
|          | text  | who   | 户主             | Head                |
|          | image | front | 正面             | Front               |
|          | image | back  | 背面             | Back                |
| settings |
|          | form_title | form_id    | version | default_language | style |
|          | 两张照片   | two_photos | 1       | 中文 (zh)        | pages |
"""


@pytest.fixture(scope="module")
def two_photos(server: Server) -> None:
    """A published questionnaire with two photos."""
    content = make_workbook(TWO_PHOTOS)
    compiled = compile_workbook(content, "two_photos.xlsx")
    assert not compiled.errors
    app = server.app
    with app.app_context(), writing() as session:
        publish_version(session, add_draft(session, compiled, Workbook("two_photos.xlsx", content), by=None), by=None)
    app.extensions["collector_engine"].dispose()


def rows(server: Server, query: object) -> list:
    """Rows of a query in the server's database."""
    app = server.app
    with Session(app.extensions["collector_engine"]) as session:
        return list(session.execute(query).all())  # type: ignore[call-overload]


def take(page: Page, width: int) -> None:
    """Take a photo for the question that is shown; every camera calls it image.jpg."""
    page.locator("input[type=file]").first.set_input_files(
        {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": photo(width, 20)}
    )
    expect(page.locator(".file__image")).to_be_visible()


def test_two_photos_of_one_camera_name_reach_their_own_questions__A22(
    server: Server, two_photos: None, new_phone: NewPhone
) -> None:
    page = new_phone().new_page()
    enrol(page, server.enrolment_link("照片志愿者"))
    start_form(page, "两张照片", None)
    page.get_by_role("textbox", name="户主").fill("照片测试")
    next_page(page)
    take(page, 40)
    next_page(page)
    expect(page.get_by_role("group", name="背面")).to_be_visible()
    take(page, 80)
    next_page(page)
    page.get_by_role("button", name="完成").click()
    expect(page.locator("[data-state=safe]")).to_be_visible(timeout=20_000)
    [(response_id, missing)] = rows(
        server,
        select(Response.id, Response.missing_files)
        .join(User, User.id == Response.author_id)
        .where(User.name == "照片志愿者"),
    )
    files = rows(server, select(File.name, File.size_bytes, File.detected_type).where(File.response_id == response_id))
    assert missing == 0
    assert len({name for name, _, _ in files}) == len({size for _, size, _ in files}) == 2
    assert {kind for _, _, kind in files} == {"image/jpeg"}


def test_a_killed_browser_loses_nothing_typed__A13(server: Server, kept_phone: NewPhone, tmp_path: Path) -> None:
    phone: BrowserContext = kept_phone()
    page = phone.new_page()
    enrol(page, server.enrolment_link("断电志愿者"))
    wait_until_offline_ready(page)
    start_form(page, "座谈访谈记录")
    next_page(page)
    page.get_by_role("textbox", name="地点").press_sequentially("Li Wei")
    page.wait_for_timeout(2000)
    kill_browser(tmp_path / "profile")
    page = kept_phone().new_page()
    page.goto(f"{server.url}/app/")
    page.get_by_role("link", name="座谈访谈记录").click()
    expect(page.get_by_role("textbox", name="地点")).to_have_value("Li Wei")


def kill_browser(profile: Path) -> None:
    """Kill the browser that uses `profile`, as a phone that loses power does."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(profile).encode() in command:
                try:
                    os.kill(int(entry.name), signal.SIGKILL)
                except ProcessLookupError:
                    continue


def test_after_a_revoked_code_all_is_kept_and_goes_out_with_a_new_one__A78(
    server: Server, two_photos: None, new_phone: NewPhone
) -> None:
    page = new_phone().new_page()
    enrol(page, server.enrolment_link("换码志愿者"))
    wait_until_offline_ready(page)
    app = server.app
    with app.app_context(), writing() as session:
        user_id = session.scalars(select(User.id).where(User.name == "换码志愿者")).one()
        device = session.scalars(select(Device).where(Device.user_id == user_id)).one()
        revoke_enrolment(session, session.get_one(Enrolment, device.enrolment_id), by=None)
    start_form(page, "两张照片", None)
    page.get_by_role("textbox", name="户主").fill("撤销之后")
    for _ in range(3):
        next_page(page)
    page.get_by_role("button", name="完成").click()
    expect(page.locator("[data-state=kept]")).to_be_visible()
    page.goto(f"{server.url}/app/")
    expect(page.locator("[data-safety='safe.refused']")).to_be_visible()
    with app.app_context(), writing() as session:
        _, token = issue_enrolment(session, session.get_one(User, user_id), by=None)
    app.extensions["collector_engine"].dispose()
    enrol(page, f"{server.url}/join/{token}")
    expect(page.locator("[data-safety='safe.all']")).to_be_visible(timeout=20_000)
    [(name,)] = rows(server, select(User.name).join(Response, Response.author_id == User.id).where(User.id == user_id))
    assert name == "换码志愿者"
