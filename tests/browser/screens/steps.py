"""Steps that several tours take."""

from playwright.sync_api import expect

from tests.browser.screens.stage import Stage


def begin(stage: Stage, form: str) -> None:
    """Begin a response to a questionnaire by its link."""
    stage.page.goto(f"{stage.server.url}/app/new/{form}")
    expect(stage.page.locator(".question").first).to_be_visible()


def answer(stage: Stage, text: str) -> None:
    """Type into the first box of the page."""
    stage.page.locator(".question :is(input, textarea)").first.fill(text)


def send_twenty(stage: Stage) -> None:
    """Fill in the short questionnaire and finish it."""
    page = stage.page
    begin(stage, "twenty")
    for number in range(1, 21):
        label = stage.say(f"第{number}题", f"Question {number}") if number > 1 else stage.say("姓名", "Name")
        expect(page.get_by_text(label, exact=True)).to_be_visible()
        if page.locator(".question [type=radio]").count():
            page.locator(".question [type=radio]").first.check()
        else:
            answer(stage, stage.say("王建国", "Wang Jianguo") if number == 1 else "12")
        stage.next()
    expect(page.locator(".notice--success")).to_be_visible()
    stage.next()


def leave_draft(stage: Stage) -> None:
    """Begin a response, answer its first question, and leave it for the first page."""
    begin(stage, "every_kind")
    answer(stage, stage.say("王建国", "Wang Jianguo"))
    stage.next()
    expect(stage.page.locator("[inputmode=numeric]").first).to_be_visible()
    stage.go("/app/")
    expect(stage.page.locator("[data-draft]").first).to_be_visible()


def set_pin(stage: Stage, pin: str) -> None:
    """In the open dialog that asks for a new PIN: give it twice and save it."""
    dialog = stage.dialog()
    for name in ("new", "again"):
        dialog.locator(f"[name={name}]").fill(pin)
    dialog.locator("[name=again]").press("Enter")
    expect(stage.page.locator("dialog [name=new]")).to_have_count(0)
