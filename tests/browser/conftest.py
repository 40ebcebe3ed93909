"""Real Chromium at phone size against real gunicorn."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Playwright,
    expect,
    sync_playwright,
)

from tests.servers import Server, running_server

CHROMIUM = "/usr/bin/chromium"
#: How long a page may take for anything: on a busy machine each strict write of its database waits for the disk.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)
#: What Playwright turns off by itself, since the last such argument counts; and the lists under the
#: browser's address, which are pages of their own: each window draws them anew, which costs as much as a test.
FEATURES_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,"
    "MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,OptimizationHints,NetworkTimeServiceQuerying,PreconnectToSearch,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
)
ARGUMENTS = [
    "--no-sandbox",
    f"--disable-features={FEATURES_OFF}",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
#: A cheap phone, held upright.
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 12; Cheap) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Mobile Safari/537.36",
}


@pytest.fixture(scope="session")
def server(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server with the sample survey for the whole run. Tests tell themselves apart by their volunteers and questionnaires."""
    with running_server(database_kind, tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright."""
    with sync_playwright() as playwright:
        yield playwright


def browser_with_devices(playwright: Playwright) -> Iterator[Browser]:
    """Chromium with a camera and a microphone of its own making, for a module's `browser`. Permission for them is asked as on a phone."""
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, "--use-fake-device-for-media-stream"]
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, started once."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def policy_faults(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What browsers refused because of our Content-Security-Policy, in any page or frame of any context: it fails the test.

    Of a service worker they say nothing; what it may not fetch fails there. A test that breaks the policy on purpose empties the list.
    """
    faults: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def heard(make: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
        def new_context(*arguments: Any, **options: Any) -> BrowserContext:
            context = make(*arguments, **options)
            context.on("console", hear)
            return context

        return new_context

    # Wherever a test makes one, so that none goes unheard.
    monkeypatch.setattr(Browser, "new_context", heard(Browser.new_context))
    monkeypatch.setattr(BrowserType, "launch_persistent_context", heard(BrowserType.launch_persistent_context))
    yield faults
    assert faults == []


NewPhone = Callable[..., BrowserContext]


@pytest.fixture
def new_phone(browser: Browser) -> Iterator[NewPhone]:
    """`new_phone(locale="zh-CN")`: a phone with nothing on it yet."""
    contexts: list[BrowserContext] = []

    def new_phone(locale: str = "zh-CN", **options: Any) -> BrowserContext:
        context = browser.new_context(locale=locale, timezone_id="Asia/Shanghai", **(PHONE | options))
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context

    yield new_phone
    for context in contexts:
        context.close()


@pytest.fixture
def kept_phone(playwright: Playwright, tmp_path: Path) -> Iterator[NewPhone]:
    """`kept_phone()`: a phone whose storage is on the disk: close the context and ask again, and it is as after a restart."""
    contexts: list[BrowserContext] = []

    def kept_phone(locale: str = "zh-CN", **options: Any) -> BrowserContext:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            locale=locale,
            timezone_id="Asia/Shanghai",
            **(PHONE | options),
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context

    yield kept_phone
    for context in contexts:
        context.close()
