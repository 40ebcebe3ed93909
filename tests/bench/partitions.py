"""docs/partitioning.sql, tried: `python -m tests.bench.partitions [ROWS]` fills the real layout, divides it while others write, and measures.

Prints a JSON object a line, as `make bench` does, and the plans that docs/scaling.md speaks of. Needs PostgreSQL (TEST_POSTGRESQL_URL).
"""

import json
import re
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import create_engine

from collector.settings import PROJECT_ROOT
from collector.store.data_keys import DataKey, DataKeys
from collector.store.migrate import upgrade
from collector.store.session import make_engine
from tests.bench.result import Result
from tests.databases import new_database

#: Months that the rows are spread over before the cut, and parts for as many after it.
MONTHS = 12
QUESTIONNAIRES = 4
#: Bytes of a sealed document, which nothing makes smaller.
DOCUMENT_BYTES = 900
CUT = datetime(2027, 1, 1, tzinfo=UTC)

#: Rows like those of a survey, made by the database itself.
ROWS = """
INSERT INTO responses (id, questionnaire_id, place_id, place_code, author_id, current_revision, state, is_conflicted, flag_count,
    missing_files, instance_name, started_at, finished_at, received_at, received_on, is_test)
SELECT gen_random_uuid()::text, 1 + n %% %(questionnaires)s, NULL, 'C' || n %% 66, NULL, 1, 'received', false, 0, 0, {name}, '', '',
    moment, moment::date, false
FROM (SELECT n, %(begin)s::timestamptz + n * (%(end)s::timestamptz - %(begin)s::timestamptz) / %(rows)s AS moment
      FROM generate_series(0, %(rows)s - 1) AS n) AS rows
"""
REVISIONS = """
INSERT INTO revisions (response_id, number, content_hash, document, received_at, flags{more})
SELECT id, 1, md5(id) || md5(id || 'x'), decode(repeat(md5(id), %(blocks)s), 'hex'), received_at, '[]'{value}
FROM responses r WHERE NOT EXISTS (SELECT 1 FROM revisions v WHERE v.response_id = r.id {same})
"""
LISTING = """SELECT id FROM responses WHERE questionnaire_id = 1 AND received_at >= %(from)s AND received_at < %(to)s
ORDER BY received_at DESC, id DESC LIMIT 50"""
WALK = """SELECT r.id, v.document FROM responses r JOIN revisions v ON v.response_id = r.id AND v.number = r.current_revision
WHERE r.questionnaire_id = 1 AND (r.received_at, r.id) > (%(from)s, '') AND r.received_at < %(to)s
ORDER BY r.received_at, r.id LIMIT 200"""
#: The same once there are parts. A comparison of rows leaves no part out, that of the moment alone does; and a join by three columns is
#: taken for so rare a match that all of a period would be read before it is sorted, hence the look-up for each row.
WALK_OF_PARTS = """SELECT r.id, v.document FROM responses r CROSS JOIN LATERAL (
    SELECT document FROM revisions v
    WHERE v.response_id = r.id AND v.number = r.current_revision AND v.response_at = r.received_at LIMIT 1) v
WHERE r.questionnaire_id = 1 AND r.received_at >= %(from)s AND (r.received_at, r.id) > (%(from)s, '') AND r.received_at < %(to)s
ORDER BY r.received_at, r.id LIMIT 200"""
BY_ID = "SELECT state FROM responses WHERE id = %(id)s"
BY_ID_AND_MOMENT = """SELECT r.state FROM response_ids i JOIN responses r ON r.id = i.id AND r.received_at = i.received_at
WHERE i.id = %(id)s"""
COUNT = "SELECT place_code, count(*) FROM responses WHERE questionnaire_id = 1 AND received_at >= %(from)s AND received_at < %(to)s GROUP BY 1"


def steps() -> dict[str, list[str]]:
    """The statements of docs/partitioning.sql by the names of its steps."""
    text = (PROJECT_ROOT / "docs" / "partitioning.sql").read_text()
    found: dict[str, list[str]] = {}
    for part in text.split("-- step: ")[1:]:
        head, _, body = part.partition("\n")
        lines = "\n".join(line for line in body.splitlines() if not line.startswith("--"))
        # A semicolon inside of `$$ … $$` ends no statement.
        pieces = re.findall(r"(?:\$\$.*?\$\$|[^;$])+;", lines, re.S)
        found[head.split(" (")[0]] = [piece.strip() for piece in pieces]
    return found


class Trial:
    """One database, before and after it is divided."""

    def __init__(self, url: str, rows: int) -> None:
        self.url = url.replace("postgresql+psycopg://", "postgresql://")
        self.rows = rows
        self.begin = CUT - timedelta(days=30 * MONTHS)
        self.steps = steps()

    def connect(self) -> psycopg.Connection[Any]:
        """A connection where each statement is a transaction of its own."""
        return psycopg.connect(self.url, autocommit=True)

    def fill(self, begin: datetime, end: datetime, rows: int, *, is_divided: bool) -> float:
        """Add rows; gives the seconds."""
        given = {
            "questionnaires": QUESTIONNAIRES,
            "begin": begin,
            "end": end,
            "rows": rows,
            "blocks": DOCUMENT_BYTES // 16,
        }
        began = time.perf_counter()
        with self.connect() as connection:
            # The bytes of instance_name are sealed in the real layout.
            connection.execute(ROWS.format(name="''::bytea" if self.is_sealed(connection) else "''"), given)
            divided = {"more": ", response_at", "value": ", received_at", "same": "AND v.response_at = r.received_at"}
            plain = {"more": "", "value": "", "same": ""}
            connection.execute(REVISIONS.format(**(divided if is_divided else plain)), given)
            connection.execute("VACUUM ANALYZE responses")
            connection.execute("VACUUM ANALYZE revisions")
        return time.perf_counter() - began

    def is_sealed(self, connection: psycopg.Connection[Any]) -> bool:
        """Whether names of responses are bytes."""
        found = connection.execute(
            "SELECT data_type FROM information_schema.columns WHERE table_name LIKE 'responses%%' AND column_name = 'instance_name'"
        ).fetchone()
        return found is not None and found[0] == "bytea"

    def run(self, name: str, **values: object) -> float:
        """Do a step; gives the seconds."""
        began = time.perf_counter()
        with self.connect() as connection:
            if name == "switch":
                with connection.transaction():
                    for statement in self.steps[name]:
                        connection.execute(given(statement, values))  # type: ignore[arg-type]
            elif name.startswith("fill"):
                while connection.execute(given(self.steps[name][0], values)).rowcount:  # type: ignore[arg-type]
                    pass
            else:
                for statement in self.steps[name]:
                    connection.execute(given(statement, values))  # type: ignore[arg-type]
        return time.perf_counter() - began

    def time_of(self, statement: str, each: Callable[[], dict[str, object]], times: int = 200) -> float:
        """The median milliseconds of a statement."""
        taken = []
        with self.connect() as connection:
            connection.execute("SET enable_partitionwise_join = on")
            for _ in range(times):
                values = each()
                began = time.perf_counter()
                connection.execute(statement, values).fetchall()  # type: ignore[arg-type]
                taken.append((time.perf_counter() - began) * 1000)
        return statistics.median(taken)

    def plan(self, statement: str, values: dict[str, object]) -> list[str]:
        """How the database answers a statement."""
        with self.connect() as connection:
            connection.execute("SET enable_partitionwise_join = on")
            explain = f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY ON) {statement}"
            return [row[0] for row in connection.execute(explain, values)]  # type: ignore[arg-type]

    def some_ids(self, number: int) -> list[str]:
        """Ids of responses, of all periods."""
        with self.connect() as connection:
            found = connection.execute("SELECT id FROM responses ORDER BY md5(id) LIMIT %s", (number,))
            return [row[0] for row in found]


def given(statement: str, values: dict[str, object]) -> str:
    """A statement of the file with its names in place. The values are ours: moments, names and numbers."""
    for name, value in values.items():
        written = f"'{value.isoformat()}'" if isinstance(value, datetime) else str(value)
        statement = re.sub(rf":{name}(?![a-z])", written, statement)
    return statement


class Writer(threading.Thread):
    """Somebody who stores a response after the other meanwhile, as phones do, and notes the longest wait."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(name="writer", daemon=True)
        self.trial, self.is_over = trial, threading.Event()
        self.taken: list[float] = []

    def run(self) -> None:
        """One transaction for each, with its revision."""
        moment = CUT - timedelta(days=1)
        with self.trial.connect() as connection:
            name: object = b"" if self.trial.is_sealed(connection) else ""
            while not self.is_over.is_set():
                began, id_ = time.perf_counter(), str(uuid4())
                with connection.transaction():
                    connection.execute(
                        "INSERT INTO responses (id, questionnaire_id, place_code, current_revision, state, is_conflicted, flag_count, "
                        "missing_files, instance_name, started_at, finished_at, received_at, received_on, is_test) "
                        "VALUES (%s, 1, '', 1, 'received', false, 0, 0, %s, '', '', %s, %s, false)",
                        (id_, name, moment, moment.date()),
                    )
                    # `response_at` is the trigger's to set until the switch, and the server's from then on.
                    column = connection.execute("SELECT to_regclass('revisions_until') IS NOT NULL").fetchone()
                    extra = (", response_at", ", %s", (moment,)) if column and column[0] else ("", "", ())
                    connection.execute(
                        f"INSERT INTO revisions (response_id, number, content_hash, document, received_at, flags{extra[0]}) "  # type: ignore[arg-type]
                        f"VALUES (%s, 1, %s, %s, %s, '[]'{extra[1]})",
                        (id_, id_ + "0" * 28, b"x" * DOCUMENT_BYTES, moment, *extra[2]),
                    )
                self.taken.append(time.perf_counter() - began)
                time.sleep(0.005)


def measure(rows: int) -> Iterator[Result | list[str]]:
    """All figures, and plans as lists of lines."""
    with new_database("postgresql", Path()) as url:
        engine = make_engine(url, DataKeys((DataKey(bytes(32)),)))
        upgrade(engine)
        engine.dispose()
        prepare(url)
        trial = Trial(url, rows)
        seconds = trial.fill(trial.begin, CUT - timedelta(days=2), rows, is_divided=False)
        yield figure("partition_fill_before_rows_per_s", rows / seconds, "rows/s", rows)
        yield from measure_reads(trial, "before", trial.begin + timedelta(days=180), WALK)
        writer = Writer(trial)
        writer.start()
        wait_for_writes(writer)
        for name in (
            "registry",
            "fill registry",
            "fill revisions",
            "indexes",
            "checks",
            "references",
            "switch",
            "listing indexes",
        ):
            known = len(writer.taken)
            seconds = trial.run(name, cut=CUT)
            wait_for_writes(writer)
            yield figure(f"partition_step_{name.replace(' ', '_')}_s", seconds, "s", 1)
            yield figure(
                f"partition_longest_wait_{name.replace(' ', '_')}_ms",
                max(writer.taken[known:]) * 1000,
                "ms",
                len(writer.taken) - known,
            )
        writer.is_over.set()
        writer.join()
        for month in range(MONTHS):
            period = periods(month)
            trial.run("a period to come", large=1, **period)
        seconds = trial.fill(CUT, CUT + timedelta(days=30 * MONTHS), rows, is_divided=True)
        yield figure("partition_fill_after_rows_per_s", rows / seconds, "rows/s", rows)
        yield from measure_reads(trial, "after", CUT + timedelta(days=180), WALK_OF_PARTS)
        yield figure("partition_by_registry_ms", by_id(trial, BY_ID_AND_MOMENT), "ms", 200)
        twice = refuses_twice(trial)
        yield figure("partition_same_id_in_two_periods_refused", float(twice), "yes", 1)
        yield figure("partition_period_dropped_s", trial.run("a period goes", **periods(2)), "s", rows // MONTHS)


def prepare(url: str) -> None:
    """Questionnaires to which there are responses."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for number in range(1, QUESTIONNAIRES + 1):
            connection.exec_driver_sql(
                f"INSERT INTO questionnaires (form_id, created_at) VALUES ('form{number}', now())"
            )
    engine.dispose()


def periods(month: int) -> dict[str, Any]:
    """The names of a period after the cut."""
    begin = CUT + timedelta(days=30 * month)
    return {"period": f"{begin:%Y%m%d}", "from": begin, "to": begin + timedelta(days=30)}


def wait_for_writes(writer: Writer) -> None:
    """Let some more be written."""
    known = len(writer.taken)
    while len(writer.taken) < known + 20:
        if not writer.is_alive():
            raise RuntimeError("the writer has ended")
        time.sleep(0.01)


def measure_reads(trial: Trial, when: str, begin: datetime, walk: str) -> Iterator[Result | list[str]]:
    """What pages and exports ask of one questionnaire and one month."""
    period: dict[str, object] = {"from": begin, "to": begin + timedelta(days=30)}
    for name, statement in (("listing", LISTING), ("walk_200", walk), ("count", COUNT)):
        yield figure(f"partition_{name}_{when}_ms", trial.time_of(statement, lambda: period, 50), "ms", 50)
        yield [f"{name} {when}", *trial.plan(statement, period)]
    yield figure(f"partition_by_id_{when}_ms", by_id(trial, BY_ID), "ms", 200)


def by_id(trial: Trial, statement: str) -> float:
    """Milliseconds of finding a response by its id."""
    ids = iter(trial.some_ids(200))
    return trial.time_of(statement, lambda: {"id": next(ids)})


def refuses_twice(trial: Trial) -> bool:
    """Whether an id that lies in one period is refused in another: nothing is stored twice."""
    with trial.connect() as connection:
        known = trial.some_ids(1)[0]
        try:
            connection.execute(
                "INSERT INTO responses SELECT (jsonb_populate_record(r, jsonb_build_object('received_at', %s::text))).* "
                "FROM responses r WHERE id = %s",
                ((CUT + timedelta(days=200, seconds=1)).isoformat(), known),
            )
        except psycopg.errors.UniqueViolation:
            return True
    return False


def figure(name: str, value: float, unit: str, n: int) -> Result:
    """A figure of this trial."""
    return Result(name, round(value, 3), unit, n, "postgresql")


if __name__ == "__main__":
    for found in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000):
        print(json.dumps(found.as_json()) if isinstance(found, Result) else "\n  ".join(found), flush=True)
