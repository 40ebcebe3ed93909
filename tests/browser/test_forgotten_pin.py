"""A forgotten PIN from phone to office and back, with the real server and the packed client that it serves."""

from playwright.sync_api import expect

from collector.accounts.recoveries import decide_recovery, list_open_recoveries, number_of
from collector.sealing.keys import sealing_key
from collector.store.session import writing
from tests.browser.conftest import NewPhone
from tests.browser.volunteer import enrol, next_page, start_form
from tests.servers import Server


def test_a_granted_recovery_brings_the_drafts_back(server: Server, new_phone: NewPhone) -> None:
    page = new_phone().new_page()
    enrol(page, server.enrolment_link("健忘的志愿者"))
    start_form(page, "座谈访谈记录")
    next_page(page)
    page.wait_for_timeout(1000)
    page.goto(page.url.split("/app/")[0] + "/app/settings/pin")
    page.locator("[data-action='pin.set']").click()
    page.get_by_label("新密码").fill("483920")
    page.get_by_label("再输一次密码").fill("483920")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="立即锁定").click()
    page.get_by_role("button", name="忘记密码").click()
    page.get_by_role("button", name="请负责人帮忙").click()
    expect(page.locator(".lock__number")).to_be_visible()

    app = server.app
    with app.app_context(), writing() as session:
        asked = next(one for one in list_open_recoveries(session) if one.user.name == "健忘的志愿者")
        expect(page.locator(".lock__number")).to_have_text(number_of(asked))
        decide_recovery(session, asked.id, sealing_key(), is_granted=True, by=asked.user_id)
    app.extensions["collector_engine"].dispose()

    page.get_by_label("新密码").fill("11112222", timeout=20_000)
    page.get_by_label("再输一次密码").fill("11112222")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("link", name="首页").click()
    page.locator("[data-draft]").click()
    expect(page.locator(".question").first).to_be_visible()
    page.reload()
    page.get_by_label("密码", exact=True).fill("11112222")
    page.get_by_role("button", name="打开", exact=True).click()
    expect(page.locator(".question").first).to_be_visible()
