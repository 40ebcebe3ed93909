"""The owner's status page, its rules, and the same on the command line."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy.orm import Session

from collector import disk
from collector.running.hosts import host_name, note_alive
from collector.running.judge import AMBER, GREEN, RED, judge, worst
from collector.running.state import HostState, PhonesState, Queues, State
from collector.settings import VERSION
from collector.store import Backup, Host, SealedWith, utc_now
from tests.conftest import People, Phone, sign_in
from tests.documents import fresh, make_document

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
MIB = 1024 * 1024


def host(
    name: str = "one /data", *, silent_s: float = 5, version: str = VERSION, free_bytes: int = 9000 * MIB
) -> HostState:
    """A machine by its last sign of life."""
    return HostState(
        name, version, NOW - timedelta(days=1), NOW - timedelta(seconds=silent_s), free_bytes, 10_000 * MIB
    )


WELL = State(
    at=NOW,
    version=VERSION,
    database="sqlite",
    database_bytes=5 * MIB,
    migration="0008",
    newest_migration="0008",
    files="folder",
    is_files_writable=True,
    free_bytes=9000 * MIB,
    total_bytes=10_000 * MIB,
    least_bytes=512 * MIB,
    responses=12,
    hosts=[host()],
    last_backup_at=NOW - timedelta(hours=3),
    data_keys=["8d311afa"],
)


def test_all_is_well() -> None:
    assert worst(judge(WELL)) == GREEN


@pytest.mark.parametrize(
    ("change", "topic", "level"),
    [
        ({"hosts": []}, "hosts", AMBER),
        ({"hosts": [host(silent_s=121)]}, "hosts", RED),
        ({"hosts": [host(), host("two /data", silent_s=121)]}, "hosts", AMBER),
        ({"hosts": [host(), host("two /data", version="0.7.0")]}, "hosts", AMBER),
        ({"hosts": [host(), host("two /data", version="0.7.0", silent_s=600)]}, "hosts", AMBER),
        ({"migration": "0007"}, "database", RED),
        ({"migration": ""}, "database", RED),
        ({"free_bytes": 512 * MIB - 1}, "room", RED),
        ({"free_bytes": 512 * MIB}, "room", AMBER),
        ({"free_bytes": 3 * 512 * MIB}, "room", GREEN),
        ({"hosts": [host(), host("two /data", free_bytes=MIB)]}, "room", RED),
        ({"hosts": [host(), host("two /data", free_bytes=MIB, silent_s=600)]}, "room", GREEN),
        ({"is_files_writable": False}, "files", RED),
        ({"last_backup_at": None}, "backup", AMBER),
        ({"last_backup_at": NOW - timedelta(days=7)}, "backup", GREEN),
        ({"last_backup_at": NOW - timedelta(days=7, seconds=1)}, "backup", RED),
        ({"last_backup_at": NOW - timedelta(days=8), "responses": 0}, "backup", AMBER),
        ({"missing_keys": ["deadbeef"]}, "keys", RED),
        ({"replica": ""}, "replica", GREEN),
        ({"replica": "away"}, "replica", AMBER),
        ({"replica": "", "replica_lag_s": 61.0}, "replica", AMBER),
        ({"limits": ""}, "limits", GREEN),
        ({"limits": "away"}, "limits", RED),
        ({"queues": Queues(exports_waiting=4)}, "exports", GREEN),
        ({"queues": Queues(export_failures=1)}, "exports", AMBER),
        ({"queues": Queues(webhook_faults=1)}, "webhooks", AMBER),
        ({"queues": Queues(deliveries_waiting=1, oldest_delivery_at=NOW - timedelta(minutes=61))}, "webhooks", AMBER),
        ({"queues": Queues(deliveries_waiting=1, oldest_delivery_at=NOW - timedelta(minutes=59))}, "webhooks", GREEN),
        ({"queues": Queues(quarantined=1)}, "quarantine", AMBER),
        (
            {"phones": PhonesState(holding=1, responses=2, oldest_at=NOW - timedelta(days=3, seconds=1))},
            "phones",
            AMBER,
        ),
        ({"phones": PhonesState(holding=1, responses=2, oldest_at=NOW - timedelta(days=2))}, "phones", GREEN),
    ],
)
def test_the_rules(app: Flask, change: dict[str, object], topic: str, level: str) -> None:
    lines = judge(replace(WELL, **change))  # type: ignore[arg-type]
    [line] = [line for line in lines if line.topic == topic]
    assert line.level == level
    assert level == GREEN or worst(lines) == level
    with app.test_request_context():
        for language in ("en", "zh"):
            with force_locale(language):
                assert str(line.words)
                assert level == GREEN or str(line.advice)


def test_only_owners_see_it(client: FlaskClient, people: People) -> None:
    assert client.get("/office/status").status_code == 302
    for login, status in (("lin", 200), ("su", 403), ("ren", 403), ("ana", 403)):
        other = sign_in(client.application.test_client(), login)
        assert other.get("/office/status").status_code == status, login
        # The way to it is there for whoever may go it.
        assert ("/office/status" in other.get("/office/account").text) == (status == 200)


def test_it_shows_servers_and_counts_and_names_nobody(
    app: Flask, client: FlaskClient, session: Session, people: People, phone: Phone
) -> None:
    note_alive(session, app.config["SETTINGS"])
    session.add(Backup(started_at=utc_now(), finished_at=utc_now(), is_encrypted=True))
    session.commit()
    phone.receipts(make_document(id=None), waiting={"responses": 3, "oldest": "2026-01-01T09:00:00+08:00"})
    page = sign_in(client, "lin").get("/office/status").text
    assert host_name(app.config["SETTINGS"]).split(" ")[0] in page
    assert "The last one was made today." in page
    assert "1 documents wait for a decision." in page
    assert "1 hold 3 finished responses" in page
    assert "Wei" not in page


def test_a_sign_of_life_is_one_row_and_old_ones_go(app: Flask, session: Session) -> None:
    session.add(
        Host(
            name="gone",
            version="0.1",
            started_at=utc_now() - timedelta(days=30),
            seen_at=utc_now() - timedelta(days=8),
            free_bytes=1,
            total_bytes=2,
        )
    )
    session.commit()
    for _ in range(2):
        note_alive(session, app.config["SETTINGS"])
        session.commit()
    [only] = fresh(session).query(Host).all()
    assert only.name == host_name(app.config["SETTINGS"])
    assert only.total_bytes >= only.free_bytes > 0
    assert utc_now() - only.seen_at < timedelta(minutes=1)


def test_the_command_says_the_same_and_fails_on_red(app: Flask, session: Session) -> None:
    done = app.test_cli_runner().invoke(args=["collector", "status"])
    assert done.exit_code == 0, done.output
    assert "green  Database:" in done.output
    session.add(SealedWith(id="deadbeef"))
    session.commit()
    done = app.test_cli_runner().invoke(args=["collector", "status", "--json"])
    assert done.exit_code == 1
    told = json.loads(done.output)
    assert told["level"] == RED
    assert told["topics"]["keys"]["level"] == RED
    assert "deadbeef" in told["topics"]["keys"]["words"]
    assert told["state"]["missing_keys"] == ["deadbeef"]


@pytest.fixture
def low(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """So much has to stay free that there is not."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], min_free_bytes=2**60))


@pytest.mark.usefixtures("low")
def test_owners_are_told_on_every_page_that_files_wait(client: FlaskClient, people: People) -> None:
    lin, su = (sign_in(client.application.test_client(), login) for login in ("lin", "su"))
    words = "disk is nearly full"
    assert words in lin.get("/office/responses").text
    assert words not in su.get("/office/responses").text
    assert "Photos and other files are refused for now" in lin.get("/office/status").text
    # There is no page of it where nobody is signed in.
    assert words not in client.get("/office/sign-in").text


def test_the_log_says_once_that_files_wait(
    app: Flask, caplog: pytest.LogCaptureFixture, low: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk.Told, "is_low", False)
    with app.app_context():
        for _ in range(3):
            with pytest.raises(Exception, match="disk_nearly_full"):
                disk.require_room()
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], min_free_bytes=0)
        for _ in range(3):
            disk.require_room()
    told = [record.getMessage() for record in caplog.records if record.name == "collector.disk"]
    assert len(told) == 2
    assert "nearly full" in told[0]
    assert "room on the disk again" in told[1]
