"""`collector import-responses`."""

from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.store import Place, Response, Version
from tests.importing import exports


def test_it_says_what_it_would_do_and_does_it(
    app: Flask, session: Session, places: dict[str, Place], household: Version, tmp_path: Path
) -> None:
    path = exports.put(tmp_path, "household.csv.zip", exports.central_zip())
    run = app.test_cli_runner().invoke
    dry = run(args=["collector", "import-responses", "household", str(path), "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert "responses: 2; new: 2" in dry.output
    assert session.scalar(select(func.count()).select_from(Response)) == 0
    done = run(args=["collector", "import-responses", "household", str(path)])
    assert done.exit_code == 0, done.output
    assert "imported: 2 stored" in done.output
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Response)) == 2


def test_rows_that_belong_to_no_response_are_told(app: Flask, household: Version, tmp_path: Path) -> None:
    main = exports.put(tmp_path, "household.csv", exports.csv_bytes(exports.CENTRAL_MAIN[:2]))
    members = exports.put(tmp_path, "household-members.csv", exports.csv_bytes(exports.CENTRAL_MEMBERS))
    done = app.test_cli_runner().invoke(args=["collector", "import-responses", "household", str(main), str(members)])
    assert done.exit_code == 1
    assert "household-members: 1 rows belong to no response of these files (rows 4" in done.output


def test_an_unknown_questionnaire(app: Flask, tmp_path: Path) -> None:
    path = exports.put(tmp_path, "household.csv.zip", exports.central_zip())
    done = app.test_cli_runner().invoke(args=["collector", "import-responses", "nothing", str(path)])
    assert done.exit_code == 1
    assert "Error" in done.output
