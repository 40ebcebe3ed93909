"""Files that are made in the background: asked for, taken once, made, fetched, taken up again, cleared away."""

import errno
import os
import threading
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.export.formats import FORMATS
from collector.export.jobs import claims, running
from collector.export.jobs.claims import MAX_TRIES, SILENCE
from collector.export.jobs.files import drop_strangers, find_all
from collector.export.jobs.queries import LIFETIME
from collector.settings import PROJECT_ROOT
from collector.store import ExportJob, Place, Questionnaire, User, Version, utc_now
from tests.conftest import People, Phone, sign_in
from tests.documents import fresh, make_document
from tests.export.waiting import ask, listed, made, take, work


@pytest.fixture
def three(phone: Phone, places: dict[str, Place], household: Version) -> None:
    """A response in S1, one in S2, one of a place that nobody knows; each with a member."""
    for number, place in enumerate(("C01", "C03", "C99")):
        answers = {"place": place, "hh_size": "1", "members": [{"name": f"Name of {place}", "age": "30"}]}
        id_ = f"{number:08d}-1111-4111-8111-111111111111"
        phone.receipts(make_document(household, id=id_, place=place, answers=answers))


@pytest.fixture
def other(app: Flask, three: None) -> FlaskClient:
    """A browser where nobody is signed in."""
    return app.test_client()


def stored(session: Session) -> list[ExportJob]:
    return list(fresh(session).scalars(select(ExportJob).order_by(ExportJob.created_at)))


def files_in(data_dir: Path) -> list[Path]:
    return [path for path in (data_dir / "exports").rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def clean(app: Flask, data_dir: Path) -> None:
    """The data folder is shared by all tests."""
    for path in files_in(data_dir) if (data_dir / "exports").is_dir() else ():
        path.unlink()


# From the question to the file


def test_a_file_is_asked_for_made_and_fetched__A83(app: Flask, su: FlaskClient, three: None, data_dir: Path) -> None:
    """A83: asking is answered at once with a page that shows how far it is; the file is made elsewhere."""
    ask(su)
    [(job_id, state)] = listed(su)
    page = su.get("/office/exports/").text
    assert state == "waiting" and "<progress" in page and 'http-equiv="refresh"' in page
    assert su.get(f"/office/exports/-/{job_id}").status_code == 409
    assert work(app) == 1
    answer = su.get(f"/office/exports/-/{job_id}")
    names = zipfile.ZipFile(BytesIO(answer.data)).namelist()
    assert names == ["household.csv", "household-members.csv"]
    assert "household-" in answer.headers["Content-Disposition"] and ".zip" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    [path] = files_in(data_dir)
    assert path.name == job_id and path.stat().st_mode & 0o077 == 0
    page = su.get("/office/exports/").text
    assert "<progress" not in page and "http-equiv" not in page


def test_a_dropped_connection_goes_on_where_it_was__A83(app: Flask, su: FlaskClient, three: None) -> None:
    address = f"/office/exports/-/{made(app, su)}"
    whole = su.get(address)
    tag = whole.headers["ETag"]
    first = su.get(address, headers={"Range": "bytes=0-99"})
    rest = su.get(address, headers={"Range": "bytes=100-", "If-Range": tag})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.data + rest.data == whole.data
    assert su.get(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("code", list(FORMATS))
def test_two_files_of_the_same_data_are_the_same_bytes(
    app: Flask, su: FlaskClient, three: None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = su.get(f"/office/exports/-/{made(app, su, format=code)}")
    # What lies between is two days: no format may write when it was made.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    again = su.get(f"/office/exports/-/{made(app, su, format=code)}")
    assert first.data and first.data == again.data
    assert first.headers["ETag"] == again.headers["ETag"]


def test_what_is_quick_takes_the_usual_options_and_remembers_nothing(app: Flask, su: FlaskClient, three: None) -> None:
    ask(su, format="xlsx", choices="labels")
    assert su.post("/office/exports/household", data={"quick": "csv"}).status_code == 302
    work(app)
    assert [state for _, state in listed(su)] == ["ready", "ready"]
    page = su.get("/office/exports/household").text
    assert "These are the options that you used last." in page
    assert (
        'checked id="choices-1"' in page or 'id="choices-1" name="choices" type="radio" value="labels" checked' in page
    )


def test_a_format_that_nobody_knows_is_refused(su: FlaskClient, three: None) -> None:
    assert su.post("/office/exports/household", data={"quick": "doc"}).status_code == 400
    assert su.post("/office/exports/none", data={"quick": "csv"}).status_code == 404
    assert listed(su) == []


def test_nobody_waits_for_more_than_twenty(su: FlaskClient, three: None) -> None:
    for _ in range(20):
        ask(su)
    answer = su.post("/office/exports/household", data={"quick": "csv"})
    assert answer.status_code == 429 and "Wait for one of them" in answer.text


# Whose it is, and what they may see


def test_a_person_sees_only_their_own_files(app: Flask, su: FlaskClient, other: FlaskClient) -> None:
    job_id = made(app, su)
    ana = sign_in(other, "ana")
    assert listed(ana) == []
    for answer in (
        ana.get(f"/office/exports/-/{job_id}"),
        ana.post(f"/office/exports/-/{job_id}/delete"),
        ana.post(f"/office/exports/-/{job_id}/again"),
    ):
        assert answer.status_code == 404
    assert su.get(f"/office/exports/-/{job_id}").status_code == 200


def change_sight(session: Session, people: People, places: dict[str, Place], so: User) -> None:
    fresh(session).get_one(User, so.id).sees_personal = False


def change_places(session: Session, people: People, places: dict[str, Place], so: User) -> None:
    fresh(session).get_one(Place, places["C02"].id).parent_id = places["S2"].id


@pytest.mark.parametrize("change", [change_sight, change_places])
def test_a_file_is_not_given_once_its_person_may_see_something_else(
    app: Flask,
    other: FlaskClient,
    session: Session,
    people: People,
    places: dict[str, Place],
    so: User,
    change: Callable[..., None],
) -> None:
    client = sign_in(other, "so")
    job_id = made(app, client)
    change(session, people, places, so)
    session.commit()
    answer = client.get(f"/office/exports/-/{job_id}")
    assert answer.status_code == 409 and "What you may see has changed" in answer.text
    page = client.get("/office/exports/").text
    assert "What you may see has changed" in page and f'href="/office/exports/-/{job_id}"' not in page
    assert client.post(f"/office/exports/-/{job_id}/again").status_code == 302
    work(app)
    assert client.get(f"/office/exports/-/{job_id}").status_code == 200


def test_a_question_that_becomes_personal_is_in_no_earlier_file(
    app: Flask, other: FlaskClient, session: Session, people: People
) -> None:
    fresh(session).get_one(User, people.ana.id).sees_personal = False
    session.commit()
    client = sign_in(other, "ana")
    job_id = made(app, client)
    assert client.get(f"/office/exports/-/{job_id}").status_code == 200
    fresh(session).execute(update(Questionnaire).values(personal_fields=["hh_size", "members/name", "photo"]))
    session.commit()
    assert client.get(f"/office/exports/-/{job_id}").status_code == 409


def test_rights_count_as_they_are_when_the_file_is_made(
    app: Flask, other: FlaskClient, session: Session, people: People
) -> None:
    client = sign_in(other, "ana")
    ask(client)
    fresh(session).get_one(User, people.ana.id).sees_personal = False
    session.commit()
    work(app)
    archive = zipfile.ZipFile(BytesIO(client.get(f"/office/exports/-/{listed(client)[0][0]}").data))
    assert b"Name of" not in archive.read("household-members.csv")


def test_nothing_is_made_for_somebody_who_left(
    app: Flask, other: FlaskClient, session: Session, people: People, data_dir: Path
) -> None:
    ask(sign_in(other, "ana"))
    fresh(session).get_one(User, people.ana.id).is_active = False
    session.commit()
    work(app)
    [job] = stored(session)
    assert (job.state, job.error) == ("failed", "not_allowed")
    assert files_in(data_dir) == []


# Who makes it


def test_each_job_is_taken_once_however_many_look(app: Flask, su: FlaskClient, three: None) -> None:
    for _ in range(6):
        ask(su)
    taken: list[str] = []
    start = threading.Barrier(4)

    def look() -> None:
        start.wait()
        while claim := take(app):
            taken.append(claim.job_id)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 6


def test_a_job_whose_maker_is_silent_is_taken_up_again(
    app: Flask, su: FlaskClient, session: Session, three: None
) -> None:
    ask(su)
    lost = take(app)
    assert lost is not None and take(app) is None
    fresh(session).execute(update(ExportJob).values(alive_at=utc_now() - SILENCE - timedelta(seconds=1)))
    session.commit()
    assert work(app) == 1
    [job] = stored(session)
    assert job.state == "ready"
    # Should the first one still be there, what it says counts no more.
    assert not claims.note_progress(session, lost, 1, 2)
    assert not claims.fail(session, lost, "internal", {})


def test_a_job_whose_process_died_is_given_back_a_few_times(app: Flask, su: FlaskClient, three: None) -> None:
    ask(su)
    for _ in range(MAX_TRIES):
        claim = take(app)
        assert claim is not None
        with app.app_context():
            running.give_back_export(claim)
    assert listed(su)[0][1] == "failed" and take(app) is None
    page = su.get("/office/exports/").text
    assert "The server broke off 3 times" in page and "/again" in page
    su.post(f"/office/exports/-/{listed(su)[0][0]}/again")
    assert work(app) == 1 and listed(su)[0][1] == "ready"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_said_in_words_and_leaves_nothing_behind(
    app: Flask, su: FlaskClient, three: None, data_dir: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def write_export(_wanted: object, folder: Path, _on_progress: object) -> None:
        (folder / "half").write_bytes(b"half")
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(running, "write_export", write_export)
    ask(su)
    work(app)
    page = su.get("/office/exports/").text
    assert "The server&#39;s disk is full." in page
    assert files_in(data_dir) == []


# What becomes of it


def test_deleting_takes_the_file_away_and_stops_whoever_makes_it(
    app: Flask, su: FlaskClient, three: None, session: Session, data_dir: Path
) -> None:
    job_id = made(app, su)
    assert su.post(f"/office/exports/-/{job_id}/delete").status_code == 302
    assert files_in(data_dir) == [] and stored(session) == []
    ask(su)
    claim = take(app)
    assert claim is not None
    su.post(f"/office/exports/-/{claim.job_id}/delete")
    session.rollback()
    assert not claims.note_progress(session, claim, 1, 2)


def test_files_go_after_a_day_and_so_does_what_was_left_behind(
    app: Flask, su: FlaskClient, three: None, session: Session, data_dir: Path
) -> None:
    old, young = made(app, su), made(app, su)
    fresh(session).execute(
        update(ExportJob).where(ExportJob.id == old).values(finished_at=utc_now() - LIFETIME - timedelta(minutes=1))
    )
    session.commit()
    left = data_dir / "exports" / "work" / "00000000-0000-4000-8000-000000000000" / "1"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"half")
    (data_dir / "exports" / "stranger").write_bytes(b"nobody's")
    with app.app_context():
        running.tidy()
    assert [job.id for job in stored(session)] == [young]
    assert [path.name for path in files_in(data_dir)] == [young]


def test_what_is_being_made_is_not_cleared_away(app: Flask, su: FlaskClient, three: None, data_dir: Path) -> None:
    ask(su)
    claim = take(app)
    assert claim is not None
    folder = data_dir / "exports" / "work" / claim.job_id / "1"
    folder.mkdir(parents=True)
    (folder / "half").write_bytes(b"half")
    with app.app_context():
        running.tidy()
    assert (folder / "half").exists()
    with app.app_context():
        running.give_back_export(claim)
    assert not folder.exists()


def test_a_file_that_is_finished_during_a_clearing_stays(
    app: Flask, su: FlaskClient, three: None, data_dir: Path
) -> None:
    """The clearing asked for the jobs before it was ready, as it happens with several servers over PostgreSQL."""
    ask(su)
    claim = take(app)
    assert claim is not None
    with app.app_context():
        found = find_all()
        running.make_export(claim)
        drop_strangers(found, (), ())
    assert [path.name for path in files_in(data_dir)] == [claim.job_id]


def test_the_lists_script_is_served(su: FlaskClient, three: None) -> None:
    assert "office/exports" in su.get("/office/exports/").text
    assert (PROJECT_ROOT / "static" / "office" / "exports.js").exists()
