"""Names of saved files: a real server's headers hold Latin letters only, and names of questionnaires any."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_options_header
from werkzeug.wrappers import Response

from collector.downloads import name_download
from collector.store import Place
from tests.central.clients import basic
from tests.conftest import HOUSEHOLD, People, Publish, sign_in


@pytest.mark.parametrize(
    "name",
    ["household.csv", "表格-成员.csv", 'e"; x=y.csv', "Straße 5.xlsx", "a\r\nX-Other: b.csv", "100%.csv", "\ud800.csv"],
)
def test_any_name_is_sent_and_read_back(name: str) -> None:
    answer = Response()
    name_download(answer, name)
    header = answer.headers["Content-Disposition"]
    assert header.isascii() and "\n" not in header
    kind, options = parse_options_header(header)
    wanted = name.replace("\r\n", "").replace("\ud800", "")
    assert (kind, options["filename"]) == ("attachment", wanted)


def test_downloads_of_a_questionnaire_with_a_chinese_name(
    app: Flask, people: People, places: dict[str, Place], publish: Publish, client: FlaskClient
) -> None:
    """Its id, its workbook and a repeat are named so."""
    publish(HOUSEHOLD.replace("members |", "成员 |").replace("household |", "入户 |"), name="入户问卷.xlsx")
    browser, central = sign_in(client, "su"), "/v1/projects/1/forms/入户"
    for address in (
        "/office/exports/入户.csv",
        "/office/exports/入户/成员.csv",
        "/office/questionnaires/入户/versions/1/workbook",
        f"{central}.xlsx",
        f"{central}/submissions.csv",
        f"{central}/submissions.csv.zip",
    ):
        answer = browser.get(address, headers=basic("su"))
        assert answer.status_code == 200, address
        assert all(value.isascii() for value in answer.headers.values()), address
        assert parse_options_header(answer.headers["Content-Disposition"])[1]["filename"][0] == "入", address
