"""The key that signs is changed while people work: nobody is thrown out, and nothing that was typed is lost."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector import create_app
from collector.openrosa.challenges import make_nonce, nonce_moment
from collector.settings import Settings, load_settings
from collector.store.session import dispose
from tests.conftest import People, sign_in

NEW = "another key, made of chance"

Restart = Callable[..., Flask]


@pytest.fixture
def restart(app: Flask) -> Iterator[Restart]:
    """`restart(key, old keys…)`: the server as it comes back with these keys, forms guarded as they are for people."""
    made = []

    def restart(key: str, *old: str) -> Flask:
        settings: Settings = app.config["SETTINGS"]
        again = create_app(replace(settings, secret_key=key, old_secret_keys=old))
        made.append(again)
        return again

    yield restart
    for again in made:
        dispose(again)


@pytest.fixture
def first(app: Flask) -> str:
    """The key that signs before the change."""
    key: str = app.config["SETTINGS"].secret_key
    return key


def carry(there: FlaskClient, app: Flask) -> FlaskClient:
    """The same browser, whose next request another server answers."""
    browser = app.test_client()
    cookie = there.get_cookie("session")
    assert cookie is not None
    browser.set_cookie("session", cookie.value)
    return browser


def token_on(page: str) -> str:
    """The token of a form on a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


def add_volunteer(browser: FlaskClient, token: str) -> int:
    """Send the form of a new volunteer, typed before the change; gives the status."""
    answer = browser.post("/office/people/new-volunteer", data={"csrf_token": token, "name": "Hua", "language": "zh"})
    return answer.status_code


def signed_in_browser(app: Flask) -> FlaskClient:
    """Su's browser."""
    return sign_in(app.test_client(), "su")


def test_a_session_and_an_open_form_go_on_with_the_new_key(
    app: Flask, people: People, first: str, restart: Restart
) -> None:
    before = restart(first)
    before.config["WTF_CSRF_ENABLED"] = False
    browser = signed_in_browser(before)
    before.config["WTF_CSRF_ENABLED"] = True
    token = token_on(browser.get("/office/people").text)
    browser = carry(browser, restart(NEW, first))
    assert browser.get("/office/people").status_code == 200
    assert add_volunteer(browser, token) in (200, 302)
    # What is signed from now on is signed with the new key: it counts where the old one is known no more.
    token = token_on(browser.get("/office/people").text)
    browser = carry(browser, restart(NEW))
    assert browser.get("/office/people").status_code == 200
    assert add_volunteer(browser, token) in (200, 302)


def test_a_key_that_is_named_no_more_counts_no_more(app: Flask, people: People, first: str, restart: Restart) -> None:
    before = restart(first)
    before.config["WTF_CSRF_ENABLED"] = False
    browser = signed_in_browser(before)
    before.config["WTF_CSRF_ENABLED"] = True
    token = token_on(browser.get("/office/people").text)
    browser = carry(browser, restart(NEW))
    assert browser.get("/office/people").status_code == 302
    assert add_volunteer(browser, token) == 400


def test_hosts_that_are_changed_one_after_another_know_each_other_s_signatures(
    app: Flask, people: People, first: str, restart: Restart
) -> None:
    """docs/scaling.md: first every host is told the new key as one that counts, then each is let sign with it."""
    told, changed = restart(first, NEW), restart(NEW, first)
    told.config["WTF_CSRF_ENABLED"] = False
    browser = signed_in_browser(told)
    told.config["WTF_CSRF_ENABLED"] = True
    for host in (changed, told, changed, told):
        browser = carry(browser, host)
        token = token_on(browser.get("/office/people").text)
        assert add_volunteer(browser, token) in (200, 302)


def test_nonces_of_digest_outlast_a_change(app: Flask, first: str, restart: Restart) -> None:
    """A phone that sends with a nonce from before need not prove its password anew."""
    with restart(first).app_context():
        nonce = make_nonce()
    with restart(NEW, first).app_context():
        assert nonce_moment(nonce) is not None
        newer = make_nonce()
    with restart(NEW).app_context():
        assert nonce_moment(nonce) is None
        assert nonce_moment(newer) is not None


def test_old_keys_are_separated_by_commas(tmp_path: object) -> None:
    settings = load_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY": "c", "SECRET_KEY_OLD": " b, a ,"})
    assert settings.old_secret_keys == ("b", "a")
    assert settings.signing_keys[-1] == "c"
