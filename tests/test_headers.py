"""What every answer carries that keeps it safe: no inline script anywhere, and headers and cookies that hold others off (A82)."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from collector import create_app
from collector.store import Place, Version
from tests.accounts.test_every_route import requests_of
from tests.conftest import PASSWORD, People, Phone, sign_in
from tests.documents import ID, make_document

MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def addresses(
    app: Flask, people: People, phone: Phone, places: dict[str, Place], household: Version, session: Session
) -> list[str]:
    """Every address that can be read, with what the walk of routes makes of its parts, and pages of what is really there."""
    answers = {"place": "C01", "hh_size": MARKUP, "members": [{"name": MARKUP}]}
    phone.receipts(make_document(household, answers=answers, instance_name=MARKUP), "{oops")
    real = [
        f"responses/{ID}",
        f"responses/{ID}/edit",
        f"responses/{ID}/delete",
        "quarantine/1",
        f"people/{people.wei.id}",
    ]
    real += [f"places/{places['C01'].id}", f"board/place/{places['C01'].id}", "frequencies?questionnaire=household"]
    real += [f"quality/volunteer/{people.wei.id}", "nothing", "exports/household", "responses?questionnaire=household"]
    walked = [request.address for request in requests_of(app) if request.method == "GET"]
    assert len(walked) > 100
    return walked + [f"/office/{path}" for path in real]


def inline_parts(page: str) -> list[str]:
    """What of a page would run or look by itself, were there no policy."""
    found = []
    for element in html.fromstring(page).iter():
        if not isinstance(element.tag, str):
            continue
        attributes = dict(element.attrib)
        # Templates of data for scripts (`type="application/json"`) do not run.
        runs = element.tag == "script" and "src" not in attributes and "json" not in attributes.get("type", "")
        if runs or element.tag in ("style", "iframe", "object", "embed", "base"):
            found.append(element.tag)
        for name, value in attributes.items():
            is_script = re.match(r"\s*(javascript|vbscript|data:text/html)", value, re.IGNORECASE) is not None
            if (
                name.startswith("on")
                or name == "style"
                or (is_script and name in ("href", "src", "action", "formaction"))
            ):
                found.append(f"{element.tag} {name}={value[:40]}")
            if name == "src" and element.tag == "script" and not value.startswith("/static/"):
                found.append(f"script from {value[:40]}")
    return found


def policy_faults(policy: str) -> list[str]:
    """What a Content-Security-Policy lets through that ours never does. What is sandboxed runs nothing at all."""
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";") if rule.strip())
    faults = [] if rules.get("default-src") == "'none'" else ["default-src"]
    if "sandbox" in rules:
        return faults if "allow-" not in rules["sandbox"] else [*faults, "sandbox"]
    faults += [name for name, value in rules.items() if "unsafe" in value or "*" in value or "http" in value]
    faults += [
        name for name in ("script-src", "style-src", "connect-src", "form-action") if rules.get(name) != "'self'"
    ]
    return faults + [name for name in ("frame-ancestors", "base-uri", "object-src") if rules.get(name) != "'none'"]


def test_A82_no_page_has_inline_script_or_style_and_each_answer_has_its_headers(
    app: Flask, client: FlaskClient, addresses: list[str]
) -> None:
    """A82: as the owner, who sees every page; answers and names that are markup are on them."""
    sign_in(client, "lin")
    pages, faults = 0, []
    for address in addresses:
        answer = client.get(address)
        headers = answer.headers
        faults += [f"{address}: policy {fault}" for fault in policy_faults(headers.get("Content-Security-Policy", ""))]
        for name, value in (
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ):
            if headers.get(name) != value:
                faults.append(f"{address}: {name} is {headers.get(name)}")
        # The phone's pages hold nothing of anybody.
        if (
            not re.search("no-store|private|max-age", headers.get("Cache-Control", ""))
            and "/app/" not in address
            and "/join/" not in address
        ):
            faults.append(f"{address}: {headers.get('Cache-Control')}")
        if answer.mimetype == "text/html" and answer.data:
            pages += 1
            faults += [f"{address}: {part}" for part in inline_parts(answer.text)]
            assert MARKUP not in answer.text, address
        elif (
            answer.data and "charset" not in (headers.get("Content-Type") or "") and answer.mimetype.startswith("text/")
        ):
            faults.append(f"{address}: {headers.get('Content-Type')} without its characters")
        answer.close()
    assert faults == []
    assert pages > 60


@pytest.fixture
def secure_app(app: Flask) -> Iterator[Flask]:
    """The app as behind HTTPS."""
    secure = create_app(replace(app.config["SETTINGS"], public_url="https://collector.example.org"))
    secure.config.update(WTF_CSRF_ENABLED=False)
    yield secure
    secure.extensions["collector_engine"].dispose()


def test_behind_https_cookies_and_addresses_insist_on_it(secure_app: Flask, people: People) -> None:
    client, base = secure_app.test_client(), "https://collector.example.org"
    answer = client.post("/office/sign-in", data={"login": "su", "password": PASSWORD}, base_url=base)
    [cookie] = answer.headers.getlist("Set-Cookie")
    parts = {part.strip() for part in cookie.split(";")}
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts and "Domain" not in cookie
    assert client.get("/office/people", base_url=base).status_code == 200
    for address in ("/office/people", "/healthz", "/sync/v1/pull", "/nothing"):
        strict = client.get(address, base_url=base).headers["Strict-Transport-Security"]
        assert strict == "max-age=31536000; includeSubDomains", address


def test_without_https_cookies_are_kept_from_scripts_and_other_sites_all_the_same(
    client: FlaskClient, people: People
) -> None:
    answer = client.post("/office/sign-in", data={"login": "su", "password": PASSWORD})
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    assert "Strict-Transport-Security" not in answer.headers


def test_no_answer_says_what_serves_it_or_lets_other_sites_read_it(client: FlaskClient, people: People) -> None:
    """No Access-Control-Allow-Origin whoever asks, and no names of programs that an attacker would look up."""
    for address in ("/office/sign-in", "/sync/v1/pull", "/api/v1/me", "/v1/projects", "/openrosa/formList", "/healthz"):
        headers = client.get(address, headers={"Origin": "https://evil.example.org"}).headers
        assert not [name for name, _ in headers if name.lower().startswith("access-control-")], address
        assert "X-Powered-By" not in headers, address
