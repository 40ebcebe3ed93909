"""A phone that never gets a signal: its file, sealed by the packed client, goes into the real server; later the signal comes all the same."""

from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import File, Response
from tests.browser.conftest import NewPhone
from tests.browser.volunteer import enrol, next_page, photo, start_form, wait_until_offline_ready
from tests.servers import Server
from tests.workbooks import make_workbook

DOOR = """
| survey   |
|          | type  | name | label::中文 (zh) | label::English (en) |
|          | text  | who  | 户主             | Head                |
|          | image | door | 大门             | Door                |
| settings |
|          | form_title | form_id   | version | default_language | style | instance_name |
|          | 无信号调查 | no_signal | 1       | 中文 (zh)        | pages | ${who}        |
"""


def stored(server: Server) -> tuple[list[str], list[int]]:
    """Names of the questionnaire's responses at the server, and sizes of their whole files."""
    app = server.app
    with Session(app.extensions["collector_engine"]) as session:
        # Names are sealed at rest: they are looked at here.
        responses = [one for one in session.scalars(select(Response)) if one.instance_name.startswith("无信号")]
        whole = select(File.size_bytes).where(
            File.response_id.in_([response.id for response in responses]), File.completed_at.is_not(None)
        )
        found = sorted(response.instance_name for response in responses), list(session.scalars(whole))
    app.extensions["collector_engine"].dispose()
    return found


def fill_in(page: Page, head: str) -> None:
    start_form(page, "无信号调查", None)
    page.get_by_role("textbox", name="户主").fill(head)
    next_page(page)
    image = {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": photo(60, 40)}
    page.locator("input[type=file]").first.set_input_files(image)
    expect(page.locator(".file__image")).to_be_visible()
    next_page(page)
    page.get_by_role("button", name="完成").click()
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "kept")


def test_a07_a_phone_s_file_is_imported_twice_and_sent_as_well_and_stored_once(
    server: Server, new_phone: NewPhone, tmp_path: Path
) -> None:
    (tmp_path / "no_signal.xlsx").write_bytes(make_workbook(DOOR))
    server.run("form", "publish", str(tmp_path / "no_signal.xlsx"))
    phone = new_phone()
    page = phone.new_page()
    enrol(page, server.enrolment_link("无信号志愿者"))
    wait_until_offline_ready(page)
    phone.set_offline(True)
    for head in ("无信号甲", "无信号乙"):
        page.goto(f"{server.url}/app/")
        fill_in(page, head)
    page.get_by_role("link", name="设置").click()
    page.locator("[data-settings=files] > summary").click()
    with page.expect_download() as download:
        page.locator("[data-action=export]").click()
    file = tmp_path / "unsent.json"
    download.value.save_as(file)
    assert "无信号甲" not in file.read_text()
    assert stored(server) == ([], [])
    for _ in range(2):
        server.run("import", str(file))
        names, sizes = stored(server)
        assert names == ["无信号乙", "无信号甲"]
        assert len(sizes) == 2
    phone.set_offline(False)
    page.get_by_role("link", name="首页").click()
    expect(page.locator("[data-safety='safe.all']")).to_be_visible(timeout=30_000)
    names, sizes = stored(server)
    assert (len(names), len(sizes)) == (2, 2)
