"""What server tests share: the app over a real database, named people, a few places, a published questionnaire."""

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector import create_app
from collector.accounts import operations
from collector.accounts.operations import assign_places, create_user, enrol_device, issue_enrolment
from collector.places.acts import Act, put_place
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.settings import PROJECT_ROOT, load_settings
from collector.store import Device, Place, User, Version
from collector.store.contents import UPLOADS, Contents
from collector.store.migrate import upgrade
from collector.store.people import ANALYST, OWNER, REVIEWER, SUPERVISOR, VOLUNTEER
from tests.databases import empty, new_database
from tests.s3 import S3Server, running_s3
from tests.servers import free_port
from tests.workbooks import make_workbook

warnings.filterwarnings("ignore", category=DeprecationWarning)

PASSWORD = "correct horse battery staple"


def pytest_configure() -> None:
    """Compile the translations that are newer than what was compiled of them, as `make` does.

    Passwords are hashed as quickly as argon2 can: nearly every test signs somebody in. Servers of their own (tests/servers.py) hash
    them as they do for people.
    """
    operations.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    for source in (PROJECT_ROOT / "collector" / "translations").glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as po, target.open("wb") as mo:
                write_mo(mo, read_po(po, locale=source.parent.parent.name))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--db sqlite|postgresql`: the database that the whole run uses; `--part database|rest`: only tests that use one, or only the others."""
    parser.addoption("--db", choices=["sqlite", "postgresql"], default="sqlite")
    parser.addoption("--part", choices=["database", "rest"])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the part that was asked for. What uses no database need not run once for each."""
    part = config.getoption("--part")
    if part is None:
        return
    wanted, others = [], []
    for item in items:
        uses_database = "database_kind" in getattr(item, "fixturenames", ())
        (wanted if uses_database == (part == "database") else others).append(item)
    items[:] = wanted
    config.hook.pytest_deselected(items=others)


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """sqlite or postgresql."""
    return str(request.config.getoption("--db"))


@pytest.fixture(scope="session")
def shared_app(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app, made once; `app` empties its database for each test."""
    folder = tmp_path_factory.mktemp("data")
    with new_database(database_kind, folder) as url:
        settings = load_settings({"DATA_DIR": str(folder), "DATABASE_URL": url, "DEFAULT_LANGUAGE": "en"})
        app = create_app(settings)
        app.config.update(TESTING=False, WTF_CSRF_ENABLED=False)
        engine = app.extensions["collector_engine"]
        upgrade(engine)
        yield app
        engine.dispose()


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    """The app over an empty database. No context is pushed: requests would share it, and with it their session."""
    empty(shared_app.extensions["collector_engine"])
    return shared_app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody's browser or phone, signed in as nobody."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session of the test's own; commit what requests shall see."""
    with Session(app.extensions["collector_engine"]) as session:
        yield session


@dataclass(frozen=True)
class People:
    """Named people: Lin owns the installation, Su supervises all of it, Ren reviews, Ana analyses, Wei and Mei are volunteers."""

    lin: User
    su: User
    wei: User
    mei: User
    ren: User
    ana: User


@pytest.fixture
def people(session: Session) -> People:
    """These people. Those of the office sign in with `PASSWORD`."""
    session.expire_on_commit = False
    people = People(
        lin=create_user(session, name="Lin", role=OWNER, login="lin", password=PASSWORD, language="en"),
        su=create_user(session, name="Su", role=SUPERVISOR, login="su", password=PASSWORD, language="en"),
        wei=create_user(session, name="Wei", role=VOLUNTEER),
        mei=create_user(session, name="Mei", role=VOLUNTEER),
        ren=create_user(session, name="Ren", role=REVIEWER, login="ren", password=PASSWORD, language="en"),
        ana=create_user(session, name="Ana", role=ANALYST, login="ana", password=PASSWORD, language="en"),
    )
    session.commit()
    return people


@pytest.fixture
def places(session: Session) -> dict[str, Place]:
    """A district with two subdistricts: S1 with C01 and C02, S2 with C03. By code."""
    session.expire_on_commit = False
    tree = [("D", None), ("S1", "D"), ("S2", "D"), ("C01", "S1"), ("C02", "S1"), ("C03", "S2")]
    made: dict[str, Place] = {}
    for position, (code, parent) in enumerate(tree):
        above = made[parent] if parent else None
        names = {"zh": f"{code}社区", "en": f"Community {code}"}
        made[code] = put_place(session, Act(id=""), code=code, names=names, parent=above, position=position)
    session.commit()
    return made


@pytest.fixture
def so(session: Session, places: dict[str, Place]) -> User:
    """So supervises S1 (C01 and C02) only; signs in with `PASSWORD`."""
    session.expire_on_commit = False
    so = create_user(session, name="So", role=SUPERVISOR, login="so", password=PASSWORD, language="en")
    assign_places(session, so, [places["S1"].id], by=None)
    session.commit()
    return so


Publish = Callable[..., Version]


@pytest.fixture
def publish(app: Flask, session: Session) -> Publish:
    """`publish(markdown, files={name: content})`: compile and publish a questionnaire written as a markdown table."""

    def publish(markdown: str, *, name: str = "form.xlsx", files: Mapping[str, bytes] | None = None) -> Version:
        workbook = Workbook(name, make_workbook(markdown), files or {})
        compiled = compile_workbook(workbook.content, name, workbook.files)
        assert not compiled.errors, [finding.message for finding in compiled.errors]
        session.expire_on_commit = False
        with app.app_context():
            version = add_draft(session, compiled, workbook, by=None)
        publish_version(session, version, by=None)
        session.commit()
        return version

    return publish


HOUSEHOLD = """
| survey   |
|          | type           | name    | label::English (en) | label::中文 (zh) | required | constraint     |
|          | text           | place   | Community           | 社区             |          |                |
|          | integer        | hh_size | Household size      | 家庭人数         | yes      | . > 0 and . < 30 |
|          | begin repeat   | members | Members             | 成员             |          |                |
|          | text           | name    | Name                | 姓名             |          |                |
|          | integer        | age     | Age                 | 年龄             |          |                |
|          | end repeat     |         |                     |                  |          |                |
|          | image          | photo   | Photo               | 照片             |          |                |
| settings |
|          | form_title | form_id   | version | default_language | attribute::place_path |
|          | Household  | household | 1       | English (en)     | place                 |
"""


@pytest.fixture
def household(publish: Publish) -> Version:
    """A small published questionnaire: community, household size, members, photo."""
    return publish(HOUSEHOLD)


@dataclass(frozen=True)
class Phone:
    """A volunteer's enrolled phone, as far as the server sees it."""

    client: FlaskClient
    device: Device
    token: str
    user: User

    @property
    def headers(self) -> dict[str, str]:
        """The header that says which phone it is."""
        return {"Authorization": f"Bearer {self.token}"}

    def push(self, *documents: Any, **body: Any) -> Any:
        """Push documents; gives the test client's response."""
        return self.client.post("/sync/v1/push", json={"responses": list(documents)} | body, headers=self.headers)

    def receipts(self, *documents: Any, **body: Any) -> list[dict[str, Any]]:
        """Push documents and give their receipts."""
        answer = self.push(*documents, **body)
        assert answer.status_code == 200, answer.text
        receipts: list[dict[str, Any]] = answer.get_json()["receipts"]
        return receipts


@pytest.fixture
def enrol(app: Flask, session: Session) -> Callable[[User], Phone]:
    """`enrol(user)`: a phone of theirs."""

    def enrol(user: User) -> Phone:
        session.expire_on_commit = False
        _, link = issue_enrolment(session, user, by=None)
        device, token = enrol_device(session, link, "Test phone")
        session.commit()
        return Phone(app.test_client(), device, token, user)

    return enrol


@pytest.fixture
def phone(enrol: Callable[[User], Phone], people: People) -> Phone:
    """Wei's phone."""
    return enrol(people.wei)


def sign_in(client: FlaskClient, login: str) -> FlaskClient:
    """Sign `login` in to the office in `client`."""
    answer = client.post("/office/sign-in", data={"login": login, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client


@pytest.fixture
def su(client: FlaskClient, people: People) -> FlaskClient:
    """Su's browser, signed in."""
    return sign_in(client, "su")


@pytest.fixture
def data_dir(app: Flask) -> Path:
    """The data folder of the app under test."""
    folder: Path = app.config["SETTINGS"].data_dir
    return folder


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server, which all tests share: each takes a prefix of its own."""
    with running_s3(tmp_path_factory.mktemp("s3"), free_port()) as server:
        yield server


@pytest.fixture
def kept(app: Flask) -> Contents:
    """The files that the app under test keeps."""
    found: Contents = app.extensions["collector_contents"]
    return found


def read_kept(kept: Contents, kind: str, name: str) -> bytes:
    """The bytes of a content."""
    with kept.open(kind, name) as content:
        return content.read()


def uploads_with(kept: Contents, text: str) -> list[str]:
    """Uploads that wait and hold this text and nothing else."""
    return [name for name, _kept_at in kept.names(UPLOADS) if read_kept(kept, UPLOADS, name) == text.encode()]
