"""The phone itself: settings, the PIN, several people on one phone, and pages for what cannot be."""

from playwright.sync_api import expect

from tests.browser.screens.stage import PLACE, Stage, Tour
from tests.browser.screens.steps import answer, begin, set_pin

PIN = "483920"
NO_DATABASE = (
    "if (location.search === '?none') indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }"
)


def settings(stage: Stage) -> Tour:
    """The settings with each part open, and the PIN."""
    page = stage.new_phone()
    stage.enrol(stage.say("赵敏", "Zhao Min"))
    stage.ready_for_offline()
    stage.go("/app/settings")
    yield "settings"
    for part in page.locator("details summary").all():
        part.click()
    yield "settings-open"
    page.locator("[data-action='pin.set']").click()
    stage.dialog()
    yield "pin-set"
    for name in ("new", "again"):
        page.locator(f"dialog [name={name}]").fill("12")
    page.locator("dialog [name=again]").press("Enter")
    expect(page.locator("dialog .pin__message")).not_to_be_empty()
    yield "pin-too-short"
    set_pin(stage, PIN)
    expect(page.locator("[data-action='pin.lock']")).to_be_visible()
    yield "settings-pin"
    page.locator("[data-action='pin.change']").click()
    stage.dialog()
    yield "pin-change"
    page.keyboard.press("Escape")
    page.locator("[data-action='pin.lock']").click()
    yield from locked(stage)
    stage.close_phone()


def locked(stage: Stage) -> Tour:
    """A locked phone, a forgotten PIN, and another volunteer who joins."""
    page = stage.page
    expect(page.locator("[name=pin]")).to_be_visible()
    yield "lock"
    page.locator("[name=pin]").fill("000000")
    page.locator("[name=pin]").press("Enter")
    expect(page.locator(".pin__message")).not_to_have_text("")
    yield "lock-wrong"
    page.locator("[data-action=forgot]").click()
    expect(page.locator("[data-action=ask]")).to_be_visible()
    yield "lock-forgot"
    page.locator("[data-action=ask]").click()
    expect(page.locator(".lock__number")).to_be_visible()
    yield "lock-asked"
    page.goto(stage.server.enrolment_link(stage.say("孙丽", "Sun Li"), (PLACE,)))
    stage.start()
    expect(page.locator("[data-notice=people]")).to_be_visible()
    yield "home-shared-phone"
    page.locator("[data-action=people]").click()
    expect(page.locator("[data-person]").first).to_be_visible()
    yield "lock-people"


def trouble(stage: Stage) -> Tour:
    """Pages for what cannot be."""
    page = stage.new_phone()
    page.context.add_init_script(NO_DATABASE)
    stage.enrol(stage.say("周杰", "Zhou Jie"))
    stage.go("/app/new/no_such_form")
    expect(page.get_by_role("link").first).to_be_visible()
    yield "new-not-here"
    stage.go("/app/fill/no-such-draft")
    yield "fill-gone"
    begin(stage, "twenty")
    answer(stage, "x")
    expect(page.locator(".topbar__saved")).not_to_be_empty()
    other = page.context.new_page()
    stage.show(other)
    other.goto(page.url)
    expect(other.locator("h1")).to_be_visible()
    yield "fill-open-elsewhere"
    other.close()
    stage.show(page)
    page.goto(f"{stage.server.url}/app/?none")
    expect(page.locator("main h1")).to_be_visible()
    yield "trouble-storage"
    stage.close_phone()
