"""An upgrade from the release before the data keys seals what it kept in the open, wherever it is broken off; and the way back."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import Engine, select, text

from collector import bringing_over, create_app
from collector.accounts.operations import create_user, enrol_device, issue_enrolment
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.sealing.earlier import DIGEST, WEBHOOK, encrypt
from collector.settings import load_settings
from collector.store import Device, Measures, Questionnaire, Response, ResponseTerm, User, Webhook
from collector.store.migrate import make_config, upgrade
from collector.store.people import OWNER, VOLUNTEER
from collector.store.resealing import has_unsealed
from collector.store.session import reading, writing
from tests.databases import new_database
from tests.documents import make_document
from tests.workbooks import make_workbook

FORM = """
| survey   |
|          | type     | name  | label |
|          | text     | head  | Name  |
|          | geopoint | where | Where |
| settings |
|          | form_title | form_id | version | instance_name |
|          | Sealed     | sealed  | 1       | ${head}       |
"""
ANSWERS = {"head": "Ana 王小明", "where": "32.05 118.78 0 5"}


@pytest.fixture
def earlier(database_kind: str, tmp_path: Path) -> Iterator[Flask]:
    """An installation with two responses that are alike, as the release before would have left it."""
    with new_database(database_kind, tmp_path) as url:
        app = create_app(load_settings({"DATA_DIR": str(tmp_path), "DATABASE_URL": url, "DEFAULT_LANGUAGE": "en"}))
        engine: Engine = app.extensions["collector_engine"]
        upgrade(engine)
        fill(app)
        run(app, "unseal", "--yes")
        with app.app_context(), writing() as session:
            write_as_before(session.connection(), app)
        migrate(engine, "0007")
        yield app
        engine.dispose()


def fill(app: Flask) -> None:
    workbook = Workbook("sealed.xlsx", make_workbook(FORM), {})
    compiled = compile_workbook(workbook.content, workbook.name, workbook.files)
    with app.app_context(), writing() as session:
        version = add_draft(session, compiled, workbook, by=None)
        publish_version(session, version, by=None)
        session.scalars(select(Questionnaire)).one().duplicate_keys = ["head"]
        owner = create_user(session, name="Lin", role=OWNER, login="lin", password="correct horse battery")
        owner.totp_secret = "JBSWY3DPEHPK3PXP"
        volunteer = create_user(session, name="Wei", role=VOLUNTEER)
        _, link = issue_enrolment(session, volunteer, by=None)
        device, token = enrol_device(session, link, "Test phone")
        device.digest = "d1d1"
        session.add(Webhook(user_id=owner.id, url="https://example.org/", secret="whsec_1"))
        documents = [
            make_document(
                version, id=str(uuid4()), form="sealed", place="", answers=ANSWERS, instance_name=ANSWERS["head"]
            )
            for _ in range(2)
        ]
    push = {"responses": documents}
    answer = app.test_client().post("/sync/v1/push", json=push, headers={"Authorization": f"Bearer {token}"})
    assert [receipt["status"] for receipt in answer.get_json()["receipts"]] == ["stored", "stored"]


def write_as_before(connection: Any, app: Flask) -> None:
    """Put in the open what is a keyed hash now."""
    compared = hashlib.sha256(json.dumps(["", ["ana王小明"]]).encode()).hexdigest()
    connection.execute(text("UPDATE responses SET duplicate_key = :key"), {"key": compared})
    connection.execute(text("UPDATE response_measures SET spot = '32.05000,118.78000', answers_hash = 'abc'"))
    connection.execute(text("DELETE FROM response_terms WHERE term LIKE '#%'"))
    for word in ("ana", "王小", "小明"):
        connection.execute(
            text("INSERT INTO response_terms SELECT :word, received_at, id FROM responses"), {"word": word}
        )


def run(app: Flask, *arguments: str) -> str:
    done = app.test_cli_runner().invoke(args=["collector", "keys", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def migrate(engine: Engine, revision: str) -> None:
    with engine.connect() as plain:
        connection = plain.execution_options(is_write=True)
        with connection.begin():
            command.downgrade(make_config(connection), revision)


def test_the_way_back_leaves_what_the_release_before_reads(earlier: Flask) -> None:
    settings = earlier.config["SETTINGS"]
    with earlier.extensions["collector_engine"].connect() as connection:
        documents = connection.scalars(text("SELECT document FROM revisions")).all()
        assert [json.loads(document)["answers"] for document in documents] == [ANSWERS] * 2
        assert connection.scalars(text("SELECT instance_name FROM responses")).all() == [ANSWERS["head"]] * 2
        assert connection.scalars(text("SELECT latitude FROM response_measures")).all() == [32.05] * 2
        assert connection.scalar(text("SELECT totp_secret FROM users WHERE login = 'lin'")) == "JBSWY3DPEHPK3PXP"
        digest = connection.scalar(text("SELECT sealed_digest FROM devices"))
        assert digest != "d1d1" and digest.startswith("gAAAA")
        assert encrypt("d1d1", DIGEST, settings)[:5] == encrypt("whsec_1", WEBHOOK, settings)[:5] == digest[:5]


def test_an_upgrade_seals_all_of_it(earlier: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade(earlier.extensions["collector_engine"])
    # Broken off in the middle of the words, and once more before the values.
    with monkeypatch.context() as broken, earlier.app_context():
        broken.setattr("collector.intake.earlier.BATCH", 3)
        broken.setattr("collector.bringing_over.turn_values", stop)
        with pytest.raises(KeyboardInterrupt):
            bringing_over.bring_over()
    with earlier.app_context():
        bringing_over.bring_over()
        session = reading()
        assert not has_unsealed(session.connection())
        check_marks(earlier)
        assert session.scalars(select(Response.instance_name)).all() == [ANSWERS["head"]] * 2
        assert session.execute(select(Measures.latitude, Measures.longitude)).all() == [(32.05, 118.78)] * 2
        assert session.scalars(select(Device.digest).where(Device.digest.is_not(None))).all() == ["d1d1"]
        assert session.scalars(select(Webhook.secret)).all() == ["whsec_1"]
        assert session.scalars(select(User.totp_secret).where(User.login == "lin")).one() == "JBSWY3DPEHPK3PXP"
    rows = json.loads(run(earlier, "list", "--json"))
    assert [(row["seals"], row["marks"]) for row in rows] == [(True, True)]
    assert earlier.test_cli_runner().invoke(args=["collector", "verify"]).exit_code == 0


def stop(*_arguments: object) -> None:
    raise KeyboardInterrupt


def check_marks(app: Flask) -> None:
    """What is drawn anew is what was brought over: the same marks."""

    def drawn() -> Any:
        session = reading()
        session.rollback()
        terms = set(session.execute(select(ResponseTerm.term, ResponseTerm.response_id)).all())
        keys = set(session.scalars(select(Response.duplicate_key)))
        return terms, keys, set(session.scalars(select(Measures.spot)))

    brought = drawn()
    assert not [term for term, _ in brought[0] if term in ("ana", "王小", "小明")]
    assert app.test_cli_runner().invoke(args=["collector", "derive"]).exit_code == 0
    assert drawn() == brought


def test_it_is_looked_for_once(earlier: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for what stands in the open reads all of the database: after it was found to be nothing, a start does not look again."""
    upgrade(earlier.extensions["collector_engine"])
    with earlier.app_context():
        bringing_over.bring_over()
    monkeypatch.setattr(
        "collector.bringing_over.has_unsealed", lambda _connection: pytest.fail("it was looked for again")
    )
    with earlier.app_context():
        bringing_over.bring_over()
    run(earlier, "unseal", "--yes")
    monkeypatch.undo()
    with earlier.app_context():
        bringing_over.bring_over()
        assert not has_unsealed(reading().connection())
