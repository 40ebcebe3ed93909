"""HTTPS by the proxies of deploy/, a certificate that a real Chromium trusts, and a phone that works through them."""

import gzip
import http.client
import json
import socket
import ssl
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Playwright, expect, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.tries import TRIES, key_of
from collector.accounts.try_counts import marked
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.store import FailedSignIn, File, Response, User
from collector.store.session import dispose, reading, writing
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE_MS, PHONE
from tests.browser.volunteer import enrol, next_page, photo, start_form, wait_until_offline_ready
from tests.deploy.authority import Authority, make_authority
from tests.deploy.proxies import NAME, Proxy, is_there
from tests.servers import Server, free_port, running_server
from tests.workbooks import make_workbook

MIB = 1024 * 1024
KINDS = ("nginx", "caddy")
FORM = """
| survey   |
|          | type  | name  | label::中文 (zh) |
|          | text  | who   | 户主             |
|          | image | front | 正面             |
| settings |
|          | form_title | form_id     | version | default_language | style |
|          | 加密访问   | https_visit | 1       | 中文 (zh)        | pages |
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for both proxies, set up as docs/deploy.md says. What is tried here is the same on either database."""
    folder = tmp_path_factory.mktemp("server")
    with running_server("sqlite", folder, PUBLIC_URL=f"https://{NAME}", TRUSTED_PROXIES="1") as server:
        publish(server)
        yield server


def publish(server: Server) -> None:
    """Publish `FORM`."""
    content = make_workbook(FORM)
    app = server.app
    with app.app_context(), writing() as session:
        compiled = compile_workbook(content, "https_visit.xlsx")
        draft = add_draft(session, compiled, Workbook("https_visit.xlsx", content), by=None)
        publish_version(session, draft, by=None)
    dispose(app)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who vouches for the name, to whom knows it."""
    return make_authority(tmp_path_factory.mktemp("authority"), NAME)


@pytest.fixture(scope="module")
def home(authority: Authority) -> Path:
    """The home of a browser that trusts it."""
    return authority.trusting_home()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(params=KINDS)
def proxy(request: pytest.FixtureRequest, server: Server, tmp_path: Path, authority: Authority) -> Iterator[Proxy]:
    """Each of the proxies, running."""
    if not is_there(request.param):
        pytest.skip(f"{request.param} or libnss3-tools (certutil) is not installed: .ci/run installs both")
    proxy = Proxy(request.param, tmp_path, authority, int(server.environ["PORT"]), free_port(), free_port())
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()


def ask(
    proxy: Proxy,
    method: str,
    path: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
    *,
    source: str = "127.0.0.1",
) -> Any:
    """An answer over HTTPS, the certificate checked, as `(status, headers, body)`. `source`: the address of this machine that asks."""
    trust = ssl.create_default_context(cafile=str(proxy.authority.root))
    connection = http.client.HTTPSConnection(
        "127.0.0.1", proxy.https_port, timeout=60, context=trust, source_address=(source, 0)
    )
    # The name is the certificate's; where it lies is the test's business.
    connection._create_connection = lambda _address, *rest: _connect(proxy.https_port, *rest)  # type: ignore[attr-defined]
    connection.host = NAME
    try:
        connection.request(method, path, body, {"Host": NAME} | (headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def _connect(port: int, timeout: float, source: tuple[str, int]) -> Any:
    return socket.create_connection(("127.0.0.1", port), timeout, source)


def test_what_the_proxy_passes_on_and_what_it_says_itself(proxy: Proxy) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", proxy.http_port, timeout=60)
    plain.request("GET", "/join/abc?x=1", headers={"Host": NAME})
    answer = plain.getresponse()
    assert answer.status in (301, 308)
    assert answer.headers["Location"] == f"https://{NAME}/join/abc?x=1"
    plain.close()

    status, headers, _ = ask(proxy, "GET", "/office/sign-in")
    assert status == 200
    assert headers.get_all("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains"]
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert len(headers.get_all("X-Request-ID")) == 1
    cookies = " ".join(headers.get_all("Set-Cookie") or [])
    assert "__Host-session" in cookies and "Secure" in cookies

    # Whoever asks for figures through a proxy is not this machine.
    assert ask(proxy, "GET", "/metrics")[0] in (401, 403, 404)
    assert ask(proxy, "GET", "/healthz")[0] == 200


def forged(number: int = 9) -> dict[str, str]:
    """What somebody writes who wants to be taken for another; `number` makes them another one each time."""
    address = f"203.0.113.{number}"
    return {
        "X-Forwarded-For": address,
        "X_Forwarded_For": address,
        "X-Real-IP": address,
        "Forwarded": f"for={address};host=evil.invalid;proto=http",
        "X-Forwarded-Host": "evil.invalid",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Port": "81",
        "X-Forwarded-Prefix": "/evil",
    }


def test_tries_count_by_the_address_that_asks_and_not_by_what_it_says(proxy: Proxy, server: Server) -> None:
    login = f"nobody-{proxy.kind}"

    def attempt(number: int, source: str) -> int:
        given = json.dumps({"email": login, "password": "wrong"})
        headers = {"Content-Type": "application/json"} | forged(number)
        status: int = ask(proxy, "POST", "/v1/sessions", given, headers, source=source)[0]
        return status

    assert [attempt(number, "127.0.0.1") for number in range(TRIES)] == [401] * TRIES
    assert attempt(99, "127.0.0.1") == 429
    # Neither is it the proxy's own address that counts, which all would share.
    assert attempt(99, "127.0.0.2") == 401
    # Nor can somebody use up another's tries.
    assert attempt(3, "127.0.0.3") == 401
    app = server.app
    with app.app_context():
        keys = {marked(key_of(login, address)): address for address in ("127.0.0.1", "127.0.0.2", "127.0.0.3")}
        of_login = select(FailedSignIn.key).where(FailedSignIn.key.in_(keys))
        counted = Counter(keys[key] for key in reading().scalars(of_login))
    assert counted == {"127.0.0.1": TRIES, "127.0.0.2": 1, "127.0.0.3": 1}
    dispose(app)


def test_the_name_and_https_are_what_the_proxy_says(proxy: Proxy) -> None:
    # Where the app lies is told with the whole address, as it was asked for.
    status, headers, _ = ask(proxy, "GET", "/app", headers=forged())
    assert status == 308
    assert headers["Location"] == f"https://{NAME}/app/"
    status, headers, body = ask(proxy, "GET", "/office/sign-in", headers=forged())
    assert status == 200
    assert "__Host-session" in " ".join(headers.get_all("Set-Cookie") or [])
    assert headers.get_all("Strict-Transport-Security")
    assert b"evil" not in body + str(headers).encode()
    plain = http.client.HTTPConnection("127.0.0.1", proxy.http_port, timeout=60)
    plain.request("GET", "/app/", headers={"Host": NAME} | forged() | {"X-Forwarded-Proto": "https"})
    answer = plain.getresponse()
    assert answer.status in (301, 308)
    assert answer.headers["Location"] == f"https://{NAME}/app/"
    plain.close()
    # Whoever says that they are this machine is not.
    here = dict.fromkeys(("X-Forwarded-For", "X_Forwarded_For", "X-Real-IP"), "127.0.0.1")
    assert ask(proxy, "GET", "/metrics", headers=here)[0] in (401, 403, 404)


def test_answers_are_packed_once(proxy: Proxy) -> None:
    shell = ask(proxy, "GET", "/app/")[2].decode()
    style = shell.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    status, headers, body = ask(proxy, "GET", style, headers={"Accept-Encoding": "gzip"})
    assert status == 200
    assert headers.get_all("Content-Encoding") == ["gzip"]
    assert b"{" in gzip.decompress(body)
    status, headers, body = ask(proxy, "GET", style, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in headers


def test_what_is_too_large_is_said_by_collector_and_not_by_the_proxy(proxy: Proxy) -> None:
    status, headers, body = ask(
        proxy, "POST", "/sync/v1/push", b" " * (16 * MIB + 1), {"Content-Type": "application/json"}
    )
    error = json.loads(body)["error"]
    assert (status, error["code"]) in ((413, "body_too_large"), (401, "device_unknown"))
    # An import may have more: nobody is signed in here, which is what Collector says once it has all of it.
    status, headers, body = ask(proxy, "POST", "/office/unsent-file", b"x" * (40 * MIB), {"Content-Type": "text/plain"})
    assert status in (400, 401, 413)
    assert headers["X-Request-ID"] and "Content-Security-Policy" in headers


def test_a_phone_works_over_https_with_and_without_a_signal(
    proxy: Proxy, server: Server, home: Path, playwright: Playwright
) -> None:
    name = f"志愿者 {proxy.kind}"
    rules = f"MAP {NAME}:443 127.0.0.1:{proxy.https_port},MAP {NAME}:80 127.0.0.1:{proxy.http_port}"
    link = server.enrolment_link(name).replace(server.url, f"https://{NAME}")
    arguments = [*ARGUMENTS, f"--host-resolver-rules={rules}"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments, env={"HOME": str(home)})
    try:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **PHONE)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        # By the name alone, as people type it: over HTTP, which leads to HTTPS.
        page.goto(f"http://{NAME}/healthz")
        assert page.url == f"https://{NAME}/healthz"
        enrol(page, link)
        wait_until_offline_ready(page)
        proxy.stop()
        page.reload()
        start_form(page, "加密访问", None)
        page.get_by_role("textbox", name="户主").fill("没有信号")
        next_page(page)
        taken = {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": photo(400, 300)}
        page.locator("input[type=file]").first.set_input_files(taken)  # type: ignore[arg-type]
        expect(page.locator(".file__image")).to_be_visible()
        next_page(page)
        page.get_by_role("button", name="完成").click()
        expect(page.locator("[data-state=kept]")).to_be_visible()
        proxy.start()
        page.goto(f"https://{NAME}/app/")
        expect(page.locator("[data-safety='safe.all']")).to_be_visible(timeout=60_000)
    finally:
        browser.close()
    app = server.app
    with Session(app.extensions["collector_engine"]) as session:
        of_phone = select(Response.id, Response.missing_files).join(User, User.id == Response.author_id)
        [(response, missing)] = session.execute(of_phone.where(User.name == name)).all()
        assert missing == 0
        assert session.scalars(select(File.detected_type).where(File.response_id == response)).all() == ["image/jpeg"]
    dispose(app)


def test_a_browser_that_does_not_know_the_authority_refuses(
    proxy: Proxy, tmp_path: Path, playwright: Playwright
) -> None:
    """The test above proves nothing where certificates are not looked at."""
    rules = f"MAP {NAME}:443 127.0.0.1:{proxy.https_port}"
    arguments = [*ARGUMENTS, f"--host-resolver-rules={rules}"]
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=arguments, env={"HOME": str(tmp_path / "other")}
    )
    try:
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            browser.new_page().goto(f"https://{NAME}/healthz")
    finally:
        browser.close()
