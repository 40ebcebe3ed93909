"""Static files as they are served."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from collector.static_files import StaticFiles


def test_an_address_is_cached_for_ever_and_compressed(client: FlaskClient, app: Flask) -> None:
    address = app.extensions["collector_static"].url("css/tokens.css")
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert client.get("/static/000000000000/css/tokens.css").status_code == 404


def test_the_build_changes_with_any_file(tmp_path: Path) -> None:
    source = tmp_path / "static"
    source.mkdir()
    (source / "a.css").write_text("a { color: red }")
    before = StaticFiles(source).build
    (source / "a.css").write_text("a { color: blue }")
    assert StaticFiles(source).build != before


def test_it_is_packed_once(tmp_path: Path) -> None:
    source = tmp_path / "static"
    source.mkdir()
    (source / "a.css").write_text("a {\n  color: red; /* why */\n}\n")
    packed = StaticFiles(source).packed(tmp_path / "packed")
    assert (packed.build, packed.files) == (StaticFiles(source).build, ["a.css"])
    stamp = (packed.root / "a.css").stat().st_mtime_ns
    assert (StaticFiles(source).packed(tmp_path / "packed").root / "a.css").stat().st_mtime_ns == stamp
