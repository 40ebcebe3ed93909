"""What exports give to nobody, and what nobody can do with them: fill the disk, or keep access that was taken back."""

import io
import zipfile
from pathlib import Path

import pyarrow.parquet
import pyreadstat
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.operations import deactivate_user
from collector.export.formats import FORMATS
from collector.export.jobs import operations, running
from collector.store import ExportJob, Place, Questionnaire, User, Version, utc_now
from collector.store.people import REVIEWER
from tests.conftest import People, Phone, sign_in
from tests.documents import fresh, make_document
from tests.export.waiting import ask, listed, made, take, work


def unpacked(content: bytes, folder: Path) -> bytes:
    """All that a file holds, as text."""
    if content.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        return b"\0".join(unpacked(archive.read(name), folder) + name.encode() for name in archive.namelist())
    if content.startswith(b"PAR1"):
        table = pyarrow.parquet.read_table(io.BytesIO(content))
        return f"{table.to_pydict()} {table.schema}".encode()
    if content.startswith(b"$FL"):
        path = folder / "read.sav"
        path.write_bytes(content)
        rows, meta = pyreadstat.read_sav(path, output_format="dict")
        return f"{rows} {vars(meta)}".encode()
    return content


@pytest.fixture
def ana(client: FlaskClient, people: People, household: Version, places: dict[str, Place]) -> FlaskClient:
    """Ana's browser."""
    return sign_in(client, "ana")


def test_the_disk_keeps_room_for_what_is_collected(
    app: Flask, ana: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "RESERVE_BYTES", 2**62)
    ask(ana)
    work(app)
    job = fresh(session).scalars(select(ExportJob)).one()
    assert (job.state, job.error) == ("failed", "export_no_space")


def test_nobody_heaps_up_files(
    ana: FlaskClient, people: People, household: Version, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither those that are waited for, by trying again, nor those that lie ready."""
    usual = {"questionnaire_id": household.questionnaire_id, "options": {"format": "csv"}, "error_details": {}}
    ready = [ExportJob(user_id=people.ana.id, state="ready", finished_at=utc_now(), **usual) for _ in range(5)]
    session.add_all(ready)
    session.commit()
    monkeypatch.setattr(operations, "MAX_KEPT", 5)
    assert ana.post("/office/exports/household", data={"quick": "csv"}).status_code == 429
    monkeypatch.setattr(operations, "MAX_WAITING", 3)
    answers = [ana.post(f"/office/exports/-/{job.id}/again").status_code for job in ready]
    assert answers == [302, 302, 302, 429, 429]
    assert sorted(state for _id, state in listed(ana)) == ["ready"] * 2 + ["waiting"] * 3


@pytest.mark.parametrize("format_", [code for code in FORMATS if code != "geojson"])
def test_A85_no_format_holds_what_is_hidden(
    app: Flask, ana: FlaskClient, phone: Phone, household: Version, session: Session, tmp_path: Path, format_: str
) -> None:
    """A85: neither in a cell, nor in a name, nor packed somewhere in the file; also where no form asks for it."""
    session.get_one(Questionnaire, household.questionnaire_id).personal_fields = ["members/name", "photo"]
    session.merge(session.scalars(select(User).where(User.login == "ana")).one()).sees_personal = False
    session.commit()
    answers = {
        "place": "C01",
        "hh_size": "4",
        "members": [{"name": "Secretwang", "age": "30", "else": "Secretwang"}],
        "photo": "Secretwang.jpg",
        "else": "Secretwang",
        "meta": {"instanceName": "Secretwang"},
    }
    files = [{"name": "Secretwang.jpg", "sha256": "0" * 64, "size": 1, "path": "/data/photo"}]
    phone.receipts(make_document(household, answers=answers, files=files, instance_name="Secretwang"))
    id_ = made(app, ana, format=format_, multiple="both", repeats="wide" if format_ == "xlsx" else "tables")
    content = unpacked(ana.get(f"/office/exports/-/{id_}").data, tmp_path)
    assert b"Secretwang" not in content and "Secretwang".encode("utf-16-le") not in content
    # The reader would find it.
    session.merge(session.scalars(select(User).where(User.login == "ana")).one()).sees_personal = True
    session.commit()
    if "codebook" not in format_:
        id_ = made(app, ana, format=format_)
        assert b"Secretwang" in unpacked(ana.get(f"/office/exports/-/{id_}").data, tmp_path)


def test_who_left_or_lost_the_right_gets_no_file(
    app: Flask, ana: FlaskClient, people: People, session: Session
) -> None:
    """Neither one that lies ready, nor one that was asked for before and made since."""
    id_ = made(app, ana)
    ask(ana)
    session.get_one(User, people.ana.id).role = REVIEWER
    session.commit()
    assert ana.get(f"/office/exports/-/{id_}").status_code == 403
    work(app)
    assert sorted(job.state for job in fresh(session).scalars(select(ExportJob))) == ["failed", "ready"]
    deactivate_user(session, session.get_one(User, people.ana.id), by=None)
    session.commit()
    assert ana.get(f"/office/exports/-/{id_}").status_code == 302
    assert take(app) is None


def test_a_repeat_that_is_hidden_tells_not_even_its_rows(
    ana: FlaskClient, phone: Phone, household: Version, people: People, session: Session
) -> None:
    session.get_one(Questionnaire, household.questionnaire_id).personal_fields = ["members"]
    session.get_one(User, people.ana.id).sees_personal = False
    session.commit()
    phone.receipts(make_document(household, answers={"place": "C01", "members": [{"age": "1"}, {"age": "2"}]}))
    assert ana.get("/office/exports/household/members.csv").status_code == 404
    assert "members" not in ana.get("/office/exports/household.csv?repeats=wide").text
    assert "members" not in ana.get("/office/exports/").text
