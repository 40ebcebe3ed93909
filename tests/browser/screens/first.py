"""A volunteer's first day: the link, practice, the home screen, help."""

from playwright.sync_api import expect

from tests.browser.screens.stage import PLACE, Stage, Tour
from tests.browser.screens.steps import answer

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"
WECHAT = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0"
TOPICS = ("no_signal", "full_phone", "lost_phone", "changed_phone", "forgotten_pin")


def joining(stage: Stage) -> Tour:
    """The page of the link, what may go wrong with it, and a phone that is nobody's."""
    page = stage.new_phone()
    stage.go("/join/no-such-code")
    expect(page.get_by_role("alert")).to_be_visible()
    stage.choose_language()
    yield "join-unknown"
    stage.go("/app/")
    yield "home-not-enrolled"
    stage.go("/app/link")
    yield "link"
    page.locator("#link").fill("abc")
    page.locator("#link").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "link-wrong"
    page.route("**/sync/v1/enrol", lambda route: route.abort())
    page.goto(stage.server.enrolment_link(stage.say("王芳", "Wang Fang"), (PLACE, "320102003002")))
    expect(page.get_by_role("alert")).to_be_visible()
    yield "join-offline"
    page.unroute("**/sync/v1/enrol")
    page.locator("[data-action=again]").click()
    expect(page.locator("[data-action=start]")).to_be_enabled()
    yield "join-hello"
    stage.close_phone()


def helping(stage: Stage) -> Tour:
    """Help, practice from its first page to its last, and how the app gets onto the home screen."""
    page = stage.new_phone()
    stage.enrol(stage.say("刘洋", "Liu Yang"))
    stage.go("/app/help")
    yield "help"
    for topic in TOPICS:
        stage.go(f"/app/help/{topic}")
        yield f"help-{topic}"
    stage.go("/app/practice")
    yield "practice"
    page.locator("[data-action=begin]").click()
    yield from practising(stage)
    stage.go("/app/install")
    yield "install-android"
    page.evaluate(
        "() => { const offer = new Event('beforeinstallprompt', { cancelable: true }); offer.prompt = async () => {}; window.dispatchEvent(offer) }"
    )
    page.locator('[href="/app/"]').first.click()
    page.evaluate("() => history.back()")
    if page.locator("[data-action=install]").count():
        yield "install-offered"
    stage.close_phone()
    for name, agent in (("ios", IPHONE), ("wechat", WECHAT)):
        stage.new_phone(user_agent=agent)
        stage.enrol(stage.say("刘洋", "Liu Yang"))
        stage.go("/app/install")
        yield f"install-{name}"
        stage.close_phone()


def practising(stage: Stage) -> Tour:
    """The practice questionnaire, page by page, whatever it asks."""
    page = stage.page
    for number in range(1, 12):
        expect(page.locator(".question:visible, .fill-page__title:visible").first).to_be_visible()
        yield f"practice-{number}"
        if page.locator(".notice--success").count():
            break
        before = page.locator(".topbar__place").text_content()
        boxes = page.locator(".question input:is([type=text], [inputmode=numeric])")
        if page.locator(".question :is([type=radio], [type=checkbox])").count():
            page.locator(".question :is([type=radio], [type=checkbox])").first.check()
        for box, text in zip(boxes.all(), ("1961", "3", "7"), strict=False):
            box.fill(text if box.get_attribute("inputmode") in ("numeric", "decimal") else stage.say("花花", "Kitty"))
        stage.next()
        page.wait_for_timeout(150)
        if page.locator(".topbar__place").text_content() == before and page.locator("[aria-invalid=true]").count():
            yield f"practice-{number}-fault"
            answer(stage, "3")
            stage.next()
    stage.next()
    expect(page.locator("[data-action=again]")).to_be_visible()
    yield "practice-done"
