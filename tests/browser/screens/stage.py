"""What the tours through the screens have at hand: the server, a phone in one language, and words in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.bench.phone import publish
from tests.browser.conftest import PATIENCE_MS, PHONE
from tests.browser.screens.forms import every_kind, twenty
from tests.servers import Server
from tests.workbooks import make_workbook

LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PLACE = "320102003001"
#: The communities that the stage's volunteer is assigned to.
MINE = ("320102003001", "320102003002", "320102003003")


def publish_forms(server: Server) -> None:
    """Publish the catalogue's questionnaires on the server."""
    publish(server, make_workbook(every_kind()), "every_kind")
    publish(server, make_workbook(twenty()), "twenty")


@dataclass
class Stage:
    """A browser, the server, and the phone that is shown at present. Tours change `page`."""

    server: Server
    browser: Browser
    lang: str
    options: dict[str, Any] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)
    _page: Page | None = None
    #: What the page's scripts complained of.
    complaints: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The page that is shown."""
        assert self._page is not None
        return self._page

    def say(self, zh: str, en: str) -> str:
        """The words in the language of this stage."""
        return zh if self.lang == "zh" else en

    def new_phone(self, **options: Any) -> Page:
        """A phone with nothing on it; it is shown from now on."""
        settings = PHONE | self.options | options
        context = self.browser.new_context(
            locale=LOCALES[self.lang], timezone_id="Asia/Shanghai", reduced_motion="reduce", **settings
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        self._page = context.new_page()
        self._page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        return self._page

    def show(self, page: Page) -> None:
        """Show another page of the phone from now on."""
        self._page = page

    def close(self) -> None:
        """End the phones."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()

    def close_phone(self) -> None:
        """End the phone that is shown."""
        context = self.page.context
        self.contexts.remove(context)
        context.close()

    def go(self, path: str) -> None:
        """Open an address of the server, and wait until a view is there."""
        self.page.goto(self.server.url + path)
        expect(self.page.locator("main, .fill").first).to_be_visible()

    def enrol(self, name: str, places: tuple[str, ...] = MINE) -> None:
        """Enrol the present phone as a new volunteer of this name, in the stage's language; its home is shown afterwards."""
        self.page.goto(self.server.enrolment_link(name, places))
        self.start()

    def start(self) -> None:
        """On the page of the link, once it has greeted: choose the language, and start."""
        start = self.page.locator("[data-action=start]")
        expect(start).to_be_enabled()
        self.choose_language()
        self.page.locator("[data-action=start]").click()
        self.page.wait_for_url("**/app/")
        expect(self.page.locator("[data-place]").first).to_be_visible()

    def choose_language(self) -> None:
        """On the page of the link: choose the stage's language."""
        self.page.locator(f"[name=language][value={self.lang}]").click()
        expect(self.page.locator("html")).to_have_attribute("lang", "zh-CN" if self.lang == "zh" else "en")

    def ready_for_offline(self) -> None:
        """Wait until the service worker answers for this page and nothing more comes."""
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        self.page.wait_for_load_state("networkidle")

    def button(self, zh: str, en: str) -> Locator:
        """The button of this name."""
        return self.page.get_by_role("button", name=self.say(zh, en), exact=True)

    def next(self) -> None:
        """Tap Next in a questionnaire."""
        self.page.locator(".bottombar__next").click()

    def dialog(self) -> Locator:
        """The dialog that is open, once it is."""
        dialog = self.page.locator("dialog[open]").last
        expect(dialog).to_be_visible()
        return dialog


Tour = Iterator[str]
