"""`collector verify`: silent on a sound installation; each kind of damage is named by the thing that is damaged."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, select, text, type_coerce, update
from sqlalchemy.orm import Session

from collector.intake.deletion import delete_response, erase_bytes
from collector.journal import record
from collector.store import Base, JournalEntry, Place, Version
from collector.store.data_keys import MAGIC, DataKey, DataKeys
from collector.store.journal import entry_hash
from collector.store.sealed import StoredBytes
from collector.verify.operations import verify
from collector.verify.report import Report
from tests.conftest import People, Phone
from tests.databases import without_triggers
from tests.documents import ID, content_hash, make_document
from tests.sync.test_files import JPEG, create, entry, upload

OTHER = "22222222-2222-4222-8222-222222222222"
ODD = json.dumps({"answers": {"hh_size": "4"}})


class Installation:
    """An installation with two responses, one of them with two revisions and a photo, and a quarantined document."""

    def __init__(self, app: Flask, phone: Phone, version: Version, data_dir: Path) -> None:
        self.app, self.data_dir, self.phone = app, data_dir, phone
        self.file = entry("a.jpg", JPEG)
        upload(phone, self.file, JPEG)
        self.first = make_document(version, files=[self.file])
        second = make_document(version, base=1, answers={"hh_size": "5"}, files=[self.file])
        phone.receipts(self.first, second, ODD)
        phone.receipts(make_document(version, id=OTHER, files=[entry("b.jpg", b"never sent")]))

    @property
    def file_path(self) -> Path:
        return self.data_dir / "files" / self.file["sha256"][:2] / self.file["sha256"]

    def damage(self, statement: str, **values: Any) -> None:
        """Run SQL behind the back of triggers and foreign keys."""
        with self.app.extensions["collector_engine"].connect() as plain:
            connection = plain.execution_options(is_write=True)
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            else:
                connection.execute(text("PRAGMA defer_foreign_keys=ON"))
            with without_triggers(connection):
                connection.execute(text(statement), values)
            connection.commit()

    def verify(self, *arguments: str) -> dict[str, Any]:
        """Run the command; gives its JSON."""
        done = self.app.test_cli_runner().invoke(args=["collector", "verify", "--json", *arguments])
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        assert done.exit_code == (0 if result["ok"] else 1), done.output
        assert result["fault_count"] == done.stdout.count("fault: ")
        return result

    def faults(self, *arguments: str) -> list[tuple[str, str]]:
        """Code and subject of each fault."""
        return [(fault["code"], fault["subject"]) for fault in self.verify(*arguments)["faults"]]


@pytest.fixture
def installation(
    app: Flask, phone: Phone, places: dict[str, Place], household: Version, data_dir: Path
) -> Iterator[Installation]:
    made = Installation(app, phone, household, data_dir)
    yield made
    # Other tests share the data folder.
    made.file_path.unlink(missing_ok=True)


def test_a_sound_installation_has_no_fault(installation: Installation, session: Session) -> None:
    result = installation.verify()
    assert (result["ok"], result["faults"]) == (True, [])
    counts = result["counts"]
    assert (counts["revisions"], counts["quarantined documents"], counts["files"]) == (3, 1, 1)
    last = session.get_one(JournalEntry, result["journal"]["entries"])
    assert result["journal"]["last_hash"] == last.hash
    assert installation.faults("--expect", last.hash) == []


def test_a_document_with_a_nul_is_sound(installation: Installation, household: Version) -> None:
    installation.phone.receipts(make_document(household, answers={"hh_size": "4"}, base=2).replace("C01", "C\0"))
    installation.phone.receipts("\0 no JSON \0")
    assert installation.faults() == []


def change_stored(installation: Installation, table: str, change: Callable[[bytes], bytes]) -> None:
    """Change a document as it stands in the database, sealed."""
    column = Base.metadata.tables[table].c.document
    is_it = column.table.c.content_hash == content_hash(installation.first if table == "revisions" else ODD)
    with installation.app.extensions["collector_engine"].connect() as plain:
        connection = plain.execution_options(is_write=True)
        stored = connection.execute(select(type_coerce(column, StoredBytes())).where(is_it)).scalar_one()
        assert stored.startswith(MAGIC)
        changed = bindparam("changed", change(stored), type_=StoredBytes())
        connection.execute(update(column.table).where(is_it).values({column: changed}))
        connection.commit()


@pytest.mark.parametrize("table", ["revisions", "quarantine"])
def test_one_changed_character_of_a_document(installation: Installation, table: str) -> None:
    """By somebody who has the key."""
    keys = installation.app.extensions["collector_data_keys"]
    change_stored(installation, table, lambda stored: keys.seal(keys.open(stored).replace(b'"4"', b'"5"')))
    [(code, subject)] = installation.faults()
    assert code == "document_changed"
    assert subject == ID or table == "quarantine"


@pytest.mark.parametrize("table", ["revisions", "quarantine"])
@pytest.mark.parametrize("at", [8, 25, -1])
def test_one_changed_bit_of_what_is_sealed(installation: Installation, table: str, at: int) -> None:
    """By somebody who has not: the row is named, and whatever comes after it is still looked at."""

    def flip(stored: bytes) -> bytes:
        changed = bytearray(stored)
        changed[at] ^= 1
        return bytes(changed)

    change_stored(installation, table, flip)
    installation.damage("UPDATE responses SET missing_files = 0 WHERE id = :id", id=OTHER)
    [(code, subject), other] = sorted(installation.faults())
    assert (code, other) == ("document_changed", ("missing_files_differ", OTHER))
    assert subject == ID or table == "quarantine"


def test_a_document_that_was_sealed_with_a_key_that_is_not_here(installation: Installation) -> None:
    """Its own fault, which names the key: nothing was lost, and somebody has to find it."""
    key = DataKey(b"k" * 32)
    keys = installation.app.extensions["collector_data_keys"]
    change_stored(installation, "revisions", lambda stored: DataKeys((key,)).seal(keys.open(stored)))
    [fault] = installation.verify()["faults"]
    assert (fault["code"], fault["subject"]) == ("data_key_missing", ID)
    assert key.id.hex() in fault["message"]


def test_a_byte_that_is_no_text(installation: Installation, database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL keeps no such text")
    installation.damage(
        "UPDATE revisions SET document = CAST(CAST(document AS BLOB) || x'ff' AS TEXT) WHERE number = 2"
    )
    assert installation.faults() == [("document_changed", ID)]


@pytest.mark.parametrize("document", ['{"files": []}', "[]", '{"files": [5]}', "none"])
def test_a_document_changed_together_with_its_hash(installation: Installation, document: str) -> None:
    installation.damage(
        "UPDATE revisions SET document = :document, content_hash = :hash WHERE response_id = :id AND number = 1",
        document=document,
        hash=content_hash(document),
        id=ID,
    )
    installation.damage("UPDATE responses SET current_revision = 1, missing_files = 0 WHERE id = :id", id=ID)
    assert installation.faults() == [("hash_changed", ID)]


def test_a_deleted_revision(installation: Installation) -> None:
    installation.damage("DELETE FROM revisions WHERE response_id = :id AND number = 1", id=ID)
    assert installation.faults() == [("revision_missing", ID)]


def test_a_deleted_current_revision(installation: Installation) -> None:
    installation.damage("DELETE FROM revisions WHERE response_id = :id AND number = 2", id=ID)
    assert installation.faults() == [("current_revision_missing", ID), ("revision_missing", ID)]


def test_a_whole_response_deleted_without_the_office(installation: Installation) -> None:
    for table in ("response_measures", "response_flags", "response_terms", "revisions"):
        installation.damage(f"DELETE FROM {table} WHERE response_id = :id", id=OTHER)
    installation.damage("DELETE FROM responses WHERE id = :id", id=OTHER)
    assert installation.faults() == [("revision_missing", OTHER)]


def test_a_deleted_quarantined_document(installation: Installation) -> None:
    installation.damage("DELETE FROM quarantine")
    assert installation.faults() == [("quarantined_missing", content_hash(ODD))]


def test_a_revision_that_never_arrived(installation: Installation) -> None:
    installation.damage(
        "INSERT INTO revisions (response_id, number, content_hash, document, received_at, flags)"
        " SELECT response_id, 3, :hash, '{}', received_at, flags FROM revisions WHERE response_id = :id AND number = 2",
        hash=content_hash("{}"),
        id=ID,
    )
    assert installation.faults() == [("arrival_unknown", ID)]


def test_a_wrong_count_of_missing_files(installation: Installation) -> None:
    installation.damage("UPDATE responses SET missing_files = 0 WHERE id = :id", id=OTHER)
    assert installation.faults() == [("missing_files_differ", OTHER)]


def test_a_file_that_is_gone_from_the_disk(installation: Installation) -> None:
    installation.file_path.unlink()
    assert installation.faults() == [("file_missing", str(installation.file_path.relative_to(installation.data_dir)))]


@pytest.mark.parametrize("content", [JPEG[:-1], JPEG[:-1] + b"\0"])
def test_a_file_that_was_shortened_or_changed(installation: Installation, content: bytes) -> None:
    installation.file_path.write_bytes(content)
    assert [code for code, _ in installation.faults()] == ["file_changed"]


def test_a_file_that_is_gone_from_the_database(installation: Installation) -> None:
    installation.damage("DELETE FROM files")
    codes = [code for code, _ in installation.faults()]
    assert codes == ["missing_files_differ", "file_row_missing"]


def test_a_file_row_that_names_other_bytes(installation: Installation) -> None:
    installation.damage("UPDATE files SET size_bytes = size_bytes - 1")
    assert [code for code, _ in installation.faults()] == ["hash_changed", "file_changed"]


def test_a_stray_file_is_named_and_no_fault(installation: Installation) -> None:
    stray = installation.data_dir / "files" / "ab" / ("ab" * 32)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"whose?")
    create(installation.phone, entry("later.jpg", b"not sent yet"))
    result = installation.verify()
    stray.unlink()
    assert result["ok"]
    assert f"files/ab/{'ab' * 32}" in [note["subject"] for note in result["notes"]]


def test_a_changed_journal_entry_is_named_by_its_number(installation: Installation) -> None:
    installation.damage("UPDATE journal SET subject = 'x' WHERE id = 2")
    assert installation.faults() == [("journal_entry_changed", "2")]


@pytest.mark.parametrize("column", ["details", "at"])
def test_a_journal_entry_that_cannot_be_read(installation: Installation, database_kind: str, column: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL keeps no such value")
    installation.damage(f"UPDATE journal SET {column} = CAST(x'22ff' AS TEXT) WHERE id = 1")
    assert installation.faults() == [("journal_entry_changed", "1")]


def test_a_changed_entry_with_a_new_hash_breaks_the_next_one(installation: Installation, session: Session) -> None:
    columns = JournalEntry.__table__.columns.keys()
    values = {name: getattr(session.get_one(JournalEntry, 1), name) for name in columns} | {"subject": "x"}
    installation.damage("UPDATE journal SET subject = 'x', hash = :hash WHERE id = 1", hash=entry_hash("", values))
    assert installation.faults() == [("journal_entry_changed", "2")]


@pytest.mark.parametrize(("first", "last", "named"), [(1, 1, "1"), (2, 2, "2"), (2, 4, "2 to 4")])
def test_removed_journal_entries_are_named(installation: Installation, first: int, last: int, named: str) -> None:
    installation.damage("DELETE FROM journal WHERE id BETWEEN :first AND :last", first=first, last=last)
    assert installation.faults() == [("journal_entry_missing", named)]


def test_a_cut_end_of_the_journal_whose_arrivals_are_still_there(installation: Installation) -> None:
    installation.damage("DELETE FROM journal WHERE id = (SELECT max(id) FROM journal)")
    assert installation.faults() == [("arrival_unknown", OTHER)]


def test_a_cut_end_of_the_journal_is_found_with_the_hash_that_was_noted(
    installation: Installation, session: Session
) -> None:
    record(session, "thing.do")
    session.commit()
    noted = installation.verify()["journal"]["last_hash"]
    installation.damage("DELETE FROM journal WHERE id = (SELECT max(id) FROM journal)")
    assert installation.faults() == []
    assert installation.faults("--expect", noted) == [("journal_end_missing", noted)]


def test_a_broken_reference(installation: Installation, database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL keeps its references itself")
    with sqlite3.connect(installation.app.extensions["collector_engine"].url.database) as connection:
        connection.execute("UPDATE responses SET author_id = 'nobody'")
    assert [code for code, _ in installation.faults()] == ["reference_broken"] * 2


def test_a_damaged_database_file(installation: Installation, database_kind: str, tmp_path: Path) -> None:
    if database_kind != "sqlite":
        pytest.skip("this is SQLite's own check")
    source = Path(installation.app.extensions["collector_engine"].url.database)
    with installation.app.extensions["collector_engine"].connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    content = bytearray(source.read_bytes())
    content[len(content) // 2 :] = b"\xa5" * (len(content) - len(content) // 2)
    damaged = tmp_path / "damaged.sqlite3"
    damaged.write_bytes(content)
    said: list[str] = []
    report = Report(say=said.append, say_progress=said.append)
    extensions = installation.app.extensions
    verify(f"sqlite:///{damaged}", extensions["collector_contents"], extensions["collector_data_keys"], report)
    assert {"database_damaged", "database_unreadable"} & {fault["code"] for fault in report.faults}
    assert not any('"hh_size"' in line for line in said)


def delete(installation: Installation, session: Session, people: People) -> None:
    with installation.app.app_context():
        leftover = delete_response(session, ID, reason="wrong", note="", by=people.su.id)
        session.commit()
        erase_bytes(session, leftover)
        session.commit()


def test_a_deletion_by_the_office_is_explained(installation: Installation, session: Session, people: People) -> None:
    delete(installation, session, people)
    result = installation.verify()
    assert (result["faults"], result["counts"]["deletions"]) == ([], 1)
    installation.phone.receipts(installation.first, make_document(answers={"hh_size": "9"}))
    assert installation.faults() == []


def test_a_deletion_that_nobody_remembers(installation: Installation, session: Session, people: People) -> None:
    delete(installation, session, people)
    installation.damage("DELETE FROM deleted_responses")
    codes = {code for code, _ in installation.faults()}
    assert codes == {"revision_missing", "file_row_missing", "deletion_missing"}


def test_a_deletion_that_the_journal_does_not_know(
    installation: Installation, session: Session, people: People
) -> None:
    delete(installation, session, people)
    installation.damage("DELETE FROM journal WHERE id = (SELECT max(id) FROM journal)")
    assert installation.faults() == [("deletion_unknown", ID)]


def test_a_forged_deletion_does_not_explain_a_content_that_it_does_not_name(
    installation: Installation, session: Session, people: People
) -> None:
    delete(installation, session, people)
    installation.damage("UPDATE deleted_responses SET content_hashes = '[]'")
    assert installation.faults() == [("revision_missing", ID), ("revision_missing", ID)]
