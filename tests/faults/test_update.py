"""An update of the app on its way through a captive portal."""

import random
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.faults.browser_run import NEW_BUILD
from tests.faults.chromium import ChromiumPhone
from tests.faults.kinds import Fault, Request
from tests.faults.ledger import Ledger
from tests.faults.proxy import Proxy
from tests.faults.server import copy_project, fragile_server


class PortalForOneFile:
    """A portal that comes in the middle of an update, and is gone before its end."""

    path = "/field/later.js"
    asked = 0

    def draw(self, request: Request) -> Fault | None:
        """The portal's page in the place of one file."""
        if not request.path.endswith(self.path):
            return None
        self.asked += 1
        return Fault("portal_200_html")


def test_a09_a_portal_s_page_never_becomes_a_part_of_the_app(database_kind: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with fragile_server(database_kind, data) as server, sync_playwright() as playwright:
        proxy = Proxy(int(server.environ["PORT"])).start()
        url = f"http://localhost:{proxy.port}"
        phone = ChromiumPhone(playwright, tmp_path / "profile", "phone", url, Ledger(), random.Random(1))
        try:
            phone.enrol(server.enrolment_link("Portal"))
            server.root = copy_project(tmp_path / "second", NEW_BUILD)
            server.kill_and_restart()
            portal = PortalForOneFile()
            proxy.plan = portal
            phone.take_update()
            # Longer than the tap on Update waits for the new build.
            phone.page.wait_for_timeout(4000)
            proxy.heal()
            assert portal.asked
            # What shows "My responses" is in that file, and so is what sends them.
            phone.page.goto(f"{url}/app/responses")
            expect(phone.page.get_by_role("heading", name="我的问卷")).to_be_visible()
            old = phone.read_build()
            phone.take_update()
            phone.page.wait_for_function("(old) => document.documentElement.dataset.build !== old", arg=old)
            phone.page.goto(f"{url}/app/responses")
            expect(phone.page.get_by_role("heading", name="我的问卷")).to_be_visible()
        finally:
            phone.close()
            proxy.stop()
