"""That a page which breaks the Content-Security-Policy would fail its test (`policy_faults`)."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser

from collector.edge import CONTENT_SECURITY_POLICY
from tests.browser.conftest import NewPhone

#: What a small site has at each path, by its type.
SITE = {
    "/style": ("text/html", "<!doctype html><p style='color: red'>"),
    "/script": ("text/html", "<!doctype html><script>1</script>"),
    "/frame": ("text/html", "<!doctype html><iframe src='data:,words'></iframe>"),
    "/fetch": ("text/html", "<!doctype html><script src='/fetch.js'></script>"),
    "/fetch.js": ("text/javascript", "fetch('http://elsewhere.invalid/').catch(() => 0)"),
}


class Site(BaseHTTPRequestHandler):
    """Gives it with the policy of ours."""

    def do_GET(self) -> None:
        kind, text = SITE.get(self.path, ("text/plain", ""))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", ["/style", "/script", "/frame", "/fetch"])
def test_what_the_policy_refuses_is_heard(site: str, path: str, new_phone: NewPhone, policy_faults: list[str]) -> None:
    page = new_phone().new_page()
    page.goto(site + path)
    for _ in range(100):
        if policy_faults:
            break
        page.wait_for_timeout(50)
    assert policy_faults
    policy_faults.clear()


def test_so_it_is_in_a_context_of_a_tests_own_and_in_one_that_is_kept(
    site: str, browser: Browser, kept_phone: NewPhone, policy_faults: list[str]
) -> None:
    for context in (browser.new_context(java_script_enabled=False), kept_phone()):
        context.new_page().goto(f"{site}/style")
        context.close()
        assert policy_faults
        policy_faults.clear()
