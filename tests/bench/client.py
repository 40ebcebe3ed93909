"""What a phone fetches: to show its first question, and in all."""

import gzip
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from playwright.sync_api import Page, Response, expect, sync_playwright

from collector.field.phone_files import phone_files
from collector.static_files import StaticFiles
from tests.bench.result import Result
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE
from tests.browser.volunteer import enrol, start_form
from tests.servers import Server, running_server

COUNTED = ("text/html", "text/css", "text/javascript", "application/javascript")


def measure_client() -> Iterator[Result]:
    """Bytes of HTML, CSS and JavaScript, gzip -9, that a new phone's pages fetched until the first question showed; then all of the client."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server("sqlite", Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        # Without a service worker, so that all that comes over the network is what the page asked for.
        context = browser.new_context(service_workers="block", locale="zh-CN", **PHONE)
        page = context.new_page()
        addresses = collect_addresses(page)
        enrol(page, server.enrolment_link("Bench"))
        start_form(page, "党员问卷")
        # Not only the first question, but the last one of its page.
        expect(page.get_by_role("radio").first).to_be_visible()
        # What comes from now on is fetched ahead for later pages. A browser drops bodies when it leaves a page: they are asked for again.
        needed = sorted(addresses)
        size = packed_size(context.request.get(address).body() for address in needed)
        yield Result("first_form_bytes", size, "bytes", len(needed))
        total, count = whole_client(server)
        yield Result("client_total_bytes", total, "bytes", count)
        browser.close()


def collect_addresses(page: Page) -> set[str]:
    """Addresses of the counted files that a page fetched, added as they come."""
    addresses: set[str] = set()

    def keep(response: Response) -> None:
        if response.headers.get("content-type", "").split(";")[0] in COUNTED and response.status == 200:
            addresses.add(response.url)

    page.on("response", keep)
    return addresses


def packed_size(bodies: Iterable[bytes]) -> int:
    """Sum of the sizes after gzip -9, each body on its own as it is sent."""
    return sum(len(gzip.compress(body, 9)) for body in bodies)


def whole_client(server: Server) -> tuple[int, int]:
    """Size of every file that the service worker keeps, and how many they are."""
    static: StaticFiles = server.app.extensions["collector_static"]
    names = phone_files(static.files)
    return packed_size([(static.root / name).read_bytes() for name in names]), len(names)
