"""Every screen and state of the phone, in both languages: no violation of axe's rules, and a layout that holds on the narrowest phone.

The catalogue is tests/browser/screens/tours.py. A tour is walked to its end before its faults are told, so that one run names them all.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.browser.conftest import browser_with_devices
from tests.browser.screens.examine import examine
from tests.browser.screens.stage import Stage, publish_forms
from tests.browser.screens.tours import TOURS
from tests.servers import Server


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium with a camera and a microphone of its own making."""
    yield from browser_with_devices(playwright)


@pytest.fixture(scope="module")
def stocked(server: Server) -> Server:
    """The server with the catalogue's questionnaires."""
    publish_forms(server)
    return server


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("tour", TOURS)
def test_axe_finds_nothing_and_the_layout_holds(stocked: Server, browser: Browser, tour: str, lang: str) -> None:
    stage = Stage(stocked, browser, lang)
    faults = [f"{screen}: {fault}" for screen in TOURS[tour](stage) for fault in examine(stage.page, lang)]
    stage.close()
    assert faults + stage.complaints == []
