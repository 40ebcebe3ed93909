"""Pieces of attachments: what is lost, doubled or overtaken on the way costs a piece or a file sent again, and never the file."""

import hashlib
import io
import os
import shutil
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.intake import files, leftovers
from collector.intake.files import append_bytes, begin_file, keep_ahead
from collector.store import File, Place, Version
from collector.store.contents import FILES, Contents
from collector.store.session import reading, writing
from tests.conftest import Phone, read_kept
from tests.documents import ID, fresh
from tests.sync.test_files import JPEG, create, entry, patch

OLD_S = 25 * 3600


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def piece_folder(data_dir: Path, session: Session) -> Path:
    """Where the pieces of the only upload lie."""
    return data_dir / "files" / "partial" / fresh(session).scalars(select(File.id)).one()


def pieces_of(kept: Contents, upload_id: str) -> set[str]:
    return {found for found, _kept_at in kept.piece_ids() if found == upload_id}


#: What a machine that lost its power may have left of a file that it had not written out yet.
LOST = {
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:50]),
    "empty": lambda path: path.write_bytes(b""),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "gone": lambda path: path.unlink(),
    "folder gone": lambda path: shutil.rmtree(path.parent),
}


@pytest.mark.parametrize("lost", LOST)
def test_a_piece_that_the_machine_lost_costs_sending_the_file_again(
    lost: str, phone: Phone, session: Session, data_dir: Path, kept: Contents
) -> None:
    """Pieces wait for no disk. The last one shows that one before it is gone; nothing of the rest is kept, and nothing is stuck."""
    # Other tests keep the picture itself.
    content = JPEG + lost.encode()
    file = entry("a.jpg", content)
    location = create(phone, file).headers["Location"]
    assert patch(phone, location, 0, content[:400]).status_code == 204
    assert patch(phone, location, 400, content[400:600]).status_code == 204
    folder = piece_folder(data_dir, session)
    LOST[lost](min(folder.iterdir()))
    # The row still says how many bytes there were, and the phone goes on from there.
    assert create(phone, file).headers["Upload-Offset"] == "600"
    assert patch(phone, location, 600, content[600:700]).status_code == 204
    answer = patch(phone, location, 700, content[700:])
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (460, "upload_checksum_differs")
    assert create(phone, file).headers["Upload-Offset"] == "0" and not folder.exists()
    assert not kept.has(FILES, file["sha256"])
    assert patch(phone, location, 0, content[:500]).status_code == 204
    assert patch(phone, location, 500, content[500:]).status_code == 204
    assert read_kept(kept, FILES, file["sha256"]) == content


def test_a_piece_that_comes_again_shorter_while_the_first_is_being_noted_does_no_harm(
    app: Flask, phone: Phone, session: Session, kept: Contents
) -> None:
    """A phone that heard nothing sends less the next time. Both were kept before either was noted."""
    file = entry("a.jpg", JPEG)
    create(phone, file)
    file_id = fresh(session).scalars(select(File.id)).one()
    with app.app_context():
        assert keep_ahead(reading(), file_id, 0, JPEG[:500])
        assert keep_ahead(reading(), file_id, 0, JPEG[:100])
        with writing() as store:
            append_bytes(store, file_id, 0, JPEG[:500], is_kept=True)
        with pytest.raises(CollectorError, match="upload_offset_differs"), writing() as store:
            append_bytes(store, file_id, 0, JPEG[:100], is_kept=True)
        assert not keep_ahead(reading(), file_id, 100, JPEG[100:])
        assert keep_ahead(reading(), file_id, 500, JPEG[500:])
        with writing() as store:
            assert append_bytes(store, file_id, 500, JPEG[500:], is_kept=True).completed_at
    assert read_kept(kept, FILES, file["sha256"]) == JPEG


def test_bytes_that_are_erased_with_another_response_meanwhile_are_kept_again(
    app: Flask, phone: Phone, session: Session, kept: Contents
) -> None:
    file = entry("a.jpg", JPEG)
    create(phone, file)
    file_id = fresh(session).scalars(select(File.id)).one()
    with app.app_context():
        assert keep_ahead(reading(), file_id, 0, JPEG)
        kept.remove(FILES, file["sha256"])
        with writing() as store:
            assert append_bytes(store, file_id, 0, JPEG, is_kept=True).detected_type == "image/jpeg"
    assert read_kept(kept, FILES, file["sha256"]) == JPEG


def test_nothing_is_kept_of_what_the_upload_does_not_wait_for(
    app: Flask, phone: Phone, session: Session, kept: Contents
) -> None:
    whole = JPEG + b"of this test alone"
    create(phone, entry("a.jpg", whole))
    file_id = fresh(session).scalars(select(File.id)).one()
    with app.app_context():
        for wanted, offset, content in (
            ("nobody's", 0, b"x"),
            (file_id, 5, b"x"),
            (file_id, 0, whole + b"x"),
            (file_id, 0, whole[:-1] + b"x"),
        ):
            assert not keep_ahead(reading(), wanted, offset, content)
    assert not pieces_of(kept, file_id) and not kept.has(FILES, hashlib.sha256(whole).hexdigest())


def test_the_last_byte_takes_the_pieces_along(phone: Phone, session: Session, kept: Contents) -> None:
    location = create(phone, entry("a.jpg", JPEG)).headers["Location"]
    assert patch(phone, location, 0, JPEG[:400]).status_code == 204
    file_id = fresh(session).scalars(select(File.id)).one()
    assert pieces_of(kept, file_id)
    assert patch(phone, location, 400, JPEG[400:]).status_code == 204
    assert not pieces_of(kept, file_id)


def test_what_a_killed_server_left_goes_after_a_day_and_an_upload_under_way_stays(
    app: Flask, phone: Phone, session: Session, data_dir: Path, kept: Contents
) -> None:
    """It was killed in the middle of a submission's file; its row was never committed, and the client sends it anew."""
    location = create(phone, entry("a.jpg", JPEG)).headers["Location"]
    assert patch(phone, location, 0, JPEG[:400]).status_code == 204
    file_id = fresh(session).scalars(select(File.id)).one()
    for upload_id in ("strangers-old", "strangers-new"):
        kept.append(upload_id, 0, b"x")
    before = time.time() - OLD_S
    for upload_id in (file_id, "strangers-old"):
        for path in (data_dir / "files" / "partial" / upload_id).iterdir():
            os.utime(path, (before, before))
    with app.app_context():
        leftovers.drop_leftovers()
    assert pieces_of(kept, file_id) and pieces_of(kept, "strangers-new") and not pieces_of(kept, "strangers-old")
    kept.drop_pieces("strangers-new")
    assert patch(phone, location, 400, JPEG[400:]).status_code == 204


def test_pieces_of_a_finished_file_that_could_not_be_taken_away_go_after_a_day(
    app: Flask, phone: Phone, session: Session, data_dir: Path, kept: Contents
) -> None:
    location = create(phone, entry("a.jpg", JPEG)).headers["Location"]
    assert patch(phone, location, 0, JPEG).status_code == 204
    file_id = fresh(session).scalars(select(File.id)).one()
    kept.append(file_id, 0, JPEG[:10])
    before = time.time() - OLD_S
    for path in (data_dir / "files" / "partial" / file_id).iterdir():
        os.utime(path, (before, before))
    with app.app_context():
        leftovers.drop_leftovers()
    assert not pieces_of(kept, file_id)


def test_a_whole_file_at_hand_completes_what_was_begun(app: Flask, session: Session, kept: Contents) -> None:
    """Whatever came of it before, right or wrong."""
    digest = hashlib.sha256(JPEG).hexdigest()
    wanted = {"response_id": ID, "name": "a.jpg", "sha256": digest, "size_bytes": len(JPEG), "claimed_type": ""}
    with app.app_context(), writing() as store:
        file_id = begin_file(store, wanted, None).id
        append_bytes(store, file_id, 0, b"other bytes")
    with app.app_context(), writing() as store:
        files.store_whole(store, store.get_one(File, file_id), io.BytesIO(JPEG))
    assert read_kept(kept, FILES, digest) == JPEG and not pieces_of(kept, file_id)
