"""The supervisor's desk, exports: a file that is waited for, all options, what does not fit."""

from playwright.sync_api import expect

from tests.browser.screens.desk_questionnaires import open_desk
from tests.browser.screens.stage import Stage, Tour

FORM_ID = "member_questionnaire"


def exports(stage: Stage) -> Tour:
    """From the quick file to an address of options."""
    page = open_desk(stage)
    stage.go("/office/exports/")
    page.locator(f"form[action$='/{FORM_ID}']:has([value=xlsx]) button").click()
    expect(page.locator("[data-state=ready] a[download]").first).to_be_visible()
    yield "exports-ready"
    stage.go(f"/office/exports/{FORM_ID}")
    yield "export-options"
    for summary in page.locator(".unfold > summary").all():
        summary.click()
    page.locator("#since").fill("2026-05-02")
    page.locator("#until").fill("2026-05-01")
    page.locator("form:has(#since) .button--primary").click()
    expect(page.locator(".field__fault")).to_be_visible()
    yield "export-options-fault"
    page.locator("#until").fill("2026-05-31")
    page.locator("[name=address]").click()
    expect(page.locator("[data-copy]")).to_be_visible()
    yield "export-address"
    stage.close_phone()
