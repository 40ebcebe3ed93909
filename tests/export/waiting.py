"""What tests of files that are waited for share: doing the background work here and now, and asking for files as a browser does."""

import re

from flask import Flask
from flask.testing import FlaskClient

from collector.export.jobs import running
from collector.export.jobs.claims import Claim


def take(app: Flask) -> Claim | None:
    """Take the next job, as the background process does."""
    with app.app_context():
        return running.take_due()


def work(app: Flask) -> int:
    """Make all files that are waited for. Gives how many there were."""
    number = 0
    while claim := take(app):
        with app.app_context():
            running.make_export(claim)
        number += 1
    return number


def ask(client: FlaskClient, form_id: str = "household", **fields: object) -> None:
    """Ask for a file from the page of options, with what a browser sends for these fields."""
    usual = {
        "format": "csv",
        "choices": "values",
        "language": "",
        "headers": "path",
        "multiple": "one",
        "repeats": "tables",
        "times": "offset",
    }
    answer = client.post(f"/office/exports/{form_id}", data=usual | fields)
    assert answer.status_code == 302, answer.text


def listed(client: FlaskClient) -> list[tuple[str, str]]:
    """Id and state of each file on the page of exports, newest first."""
    page = client.get("/office/exports/").text
    return re.findall(r'data-file="([^"]+)" data-state="([^"]+)"', page)


def made(app: Flask, client: FlaskClient, **fields: object) -> str:
    """Ask for a file and have it made. Gives its id."""
    ask(client, **fields)  # type: ignore[arg-type]
    work(app)
    id_, state = listed(client)[0]
    assert state == "ready", client.get("/office/exports/").text
    return id_
