"""Why a question has no answer, from the workbook to the server and the export: the packed client under the real server's rules."""

import csv
import io
import json

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.export.options import Options
from collector.export.queries import find_questionnaire
from collector.export.sheets.selection import Selection
from collector.export.sheets.tables import MAIN
from collector.export.writers.csv_zip import table_pieces
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.store import Response, Revision, User
from collector.store.session import writing
from tests.browser.conftest import NewPhone
from tests.browser.volunteer import enrol, next_page, wait_until_offline_ready
from tests.servers import Server
from tests.workbooks import make_workbook

BOOK = """
| survey   |            |        |                  |          |                    |
|          | type       | name   | label::中文 (zh) | required | bind::missing      |
|          | integer    | income | 收入             | yes      | dont_know declined |
|          | select_one o | sure   | 满意吗           | yes      | declined           |
| choices  |           |      |                  |
|          | list_name | name | label::中文 (zh) |
|          | o         | yes  | 满意             |
|          | o         | no   | 不满意           |
| settings |
|          | form_title | form_id | version | default_language | style |
|          | 未答       | unsaid  | 1       | 中文 (zh)        | pages |
"""


@pytest.fixture(scope="module")
def unsaid(server: Server) -> None:
    """A published questionnaire whose questions may be declined."""
    content = make_workbook(BOOK)
    compiled = compile_workbook(content, "unsaid.xlsx")
    assert (compiled.errors, compiled.warnings) == ([], [])
    app = server.app
    with app.app_context(), writing() as session:
        publish_version(session, add_draft(session, compiled, Workbook("unsaid.xlsx", content), by=None), by=None)
    app.extensions["collector_engine"].dispose()


def test_what_was_declined_without_a_signal_reaches_the_export_without_a_flag(
    server: Server, unsaid: None, new_phone: NewPhone
) -> None:
    phone = new_phone()
    page = phone.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Security Policy" in message.text else None)
    enrol(page, server.enrolment_link("未答志愿者"))
    wait_until_offline_ready(page)
    # Nothing of the buttons was fetched for this page before: the service worker has them.
    phone.set_offline(True)
    page.locator('[href="/app/place/-"]').click()
    page.get_by_role("button", name="未答").click()
    page.get_by_role("textbox", name="收入").fill("3000")
    page.get_by_role("button", name="不愿回答").tap()
    expect(page.get_by_role("textbox", name="收入")).to_have_value("")
    expect(page.locator(".topbar__saved")).to_have_text("已保存")
    # The draft keeps it.
    page.reload()
    expect(page.get_by_role("button", name="不愿回答")).to_have_attribute("aria-pressed", "true")
    next_page(page)
    page.get_by_text("不满意").tap()
    next_page(page)
    phone.set_offline(False)
    page.get_by_role("button", name="完成").click()
    expect(page.locator("[data-state=safe]")).to_be_visible(timeout=20_000)
    assert faults == []
    engine = server.app.extensions["collector_engine"]
    with Session(engine) as session:
        response = session.scalars(
            select(Response).join(User, User.id == Response.author_id).where(User.name == "未答志愿者")
        ).one()
        revision = session.scalars(select(Revision).where(Revision.response_id == response.id)).one()
        answers = json.loads(revision.document)["answers"]
        questionnaire = find_questionnaire(session, "unsaid")
        assert questionnaire is not None
        pieces = table_pieces(engine, questionnaire.id, Options(), Selection(), MAIN, time_zone="Asia/Shanghai")
        [row] = csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8-sig"), newline=""))
    assert revision.flags == []
    assert ("income" in answers, answers["income@missing"], answers["sure"]) == (False, "declined", "no")
    assert (row["income"], row["income_missing"], row["sure"], row["sure_missing"]) == ("", "declined", "no", "")
