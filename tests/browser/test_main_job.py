"""The main job, whole: an Excel questionnaire goes to a phone, is filled in with no signal, and its responses reach the database, the board and a file."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import NewPhone
from tests.browser.volunteer import enrol, next_page, photo, start_form, wait_until_offline_ready
from tests.servers import Server
from tests.workbooks import make_workbook

HOUSEHOLD = """
| survey   |
|          | type                 | name      | label::中文 (zh) | label::English (en) | required | constraint | choice_filter             | appearance |
|          | select_one district  | area      | 街道             | Subdistrict         | yes      |            |                           | minimal    |
|          | select_one community | community | 社区             | Community           | yes      |            | area = ${area}            | minimal    |
|          | text                 | head      | 户主             | Head of household   | yes      |            |                           |            |
|          | begin repeat         | member    | 家庭成员         | Members             |          |            |                           |            |
|          | begin group          | who       | 成员             | Member              |          |            |                           | field-list |
|          | text                 | name      | 姓名             | Name                | yes      |            |                           |            |
|          | integer              | age       | 年龄             | Age                 | yes      | . < 130    |                           |            |
|          | end group            |           |                  |                     |          |            |                           |            |
|          | end repeat           |           |                  |                     |          |            |                           |            |
|          | image                | door      | 大门照片         | Photo of the door   | yes      |            |                           |            |
| choices  |
|          | list_name            | name         | label::中文 (zh) | label::English (en) | area      |
|          | district             | 320102003    | 新街口街道       | Xinjiekou           |           |
|          | community            | 320102003001 | 香铺营社区       | Xiangpuying         | 320102003 |
|          | community            | 320102003002 | 长江路社区       | Changjianglu        | 320102003 |
| settings |
|          | form_title | form_id       | version | default_language | style | attribute::place_path | instance_name |
|          | 入户调查   | door_to_door  | 1       | 中文 (zh)        | pages | area community        | ${head}       |
"""


@pytest.fixture
def office(browser: Browser, server: Server) -> Page:
    """The owner's desk, signed in, in English."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(f"{server.url}/office/board")
    page.locator("input[name=login]").fill("owner")
    page.locator("input[name=password]").fill(server.password)
    page.locator("form:has(input[name=password]) button").click()
    page.wait_for_url("**/office/board**")
    if page.get_by_role("button", name="English").count():
        page.get_by_role("button", name="English").click()
    return page


def publish(office: Page, server: Server, folder: Path) -> None:
    path = folder / "door_to_door.xlsx"
    path.write_bytes(make_workbook(HOUSEHOLD))
    office.goto(f"{server.url}/office/questionnaires")
    office.locator("input[type=file]").set_input_files(path)
    office.get_by_role("button", name="Upload").click()
    office.get_by_role("button", name="Publish", exact=True).click()
    expect(office.get_by_text("on phones", exact=True).first).to_be_visible()


def fill_in(page: Page, head: str, members: list[tuple[str, str]]) -> None:
    """Fill the questionnaire in from the first page of the app to the page that says what became of it."""
    start_form(page, "入户调查")
    expect(page.get_by_role("combobox", name="街道")).to_have_value("320102003")
    next_page(page)
    expect(page.get_by_role("combobox", name="社区")).to_have_value("320102003001")
    next_page(page)
    page.get_by_role("textbox", name="户主").fill(head)
    next_page(page)
    for name, age in members:
        page.get_by_role("button", name="添加").click()
        page.get_by_role("textbox", name="姓名").fill(name)
        page.get_by_role("textbox", name="年龄").fill(age)
        next_page(page)
    next_page(page)
    expect(page.get_by_role("group", name="大门照片")).to_be_visible()
    page.locator("input[type=file]").first.set_input_files(
        {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    expect(page.locator(".file__image")).to_be_visible()
    next_page(page)
    page.get_by_role("button", name="完成").click()
    expect(page.locator("[data-state]")).to_be_visible()


def test_the_main_job(office: Page, server: Server, new_phone: NewPhone, tmp_path: Path) -> None:
    publish(office, server, tmp_path)
    phone: BrowserContext = new_phone()
    page = phone.new_page()
    enrol(page, server.enrolment_link("陈志愿", ("320102003",)))
    wait_until_offline_ready(page)

    # No signal: the browser is told so, and there is nothing at the other end either.
    phone.set_offline(True)
    server.stop()
    page.reload()
    fill_in(page, "王芳", [("王小明", "12"), ("李华", "61")])
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "kept")
    page.goto(f"{server.url}/app/")
    fill_in(page, "赵强", [("赵一", "30")])
    page.goto(f"{server.url}/app/responses")
    expect(page.locator("[data-response]")).to_have_count(2)
    expect(page.locator("[data-section='responses.outbox'] [data-response]")).to_have_count(2)

    # A signal again: they go out by themselves.
    server.start()
    phone.set_offline(False)
    expect(page.locator("[data-section='responses.sent'] [data-response]")).to_have_count(2, timeout=30_000)
    expect(page.locator("[data-safety='safe.all']")).to_be_visible()

    office.goto(f"{server.url}/office/board?questionnaire=door_to_door")
    expect(office.get_by_role("link", name="Xiangpuying 2", exact=True)).to_be_visible()
    check_export(office, server)


def check_export(office: Page, server: Server) -> None:
    def read(path: str) -> list[dict[str, str]]:
        answer = office.request.get(f"{server.url}/office/exports/{path}")
        assert answer.body().startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"), newline="")))

    main = {row["head"]: row for row in read("door_to_door.csv")}
    members = read("door_to_door/member.csv")
    assert set(main) == {"王芳", "赵强"}
    assert {row["flags"] for row in main.values()} == {""}
    assert {row["missing_files"] for row in main.values()} == {"0"}
    assert {row["author"] for row in main.values()} == {"陈志愿"}
    assert len({row["door"] for row in main.values()}) == 2
    whose = {row["response_id"]: head for head, row in main.items()}
    assert [(whose[row["parent_key"]], row["who/name"], row["who/age"]) for row in members] == [
        ("王芳", "王小明", "12"),
        ("王芳", "李华", "61"),
        ("赵强", "赵一", "30"),
    ]
