"""The supervisor's desk, people: the list, importing a team, cards, one volunteer, roles, one's own account."""

from playwright.sync_api import expect

from tests.browser.screens.desk_questionnaires import open_desk
from tests.browser.screens.stage import PLACE, Stage, Tour


def people(stage: Stage) -> Tour:
    """From a table of volunteers to their cards, then what is changed afterwards."""
    page = open_desk(stage)
    name = stage.say("王建国", "Ada Lovelace")
    stage.go("/office/people/import")
    table = f"name,places\n{name},{PLACE}\nFault,C99\n"
    page.locator("#file").set_input_files({"name": "team.csv", "mimeType": "text/csv", "buffer": table.encode()})
    page.locator("form:has(#file) button").click()
    expect(page.locator("[data-faults]")).to_be_visible()
    yield "people-import-preview"
    page.locator("form[action$='/import/apply'] button").click()
    expect(page.locator("[data-enrolment-link]")).to_be_visible()
    yield "people-cards"
    stage.go("/office/people")
    yield "people"
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    yield "person"
    stage.go("/office/people?all=1")
    page.locator("button[formaction$='/people/team']").click()
    expect(page.locator("[name=how_places]").first).to_be_visible()
    yield "people-team"
    stage.go("/office/people?all=1")
    page.locator("button[formaction$='/people/cards']").click()
    expect(page.locator("[name=earlier]").first).to_be_visible()
    yield "people-cards-ask"
    stage.go("/office/people/new-office-user")
    page.locator("main form button").click()
    expect(page.locator(".field__fault").first).to_be_visible()
    yield "office-person-fault"
    stage.go("/office/account")
    yield "account"
    stage.go("/office/account/second-step")
    yield "second-step"
    stage.close_phone()
