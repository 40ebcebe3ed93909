"""The client's pages: the shell, the manifest, the service worker and its list."""

import json
import re

from flask.testing import FlaskClient

from collector.field.phone_files import phone_files
from collector.settings import PROJECT_ROOT

STATIC = PROJECT_ROOT / "static"


def test_every_page_of_the_client_is_the_same_shell(client: FlaskClient) -> None:
    pages = [client.get(path) for path in ("/app/", "/app/responses", "/app/place/320102003001", "/join/any-token")]
    assert {page.status_code for page in pages} == {200}
    assert len({page.data for page in pages}) == 1
    assert {page.headers["Cache-Control"] for page in pages} == {"no-cache"}
    assert b"any-token" not in pages[-1].data


def test_a_questionnaires_link_names_early_what_it_needs(client: FlaskClient) -> None:
    pages = {path: client.get(path).text for path in ("/app/", "/app/new/household", "/app/fill/some-id")}
    assert ["field/views/fill.js" in page for page in pages.values()] == [False, True, True]
    chinese, english = (client.get("/app/", headers={"Accept-Language": tag}) for tag in ("zh-CN", "en-GB"))
    assert ("i18n/english.js" in chinese.text, "i18n/english.js" in english.text) == (False, True)
    assert "Accept-Language" in chinese.headers["Vary"]


def test_shell_has_no_inline_script_or_style(client: FlaskClient) -> None:
    html = client.get("/app/").text
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert re.findall(r"<style|\bstyle=|\bon\w+=", html) == []


def test_shell_names_its_build_everywhere(client: FlaskClient) -> None:
    html = client.get("/app/").text
    [build] = re.findall(r'data-build="(\w+)"', html)
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', html)
    assert addresses
    assert all(address.startswith(f"/static/{build}/") for address in addresses)
    assert {client.get(address).status_code for address in addresses} == {200}


def test_manifest_makes_it_installable(client: FlaskClient) -> None:
    answer = client.get("/app/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.data)
    assert (manifest["display"], manifest["scope"], manifest["start_url"]) == ("standalone", "/app/", "/app/")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} >= {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).status_code == 200


def test_manifest_and_shell_have_the_name_in_the_phones_language(client: FlaskClient) -> None:
    for tag, language, name in (("zh-CN", "zh", "入户问卷"), ("en-GB", "en", "Collector"), ("fr", "zh", "入户问卷")):
        answer = client.get("/app/manifest.webmanifest", headers={"Accept-Language": tag})
        manifest = json.loads(answer.data)
        assert (manifest["lang"], manifest["name"], manifest["short_name"]) == (language, name, name)
        assert "Accept-Language" in answer.headers["Vary"]
        assert f"<title>{name}</title>" in client.get("/app/", headers={"Accept-Language": tag}).text


def test_the_phones_bars_take_the_pages_colour_light_and_dark(client: FlaskClient) -> None:
    html = client.get("/app/").text
    tokens = (STATIC / "css/tokens.css").read_text(encoding="utf-8")
    [light, dark] = re.findall(r'"theme-color" content="(#\w+)" media="\(prefers-color-scheme: (?:light|dark)\)"', html)
    papers = re.findall(r"--raw-paper: (#\w+);", tokens)
    assert (light, dark) == (papers[0], papers[1])


def test_worker_is_asked_for_anew_each_time_and_lists_the_whole_client(client: FlaskClient) -> None:
    answer = client.get("/app/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    [heading] = re.findall(r"^self\.collector = (.*);$", answer.text, re.MULTILINE)
    kept = json.loads(heading)
    prefix = f"/static/{kept['build']}/"
    names = {address.removeprefix(prefix) for address in kept["files"]}
    assert {"field/app.js", "field/views/fill.js", "field/later.js"} <= names
    assert {"css/phone.css", "css/filling.css", "icons/icon.svg"} <= names
    # One file that cannot be had would keep the whole build from being kept.
    assert {client.get(address).status_code for address in kept["files"]} == {200}
    assert not any(name.startswith("office/") for name in names)


def test_worker_stays_short_and_knows_no_survey_rule() -> None:
    code = (STATIC / "field/sw.js").read_text(encoding="utf-8")
    assert len(code.splitlines()) < 150
    assert "import" not in code


def test_office_files_are_not_kept() -> None:
    paths = ["css/office.css", "css/filling.css", "field/sw.js", "field/preview.js", "field/app.js", "office/board.js"]
    assert phone_files(paths) == ["css/filling.css", "field/app.js"]
