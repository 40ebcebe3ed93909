"""The supervisor's desk, questionnaires and exports: uploading, what a version changes, settings, a copy, the archive."""

from playwright.sync_api import Page, expect

from tests.browser.screens.stage import Stage, Tour
from tests.workbooks import make_workbook

FIRST = """
| survey   |
|          | type              | name      | label::English (en)              | label::中文 (zh)   | relevant       | required | media::image::English (en) |
|          | begin group       | household | Household                        | 家庭              |                |          |           |
|          | text              | head_name | Name of the head of household    | 户主姓名          |                | yes      |           |
|          | text              | phone     | Telephone                        | 电话              |                |          |           |
|          | integer           | size      | How many people live here?       | 这里住几个人？    |                | yes      |           |
|          | end group         |           |                                  |                   |                |          |           |
|          | select_one water  | water     | Where does the water come from?  | 用水来自哪里？    |                | yes      | water.jpg |
|          | text              | problems  | What is missing most?            | 最缺少什么？      | ${size} > 2    |          |           |
|          | integer           | income    | Income of the household, yuan    | 家庭收入（元）    |                |          |           |
|          | geopoint          | where     | Where is it?                     | 位置              |                |          |           |
| choices  |
|          | list_name | name | label::English (en)                             | label::中文 (zh) |
|          | water     | tap  | Tap                                             | 自来水           |
|          | water     | well | Well                                            | 井水             |
|          | water     | lake | <img src=x onerror=alert(1)>                    | 湖水             |
| settings |
|          | form_title      | form_id | version | default_language | attribute::title_zh |
|          | Water and homes | FORM_ID | 1       | English (en)     | 用水与住房          |
"""
ROOMS = "|          | integer           | rooms     | Rooms                            | 房间数            |                |          |           |\n"
WHERE = "|          | geopoint          | where     | Where is it?                     | 位置              |                |          |           |\n"
#: What the second version changes: a choice, a wording, a rule, a type, a name; one question goes, one comes.
CHANGES = {
    "| water     | lake | <img src=x onerror=alert(1)>                    | 湖水 ": "| water     | tank | Tank | 水箱 ",
    "How many people live here? ": "How many people live here now? ",
    "| ${size} > 2 ": "| ${size} > 3 ",
    "integer           | income ": "decimal           | income ",
    "| text              | phone     |": "| text              | telephone |",
    WHERE: "",
    "|          | end group ": ROOMS + "|          | end group ",
    "| FORM_ID | 1 ": "| FORM_ID | 2 ",
}


def questionnaires(stage: Stage) -> Tour:
    """From the upload to the archive."""
    page = open_desk(stage)
    form_id = f"water_{stage.lang}"
    stage.go("/office/questionnaires")
    yield "questionnaires"
    upload(page, FIRST.replace("FORM_ID", form_id))
    yield "questionnaire-draft"
    stage.button("先发布试用", "Publish for testing first").click()
    expect(page.locator("[data-banner=testing]")).to_be_visible()
    yield "questionnaire-testing"
    page.locator("[data-banner=testing] button").click()
    stage.go("/office/questionnaires")
    second = FIRST
    for before, after in CHANGES.items():
        second = second.replace(before, after)
    upload(page, second.replace("FORM_ID", form_id))
    expect(page.locator("[data-difference]")).to_be_visible()
    yield "questionnaire-second-draft"
    stage.go(f"/office/questionnaires/{form_id}/compare")
    yield "questionnaire-compare"
    stage.go(f"/office/questionnaires/{form_id}/personal")
    yield "questionnaire-personal"
    stage.go(f"/office/questionnaires/{form_id}/duplicate")
    page.locator("#form_id").fill(form_id)
    page.locator("form.o-card button").click()
    expect(page.locator(".field__fault")).to_be_visible()
    yield "questionnaire-duplicate-fault"
    stage.go(f"/office/questionnaires/{form_id}")
    page.locator("form[action$='/archive'] button").click()
    expect(page.locator("[data-banner=archived]")).to_be_visible()
    yield "questionnaire-archived"
    stage.go("/office/questionnaires?state=archived")
    yield "questionnaires-archived"
    stage.go("/office/exports/?archived=1&personal=0")
    yield "exports"
    stage.close_phone()


def open_desk(stage: Stage) -> Page:
    """The office on the stage's screen, signed in as the owner, in the stage's language."""
    # A browser's window: a phone's would stay zoomed out once it has been as narrow as the examination asks for.
    page = stage.new_phone(is_mobile=False)
    page.goto(f"{stage.server.url}/office/sign-in")
    page.locator("#login").fill("owner")
    page.locator("#password").fill(stage.server.password)
    page.locator("form:has(#password) button").click()
    page.wait_for_url(lambda address: "sign-in" not in address)
    if page.locator("html").get_attribute("lang") != stage.say("zh-CN", "en"):
        page.locator("form[action$='/language'] button").click()
    return page


def upload(page: Page, markdown: str) -> None:
    """Upload a workbook on the page of questionnaires; the questionnaire's page follows."""
    file = {"name": "water.xlsx", "mimeType": "application/octet-stream", "buffer": make_workbook(markdown)}
    page.locator("#workbook").set_input_files(file)
    page.locator("form:has(#workbook) button").click()
    page.wait_for_url("**/office/questionnaires/water_*")
