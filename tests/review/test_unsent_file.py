"""The page and the command that take in files of unsent responses (A07)."""

import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector import cli
from collector.review import unsent
from collector.sealing.keys import SealingKey
from collector.store import File, JournalEntry, Place, QuarantinedDocument, Response, Revision, Version
from collector.store.contents import FILES, Contents
from tests.conftest import People, Phone, read_kept
from tests.documents import make_document
from tests.unsent import Part, Photo, plain_file, sealed_file

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400
KINDS = ("stored", "already_stored", "revision_stored", "quarantined", "files_stored", "files_already", "damaged")


@pytest.fixture
def key(app: Flask, places: dict[str, Place]) -> SealingKey:
    """The installation's key, and places for the responses."""
    found: SealingKey = app.extensions["collector_sealing_key"]
    return found


def import_page(client: FlaskClient, *files: Any, name: str = "collector-unsent.json") -> Any:
    """Send files to the page; each is JSON or bytes."""
    contents = [item if isinstance(item, bytes) else json.dumps(item).encode() for item in files]
    return client.post("/office/unsent-file", data={"files": [(io.BytesIO(content), name) for content in contents]})


def count(session: Session, table: Any) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def last_counts(session: Session) -> dict[str, int]:
    """What the journal says of the last import."""
    session.rollback()
    entries = select(JournalEntry).where(JournalEntry.action == "unsent.import").order_by(JournalEntry.id.desc())
    counts: dict[str, int] = session.scalars(entries).first().details["counts"]  # type: ignore[union-attr]
    return {kind: number for kind, number in counts.items() if number}


def three(version: Version, **overrides: Any) -> list[str]:
    return [make_document(version, id=str(UUID(int=number + 1)), **overrides) for number in range(3)]


@pytest.mark.parametrize("kind", ["sealed", "plain"])
def test_a07_importing_twice_still_gives_three_rows(
    su: FlaskClient, session: Session, household: Version, key: SealingKey, kept: Contents, people: People, kind: str
) -> None:
    # Other tests share the data folder.
    pieces_before = list(kept.piece_ids())
    photo = Photo(str(UUID(int=1)), "a.jpg", JPEG)
    documents = three(household, files=[])
    documents[0] = make_document(household, id=photo.response, files=[photo.entry])
    file = sealed_file(key, Part(documents, [photo])) if kind == "sealed" else plain_file(documents, [photo])
    answer = import_page(su, file)
    assert answer.status_code == 200
    assert last_counts(session) == {"stored": 3, "files_stored": 1}
    again = import_page(su, file)
    assert again.status_code == 200
    assert last_counts(session) == {"already_stored": 3, "files_already": 1}
    assert [count(session, table) for table in (Response, Revision, File)] == [3, 3, 1]
    stored = session.scalars(select(File)).one()
    assert read_kept(kept, FILES, stored.sha256) == JPEG
    assert stored.detected_type == "image/jpeg"
    assert session.get_one(Response, photo.response).missing_files == 0
    assert {revision.document for revision in session.scalars(select(Revision))} == set(documents)
    assert list(kept.piece_ids()) == pieces_before


def test_what_the_phone_sent_meanwhile_is_not_doubled(
    su: FlaskClient, session: Session, household: Version, key: SealingKey, phone: Phone
) -> None:
    """The phone came back: some of it had been sent, some was sent after the file was saved; and one was changed at the office."""
    documents = three(household)
    phone.receipts(documents[0])
    import_page(su, sealed_file(key, Part(documents)))
    assert last_counts(session) == {"stored": 2, "already_stored": 1}
    assert [receipt["status"] for receipt in phone.receipts(*documents)] == ["already_stored"] * 3
    changed = make_document(household, id=str(UUID(int=1)), base=1, answers={"place": "C01", "hh_size": "5"})
    import_page(su, sealed_file(key, Part([changed])))
    assert last_counts(session) == {"revision_stored": 1}


def test_what_fits_nothing_goes_to_quarantine(
    su: FlaskClient, session: Session, household: Version, key: SealingKey
) -> None:
    strange = make_document(household, form="unknown_form")
    for _ in range(2):
        assert import_page(su, sealed_file(key, Part([strange, "not json", *three(household)]))).status_code == 200
    assert last_counts(session) == {"quarantined": 2, "already_stored": 3}
    kept = session.scalars(select(QuarantinedDocument)).all()
    assert {item.reason for item in kept} == {"form_unknown", "document_not_json"}
    assert {item.device_id for item in kept} == {None}


def test_each_bad_record_is_named_and_holds_up_no_other(
    su: FlaskClient, session: Session, household: Version, key: SealingKey
) -> None:
    documents = three(household)
    photos = [Photo(str(UUID(int=1)), f"{name}.jpg", JPEG + name.encode()) for name in "abcd"]
    file = sealed_file(key, Part(documents[:2], photos), Part(documents[2:], author=str(uuid4())), Part(["lost"]))
    first, _second, third = file["parts"]
    first["responses"][0] = first["responses"][0][:-8]
    first["responses"].insert(0, 17)
    first["files"][0]["sha256"] = "0" * 64
    first["files"][1]["name"] = "../../a.jpg"
    first["files"][2]["content"] = "ß"
    third["key"] = first["responses"][2]
    answer = import_page(su, file)
    assert answer.status_code == 400
    assert last_counts(session) == {"stored": 2, "files_stored": 1, "damaged": 6}
    for line in (
        "Part 1, response 1 – it has not the shape of a record",
        "Part 1, response 2 – it was cut short or changed, and cannot be opened",
        "Part 1, photo or file 1 – its bytes are not those that were promised",
        "Part 1, photo or file 2 – it lacks its response, name or SHA-256",
        "Part 1, photo or file 3 – it was cut short or changed: it is not base64",
        "Part 3, response 1 – its key is damaged",
    ):
        assert line in answer.text, line


def test_nobody_s_record_passes_for_another_s(
    su: FlaskClient, session: Session, household: Version, key: SealingKey
) -> None:
    """The author is sealed in: who changes the name on a part only damages it."""
    file = sealed_file(key, Part(three(household)))
    file["parts"][0]["author"] = str(uuid4())
    import_page(su, file)
    assert last_counts(session) == {"damaged": 3}
    assert count(session, Response) == 0


def test_a_file_of_another_server_is_refused_with_what_to_do(
    su: FlaskClient, session: Session, household: Version, key: SealingKey
) -> None:
    file = sealed_file(key, Part(three(household))) | {"key_id": "feedfeedfeedfeed"}
    answer = import_page(su, file)
    assert answer.status_code == 400
    assert f"key feedfeedfeedfeed; this one&#39;s is {key.id}" in answer.text
    assert "Import it there" in answer.text
    assert count(session, Response) == 0


def test_several_files_at_once_and_one_is_bad(
    su: FlaskClient, session: Session, household: Version, key: SealingKey
) -> None:
    documents = three(household)
    answer = import_page(su, plain_file(documents[:1]), b"nonsense", sealed_file(key, Part(documents[1:])))
    assert answer.status_code == 400
    assert "it is not JSON" in answer.text
    assert count(session, Response) == 3


def test_of_a_file_that_was_cut_what_is_there_is_kept(
    su: FlaskClient, session: Session, household: Version, key: SealingKey
) -> None:
    content = json.dumps(sealed_file(key, Part(three(household)))).encode()
    answer = import_page(su, content[: int(len(content) * 0.9)])
    assert answer.status_code == 400
    assert "End of the file – the file ends here before it is complete" in answer.text
    assert last_counts(session) == {"stored": 2, "damaged": 1}


def test_a_phone_s_broken_off_upload_is_finished(
    su: FlaskClient, session: Session, household: Version, key: SealingKey, phone: Phone
) -> None:
    """The phone had sent the beginning of the photo; or, on a bad line, something else."""
    for response_id, begun in ((str(UUID(int=1)), JPEG[:500]), (str(UUID(int=2)), b"x" * 500)):
        photo = Photo(response_id, "a.jpg", JPEG)
        document = make_document(household, id=response_id, files=[photo.entry])
        with phone.client.application.app_context():  # type: ignore[attr-defined]
            from collector.intake.files import append_bytes, begin_file

            head = photo.head
            wanted = {"response_id": response_id, "name": "a.jpg", "sha256": head["sha256"]}
            wanted |= {"size_bytes": head["size"], "claimed_type": ""}
            append_bytes(session, begin_file(session, wanted, phone.device.id).id, 0, begun)
            session.commit()
        assert import_page(su, sealed_file(key, Part([document], [photo]))).status_code == 200
        assert last_counts(session) == {"stored": 1, "files_stored": 1}
        assert session.get_one(Response, response_id).missing_files == 0


def test_a_file_over_the_limit_is_refused_whole(
    su: FlaskClient, session: Session, household: Version, key: SealingKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """413, with the file's name; the other one is not taken in either, and can be sent again."""
    monkeypatch.setattr(unsent, "MAX_UNSENT_FILE_BYTES", 100_000)
    answer = import_page(su, plain_file(three(household)), b"{" + b" " * 100_000, name="big.json")
    assert answer.status_code == 413
    assert "“big.json” is larger than" in answer.text
    assert count(session, Response) == 0


def test_larger_than_other_bodies_is_taken(
    su: FlaskClient, session: Session, household: Version, key: SealingKey
) -> None:
    """16 MiB is the limit of everything else."""
    photos = [Photo(str(UUID(int=1)), f"{number}.jpg", JPEG * 50 + bytes([number])) for number in range(3)]
    file = plain_file(three(household), photos) | {"note": "x" * 17_000_000}
    assert import_page(su, file).status_code == 200
    assert last_counts(session) == {"stored": 3, "files_stored": 3}


def test_nobody_else_gets_in(
    client: FlaskClient, session: Session, household: Version, key: SealingKey, people: People
) -> None:
    assert import_page(client, plain_file(three(household))).status_code == 401
    assert import_page(client, b" " * 17_000_000).status_code == 413
    assert count(session, Response) == 0


def test_without_a_file_it_asks_for_one(su: FlaskClient) -> None:
    answer = su.post("/office/unsent-file", data={})
    assert answer.status_code == 400
    assert "Choose a file first." in answer.text
    for page in ("/office/responses", "/office/quarantine"):
        assert "/office/unsent-file" in su.get(page).text


def test_the_journal_names_who_and_no_answers(
    su: FlaskClient, session: Session, household: Version, key: SealingKey, people: People
) -> None:
    import_page(su, sealed_file(key, Part(three(household, answers={"place": "a secret answer"}))))
    session.rollback()
    entries = session.scalars(select(JournalEntry)).all()
    [imported] = [entry for entry in entries if entry.action == "unsent.import"]
    assert imported.user_id == people.su.id
    assert len(imported.subject) == 64
    assert "secret" not in json.dumps([entry.details for entry in entries])


def test_the_command_prints_the_same(
    app: Flask, session: Session, household: Version, key: SealingKey, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(sealed_file(key, Part(three(household)))))
    file = sealed_file(key, Part(["{}"]))
    file["parts"][0]["responses"].append("AAAA")
    bad.write_text(json.dumps(file))
    runner = app.test_cli_runner()
    first = runner.invoke(cli.group, ["import", str(good)])
    assert first.exit_code == 0, first.output
    assert "responses: 3 stored, 0 already there" in first.output
    second = runner.invoke(cli.group, ["import", str(good), str(bad)])
    assert second.exit_code == 1
    assert "responses: 0 stored, 3 already there" in second.output
    assert "1 in quarantine" in second.output
    assert "  Part 1, response 2: it was cut short or changed, and cannot be opened" in second.output
    assert count(session, Response) == 3


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mutated_file_is_no_fault_of_the_server(
    su: FlaskClient, session: Session, household: Version, key: SealingKey, data: st.DataObject
) -> None:
    """Bytes changed, cut, doubled; values put in the place of others: 200 or 400, never 5xx."""
    photo = Photo(str(UUID(int=1)), "a.jpg", b"\xff\xd8\xff short")
    documents = three(household)
    file = sealed_file(key, Part(documents, [photo])) if data.draw(st.booleans()) else plain_file(documents, [photo])
    if data.draw(st.booleans()):
        replace_somewhere(file, data)
        content = json.dumps(file).encode()
    else:
        changed = bytearray(json.dumps(file).encode())
        for _ in range(data.draw(st.integers(1, 4))):
            begin = data.draw(st.integers(0, len(changed)))
            end = begin + data.draw(st.integers(0, 20))
            changed[begin:end] = data.draw(st.binary(max_size=8) | st.sampled_from([b"", b'"', b"[", b"}", b"\\ud800"]))
        content = bytes(changed)
    assert import_page(su, content).status_code in (200, 400)


STRANGE: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 2**70, 1.5, "", "\0", "\ud800", "x" * 300, "AAAA", [], [[]], {}, {"a": {"b": [1]}}]
)


def replace_somewhere(value: Any, data: st.DataObject) -> None:
    """Put something strange in the place of a value at any depth."""
    key = data.draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
    inner = value[key]
    if isinstance(inner, (dict, list)) and inner and data.draw(st.integers(0, 3)):
        replace_somewhere(inner, data)
    else:
        value[key] = data.draw(STRANGE)
