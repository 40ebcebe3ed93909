"""`collector places import`."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Place, PlaceState


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A table of two places."""
    path = tmp_path / "places.csv"
    path.write_text("code,name_zh,parent\nX,甲,\nX1,乙,X\n", encoding="utf-8")
    return path


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    """Run the command; gives its status and what it printed."""
    result = app.test_cli_runner().invoke(args=["collector", "places", "import", *arguments])
    return result.exit_code, result.output


def test_a_dry_run_only_says(app: Flask, session: Session, file: Path) -> None:
    status, output = run(app, str(file), "--dry-run")
    assert status == 0
    assert "added: 2, renamed: 0, moved: 0, unchanged: 0, not in the file: 0" in output
    assert session.scalars(select(Place)).all() == []


def test_it_imports_from_a_day_on(app: Flask, session: Session, file: Path) -> None:
    assert run(app, str(file), "--on", "2026-03-01")[0] == 0
    assert {str(since) for since in session.scalars(select(PlaceState.since))} == {"2026-03-01"}
    assert run(app, str(file), "--on", "2999-01-01")[0] == 1


def test_a_fault_has_its_row_and_nothing_is_changed(app: Flask, session: Session, file: Path) -> None:
    file.write_text("code,name_zh,parent\nX,甲,\nX1,乙,Y\n", encoding="utf-8")
    status, output = run(app, str(file))
    assert status == 1
    assert "row 3: The place above, Y, is neither" in output
    assert session.scalars(select(Place)).all() == []
    file.write_bytes(b"\x00")
    assert "neither CSV nor" in run(app, str(file))[1]


def test_missing_places_end_when_asked(app: Flask, session: Session, file: Path, places: dict[str, Place]) -> None:
    assert run(app, str(file), "--end-missing", "--on", "2026-03-01")[0] == 0
    session.rollback()
    standing = session.scalars(select(Place.code).where(Place.ended_on.is_(None)).order_by(Place.id)).all()
    assert standing == ["X", "X1"]
