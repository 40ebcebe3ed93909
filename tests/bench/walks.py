"""Taps and seconds of five tasks on a phone whose processor is four times slower, walked through as a volunteer does it.

A tap is a finger's, on the real page; a box that has the focus already needs none before it is typed in. Seconds are what the phone takes
for it, without the volunteer's reading, thinking and typing. docs/taps.md tells what each walk does.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.bench.phone import publish
from tests.bench.result import Result
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE
from tests.browser.screens.forms import twenty
from tests.servers import Server, running_server
from tests.workbooks import make_workbook

TASKS = (
    "enrol",
    "first_response",
    "first_response_whole",
    "begin_the_next",
    "correct_a_mistake",
    "continue_a_draft",
    "check_all_is_sent",
)
NAMES = tuple(f"{what}_{task}" for task in TASKS for what in ("taps", "typed", "seconds"))
SLOWER = 4
QUESTIONS = 20
FORM = "二十个问题"


class Walk:
    """A volunteer with one finger: counts what they tap and type."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.typed = 0

    def tap(self, target: Locator) -> None:
        """Tap something, once it is there."""
        expect(target).to_be_visible()
        target.tap()
        self.taps += 1

    def type(self, box: Locator, text: str) -> None:
        """Type into a box, after a tap into it unless it has the focus."""
        expect(box).to_be_visible()
        if not box.evaluate("(box) => box === document.activeElement"):
            self.tap(box)
        self.page.keyboard.type(text)
        self.typed += 1

    @contextmanager
    def task(self, name: str, results: list[Result]) -> Iterator[None]:
        """Count and time what is done inside."""
        self.taps = self.typed = 0
        began = time.monotonic()
        yield
        seconds = round(time.monotonic() - began, 1)
        results += [
            Result(f"taps_{name}", self.taps, "taps", 1),
            Result(f"typed_{name}", self.typed, "boxes", 1),
            Result(f"seconds_{name}", seconds, "s", 1),
        ]


def measure_walks() -> Iterator[Result]:
    """The tasks one after the other on one phone."""
    results: list[Result] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server("sqlite", Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        publish(server, make_workbook(twenty()), "twenty")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **PHONE)
        context.set_default_timeout(60_000)
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        walk_all(Walk(page), server, results)
        browser.close()
    yield from results


def walk_all(walk: Walk, server: Server, results: list[Result]) -> None:
    """All tasks. What is not part of one is done outside of its count."""
    page = walk.page
    link = server.enrolment_link("王芳", ("320102003001",))
    with walk.task("enrol", results):
        page.goto(link)
        walk.tap(page.locator("[data-action=start]:enabled"))
        expect(page.locator("[data-place]").first).to_be_visible()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    with walk.task("first_response", results):
        begin(walk)
        answer_all(walk)
        walk.tap(page.locator(".bottombar__next"))
        expect(page.locator("[data-state=safe]")).to_be_visible()
    page.goto(f"{server.url}/app/")
    with walk.task("begin_the_next", results):
        walk.tap(page.locator("[data-action=start-next]"))
        expect(page.locator(".question :is(input, textarea):visible").first).to_be_visible()
    answer_all(walk)
    with walk.task("correct_a_mistake", results):
        correct(walk)
    page.goto(f"{server.url}/app/")
    page.wait_for_timeout(500)
    with walk.task("continue_a_draft", results):
        page.reload()
        walk.tap(page.locator("[data-draft]").first)
        expect(page.locator(".bottombar__next")).to_be_visible()
    walk.page.locator(".bottombar__next").tap()
    with walk.task("check_all_is_sent", results):
        page.goto(f"{server.url}/app/")
        expect(page.locator("[data-safety='safe.all']")).to_be_visible()
    show_whole(page, server)
    with walk.task("first_response_whole", results):
        page.goto(f"{server.url}/app/")
        begin(walk)
        answer_whole(walk)
        expect(page.locator("[data-state=safe]")).to_be_visible()


def begin(walk: Walk) -> None:
    """From the first page to the first question."""
    walk.tap(walk.page.locator("[href='/app/place/-']"))
    walk.tap(walk.page.get_by_role("button", name=FORM).first)
    expect(walk.page.locator(".question :is(input, textarea)").first).to_be_visible()


def answer_all(walk: Walk) -> None:
    """Answer page by page, to the page that says that all is well."""
    for number in range(1, QUESTIONS + 1):
        expect(walk.page.get_by_text(f"第{number}题" if number > 1 else "姓名", exact=True)).to_be_visible()
        answer(walk, walk.page.locator(".question").first)
        walk.tap(walk.page.locator(".bottombar__next"))
    expect(walk.page.locator(".notice--success")).to_be_visible()


def answer_whole(walk: Walk) -> None:
    """Answer one under the other, and finish."""
    for index in range(QUESTIONS):
        answer(walk, walk.page.locator(".question").nth(index))
    walk.tap(walk.page.locator(".bottombar__next"))
    if walk.page.locator("[data-state]").count() == 0 and walk.page.locator(".notice--success").count():
        walk.tap(walk.page.locator(".bottombar__next"))


def answer(walk: Walk, question: Locator) -> None:
    """One choice, or one box that is typed in."""
    expect(question.locator(":is(input, textarea):visible").first).to_be_visible()
    if question.locator("[type=radio]").count():
        walk.tap(question.locator("label").first)
    else:
        walk.type(question.locator(":is(input, textarea):visible").first, "12")


def correct(walk: Walk) -> None:
    """From the last page to the third question, its other choice, and back to where Finish is."""
    page = walk.page
    walk.tap(page.get_by_role("button", name="全部问题").first)
    walk.tap(page.locator("dialog").get_by_text("第3题"))
    walk.tap(page.locator(".question label").last)
    walk.tap(page.get_by_role("button", name="检查"))
    expect(page.locator(".notice--success")).to_be_visible()


def show_whole(page: Page, server: Server) -> None:
    """Choose, as a volunteer may, that questionnaires are shown whole."""
    page.goto(f"{server.url}/app/settings")
    page.locator("[data-settings=layout] summary").click()
    choice = page.locator("[name=layout][value=scroll]")
    choice.check()
    page.wait_for_timeout(500)
