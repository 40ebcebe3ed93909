"""Responses of each layout, read and stored."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.importing.contents import Chosen
from collector.importing.operations import Progress, import_responses
from collector.importing.preview import Preview, preview
from collector.importing.queries import find_target
from collector.importing.sources import open_source
from collector.intake.deletion import delete_response
from collector.store import File, Instance, Place, Response, Revision, Version
from collector.store.session import reading
from tests.conftest import People
from tests.importing import exports
from tests.importing.exports import FIRST, SECOND

ANSWERS = {
    "place": "C01",
    "hh_size": "3",
    "members": [{"name": "王", "age": "30"}, {"name": "=1+1", "age": "61"}],
    "photo": "1.jpg",
}


def bring_in(app: Flask, *files: Chosen, form_id: str = "household") -> tuple[Preview, Progress]:
    """Look at files, and import them."""
    with app.app_context():
        target = find_target(reading(), form_id, "Asia/Shanghai")
        with open_source(files, target) as (source, media):
            shown = preview(reading(), source, media)
            return shown, import_responses(source, media, by=None, form_id=form_id)


def answers_by_id(session: Session) -> dict[str, dict[str, Any]]:
    """The answers of each current revision, without the form's own data."""
    session.rollback()
    rows = session.execute(
        select(Response.id, Revision.document).join(
            Revision, (Revision.response_id == Response.id) & (Revision.number == Response.current_revision)
        )
    )
    found = {row.id: json.loads(row.document)["answers"] for row in rows}
    for answers in found.values():
        answers.pop("meta", None)
    return found


def test_the_archive_of_central(
    app: Flask, session: Session, places: dict[str, Place], household: Version, tmp_path: Path
) -> None:
    shown, progress = bring_in(app, exports.write(tmp_path, "household.csv.zip", exports.central_zip()))
    assert shown.source == "central"
    assert shown.counts == {"responses": 2, "new": 2, "files": 1, "files_missing": 0}
    assert [(view.name, view.repeat, view.columns.unknown) for view in shown.views] == [
        ("household", "", []),
        ("household-members", "members", []),
    ]
    assert not shown.misfits and not shown.orphans and not shown.without_column
    assert progress.counts == {"stored": 2, "files_stored": 1}
    found = answers_by_id(session)
    assert found[FIRST[5:]] == ANSWERS
    assert found[SECOND[5:]] == {"place": "C02", "hh_size": "1", "members": [{"name": "Zoë"}]}
    response = session.get_one(Response, FIRST[5:])
    assert response.place_id == places["C01"].id
    assert response.version_id == household.id
    assert response.missing_files == 0
    assert response.finished_at == "2025-05-15T10:00:00.000Z"
    document = json.loads(session.scalars(select(Revision.document).where(Revision.response_id == response.id)).one())
    assert document["source"] == "import"
    assert document["imported_from"] == "central"
    assert document["submitter"] == "Collector 7"
    assert document["author"] is None
    assert session.scalars(select(File.name)).all() == ["1.jpg"]
    assert session.get_one(Instance, FIRST).response_id == FIRST[5:]


def test_the_workbook_of_kobotoolbox(
    app: Flask, session: Session, places: dict[str, Place], household: Version, tmp_path: Path
) -> None:
    media = exports.zip_bytes(
        {f"user/attachments/abc/{FIRST[5:]}/1.jpg": exports.PHOTO, f"user/attachments/abc/{SECOND[5:]}/1.jpg": b"x"}
    )
    files = exports.write(tmp_path, "a.xlsx", exports.kobo_xlsx()), exports.write(tmp_path, "media.zip", media)
    shown, progress = bring_in(app, *files)
    assert shown.source == "kobo"
    assert shown.counts == {"responses": 2, "new": 2, "files": 1, "files_missing": 0}
    assert [view.columns.unknown for view in shown.views] == [[], []]
    assert progress.counts == {"stored": 2, "files_stored": 1}
    found = answers_by_id(session)
    assert found[FIRST[5:]] == ANSWERS
    assert found[SECOND[5:]] == {"place": "C02", "hh_size": "1", "members": [{"name": "Zoë"}]}
    assert session.scalars(select(File.size_bytes)).all() == [len(exports.PHOTO)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_however_it_was_saved(
    app: Flask, session: Session, household: Version, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = [
        ["place", "hh_size", "_uuid", "_submission_time"],
        ["香铺营；,;\t王", "3", FIRST[5:], "2025-05-15T10:00:00"],
    ]
    bring_in(app, exports.write(tmp_path, "a.csv", exports.csv_bytes(rows, delimiter, encoding)))
    assert answers_by_id(session) == {FIRST[5:]: {"place": "香铺营；,;\t王", "hh_size": "3"}}


def test_instances_with_their_media(
    app: Flask, session: Session, places: dict[str, Place], household: Version, tmp_path: Path
) -> None:
    archive = exports.zip_bytes(
        {
            f"{FIRST}/submission.xml": exports.instance_xml(),
            f"{FIRST}/1.jpg": exports.PHOTO,
            f"{SECOND}/submission.xml": exports.instance_xml(SECOND, "王 1.jpg"),
            f"{SECOND}/王 1.jpg": b"\xff\xd8\xff another",
            "household.xml": b"<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head/></h:html>",
            "broken/submission.xml": b"<data id='household'><place>",
        }
    )
    shown, progress = bring_in(app, exports.write(tmp_path, "instances.zip", archive))
    assert shown.source == "xml"
    assert shown.counts == {"responses": 2, "new": 2, "files": 2, "files_missing": 0}
    assert [(path, error.code) for path, error in shown.unreadable] == [("broken/submission.xml", "instance_malformed")]
    assert progress.counts == {"stored": 2, "files_stored": 2}
    assert answers_by_id(session)[FIRST[5:]] == ANSWERS
    assert session.get_one(Response, SECOND[5:]).missing_files == 0


def test_many_instances_in_one_file(app: Flask, session: Session, household: Version, tmp_path: Path) -> None:
    inner = b"".join(xml.partition(b"?>")[2] for xml in (exports.instance_xml(), exports.instance_xml(SECOND)))
    content = b"<root><count>2</count><results>" + inner + b"</results></root>"
    shown, _ = bring_in(app, exports.write(tmp_path, "data.xml", content))
    assert shown.counts["new"] == 2
    assert set(answers_by_id(session)) == {FIRST[5:], SECOND[5:]}


def test_importing_twice_stores_once(
    app: Flask, session: Session, places: dict[str, Place], household: Version, tmp_path: Path
) -> None:
    file = exports.write(tmp_path, "household.csv.zip", exports.central_zip())
    bring_in(app, file)
    shown, progress = bring_in(app, file)
    assert shown.counts == {"responses": 2, "already": 2, "files": 1, "files_missing": 0}
    assert progress.counts == {"already_stored": 2, "files_already": 1}
    assert len(answers_by_id(session)) == 2
    assert len(session.scalars(select(Revision.number)).all()) == 2


def test_photos_may_come_later(app: Flask, session: Session, household: Version, tmp_path: Path) -> None:
    bring_in(app, exports.write(tmp_path, "household.csv", exports.csv_bytes(exports.CENTRAL_MAIN)))
    session.rollback()
    assert session.get_one(Response, FIRST[5:]).missing_files == 1
    main = exports.zip_bytes({"household.csv": exports.csv_bytes(exports.CENTRAL_MAIN), "media/1.jpg": exports.PHOTO})
    _, progress = bring_in(app, exports.write(tmp_path, "again.zip", main))
    assert progress.counts == {"already_stored": 2, "files_stored": 1}
    session.expire_all()
    session.rollback()
    assert session.get_one(Response, FIRST[5:]).missing_files == 0


def test_other_content_under_a_known_id_changes_nothing(
    app: Flask, session: Session, household: Version, tmp_path: Path
) -> None:
    bring_in(app, exports.write(tmp_path, "a.zip", exports.central_zip()))
    changed = [row[:] for row in exports.CENTRAL_MAIN]
    changed[1][2] = "29"
    shown, progress = bring_in(app, exports.write(tmp_path, "b.csv", exports.csv_bytes(changed)))
    assert shown.counts["revision"] == 2
    assert progress.counts["revision_stored"] == 2
    assert answers_by_id(session)[FIRST[5:]] == ANSWERS
    assert session.get_one(Response, FIRST[5:]).is_conflicted


def test_another_photo_under_a_known_name_changes_nothing(
    app: Flask, session: Session, places: dict[str, Place], household: Version, tmp_path: Path
) -> None:
    """Documents of ODK Collect and of imports know their files by name alone: the newest of a name counts."""
    bring_in(app, exports.write(tmp_path, "a.zip", exports.central_zip()))
    other = {"media/1.jpg": exports.PHOTO + b" of somebody else"}
    for _ in range(2):
        _, progress = bring_in(app, exports.write(tmp_path, "b.zip", exports.central_zip(**other)))
        assert (progress.counts["files_already"], progress.counts["files_stored"]) == (1, 0)
    session.rollback()
    assert session.scalars(select(File.size_bytes)).all() == [len(exports.PHOTO)]


def test_rows_without_ids(app: Flask, session: Session, household: Version, tmp_path: Path) -> None:
    rows = [["place", "hh_size"], ["C01", "3"], ["C01", "3"], ["C02", "1"]]
    file = exports.write(tmp_path, "plain.csv", exports.csv_bytes(rows))
    shown, _ = bring_in(app, file)
    assert shown.source == "plain"
    assert len(answers_by_id(session)) == 3
    shown, _ = bring_in(app, file)
    assert shown.counts["already"] == 3


def test_an_interrupted_import_goes_on(app: Flask, session: Session, household: Version, tmp_path: Path) -> None:
    rows = [["place", "hh_size"], *(["C01", str(number)] for number in range(120))]
    file = exports.write(tmp_path, "plain.csv", exports.csv_bytes(rows))
    with app.app_context():
        target = find_target(reading(), "household", "UTC")
        with open_source([file], target) as (source, media):
            first = import_responses(source, media, by=None, form_id="household", seconds=0)
            assert (first.done, first.is_whole) == (50, False)
            second = import_responses(source, media, by=None, form_id="household", skipped=50)
            assert (second.done, second.is_whole, second.counts["stored"]) == (120, True, 70)
    assert len(answers_by_id(session)) == 120


def test_two_imports_of_the_same_file_at_once_store_once(
    app: Flask, session: Session, places: dict[str, Place], household: Version, tmp_path: Path
) -> None:
    ids = [f"uuid:{number:08d}-1111-4111-8111-111111111111" for number in range(150)]
    rows = [
        exports.CENTRAL_MAIN[0],
        *([*exports.CENTRAL_MAIN[1][:4], id_, id_, *exports.CENTRAL_MAIN[1][6:]] for id_ in ids),
    ]
    archive = exports.zip_bytes({"household.csv": exports.csv_bytes(rows), "media/1.jpg": exports.PHOTO})
    file = exports.write(tmp_path, "a.zip", archive)
    with ThreadPoolExecutor(3) as pool:
        done = [one[1].counts for one in pool.map(lambda _number: bring_in(app, file), range(3))]
    assert sum(one["stored"] for one in done) == 150
    assert sum(one["already_stored"] for one in done) == 300
    session.rollback()
    for table, number in ((Response, 150), (Revision, 150), (Instance, 150), (File, 150)):
        assert session.scalar(select(func.count()).select_from(table)) == number, table


def test_tables_of_surveycto(app: Flask, session: Session, household: Version, tmp_path: Path) -> None:
    main = [
        ["CompletionDate", "SubmissionDate", "starttime", "endtime", "place", "hh_size", "SET-OF-members", "KEY", "formdef_version"],
        ["May 15, 2025 10:05:00 AM", "May 15, 2025 10:06:00 AM", "May 15, 2025 9:58:00 AM", "", "C01", "3", f"{FIRST}/members", FIRST, "1"],
    ]  # fmt: skip
    members = [
        ["name", "age", "PARENT_KEY", "KEY", "SET-OF-members"],
        ["王", "30", FIRST, f"{FIRST}/members[1]", f"{FIRST}/members"],
    ]
    files = [
        exports.write(tmp_path, "Household_WIDE.csv", exports.csv_bytes(main)),
        exports.write(tmp_path, "Household-members.csv", exports.csv_bytes(members)),
    ]
    shown, _ = bring_in(app, *files)
    assert shown.source == "surveycto"
    assert not any(view.columns.unknown for view in shown.views)
    assert answers_by_id(session) == {
        FIRST[5:]: {"place": "C01", "hh_size": "3", "members": [{"name": "王", "age": "30"}]}
    }
    response = session.get_one(Response, FIRST[5:])
    assert (response.started_at, response.finished_at) == ("2025-05-15T09:58:00", "2025-05-15T10:05:00")


def test_what_was_finished_outside_the_window_waits(
    app: Flask, session: Session, household: Version, tmp_path: Path
) -> None:
    household.questionnaire.opens_at = datetime(2025, 5, 16, tzinfo=UTC)
    session.commit()
    shown, progress = bring_in(app, exports.write(tmp_path, "a.zip", exports.central_zip()))
    assert (shown.counts["new"], shown.counts["waits"]) == (1, 1)
    assert shown.reasons == {"finished_before_open": 1}
    assert progress.counts["quarantined"] == 1
    assert set(answers_by_id(session)) == {SECOND[5:]}


def test_nobody_is_its_author_and_that_is_no_fault(
    app: Flask, session: Session, places: dict[str, Place], household: Version, tmp_path: Path
) -> None:
    bring_in(app, exports.write(tmp_path, "a.zip", exports.central_zip()))
    assert session.get_one(Response, FIRST[5:]).author_id is None
    flags = session.scalars(select(Revision.flags).where(Revision.response_id == FIRST[5:])).one()
    assert "unknown_author" not in {flag["code"] for flag in flags}


def test_cells_that_do_not_fit_are_kept_and_told_by_their_rows(
    app: Flask, session: Session, household: Version, tmp_path: Path
) -> None:
    rows = [["place", "hh_size", "KEY", "SubmitterID"], ["C01", "many", FIRST, "1"], ["C01", "3", SECOND, "1"]]
    shown, _ = bring_in(app, exports.write(tmp_path, "household.csv", exports.csv_bytes(rows)))
    assert [(misfits.header, misfits.count, misfits.numbers) for misfits in shown.misfits.values()] == [
        ("hh_size", 1, [2])
    ]
    assert answers_by_id(session)[FIRST[5:]]["hh_size"] == "many"


def test_an_encrypted_instance_is_told(app: Flask, household: Version, tmp_path: Path) -> None:
    xml = exports.instance_xml().replace(b'version="1"', b'version="1" encrypted="yes"')
    shown, _ = bring_in(app, exports.write(tmp_path, "a.xml", xml))
    assert [error.code for _, error in shown.unreadable] == ["import_encrypted"]
    assert shown.counts["responses"] == 0


def test_other_versions_and_forms_are_told(app: Flask, session: Session, household: Version, tmp_path: Path) -> None:
    xml = exports.instance_xml().replace(b'id="household" version="1"', b'id="aXyZ" version="vOther"')
    shown, _ = bring_in(app, exports.write(tmp_path, "a.xml", xml))
    assert shown.other_forms == {"aXyZ": 1}
    assert answers_by_id(session)[FIRST[5:]] == ANSWERS
    document = json.loads(session.scalars(select(Revision.document)).one())
    assert (document["version"], document["version_there"]) == ("1", "vOther")
    assert document["xml"] == xml.decode()


def test_what_was_deleted_here_stays_deleted(
    app: Flask, session: Session, people: People, household: Version, tmp_path: Path
) -> None:
    file = exports.write(tmp_path, "household.csv.zip", exports.central_zip())
    bring_in(app, file)
    session.rollback()
    with app.app_context():
        delete_response(session, FIRST[5:], reason="other", note="", by=people.su.id)
        session.commit()
    shown, progress = bring_in(app, file)
    assert (shown.counts["deleted"], shown.counts["already"]) == (1, 1)
    assert (progress.counts["deleted"], progress.counts["files_deleted"]) == (1, 1)
    assert set(answers_by_id(session)) == {SECOND[5:]}
