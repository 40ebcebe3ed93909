"""How long long lists take on a phone whose processor is slowed down four times: a search in 30,000 rows, and a cascade of 17, 128 and 8,000 places."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.store.session import writing
from tests.bench.result import Result
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE
from tests.browser.volunteer import enrol, next_page
from tests.servers import Server, running_server
from tests.workbooks import make_workbook

NAMES = ("list_30000_first_search_ms", "list_30000_search_ms", "list_30000_lookup_ms", "cascade_8000_ms")

SLOWDOWN = 4
TIMES = 7
PEOPLE = 30_000

FORM = """
| survey   |
|          | type                               | name      | label::中文 (zh) | choice_filter          | calculation                                  | appearance |
|          | select_one_from_file people.csv    | person    | 居民             |                        |                                              |            |
|          | text                               | code      | 编号             |                        |                                              |            |
|          | calculate                          | found     |                  |                        | pulldata('people', 'label', 'name', ${code}) |            |
|          | note                               | told      | 找到 ${found}    |                        |                                              |            |
|          | begin group                        | where     | 地点             |                        |                                              | field-list |
|          | select_one_from_file provinces.csv | province  | 省               |                        |                                              |            |
|          | select_one_from_file districts.csv | district  | 区               | province = ${province} |                                              |            |
|          | select_one_from_file villages.csv  | village   | 村               | district = ${district} |                                              |            |
|          | end group                          |           |                  |                        |                                              |            |
| settings |
|          | form_title | form_id    | version | default_language | style |
|          | 长名单     | long_lists | 1       | 中文 (zh)        | pages |
"""

#: Puts a text into a field as typing does, and gives the milliseconds until `isShown` holds and the screen has been painted.
MEASURE = """
([selector, text, wanted]) => new Promise((resolve) => {
  const field = document.querySelector(selector)
  const isShown = () => [...document.querySelectorAll('.question')].some((question) => question.textContent.includes(wanted))
  const began = performance.now()
  const look = () => {
    if (!isShown()) return
    observer.disconnect()
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)))
  }
  const observer = new MutationObserver(look)
  observer.observe(document.body, { childList: true, subtree: true, characterData: true })
  if (text === null) field.click()
  else {
    field.focus()
    field.value = text
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }
})
"""


def measure_lists() -> Iterator[Result]:
    """Medians over seven: from the last letter of a search to its rows, from a code to what is looked up by it, from a province to its districts."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server("sqlite", Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        publish_form(server)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(locale="zh-CN", **PHONE)
        page = open_form(context, server)
        # The first search makes ready what the later ones use.
        yield Result("list_30000_first_search_ms", round(search_once(page, TIMES), 1), "ms", 1)
        yield Result("list_30000_search_ms", median(search_once(page, number) for number in range(TIMES)), "ms", TIMES)
        next_page(page)
        yield Result("list_30000_lookup_ms", median(look_up_once(page, number) for number in range(TIMES)), "ms", TIMES)
        for _ in range(2):
            next_page(page)
        yield Result("cascade_8000_ms", median(cascade_once(page, number) for number in range(TIMES)), "ms", TIMES)
        browser.close()


def publish_form(server: Server) -> None:
    """Publish the form with its four lists."""
    workbook = Workbook("long_lists.xlsx", make_workbook(FORM), lists())
    compiled = compile_workbook(workbook.content, workbook.name, workbook.files)
    assert not compiled.errors, compiled.errors
    app = server.app
    with app.app_context(), writing() as session:
        publish_version(session, add_draft(session, compiled, workbook, by=None), by=None)
    app.extensions["collector_engine"].dispose()


def lists() -> dict[str, bytes]:
    """30,000 people; 17 provinces, 128 districts, 8,000 villages."""
    return {
        "people.csv": csv("name,label", (f"p{number},居民{number:05d}号" for number in range(PEOPLE))),
        "provinces.csv": csv("name,label", (f"s{number},第{number:02d}省" for number in range(17))),
        "districts.csv": csv(
            "name,label,province", (f"d{number},第{number:03d}区,s{number % 17}" for number in range(128))
        ),
        "villages.csv": csv(
            "name,label,district", (f"v{number},第{number:04d}村,d{number % 128}" for number in range(8000))
        ),
    }


def csv(header: str, rows: Iterator[str]) -> bytes:
    """A list as a file."""
    return "\n".join([header, *rows]).encode()


def open_form(context: BrowserContext, server: Server) -> Page:
    """The first question on an enrolled phone, with its processor slowed down from then on."""
    context.set_default_timeout(60_000)
    page = context.new_page()
    enrol(page, server.enrolment_link("Bench"))
    page.locator('[href="/app/place/-"]').click()
    expect(page.locator('[data-form="long_lists"]')).to_be_enabled(timeout=60_000)
    page.locator('[data-form="long_lists"]').click()
    expect(page.locator(".question input[type=radio]").first).to_be_visible()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    return page


def search_once(page: Page, number: int) -> float:
    """Milliseconds from typing a part of a name into the search box until the one row that has it is on the screen."""
    part = str(29_001 + 137 * number)
    taken = float(page.evaluate(MEASURE, [".question input[type=search]", part, f"居民{part}号"]))
    expect(page.locator(".question input[type=radio]")).to_have_count(1)
    return taken


def look_up_once(page: Page, number: int) -> float:
    """Milliseconds from typing an id until the page after it would show what belongs to it; the form has recomputed then."""
    code = page.locator(".question input:not([type=hidden])").first
    code.fill("")
    began = page.evaluate("performance.now()")
    code.fill(f"p{29_000 + number}")
    next_page(page)
    page.wait_for_function(
        f"() => document.querySelector('.question')?.textContent.includes('居民{29_000 + number:05d}号')"
    )
    ended = page.evaluate("performance.now()")
    page.go_back()
    expect(page.get_by_label("编号")).to_be_visible()
    return float(ended - began)


def cascade_once(page: Page, number: int) -> float:
    """Milliseconds from choosing a province until its districts are on the screen."""
    wanted = f"第{number + 17:03d}区"
    return float(page.evaluate(MEASURE, [f".question input[type=radio][value=s{number}]", None, wanted]))


def median(values: Iterator[float]) -> float:
    """The middle one, rounded."""
    return round(statistics.median(values), 1)
