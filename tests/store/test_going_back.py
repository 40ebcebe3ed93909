"""Upgrade and roll-back: a database of the release before comes forward, goes back and forward again, and keeps what was collected."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.orm import Session

from collector import create_app
from collector.settings import load_settings
from collector.store import Comment, Response, Revision
from collector.store.session import dispose
from tests.databases import new_database
from tests.store.test_migrations import current, migrate

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
RESPONSE = "11111111-1111-4111-8111-111111111111"
OWNER = "22222222-2222-4222-8222-222222222222"
DOCUMENT = '{"id": "' + RESPONSE + '", "answers": {"who": "王小明", "age": 41}}'
#: What the release before kept, in the order in which rows name each other.
COLLECTED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("users", {"id": OWNER, "name": "Owner", "role": "owner", "login": "owner", "totp_secret": None}),
    ("questionnaires", {"id": 1, "form_id": "household"}),
    ("versions", {"id": 1, "questionnaire_id": 1, "number": 1, "version": "1", "state": "published"}),
    ("places", {"id": 1, "code": "C01", "names": {"zh": "香铺营社区"}, "parent_id": None}),
    ("responses", {"id": RESPONSE, "questionnaire_id": 1, "version_id": 1, "place_id": 1, "place_code": "C01", "author_id": OWNER,
                   "current_revision": 1, "state": "returned", "instance_name": "王小明, 3-201", "duplicate_key": None}),
    ("revisions", {"id": 1, "response_id": RESPONSE, "number": 1, "document": DOCUMENT, "author_id": OWNER,
                   "content_hash": hashlib.sha256(DOCUMENT.encode()).hexdigest(), "edit_reason": "年龄有误"}),
    ("comments", {"response_id": RESPONSE, "text": "再问一次", "user_id": OWNER}),
    ("decisions", {"response_id": RESPONSE, "reason": "age of child 2?"}),
    ("quarantine", {"document": '{"id": null}', "content_hash": "ab" * 32, "resolution_note": ""}),
)  # fmt: skip


@pytest.fixture
def app(database_kind: str, tmp_path: Path) -> Iterator[Flask]:
    """This release, over a database of layout 0006 with `COLLECTED` in it."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    with new_database(database_kind, data_dir) as url:
        app = create_app(load_settings({"DATA_DIR": str(data_dir), "DATABASE_URL": url}))
        migrate(engine_of(app), "0006")
        with engine_of(app).begin() as connection:
            for table, values in COLLECTED:
                insert(connection, table, values)
        yield app
        dispose(app)


def engine_of(app: Flask) -> Engine:
    """The engine of `app`."""
    engine: Engine = app.extensions["collector_engine"]
    return engine


def reflected(connection: Connection, name: str) -> sa.Table:
    """The table as the database has it now, without what the models say of it."""
    return sa.Table(name, MetaData(), autoload_with=connection)


def insert(connection: Connection, name: str, values: dict[str, Any]) -> None:
    """Put one row in; columns that need a value and get none here say nothing."""
    table = reflected(connection, name)
    blank = {
        column.name: blank_of(column.type)
        for column in table.columns
        if not column.nullable and column.server_default is None and column.autoincrement is not True
        and not (column.primary_key and isinstance(column.type, sa.Integer))
    }  # fmt: skip
    known = {key: value for key, value in values.items() if key in table.columns}
    connection.execute(table.insert().values(blank | known))


def blank_of(type_: sa.types.TypeEngine[Any]) -> Any:
    """A value of `type_` that says nothing."""
    kinds: tuple[tuple[type, Any], ...] = (
        (sa.JSON, []), (sa.Boolean, False), (sa.DateTime, AT), (sa.Date, date(2026, 11, 24)), (sa.Integer, 0), (sa.Float, 0.0),
        (sa.LargeBinary, b""), (sa.String, ""),
    )  # fmt: skip
    return next(value for kind, value in kinds if isinstance(type_, kind))


def collected(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables of `COLLECTED`, all columns."""
    with engine.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(sa.select(reflected(connection, name))).mappings()]
            for name, _ in COLLECTED
        }


def run(app: Flask, *arguments: str) -> Result:
    """A command of `flask collector`."""
    return app.test_cli_runner().invoke(args=["collector", *arguments])


def done(result: Result) -> str:
    """What a command printed that came to its end."""
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def test_forward_back_and_forward_again_keeps_what_was_collected(app: Flask) -> None:
    before = collected(engine_of(app))
    for _ in range(2):
        done(run(app, "migrate"))
        with Session(engine_of(app)) as session:
            assert session.get_one(Revision, (RESPONSE, 1)).document == DOCUMENT
            assert session.get_one(Response, RESPONSE).instance_name == "王小明, 3-201"
            assert session.scalars(sa.select(Comment.text)).all() == ["再问一次"]
        done(run(app, "keys", "unseal", "--yes"))
        done(run(app, "migrate", "--to", "0006", "--yes"))
        assert current(engine_of(app)) == "0006"
        assert collected(engine_of(app)) == before
    done(run(app, "migrate"))


def test_sealed_documents_do_not_go_back(app: Flask) -> None:
    done(run(app, "migrate"))
    refused = run(app, "migrate", "--to", "0007", "--yes")
    assert refused.exit_code == 1
    assert "collector keys unseal" in refused.output
    assert current(engine_of(app)) > "0007"


def test_nothing_goes_back_that_would_be_lost_without_a_word(app: Flask) -> None:
    done(run(app, "migrate"))
    done(run(app, "keys", "unseal", "--yes"))
    with engine_of(app).begin() as connection:
        connection.execute(sa.text("UPDATE responses SET consent = 'given'"))
        connection.execute(sa.text("UPDATE versions SET personal_fields = '[\"who\"]'"))
    refused = run(app, "migrate", "--to", "0007", "--yes")
    assert refused.exit_code == 1
    assert "responses.consent: 1 rows" in refused.output
    assert "versions.personal_fields: 1 rows" in refused.output
    assert current(engine_of(app)) > "0007"
    done(run(app, "migrate", "--to", "0007", "--yes", "--accept-loss"))
    assert current(engine_of(app)) == "0007"


def test_going_back_asks_first_and_knows_its_layouts(app: Flask) -> None:
    done(run(app, "migrate"))
    assert run(app, "migrate", "--to", "0007").exit_code == 1
    unknown = run(app, "migrate", "--to", "9999", "--yes")
    assert unknown.exit_code == 1
    assert "no layout '9999'" in unknown.output
    assert current(engine_of(app)) > "0007"
