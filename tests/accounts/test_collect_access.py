"""Access for ODK Collect on a person's page: made, shown once, in a code that Collect reads, and taken back."""

import base64
import json
import re
import zlib
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.collect_access import settings_code
from collector.store import Device
from collector.store.people import OPENROSA
from tests.conftest import People


def shown(page: str, name: str) -> str:
    """What the card says under `name`."""
    return unescape(re.search(rf'data-collect="{name}">([^<]+)<', page)[1])  # type: ignore[index]


def forms_of(client: FlaskClient, login: str, password: str) -> int:
    """The status of the answer to a client that asks for its forms."""
    proof = base64.b64encode(f"{login}:{password}".encode()).decode()
    return client.get("/openrosa/formList", headers={"Authorization": f"Basic {proof}"}).status_code


def test_it_is_shown_once_and_lets_collect_in(su: FlaskClient, app: Flask, people: People, session: Session) -> None:
    page = su.post(f"/office/people/{people.wei.id}/collect").text
    login, password = shown(page, "login"), shown(page, "password")
    assert shown(page, "url") == "http://localhost:8000/openrosa"
    assert "data:image/svg+xml" in page
    assert "扫描此二维码" in page, "the card is in the volunteer's language, whatever the office speaks"
    assert forms_of(app.test_client(), login, password) == 200
    later = su.get(f"/office/people/{people.wei.id}").text
    assert login in later and password not in later
    assert "access made for ODK Collect" in later
    assert session.scalars(select(Device)).one().kind == OPENROSA


def test_it_is_taken_back_like_a_phone(su: FlaskClient, app: Flask, people: People, session: Session) -> None:
    page = su.post(f"/office/people/{people.wei.id}/collect").text
    device = session.scalars(select(Device)).one()
    assert su.post(f"/office/people/phones/{device.id}/revoke").status_code == 302
    assert forms_of(app.test_client(), shown(page, "login"), shown(page, "password")) == 401
    assert "access taken back" in su.get(f"/office/people/{people.wei.id}").text


def test_people_of_the_office_get_none(su: FlaskClient, people: People, session: Session) -> None:
    assert su.post(f"/office/people/{people.su.id}/collect").status_code == 403
    su.post(f"/office/people/{people.wei.id}/deactivate")
    assert su.post(f"/office/people/{people.wei.id}/collect").status_code == 403
    assert session.scalars(select(Device)).all() == []


def test_two_phones_have_two_names(su: FlaskClient, people: People) -> None:
    pages = [su.post(f"/office/people/{people.wei.id}/collect").text for _ in range(2)]
    assert shown(pages[0], "login") != shown(pages[1], "login")


def test_the_code_holds_settings_as_collect_reads_them() -> None:
    """JSON, zlib, base64; the objects general and admin have to be there."""
    text = settings_code("https://example.org/openrosa", "collect-1", "secret", "王")
    settings = json.loads(zlib.decompress(base64.b64decode(text)))
    assert settings["general"] == {
        "protocol": "odk_default",
        "server_url": "https://example.org/openrosa",
        "username": "collect-1",
        "password": "secret",
        "form_update_mode": "match_exactly",
        "autosend": "wifi_and_cellular",
    }
    assert settings["admin"] == {}
    assert settings["project"] == {"name": "Collector · 王"}
