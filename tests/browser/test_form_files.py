"""Lists and media from a real server: uploaded in the office, filled in on a phone without a signal, checked, and seen in the preview."""

import io
import json

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Response, Revision
from tests.browser.conftest import NewPhone
from tests.browser.office.conftest import OpenOffice
from tests.browser.office.conftest import open_office as open_office
from tests.browser.volunteer import enrol, next_page, wait_until_offline_ready
from tests.servers import Server
from tests.workbooks import make_workbook

REGISTER = """
| survey   |
|          | type                            | name   | label::中文 (zh) | media::image::中文 (zh) | appearance | calculation                                    |
|          | note                            | look   | 看图             | 地图.png                |            |                                                |
|          | select_one_from_file people.csv | person | 选择居民         |                         |            |                                                |
|          | calculate                       | age    |                  |                         |            | pulldata('people', 'age', 'name', ${person})   |
|          | note                            | told   | 年龄 ${age}      |                         |            |                                                |
| settings |
|          | form_title | form_id  | version | default_language | style |
|          | 居民登记   | register | 1       | 中文 (zh)        | pages |
"""
ROWS = 30_000
ADDRESS = "/office/questionnaires"


def people() -> bytes:
    """30,000 people, as an office's spreadsheet program saves them."""
    rows = "".join(f"p{number},居民{number:05d}号,{number % 99}\r\n" for number in range(ROWS))
    return b"\xef\xbb\xbf" + f"name,label,age\r\n{rows}".encode()


def picture() -> bytes:
    """A picture 64 pixels wide."""
    content = io.BytesIO()
    Image.new("RGB", (64, 32), (180, 60, 40)).save(content, "PNG")
    return content.getvalue()


def choose(page: Page, files: list[tuple[str, bytes]], field: str) -> None:
    """Choose files in an upload form."""
    payload = [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files]
    page.locator(f"input[name={field}]").set_input_files(payload)  # type: ignore[arg-type]


@pytest.fixture
def office(open_office: OpenOffice, server: Server) -> Page:
    """The office's page of the questionnaire: the workbook uploaded with its picture, the list added afterwards, published."""
    page = open_office()
    page.set_default_timeout(60_000)
    page.goto(server.url + ADDRESS)
    choose(page, [("地图.png", picture()), ("register.xlsx", make_workbook(REGISTER))], "workbook")
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.locator("[data-file='people.csv']")).to_contain_text("missing")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="Publish without all lists?")).to_be_visible()
    page.get_by_role("link", name="Back, to upload them").click()
    choose(page, [("people.csv", people())], "files")
    page.get_by_role("button", name="Upload files").click()
    expect(page.locator("[data-file='people.csv']")).to_contain_text("list of 30,000 rows")
    return page


def preview_shows_the_files(page: Page) -> None:
    """The preview has the picture and, by search, one of 30,000 people."""
    page.get_by_role("link", name="Preview").first.click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('#preview .question img')].some((image) => image.naturalWidth === 64)"
    )
    page.go_back()


def test_A84_a_list_of_30000_people_is_searched_and_looked_up_without_a_signal(
    office: Page, server: Server, new_phone: NewPhone
) -> None:
    """The office uploads, the phone fetches, fills in offline by search, and the server's check finds nothing wrong."""
    preview_shows_the_files(office)
    office.get_by_role("button", name="Publish", exact=True).click()
    expect(office.get_by_text("on phones").first).to_be_visible()
    phone = new_phone()
    page = phone.new_page()
    enrol(page, server.enrolment_link("名单志愿者"))
    wait_until_offline_ready(page)
    page.locator('[href="/app/place/-"]').click()
    expect(page.locator('[data-form="register"]')).to_be_enabled(timeout=20_000)
    phone.set_offline(True)
    page.reload()
    page.locator('[data-form="register"]').click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.question img')].some((image) => image.naturalWidth === 64)"
    )
    next_page(page)
    find_person(page, "29997")
    next_page(page)
    expect(page.get_by_text(f"年龄 {29997 % 99}")).to_be_visible()
    next_page(page)
    page.get_by_role("button", name="完成").click()
    expect(page.locator("[data-state=kept]")).to_be_visible()
    phone.set_offline(False)
    expect(page.locator("[data-state=safe]")).to_be_visible(timeout=20_000)
    assert checked_answers(server) == {"person": "p29997", "age": str(29997 % 99)}


def find_person(page: Page, part: str) -> None:
    """Search the list for a part of a name and choose the one that is left."""
    page.get_by_role("searchbox").first.fill(part)
    page.get_by_role("radio", name=f"居民{part}号").check()


def checked_answers(server: Server) -> dict[str, str]:
    """The answers of the response as the server has them, after its check found nothing."""
    with Session(server.app.extensions["collector_engine"]) as session:
        query = select(Revision).join(Response, Response.id == Revision.response_id).where(Response.place_code == "")
        [revision] = [found for found in session.scalars(query) if '"form":"register"' in found.document]
        assert revision.flags == []
        answers = json.loads(revision.document)["answers"]
    return {name: answers[name] for name in ("person", "age")}
