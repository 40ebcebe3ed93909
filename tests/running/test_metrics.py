"""/metrics: whose counts they are, and who may ask for them."""

import http.client
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import sleep, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from collector import metrics
from collector.export.jobs.operations import ask_export
from collector.export.options import Options
from collector.sample.demo import wait_for
from collector.settings import PROJECT_ROOT, VERSION
from collector.store import Questionnaire, User
from collector.store.people import OWNER
from collector.store.session import dispose, writing
from tests.faults.server import FORM_ID, FragileServer
from tests.running.conftest import NewPhone

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(text: str) -> Samples:
    """Every value by its name and labels, read as Prometheus does."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def ask(server: FragileServer, method: str, path: str) -> tuple[int, str]:
    """One request over a connection of its own, so that any worker may take it."""
    connection = http.client.HTTPConnection("127.0.0.1", int(server.environ["PORT"]), timeout=30)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def figures(server: FragileServer) -> Samples:
    """The server's metrics now."""
    status, body = ask(server, "GET", "/metrics")
    assert status == 200, body
    return read(body)


def value(samples: Samples, name: str, **labels: str) -> float:
    """One of them; 0 where there is none yet."""
    return samples.get((name, frozenset(labels.items())), 0.0)


def test_counts_add_up_over_workers_and_survive_one_that_is_killed(served: FragileServer, new_phone: NewPhone) -> None:
    before = figures(served)
    phone = new_phone(served, "Counted")
    for _ in range(4):
        phone.finish(files=1, file_bytes=3000)
    file_bytes = sum(len(file.content) for file in phone.files.values())
    assert phone.send()
    for number in range(30):
        assert ask(served, "GET", "/healthz")[0] == 200
        if number == 20:
            served.kill_worker(0)
            wait_for(served.url, served.process)
    asked = 30
    after = figures(served)

    def grew(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    requests = grew("collector_requests_total", endpoint="health.healthz", method="GET", status="200")
    # wait_for asks there, too.
    assert requests >= asked
    assert grew("collector_request_duration_seconds_count", endpoint="health.healthz") == requests
    assert grew("collector_receipts_total", status="stored") == 4
    assert grew("collector_push_documents_sum") == 4
    assert grew("collector_file_received_bytes_total") == file_bytes
    assert value(after, "collector_long_answers_open") == 0
    assert value(after, "collector_build_info", version=VERSION) == 1
    assert value(after, "collector_database_up") == 1
    assert value(after, "collector_disk_free_bytes") > 0


def test_files_of_counts_are_as_few_as_processes_at_a_time(served: FragileServer) -> None:
    figures(served)
    assert served.process is not None
    environ = Path(f"/proc/{served.workers[0]}/maps").read_text()
    [folder] = {Path(line.split()[-1]).parent for line in environ.splitlines() if metrics.PREFIX in line}
    for _ in range(5):
        old = served.workers
        served.kill_worker(0)
        for _try in range(300):
            if len(served.workers) == 2 and served.workers != old:
                break
            sleep(0.1)
        wait_for(served.url, served.process)
        figures(served)
    # The server, two workers, the keeper, the loop; one more may begin before another's lock is back.
    assert len(list(folder.glob("counter_*.db"))) <= 7


def test_addresses_and_methods_that_are_made_up_make_no_series(served: FragileServer) -> None:
    ask(served, "BREW", "/nothing/first")
    ask(served, "GET", "/nothing/first")
    before = set(figures(served))
    for number in range(20):
        ask(served, "GET", f"/nothing/{number}")
        ask(served, f"BREW{number}", f"/nothing/{number}")
        ask(served, "GET", f"/sync/v1/models/{number}")
    after = set(figures(served))
    new = {(name, labels) for name, labels in after - before if ("endpoint", "sync.model") not in labels}
    assert {name for name, _ in new} <= {"collector_errors_total", "collector_sign_ins_refused_total"}
    assert value(figures(served), "collector_requests_total", endpoint="none", method="other", status="404") >= 21


def test_no_label_tells_who_or_where(served: FragileServer, new_phone: NewPhone) -> None:
    new_phone(served, "Marker-Wei").pull()
    text = ask(served, "GET", "/metrics")[1]
    assert "Marker" not in text
    allowed = {"endpoint", "method", "status", "le", "code", "kind", "outcome", "version"}
    assert {name for _, labels in read(text) for name, _ in labels} <= allowed


def test_work_in_the_background_is_counted_too(served: FragileServer, new_phone: NewPhone) -> None:
    phone = new_phone(served, "Exported")
    for _ in range(3):
        phone.finish()
    assert phone.send()
    before = figures(served)
    app = served.app
    with app.app_context(), writing() as session:
        owner = session.scalars(select(User.id).where(User.role == OWNER)).one()
        questionnaire = session.scalars(select(Questionnaire).where(Questionnaire.form_id == FORM_ID)).one()
        ask_export(session, owner, questionnaire, Options(format="csv"))
    dispose(app)
    until = time() + 60
    while value(after := figures(served), "collector_exports_total", outcome="ready") == 0:
        assert time() < until
        sleep(0.2)
    assert value(after, "collector_export_responses_total") - value(before, "collector_export_responses_total") >= 3
    piece = {"kind": "export", "outcome": "done"}
    while value(figures(served), "collector_background_pieces_total", **piece) == 0:
        assert time() < until
        sleep(0.2)


def test_every_metric_is_documented_and_every_documented_one_exists(app: Flask, client: FlaskClient) -> None:
    text = (PROJECT_ROOT / "docs" / "running.md").read_text()
    names = {family.name for family in text_string_to_metric_families(client.get("/metrics").text)}
    # Those that are there only beside a replica.
    names |= {"collector_replica_up", "collector_replica_lag_seconds"}
    told = {re.sub(r"_(total|bucket)$", "", name) for name in re.findall(r"\bcollector_[a-z_]+", text)}
    assert told == names


@pytest.fixture
def with_token(app: Flask) -> Iterator[str]:
    """The app asks for a token."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, metrics_token="a-token-of-many-letters")
    yield "a-token-of-many-letters"
    app.config["SETTINGS"] = settings


def test_without_a_token_only_this_machine_may_ask(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 200
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403, header
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403


def test_with_a_token_whoever_knows_it_may(client: FlaskClient, with_token: str) -> None:
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 401
    far = {"REMOTE_ADDR": "192.0.2.7"}
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {with_token}"}, environ_base=far)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert read(answer.text)


def test_what_a_killed_process_left_half_written_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(metrics.FOLDER, str(tmp_path))
    (tmp_path / "counter_slot0.db").write_bytes(b"\xff\x00\x00\x00" + os.urandom(60))
    (tmp_path / "gauge_livesum_slot0.db").write_bytes(b"\x08\x00\x00\x00" + bytes(60))
    slot = metrics.Slot()
    slot.take()
    assert slot.name == "slot0"
    assert not list(tmp_path.glob("*.db"))
    other = metrics.Slot()
    other.take()
    assert other.name == "slot1"
