"""Exports of 50,000 responses with 100 questions and a repeat of three rows each, from a real server: rows of the main table a second,
from the moment that somebody asks until the file is there; how much the server's memory grows meanwhile, and how long pages take.

`BENCH_EXPORTS` says how many responses instead, `BENCH_EXPORTS_DB` which database.
"""

import hashlib
import json
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import requests
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from collector.store import Place, Questionnaire, Response, Revision, User
from collector.store.people import VOLUNTEER
from tests.bench.desk_seed import copy
from tests.bench.phone import publish
from tests.bench.result import Result
from tests.servers import Server, running_server
from tests.workbooks import make_workbook

NUMBER, BATCH, ROWS = 50_000, 2_000, 3
FORM_ID = "bench_export"
#: A question of each kind, ten times over.
KINDS = (
    "text",
    "integer",
    "decimal",
    "date",
    "select_one few",
    "select_one few",
    "select_multiple few",
    "text",
    "integer",
    "text",
)
FORMATS = ("csv", "xlsx", "sav")
NAMES = (
    *(f"export_{code}_rows_per_s" for code in FORMATS),
    "export_csv_main_rows_per_s",
    "export_first_byte_ms",
    "export_memory_growth_mb",
    "export_pages_meanwhile_ms",
)
PAGES = ("/office/board", "/office/exports/", "/office/responses")
WORDS = (
    "两口人",
    "靠近河边",
    "no, thank you",
    "每天两次",
    "The well is 300 m away, behind the school",
    "不知道",
    "有电",
    "张三",
    "租的房子",
    "",
)


def form() -> str:
    """The questionnaire: ten groups of ten questions, and a repeat."""
    lines = ["| survey |", "| | type | name | label::中文 (zh) | label::English (en) |"]
    for group in range(10):
        lines.append(f"| | begin group | g{group} | 第{group}组 | Group {group} |")
        lines += [
            f"| | {kind} | q{group}{at} | 问题{group}{at} | Question {group}{at} |" for at, kind in enumerate(KINDS)
        ]
        lines.append("| | end group | | | |")
    lines += [
        "| | begin repeat | members | 成员 | Members |",
        "| | text | name | 姓名 | Name |",
        "| | integer | age | 年龄 | Age |",
        "| | select_one few | work | 工作 | Work |",
        "| | end repeat | | | |",
        "| choices |",
        "| | list_name | name | label::中文 (zh) | label::English (en) |",
        *(f"| | few | {at} | 选项{at} | Choice {at} |" for at in range(1, 7)),
        "| settings |",
        "| | form_title | form_id | version | default_language |",
        f"| | Bench | {FORM_ID} | 1 | 中文 (zh) |",
    ]
    return "\n".join(lines)


def answer(kind: str, chance: Random) -> str:
    """An answer of a kind."""
    few = "123456"
    answers: dict[str, Callable[[], str]] = {
        "text": lambda: chance.choice(WORDS),
        "integer": lambda: str(chance.randint(0, 120)),
        "decimal": lambda: f"{chance.uniform(0, 100):.2f}",
        "date": lambda: f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        "select_one few": lambda: chance.choice(few),
        "select_multiple few": lambda: " ".join(sorted(chance.sample(few, 2))),
    }
    return answers[kind]()


def fill(engine: Engine, number: int) -> None:
    """Put so many responses to the questionnaire into the database."""
    chance = Random(2006)
    with Session(engine) as session:
        questionnaire = session.query(Questionnaire).filter_by(form_id=FORM_ID).one()
        place = session.query(Place).filter(Place.level == 2).order_by(Place.id).first()
        author = session.query(User.id).filter(User.role == VOLUNTEER).order_by(User.name).first()
        assert place is not None and author is not None
        of = (questionnaire.id, questionnaire.current_version_id, place.id, place.code, author[0])
    begin = datetime.now(UTC) - timedelta(days=60)
    for start in range(0, number, BATCH):
        responses, revisions = [], []
        for at in range(start, min(number, start + BATCH)):
            response, revision = make(chance, begin + timedelta(minutes=at), *of)
            responses.append(response)
            revisions.append(revision)
        with engine.connect().execution_options(is_write=True) as connection, connection.begin():
            for table, rows in ((Response.__table__, responses), (Revision.__table__, revisions)):
                if engine.dialect.name == "postgresql":
                    copy(connection, table, rows)  # type: ignore[arg-type]
                else:
                    connection.execute(insert(table), rows)


def make(
    chance: Random, moment: datetime, questionnaire_id: int, version_id: int, place_id: int, code: str, author_id: str
) -> tuple[dict[str, object], dict[str, object]]:
    """A response and its revision."""
    id_ = str(UUID(int=chance.getrandbits(128), version=4))
    clock = moment.isoformat(timespec="milliseconds")
    answers: dict[str, object] = {
        f"g{group}": {f"q{group}{at}": text for at, kind in enumerate(KINDS) if (text := answer(kind, chance))}
        for group in range(10)
    }
    answers["members"] = [
        {"name": chance.choice(WORDS[:5]), "age": str(chance.randint(0, 99)), "work": chance.choice("123")}
        for _ in range(ROWS)
    ]
    document = json.dumps({"id": id_, "form": FORM_ID, "answers": answers, "files": []}, ensure_ascii=False)
    content_hash = hashlib.sha256(document.encode()).hexdigest()
    shared = {"version_id": version_id, "received_at": moment}
    response = {
        "id": id_, "questionnaire_id": questionnaire_id, "place_id": place_id, "place_code": code,
        "author_id": author_id, "current_revision": 1, "state": "received", "is_conflicted": False, "flag_count": 0,
        "missing_files": 0, "instance_name": "", "started_at": clock, "finished_at": clock,
        "received_on": moment.date(), "is_test": False,
    }  # fmt: skip
    revision = {"response_id": id_, "number": 1, "content_hash": content_hash, "document": document, "flags": []}
    return response | shared, revision | shared


class Watch:
    """Looks, while something is done, at the server's memory and at how long pages take."""

    def __init__(self, server: Server, browser: requests.Session) -> None:
        assert server.process is not None
        self.server, self.browser, self.master = server, browser, server.process.pid
        self.before = self.peak = memory_mb(self.master)
        self.slowest_ms = 0.0
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=look) for look in (self.look_at_memory, self.look_at_pages)]

    def __enter__(self) -> "Watch":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def look_at_memory(self) -> None:
        """Keep the highest."""
        while not self.is_over.wait(0.1):
            self.peak = max(self.peak, memory_mb(self.master))

    def look_at_pages(self) -> None:
        """Keep the slowest."""
        cookies = self.browser.cookies
        while not self.is_over.wait(0.2):
            for page in PAGES:
                began = time.perf_counter()
                assert requests.get(self.server.url + page, cookies=cookies, timeout=60).status_code == 200
                self.slowest_ms = max(self.slowest_ms, (time.perf_counter() - began) * 1000)


def memory_mb(pid: int) -> float:
    """Memory of a process and all its descendants in millions of bytes; what they share is counted once."""
    total, left = 0, [pid]
    while left:
        one = left.pop()
        try:
            # Each thread has children of its own; the background work is begun by another one than the first.
            for task in Path(f"/proc/{one}/task").iterdir():
                left += map(int, (task / "children").read_text().split())
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE)
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += int(found.group(1)) * 1024 if found else 0
    return total / 1e6


def sign_in(server: Server) -> requests.Session:
    """A browser, signed in as the owner."""
    browser = requests.Session()
    page = browser.get(f"{server.url}/office/sign-in", timeout=60).text
    sent = {"login": "owner", "password": server.password, "csrf_token": token_of(page)}
    assert browser.post(f"{server.url}/office/sign-in", data=sent, timeout=60).status_code == 200
    return browser


def token_of(page: str) -> str:
    """The token of a page's forms."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def warm_up(server: Server, browser: requests.Session) -> None:
    """Look at each page in every worker, as on any day: what a worker keeps from then on is no growth."""

    def look(page: str) -> None:
        # A connection of its own may reach either worker.
        requests.get(server.url + page, cookies=browser.cookies, timeout=60)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(look, PAGES * 20))


def make_file(server: Server, browser: requests.Session, code: str) -> float:
    """Ask for a file, wait until it is there, and fetch it. Gives the seconds until it was there."""
    address = f"{server.url}/office/exports/"
    sent = {"quick": code, "csrf_token": token_of(browser.get(address, timeout=60).text)}
    began = time.perf_counter()
    browser.post(address + FORM_ID, data=sent, timeout=60)
    while True:
        part = browser.get(address, headers={"X-Fragment": "files"}, timeout=60).text
        found = re.search(r'data-file="([^"]+)" data-state="([^"]+)"', part)
        assert found and found.group(2) != "failed", part
        if found.group(2) == "ready":
            break
        time.sleep(0.1)
    seconds = time.perf_counter() - began
    assert browser.get(f"{address}-/{found.group(1)}", timeout=600).status_code == 200
    return seconds


def stream(server: Server, browser: requests.Session) -> tuple[float, float]:
    """Fetch the main table as CSV at once. Gives the seconds until the first byte and until the last."""
    began = time.perf_counter()
    with browser.get(f"{server.url}/office/exports/{FORM_ID}.csv", stream=True, timeout=600) as answer:
        pieces = answer.iter_content(1 << 16)
        next(pieces)
        first = time.perf_counter() - began
        for _ in pieces:
            pass
    return first, time.perf_counter() - began


def tell(what: str, watch: Watch) -> None:
    """Say on the error output what is behind the figures of all formats."""
    growth = watch.peak - watch.before
    print(f"{what}: memory +{growth:.1f} MB, slowest page {watch.slowest_ms:.0f} ms", file=sys.stderr)


def measure_exports() -> Iterator[Result]:
    """Each format, one after the other, as somebody in the office waits for it."""
    kind = os.environ.get("BENCH_EXPORTS_DB") or "sqlite"
    number = int(os.environ.get("BENCH_EXPORTS") or NUMBER)
    with tempfile.TemporaryDirectory() as folder, running_server(kind, Path(folder)) as server:
        publish(server, make_workbook(form()), FORM_ID)
        app = server.app
        fill(app.extensions["collector_engine"], number)
        app.extensions["collector_engine"].dispose()
        browser = sign_in(server)
        warm_up(server, browser)
        growth = slowest = 0.0
        for code in FORMATS:
            # Once for itself, as the figures of the peers were taken, and once while others look at pages.
            seconds = make_file(server, browser, code)
            yield Result(f"export_{code}_rows_per_s", round(number / seconds), "rows/s", 1, kind)
            with Watch(server, browser) as watch:
                make_file(server, browser, code)
            tell(code, watch)
            growth, slowest = max(growth, watch.peak - watch.before), max(slowest, watch.slowest_ms)
        first, whole = stream(server, browser)
        with Watch(server, browser) as watch:
            stream(server, browser)
        tell("stream", watch)
        growth, slowest = max(growth, watch.peak - watch.before), max(slowest, watch.slowest_ms)
        yield Result("export_csv_main_rows_per_s", round(number / whole), "rows/s", 1, kind)
        yield Result("export_first_byte_ms", round(first * 1000, 1), "ms", 1, kind)
        yield Result("export_memory_growth_mb", round(growth, 1), "MB", len(FORMATS) + 1, kind)
        yield Result("export_pages_meanwhile_ms", round(slowest, 1), "ms", len(FORMATS) + 1, kind)
