"""Migration 0005: an installation that is older than the chain gets one over all that it has."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from collector.store.contents import Contents
from collector.store.contents.folder import Folder
from collector.store.migrate import upgrade
from collector.store.sealed import keys_of
from collector.verify.operations import verify
from collector.verify.report import Report
from tests.store.test_migrations import FIRST, engine, migrate

__all__ = ["engine"]


def sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def fill(engine: Engine, data_dir: Path) -> None:
    """120 responses, the first with a second revision, a quarantined document, a file, and journal entries 1, 2 and 5."""
    photo = data_dir / "files" / sha256("photo")[:2] / sha256("photo")
    photo.parent.mkdir(parents=True)
    photo.write_text("photo")
    with engine.begin() as connection:
        for statement in FIRST.split(";"):
            connection.execute(text(statement))
        response = text(
            "INSERT INTO responses (id, questionnaire_id, place_code, current_revision, state, is_conflicted, flag_count, missing_files,"
            " instance_name, started_at, finished_at, received_at, received_on) VALUES (:id, 1, '', :current, 'received', false, 0, 0,"
            " '', '', '', '2026-11-24 00:00:00', '2026-11-24')"
        )
        revision = text(
            "INSERT INTO revisions (response_id, number, content_hash, document, received_at, flags)"
            " VALUES (:id, :number, :hash, :document, '2026-11-24 00:00:00', '[]')"
        )
        for number in range(120):
            response_id = f"{number:08d}-1111-4111-8111-111111111111"
            connection.execute(response, {"id": response_id, "current": 2 if number == 0 else 1})
            for revision_number in (1, 2) if number == 0 else (1,):
                document = f'{{"id": "{response_id}", "n": {revision_number}}}'
                values = {"id": response_id, "number": revision_number, "document": document, "hash": sha256(document)}
                connection.execute(revision, values)
        connection.execute(
            text(
                "INSERT INTO quarantine (content_hash, document, size_bytes, reason, received_at)"
                " VALUES (:hash, 'odd', 3, 'document_not_json', '2026-11-24 00:00:00')"
            ),
            {"hash": sha256("odd")},
        )
        connection.execute(
            text(
                "INSERT INTO files (id, response_id, name, sha256, size_bytes, offset_bytes, claimed_type, detected_type, created_at, completed_at)"
                " VALUES ('f', '00000001-1111-4111-8111-111111111111', 'a.jpg', :sha256, 5, 5, '', '', '2026-11-24 00:00:00',"
                " '2026-11-24 00:00:00')"
            ),
            {"sha256": sha256("photo")},
        )
        for number in (1, 2, 5):
            connection.execute(
                text(
                    "INSERT INTO journal (id, at, action, subject, details)"
                    " VALUES (:id, '2026-11-24 00:00:00.250000', 'user.create', 'u', '{\"role\": \"volunteer\"}')"
                ),
                {"id": number},
            )


def verified(engine: Engine, data_dir: Path) -> Report:
    report = Report(say=lambda _line: None, say_progress=lambda _line: None)
    keys = keys_of(engine.dialect)
    verify(engine.url.render_as_string(hide_password=False), Contents(Folder(data_dir), keys), keys, report)
    return report


def test_what_was_there_before_is_in_the_chain(engine: Engine, tmp_path: Path) -> None:
    migrate(engine, "0001")
    fill(engine, tmp_path)
    upgrade(engine)
    report = verified(engine, tmp_path)
    assert report.faults == []
    assert report.counts["revisions"] == 121
    # Three entries of old, three for the revisions, one each for the quarantine and the file.
    assert report.counts["journal entries"] == 8
    with engine.connect() as connection, pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text("DELETE FROM journal"))


def test_a_response_of_before_that_is_lost_later_is_missed(engine: Engine, tmp_path: Path) -> None:
    migrate(engine, "0001")
    fill(engine, tmp_path)
    upgrade(engine)
    lost = "00000007-1111-4111-8111-111111111111"
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM revisions WHERE response_id = :id"), {"id": lost})
        connection.execute(text("DELETE FROM responses WHERE id = :id"), {"id": lost})
    assert [(fault["code"], fault["subject"]) for fault in verified(engine, tmp_path).faults] == [
        ("revision_missing", lost)
    ]


def test_down_and_up_again(engine: Engine, tmp_path: Path) -> None:
    migrate(engine, "0001")
    fill(engine, tmp_path)
    upgrade(engine)
    migrate(engine, "0004")
    upgrade(engine)
    assert verified(engine, tmp_path).faults == []
