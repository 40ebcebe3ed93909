"""A73 against the real server: a response is returned, corrected on the phone, and in again: one response, two revisions."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Decision, File, Response, Revision, User
from collector.store.responses import RECEIVED, RESUBMITTED, RETURNED
from tests.browser.conftest import NewPhone
from tests.browser.test_real_server import rows, take, two_photos
from tests.browser.volunteer import enrol, next_page, start_form, wait_until_offline_ready
from tests.servers import Server

__all__ = ["two_photos"]

NAME = "退回志愿者"
REASON = "背面的照片看不清，请重拍"


@pytest.fixture
def store(server: Server) -> Iterator[Session]:
    """The server's database."""
    with Session(server.app.extensions["collector_engine"]) as session:
        yield session


def test_a73_returned_corrected_and_in_again(
    server: Server, two_photos: None, new_phone: NewPhone, store: Session
) -> None:
    page = new_phone().new_page()
    enrol(page, server.enrolment_link(NAME))
    wait_until_offline_ready(page)
    start_form(page, "两张照片", None)
    page.get_by_role("textbox", name="户主").fill("王建国")
    for width in (40, 80):
        next_page(page)
        take(page, width)
    next_page(page)
    page.get_by_role("button", name="完成").click()
    expect(page.locator("[data-state=safe]")).to_be_visible()
    response = store.scalars(select(Response).join(User, User.id == Response.author_id).where(User.name == NAME)).one()
    response.state = RETURNED
    store.add(
        Decision(
            batch_id=response.id,
            response_id=response.id,
            revision=1,
            from_state=RECEIVED,
            to_state=RETURNED,
            reason=REASON,
        )
    )
    response_id = response.id
    store.commit()
    page.goto(f"{server.url}/app/")
    page.get_by_role("link", name=REASON).click()
    expect(page.locator("[data-banner=returned]")).to_contain_text(REASON)
    expect(page.get_by_role("textbox", name="户主")).to_have_value("王建国")
    page.get_by_role("textbox", name="户主").fill("王建军")
    next_page(page)
    # The first photo lies at the server and stays; the second is taken again.
    expect(page.get_by_text("文件已在服务器上")).to_be_visible()
    next_page(page)
    expect(page.get_by_role("group", name="背面")).to_be_visible()
    take(page, 120)
    next_page(page)
    page.get_by_role("button", name="完成").click()
    expect(page.locator("[data-state=safe]")).to_be_visible()
    [(state, current, missing)] = rows(
        server,
        select(Response.state, Response.current_revision, Response.missing_files)
        .join(User, User.id == Response.author_id)
        .where(User.name == NAME),
    )
    assert (state, current, missing) == (RESUBMITTED, 2, 0)
    revisions = select(Revision.number, Revision.base).where(Revision.response_id == response_id)
    assert rows(server, revisions.order_by(Revision.number)) == [(1, None), (2, 1)]
    assert len(rows(server, select(File.name).where(File.response_id == response_id))) == 3
    page.get_by_role("link", name="我的问卷").click()
    expect(page.locator(f'[data-response="{response_id}"]')).to_have_count(1)
    expect(page.locator(f'[data-response="{response_id}"]')).to_contain_text("更正已送达")
