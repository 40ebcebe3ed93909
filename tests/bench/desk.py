"""Server time of the pages that a supervisor opens most, with a million responses on PostgreSQL and 200,000 on SQLite.

`BENCH_DESK` says how many instead, for both; `BENCH_PLANS=1` prints the plans of PostgreSQL to the error output.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from collector import create_app
from collector.accounts.operations import create_user
from collector.sample.load import load_sample
from collector.settings import load_settings
from collector.store.migrate import upgrade
from collector.store.people import OWNER
from collector.store.session import writing
from tests.bench.desk_seed import seed
from tests.bench.result import Result
from tests.databases import new_database

NUMBERS = {"postgresql": 1_000_000, "sqlite": 200_000}
PAGES = {
    "board_ms": "/office/board",
    "responses_page_ms": "/office/responses",
    "board_table_ms": "/office/board?view=table",
    "board_all_ms": "/office/board?questionnaire=*&period=7",
    "board_volunteers_ms": "/office/board/volunteers",
    "board_points_ms": "/office/board/points.geojson",
}
NAMES = tuple(name for page in PAGES for name in (page, page.replace("_ms", "_p95_ms")))
TIMES, WARM = 20, 3
PASSWORD = "a password for benches"


def measure_desk() -> Iterator[Result]:
    """Median and 95th percentile of each page, on both databases."""
    for kind, usual in NUMBERS.items():
        number = int(os.environ.get("BENCH_DESK") or usual)
        with tempfile.TemporaryDirectory() as folder, new_database(kind, Path(folder)) as url:
            app = create_app(load_settings({"DATA_DIR": folder, "DATABASE_URL": url, "DEFAULT_LANGUAGE": "zh"}))
            began = perf_counter()
            client = fill(app, number)
            print(f"{kind}: {number} responses in {perf_counter() - began:.0f} s", file=sys.stderr)
            for name, address in PAGES.items():
                times = measure(client, address)
                yield Result(name, round(median(times), 1), "ms", TIMES, kind)
                p95 = times[round(0.95 * (TIMES - 1))]
                yield Result(name.replace("_ms", "_p95_ms"), round(p95, 1), "ms", TIMES, kind)
            if os.environ.get("BENCH_PLANS") and kind == "postgresql":
                print_plans(app, client)
            app.extensions["collector_engine"].dispose()


def fill(app: Flask, number: int) -> FlaskClient:
    """The sample survey with `number` responses, and somebody's browser, signed in as the owner."""
    app.config["WTF_CSRF_ENABLED"] = False
    upgrade(app.extensions["collector_engine"])
    with app.app_context(), writing() as session:
        create_user(session, name="Owner", role=OWNER, login="owner", password=PASSWORD)
        load_sample(session)
    seed(app.extensions["collector_engine"], number)
    client = app.test_client()
    answer = client.post("/office/sign-in", data={"login": "owner", "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client


def measure(client: FlaskClient, address: str) -> list[float]:
    """Milliseconds of the server for each of TIMES calls, in order of length, after some that do not count."""
    times = []
    for at in range(WARM + TIMES):
        began = perf_counter()
        answer = client.get(address)
        if at >= WARM:
            times.append((perf_counter() - began) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    return sorted(times)


def print_plans(app: Flask, client: FlaskClient) -> None:
    """How PostgreSQL goes about each statement of the two main pages, with what it took."""
    engine = app.extensions["collector_engine"]
    seen: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    for name in ("board_ms", "responses_page_ms"):
        client.get(PAGES[name])
    event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        for statement, parameters in seen:
            if statement.startswith("SELECT"):
                plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {statement}", parameters)
                print("\n".join(["", statement, *(row[0] for row in plan)]), file=sys.stderr)
