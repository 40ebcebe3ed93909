"""Static files as they are served."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from collector.field.phone_files import phone_files
from collector.static_files import BUNDLES, StaticFiles


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


def test_style_sheets_come_in_one_file(tmp_path: Path) -> None:
    source = tmp_path / "static"
    (source / "css").mkdir(parents=True)
    (source / "css/all.css").write_text("/* Both. */\n@import './one.css';\n@import './two.css';\np { margin: 0 }\n")
    (source / "css/one.css").write_text("a { color: red }\n")
    (source / "css/two.css").write_text("b { color: blue }\n")
    packed = StaticFiles(source).packed(tmp_path / "packed")
    text = (packed.root / "css/all.css").read_text()
    assert "@import" not in text
    assert text.index("red") < text.index("blue") < text.index("margin")


def test_every_module_of_the_phone_is_in_a_bundle(app: Flask) -> None:
    modules = {name for name in phone_files(app.extensions["collector_static"].files) if name.endswith(".js")}
    assert modules == BUNDLES.keys()
