"""An enrolled phone that is measured: what it keeps can be taken away, its processor and its network slowed down."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, expect, sync_playwright

from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.store.session import writing
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE
from tests.browser.volunteer import enrol
from tests.servers import Server

#: 400 kbit/s each way and 400 ms there and back.
SLOW_NETWORK = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
FULL_NETWORK = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}

#: Notes when the first question can be answered: its control is in the page, has been laid out and painted.
WATCH = """
window.usableAt = new Promise((resolve) => {
  const isUsable = () => {
    const control = document.querySelector('.fill .question :is(input, select, textarea):not([disabled])')
    return control !== null && control.getBoundingClientRect().height > 0
  }
  const done = () => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => resolve(performance.now()); port2.postMessage(0) })
  const look = () => { if (isUsable()) { observer.disconnect(); done() } }
  const observer = new MutationObserver(look)
  observer.observe(document, { childList: true, subtree: true })
})
"""

#: What the phone holds but for who it is: as if it had just been enrolled and seen nothing yet.
FORGET = """
async () => {
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister()
  for (const name of await caches.keys()) await caches.delete(name)
  const [{ name }] = await indexedDB.databases()
  const database = await new Promise((resolve) => { const request = indexedDB.open(name); request.onsuccess = () => resolve(request.result) })
  const transaction = database.transaction(['profile', 'models', 'drafts'], 'readwrite')
  for (const key of ['world', 'models']) transaction.objectStore('profile').delete(key)
  for (const store of ['models', 'drafts']) transaction.objectStore(store).clear()
  await new Promise((resolve) => { transaction.oncomplete = resolve })
  database.close()
}
"""


def publish(server: Server, content: bytes, name: str) -> str:
    """Publish a workbook on the server, and give the id of its form."""
    app = server.app
    compiled = compile_workbook(content, f"{name}.xlsx")
    assert compiled.model_json, compiled.errors
    with app.app_context(), writing() as session:
        publish_version(session, add_draft(session, compiled, Workbook(f"{name}.xlsx", content), by=None), by=None)
    app.extensions["collector_engine"].dispose()
    return compiled.form_id


class BenchPhone:
    """An enrolled phone with one page."""

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self._session: CDPSession = context.new_cdp_session(page)
        self._session.send("Network.enable")

    def slow_down(self, times: int) -> None:
        """Let the processor be `times` slower; 1 is its own speed."""
        self._session.send("Emulation.setCPUThrottlingRate", {"rate": times})

    def slow_network(self) -> None:
        """From now on the page's network is SLOW_NETWORK."""
        self._session.send("Network.emulateNetworkConditions", SLOW_NETWORK)

    def full_network(self) -> None:
        """The machine's own network again."""
        self._session.send("Network.emulateNetworkConditions", FULL_NETWORK)

    def forget(self) -> None:
        """Take away all but the enrolment: no client, no questionnaire, no list of communities, an empty HTTP cache."""
        self.page.goto(f"{self.url}/healthz")
        self.page.evaluate(FORGET)
        self._session.send("Network.clearBrowserCache")

    def show_whole_forms(self) -> None:
        """Choose, as a volunteer may, that questionnaires are shown whole."""
        self.page.goto(f"{self.url}/app/settings/layout")
        choice = self.page.locator("[name=layout][value=scroll]")
        choice.check()
        self.page.wait_for_timeout(500)
        self.page.reload()
        expect(choice).to_be_checked()

    def open(self, form_id: str) -> float:
        """Navigate to the questionnaire's link, and give the milliseconds until its first question could be answered."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.url}/app/new/{form_id}", wait_until="commit")
        return float(self.page.evaluate("() => window.usableAt"))

    def settle(self) -> None:
        """Wait until the service worker keeps everything and nothing is being fetched."""
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=60_000)
        self.page.wait_for_load_state("networkidle")

    def heap_mb(self) -> float:
        """The page's JavaScript heap after a collection, in millions of bytes."""
        self._session.send("HeapProfiler.collectGarbage")
        usage: dict[str, Any] = self._session.send("Runtime.getHeapUsage")
        return float(usage["usedSize"]) / 1e6


@contextmanager
def bench_phone(server: Server) -> Iterator[BenchPhone]:
    """A phone that has just been enrolled at the server."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(locale="en", timezone_id="Asia/Shanghai", **PHONE)
        context.set_default_timeout(60_000)
        context.add_init_script(WATCH)
        page = context.new_page()
        enrol(page, server.enrolment_link("Bench"))
        phone = BenchPhone(context, page, server.url)
        phone.settle()
        yield phone
        browser.close()
