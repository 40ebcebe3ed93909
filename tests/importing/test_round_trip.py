"""What Collector exported comes back as it was."""

import csv
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from collector.store import Place, Response, Version
from tests.conftest import HOUSEHOLD, Publish
from tests.databases import empty
from tests.documents import fresh
from tests.importing import exports
from tests.importing.exports import FIRST, SECOND
from tests.importing.forms import FARM
from tests.importing.test_sources import answers_by_id, bring_in

#: Columns that tell of the installation and not of the response.
OWN = {"received_at_utc", "place", "flags"}


def export(app: Flask, form_id: str, target: Path, *options: str) -> None:
    """Run `collector export`."""
    done = app.test_cli_runner().invoke(args=["collector", "export", form_id, str(target), *options])
    assert done.exit_code == 0, done.output


def tables(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The tables in a folder, without columns of the installation."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [{key: text for key, text in row.items() if key not in OWN} for row in csv.DictReader(file)]
        found[path.name] = sorted(rows, key=lambda row: tuple(row.values()))
    return found


@pytest.mark.parametrize("options", [(), ("--raw", "--no-bom"), ("--multiple", "both")])
def test_tables_come_back(
    app: Flask,
    session: Session,
    places: dict[str, Place],
    household: Version,
    publish: Publish,
    tmp_path: Path,
    options: Any,
) -> None:
    bring_in(app, exports.write(tmp_path, "a.zip", exports.central_zip()))
    before = answers_by_id(session)
    first, again = tmp_path / "first", tmp_path / "again"
    export(app, "household", first, *options)
    fresh(session)
    empty(app.extensions["collector_engine"])
    publish(HOUSEHOLD)
    files = [exports.chosen(path) for path in sorted(first.glob("*.csv"))]
    shown, _ = bring_in(app, *files, exports.write(tmp_path, "1.jpg", exports.PHOTO))
    assert shown.source == "collector"
    assert not any(view.columns.unknown for view in shown.views)
    assert answers_by_id(session) == before
    export(app, "household", again, *options)
    assert tables(first) == tables(again)


def test_a_workbook_and_an_archive_come_back(
    app: Flask, session: Session, household: Version, publish: Publish, tmp_path: Path
) -> None:
    bring_in(app, exports.write(tmp_path, "a.zip", exports.central_zip()))
    before = answers_by_id(session)
    for name, options in (("b.xlsx", ("--format", "xlsx")), ("c.zip", ())):
        export(app, "household", tmp_path / name, *options)
    for name in ("b.xlsx", "c.zip"):
        fresh(session)
        empty(app.extensions["collector_engine"])
        publish(HOUSEHOLD)
        bring_in(app, exports.chosen(tmp_path / name))
        assert answers_by_id(session) == before


def test_photos_come_back(app: Flask, session: Session, household: Version, publish: Publish, tmp_path: Path) -> None:
    bring_in(app, exports.write(tmp_path, "a.zip", exports.central_zip()))
    export(app, "household", tmp_path / "tables.zip")
    export(app, "household", tmp_path / "media.zip", "--format", "media")
    fresh(session)
    empty(app.extensions["collector_engine"])
    publish(HOUSEHOLD)
    _, progress = bring_in(app, exports.chosen(tmp_path / "tables.zip"), exports.chosen(tmp_path / "media.zip"))
    assert progress.counts == {"stored": 2, "files_stored": 1}
    assert session.get_one(Response, FIRST[5:]).missing_files == 0


def test_every_kind_of_question_comes_back(app: Flask, session: Session, publish: Publish, tmp_path: Path) -> None:
    publish(FARM)
    main = [
        ["start", "end", "place", "farm-crops", "farm-organic", "farm-where-Latitude", "farm-where-Longitude", "farm-where-Altitude",
         "farm-where-Accuracy", "farm-since", "farm-area", "owner-name", "KEY", "SubmissionDate"],
        ["2025-05-15T09:00:00.000+08:00", "2025-05-15T09:20:00.000+08:00", "C01", "tea other", "yes", "32.05", "118.78", "5", "4.9",
         "2001-02-03", "2.50", "'tis =1", FIRST, "2025-05-15T10:00:00.000Z"],
        ["", "", "", "", "", "", "", "", "", "", "", "", SECOND, "2025-05-15T10:00:00.000Z"],
    ]  # fmt: skip
    fields = [
        ["name", "PARENT_KEY", "KEY"],
        ["北地", FIRST, f"{FIRST}/farm/fields[1]"],
        ["b", FIRST, f"{FIRST}/farm/fields[2]"],
    ]
    key = f"{FIRST}/farm/fields[2]"
    harvests = [
        ["year", "got", "PARENT_KEY", "KEY"],
        ["2001", "rice", key, f"{key}/harvests[1]"],
        ["2002", "", key, f"{key}/harvests[2]"],
    ]
    archive = exports.zip_bytes({
        "farm.csv": exports.csv_bytes(main), "farm-fields.csv": exports.csv_bytes(fields), "farm-harvests.csv": exports.csv_bytes(harvests),
    })  # fmt: skip
    shown, _ = bring_in(app, exports.write(tmp_path, "farm.csv.zip", archive), form_id="farm")
    assert not shown.misfits
    before = answers_by_id(session)
    assert before[FIRST[5:]] == {
        "start": "2025-05-15T09:00:00.000+08:00", "end": "2025-05-15T09:20:00.000+08:00", "place": "C01",
        "farm": {
            "crops": "tea other", "organic": "yes", "where": "32.05 118.78 5 4.9", "since": "2001-02-03", "area": "2.50",
            "fields": [{"name": "北地"}, {"name": "b", "harvests": [{"year": "2001", "got": "rice"}, {"year": "2002"}]}],
        },
        "owner": {"name": "'tis =1"},
    }  # fmt: skip
    for options in (
        (),
        ("--multiple", "split"),
        ("--no-groups",),
        ("--headers", "label", "--choices", "labels", "--multiple", "split"),
    ):
        target = tmp_path / f"{len(options)}{''.join(options)}"
        export(app, "farm", target, *options)
        fresh(session)
        empty(app.extensions["collector_engine"])
        publish(FARM)
        bring_in(app, *map(exports.chosen, sorted(target.glob("*.csv"))), form_id="farm")
        assert answers_by_id(session) == before, options
