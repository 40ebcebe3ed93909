"""Real Chromium phones whose tabs and browsers may be killed, each with a profile on the disk."""

import base64
import io
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE
from tests.faults.ledger import Ledger

DRIVER = Path(__file__).with_name("driver.js")
HOUR_MS = 3_600_000


class ChromiumPhone:
    """A volunteer's phone. Playwright is not for threads: one thread drives them all, and each fills in by itself meanwhile."""

    def __init__(
        self, playwright: Playwright, folder: Path, name: str, url: str, ledger: Ledger, rng: random.Random
    ) -> None:
        self.name = name
        self.url = url
        self.counts: Counter[str] = Counter()
        self.markers: set[str] = set()
        self.is_offline = False
        self.build: str | None = None
        self._playwright = playwright
        self._folder = folder
        self._ledger = ledger
        self._random = rng
        self._open()

    def _open(self) -> None:
        self.context: BrowserContext = self._playwright.chromium.launch_persistent_context(
            str(self._folder),
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **PHONE,
        )
        self.context.set_default_timeout(15_000)
        self.context.add_init_script(path=DRIVER)
        self.context.expose_binding("faultsFinished", lambda _source, text: self._ledger.record(text, self.name))
        self.page: Page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.is_offline = False

    def enrol(self, link: str) -> None:
        """Enrol, and wait until the app opens without a signal."""
        self.page.goto(f"{self.url}/join/{link.rsplit('/', 1)[1]}")
        self.page.locator("[data-action=start]").click()
        self.page.wait_for_url("**/app/")
        expect(self.page.locator('[href="/app/place/-"]')).to_be_visible()
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")

    def fill_some(self, count: int) -> None:
        """Begin to fill `count` responses in, if the page is not busy; where it lost its way, it starts anew."""
        found = self._evaluate("() => ({ ...window.faults, build: document.documentElement.dataset.build })")
        if found is None or found.get("state") == "busy":
            return
        if found.get("state") != "idle":
            self._go_home()
        elif found["build"] != self.build:
            self.counts["app_update"] += self.build is not None
            self.build = found["build"]
        wanted = [self._response() for _ in range(count)]
        self._evaluate("(wanted) => { window.faults.run(wanted) }", wanted)

    def _response(self) -> dict[str, str]:
        marker = f"{self.name}-{len(self.markers):05d}-{self._random.getrandbits(32):08x}"
        self.markers.add(marker)
        chance = self._random.random()
        size = (900, 700) if chance < 0.05 else (40, 20) if chance < 0.25 else None
        return {"marker": marker, "photo": noise(size, self._random) if size else ""}

    def _go_home(self) -> None:
        try:
            self.page.goto(f"{self.url}/app/")
        except Error:
            self.kill_tab(is_fault=False)

    def _evaluate(self, code: str, argument: Any = None) -> Any:
        """What `code` gives in the page; None where the page is in the middle of a change."""
        try:
            return self.page.evaluate(code, argument)
        except Error:
            return None

    # What a phone meets.

    def kill_tab(self, *, is_fault: bool = True) -> None:
        """Close the tab in the middle of whatever it does, and open the app again."""
        self.counts["tab_killed"] += is_fault
        page, self.page = self.page, self.context.new_page()
        page.close(run_before_unload=False)
        self._go_home()

    def kill_browser(self) -> None:
        """SIGKILL to the whole browser; then it is opened again, as after an empty battery."""
        self.counts["browser_killed"] += 1
        for pid in browser_processes(self._folder):
            os.kill(pid, signal.SIGKILL)
        self.close()
        for lock in self._folder.glob("Singleton*"):
            lock.unlink(missing_ok=True)
        self._open()
        self._go_home()

    def toggle_network(self) -> None:
        """Lose the signal, or find it again."""
        self.counts["offline"] += not self.is_offline
        self.is_offline = not self.is_offline
        self.context.set_offline(self.is_offline)

    def turn_clock(self) -> None:
        """The phone's clock jumps."""
        self.counts["clock_jump"] += 1
        self._evaluate(
            "(ms) => window.faults?.turnClock(ms)",
            self._random.choice([-1, 1]) * self._random.randrange(20_000) * HOUR_MS,
        )

    def open_second_tab(self) -> None:
        """The app in a tab beside, which sends too; it stays until the next one."""
        self.counts["two_tabs"] += 1
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        other = self.context.new_page()
        try:
            other.goto(f"{self.url}/app/responses", wait_until="commit")
        except Error:
            return
        self.page.bring_to_front()

    def fill_storage(self, *, is_full: bool) -> None:
        """The browser has no room for another byte, or has room again."""
        self.counts["quota_exceeded"] += is_full
        self._evaluate("(isFull) => window.faults?.fillStorage(isFull)", is_full)

    def read_build(self) -> str:
        """The build that the page runs."""
        build: str = self.page.evaluate("() => document.documentElement.dataset.build")
        return build

    def take_update(self) -> None:
        """Look for a new build, and tap Update where there is one; it counts once the page runs it."""
        self._evaluate("() => { window.faults?.takeUpdate() }")

    # Afterwards.

    def send_until_empty(self, seconds: float) -> set[str]:
        """With everything healthy: open the app and let it send. Gives the content hashes that are still in the outbox."""
        self.context.set_offline(False)
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        self._go_home()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            held = self.page.evaluate(
                "() => window.faults.read('outbox').then((entries) => entries.map((entry) => entry.hash))"
            )
            if not held:
                return set()
            self.page.evaluate("() => window.faults.send()")
            self.page.wait_for_timeout(500)
        return set(held)

    def close(self) -> None:
        """Close the browser, if it is still there."""
        try:
            self.context.close()
        except Error:
            return


def browser_processes(profile: Path) -> list[int]:
    """The main process of the browser with this profile."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in arguments and not any(
            each.startswith(b"--type=") for each in arguments
        ):
            found.append(int(path.parent.name))
    return found


def noise(size: tuple[int, int], rng: random.Random) -> str:
    """A JPEG that no other is like, base64."""
    content = io.BytesIO()
    Image.frombytes("L", size, rng.randbytes(size[0] * size[1])).save(content, "JPEG", quality=80)
    return base64.b64encode(content.getvalue()).decode()
