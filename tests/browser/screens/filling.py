"""A questionnaire on the screen: each kind of question, faults, what opens over it, its end, and the respondent's own hands."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.screens.forms import labels
from tests.browser.screens.phone import PIN
from tests.browser.screens.stage import Stage, Tour
from tests.browser.screens.steps import answer, begin, set_pin
from tests.browser.volunteer import photo


def filling(stage: Stage) -> Tour:
    """Every kind of question page by page, to the end."""
    page = stage.new_phone(
        geolocation={"latitude": 32.04, "longitude": 118.79, "accuracy": 8}, permissions=["geolocation"]
    )
    stage.enrol(stage.say("吴刚", "Wu Gang"))
    begin(stage, "every_kind")
    for name, label in labels(stage.lang).items():
        expect(page.get_by_text(label, exact=True).first).to_be_visible()
        if name not in PASSED:
            yield f"fill-{name}"
        if name in STATES:
            yield from STATES[name](stage)
        if name not in SHARING:
            stage.next()
    yield from members(stage)
    stage.next()
    expect(page.locator(".notice--success")).to_be_visible()
    yield "fill-review"
    yield from sheets(stage)
    stage.close_phone()


def members(stage: Stage) -> Tour:
    """A repeat: empty, a row, and the list of rows."""
    add = stage.page.get_by_role("button", name=stage.say("添加", "Add"))
    expect(add).to_be_visible()
    yield "fill-repeat-empty"
    add.click()
    expect(stage.page.get_by_text(stage.say("姓名", "Name"), exact=True)).to_be_visible()
    answer(stage, stage.say("王小明", "Wang Xiaoming"))
    yield "fill-repeat-row"
    stage.next()
    expect(add).to_be_visible()
    yield "fill-repeat"


def sheets(stage: Stage) -> Tour:
    """What opens over a questionnaire, from any page; then the respondent's own hands, from over to back."""
    page = stage.page
    page.get_by_role("button", name=stage.say("全部问题", "All questions"), exact=True).click()
    dialog = stage.dialog()
    yield "fill-overview"
    dialog.get_by_role("searchbox").fill("xyz")
    yield "fill-overview-no-match"
    # The first one empties the box.
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator(".topbar__more").click()
    stage.dialog()
    yield "fill-more"
    page.locator("[data-way=callAgain]").click()
    stage.dialog()
    yield "fill-call-again"
    page.keyboard.press("Escape")
    yield from handing_over(stage)


def handing_over(stage: Stage) -> Tour:
    """The phone goes to the respondent: a PIN is needed, the question, the mode, thanks, the lock."""
    page = stage.page
    page.locator(".topbar__more").click()
    page.locator("[data-way=handOver]").click()
    stage.dialog()
    yield "hand-needs-pin"
    page.locator("dialog .button--primary").click()
    expect(page.locator("dialog [name=new]")).to_be_visible()
    yield "hand-set-pin"
    set_pin(stage, PIN)
    stage.dialog()
    yield "hand-over"
    page.locator("dialog .button--primary").click()
    expect(page.locator("[data-action=hand-back]")).to_be_visible()
    yield "hand-review"
    page.locator(".bottombar__back").click()
    expect(page.locator(".question, .repeat").first).to_be_visible()
    yield "hand-question"
    stage.next()
    expect(page.locator(".notice--success")).to_be_visible()
    stage.next()
    expect(page.locator("main.fill--handed")).to_be_visible()
    yield "hand-thanks"
    page.locator("[data-action=hand-back]").click()
    expect(page.locator("[name=pin]")).to_be_visible()
    yield "hand-lock"


def head(stage: Stage) -> Tour:
    stage.next()
    expect(stage.page.locator("[aria-invalid=true]").first).to_be_visible()
    yield "fill-head-required"
    answer(stage, stage.say("王建国", "Wang Jianguo"))


def people(stage: Stage) -> Tour:
    answer(stage, "99")
    stage.next()
    expect(stage.page.locator("[aria-invalid=true]").first).to_be_visible()
    yield "fill-people-constraint"
    answer(stage, "4")


def rent(stage: Stage) -> Tour:
    stage.page.locator(".reason").last.click()
    expect(stage.page.locator(".reason[aria-pressed=true]")).to_be_visible()
    yield "fill-rent-declined"


def born(stage: Stage) -> Tour:
    page = stage.page
    page.locator(".question [aria-haspopup=dialog]").click()
    for step in ("decade", "year", "month", "day"):
        expect(page.locator(f".steps__cells--{step}")).to_be_visible()
        yield f"fill-born-{step}"
        page.locator(".steps__cell").nth(4).click()
    expect(page.locator("dialog")).to_have_count(0)
    yield "fill-born-chosen"


def health(stage: Stage) -> Tour:
    stage.next()
    expect(stage.page.locator("[aria-invalid=true]").first).to_be_visible()
    yield "fill-health-required"
    stage.page.locator(".question label").filter(has_text=stage.say("还可以", "Fair")).click()
    yield "fill-health-chosen"


def several(stage: Stage) -> Tour:
    for text in (stage.say("买菜", "Shopping"), stage.say("看病", "Going to the doctor")):
        stage.page.locator(".question label").filter(has_text=text).click()
    yield "fill-help-chosen"


def village(stage: Stage) -> Tour:
    stage.page.get_by_role("searchbox").fill("xyz")
    yield "fill-village-no-match"
    stage.page.get_by_role("searchbox").fill("12")
    yield "fill-village-found"


def trips(stage: Stage) -> Tour:
    stage.page.locator(".question button:visible").first.click()
    stage.dialog()
    yield "fill-trips-sheet"
    stage.page.keyboard.press("Escape")


def door(stage: Stage) -> Tour:
    stage.page.locator("input[type=file]").first.set_input_files(
        {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": photo(400, 300)}
    )
    expect(stage.page.locator(".file__image")).to_be_visible()
    yield "fill-door-photo"


def sketch(stage: Stage) -> Tour:
    stage.page.locator(".question button:visible").first.click()
    stage.dialog()
    yield "fill-sketch-pad"
    stage.page.keyboard.press("Escape")


def here(stage: Stage) -> Tour:
    stage.page.locator(".question button:visible").first.click()
    stage.page.wait_for_timeout(300)
    yield "fill-here-found"


#: What more there is to see of a question, by its name.
STATES: dict[str, Callable[[Stage], Tour]] = {
    "head": head,
    "people": people,
    "rent": rent,
    "born": born,
    "health": health,
    "help": several,
    "village": village,
    "trips": trips,
    "door": door,
    "sketch": sketch,
    "here": here,
}
#: Questions that are on a page with the next one.
SHARING = {"quiet", "phone"}
#: Questions whose page has been seen with the one before.
PASSED = {"green", "street"}
