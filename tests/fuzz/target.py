"""The server that is fuzzed: real gunicorn, somebody of each kind who may call it, and what its processes hold in memory."""

import base64
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from collector.accounts.access_tokens import issue_token
from collector.accounts.collect_access import make_access
from collector.accounts.operations import create_user, enrol_device, issue_enrolment
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.sealing.keys import sealing_key
from collector.store import ListEntry, Place, VisitList
from collector.store.people import ANALYST, OWNER, VOLUNTEER
from collector.store.session import writing
from tests.conftest import HOUSEHOLD, PASSWORD
from tests.databases import new_database
from tests.faults.server import FragileServer
from tests.servers import free_port
from tests.workbooks import make_workbook

FORM_ID = "household"
OWNER_LOGIN = "fuzz"


@dataclass(frozen=True)
class Known:
    """What a caller may know: tokens and names of each kind, and ids of what is there."""

    device_token: str
    user_id: str
    device_id: str
    enrolment: str
    #: Name and password of ODK Collect, as Basic has them.
    collect: str
    access_token: str
    model_hash: str
    version_id: int
    place: str
    list_id: int
    sealing_key_id: str


@contextmanager
def fuzzed_server(database_kind: str, folder: Path, **settings: str) -> Iterator[tuple[FragileServer, Known]]:
    """A server with the sample survey, a questionnaire with a repeat and a photo, a list of doors, and who may call it."""
    with new_database(database_kind, folder) as url:
        environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "DATABASE_URL": url, "PORT": str(free_port())}
        server = FragileServer(environ | settings, log=folder / "server.log")
        server.printed = server.run("init")
        known = prepare(server)
        server.start()
        try:
            yield server, known
        finally:
            server.stop()


def prepare(server: FragileServer) -> Known:
    """Make people, tokens, the questionnaire and the doors."""
    app = server.app
    with app.app_context(), writing() as session:
        workbook = Workbook("household.xlsx", make_workbook(HOUSEHOLD))
        version = add_draft(session, compile_workbook(workbook.content, workbook.name), workbook, by=None)
        publish_version(session, version, by=None)
        wei = create_user(session, name="Wei", role=VOLUNTEER)
        _, link = issue_enrolment(session, wei, by=None)
        device, device_token = enrol_device(session, link, "phone")
        _, enrolment = issue_enrolment(session, wei, by=None)
        card = make_access(session, wei, by=None)
        create_user(session, name="Owner", role=OWNER, login=OWNER_LOGIN, password=PASSWORD, language="en")
        ana = create_user(session, name="Ana", role=ANALYST, login="ana", password=PASSWORD)
        _, access_token = issue_token(session, ana, is_read_only=False)
        place = session.scalars(select(Place).order_by(Place.id.desc()).limit(1)).one()
        doors = VisitList(name="Households", questionnaire_id=version.questionnaire_id)
        session.add(doors)
        session.flush()
        for number in range(3):
            door = ListEntry(list_id=doors.id, key=f"H{number}", place_id=place.id, label="Door", position=number)
            session.add(door)
        session.flush()
        known = Known(
            device_token=device_token,
            user_id=wei.id,
            device_id=device.id,
            enrolment=enrolment,
            collect=base64.b64encode(f"{card.login}:{card.password}".encode()).decode(),
            access_token=access_token,
            model_hash=version.model_hash,
            version_id=version.id,
            place=place.code,
            list_id=doors.id,
            sealing_key_id=sealing_key().id,
        )
    app.extensions["collector_engine"].dispose()
    return known


def memory_mb(server: FragileServer) -> float:
    """What the workers hold together, in MiB: each page once, shared ones by their share (proportional set size)."""
    return sum(_memory_kb(pid) for pid in server.workers) / 1024


def _memory_kb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


def faults_in(log: Path) -> list[str]:
    """What the server's log tells of faults of ours, each kind once, with how often."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    found = Counter(
        re.sub(r'.*"event": "([^"]*)".*', r"\1", line)
        for line in lines
        if "unexpected " in line or "Traceback" in line or "WORKER TIMEOUT" in line
    )
    return [f"{count} times {event}" for event, count in found.most_common()]
