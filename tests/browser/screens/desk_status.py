"""The owner's desk: how the installation is doing."""

from playwright.sync_api import expect

from tests.browser.screens.desk_questionnaires import open_desk
from tests.browser.screens.stage import Stage, Tour


def status(stage: Stage) -> Tour:
    """From the menu to the page, once the server has given a sign of life."""
    page = open_desk(stage)
    page.locator(".menu__summary").click()
    page.locator(".menu__panel a[href$='/office/status']").click()
    expect(page.locator("[data-topic=hosts].status__line--green")).to_be_visible()
    yield "status"
    stage.close_phone()
