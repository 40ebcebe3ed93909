"""`collector backup`, `restore` and `move` where files lie in a bucket, of a real S3 server."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask

from collector.archive import container
from collector.archive.restore import UNFINISHED
from collector.store import Place, Version
from collector.store.contents import FILES, contents
from tests.archive.test_backup import Machine, documents, new_machine
from tests.archive.test_move import goes_on, run
from tests.archive.test_while_running import new_phone, pushing, wait_until
from tests.conftest import Phone
from tests.databases import new_database
from tests.documents import make_document
from tests.faults.ledger import Ledger
from tests.faults.server import FragileServer, fragile_server
from tests.s3 import S3Server
from tests.sync.test_files import JPEG, entry, upload

PHOTO = entry("a.jpg", JPEG)
#: Where it lies, below the data folder or the bucket's prefix.
PHOTO_KEY = f"files/{PHOTO['sha256'][:2]}/{PHOTO['sha256']}"
PASSPHRASE = "seven tall sunflowers"
NOBODY = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing"}


@pytest.fixture
def prefix() -> str:
    """Where no test has put anything."""
    return uuid4().hex


@pytest.fixture
def _credentials(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3.environ.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def _quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases become keys as quickly as scrypt can, in this process."""
    monkeypatch.setattr(container, "SCRYPT_N", 2)


@pytest.fixture
def machine(database_kind: str, tmp_path: Path, s3: S3Server, prefix: str, _credentials: None) -> Iterator[Machine]:
    """An empty machine of which files go into an empty bucket."""
    for machine in new_machine(database_kind, tmp_path):
        machine.environ["FILES_URL"] = s3.files_url(f"{prefix}/one")
        yield machine


@pytest.fixture
def backup(app: Flask, phone: Phone, household: Version, places: dict[str, Place], tmp_path: Path) -> list[str]:
    """Arguments of a restore: a backup of an installation whose files lie in a folder, a response with a photo in it."""
    upload(phone, PHOTO, JPEG)
    phone.receipts(make_document(household, files=[PHOTO]))
    return back_up(app, tmp_path / "folder.backup")


def back_up(app: Flask, file: Path) -> list[str]:
    """Back up with a passphrase, and give the arguments that bring the backup back."""
    passphrase = file.with_suffix(".passphrase")
    passphrase.write_text(PASSPHRASE)
    arguments = [str(file), "--passphrase-file", str(passphrase)]
    result = app.test_cli_runner().invoke(args=["collector", "backup", *arguments])
    assert result.exit_code == 0, result.output
    assert f"files: 1, {len(JPEG)} bytes" in result.output
    return arguments


def restore(machine: Machine, arguments: list[str]) -> Result:
    return machine.restore(Path(arguments[0]), *arguments[1:])


def assert_whole(machine: Machine, app: Flask) -> None:
    """The responses of `app`, with the photo, are on `machine`, and it finds no fault with itself."""
    there = machine.app()
    engine = there.extensions["collector_engine"]
    assert documents(engine) == documents(app.extensions["collector_engine"])
    with there.app_context():
        assert contents().open(FILES, PHOTO["sha256"]).read() == JPEG
    verified = there.test_cli_runner().invoke(args=["collector", "verify"])
    assert verified.exit_code == 0, verified.output
    assert "stray" not in verified.output and "nothing in the database asks for it" not in verified.output
    engine.dispose()


def test_a_backup_goes_from_a_folder_into_a_bucket_into_another_bucket_and_into_a_folder(
    app: Flask, backup: list[str], machine: Machine, s3: S3Server, prefix: str, database_kind: str, tmp_path: Path
) -> None:
    result = restore(machine, backup)
    assert result.exit_code == 0, result.output
    assert result.output.strip().endswith("ok")
    assert s3.keys(f"{prefix}/one") == [PHOTO_KEY]
    assert JPEG not in s3.read(f"{prefix}/one/{PHOTO_KEY}")
    assert not (machine.data_dir / "files").exists()
    assert_whole(machine, app)
    from_bucket = back_up(machine.app(), tmp_path / "bucket.backup")
    with ExitStack() as databases:
        for name, files_url in (("bucket", s3.files_url(f"{prefix}/two")), ("folder", "")):
            folder = tmp_path / name
            folder.mkdir()
            url = databases.enter_context(new_database(database_kind, folder))
            other = Machine(machine.environ | {"DATA_DIR": str(folder), "DATABASE_URL": url, "FILES_URL": files_url})
            result = restore(other, from_bucket)
            assert result.exit_code == 0, result.output
            assert (folder / PHOTO_KEY).exists() == (not files_url)
            assert_whole(other, app)
    assert s3.keys(f"{prefix}/two") == s3.keys(f"{prefix}/one") == [PHOTO_KEY]


def test_a_bucket_in_which_there_is_something_is_left_as_it_is(
    backup: list[str], machine: Machine, s3: S3Server, prefix: str
) -> None:
    """Also where a restore into another one was interrupted: only what that one put there is its own."""
    theirs = contents_of(machine, s3, f"{prefix}/theirs")
    before = s3.read(f"{prefix}/theirs/{PHOTO_KEY}")
    machine.environ["FILES_URL"] = theirs
    result = restore(machine, backup)
    assert result.exit_code == 1
    assert f"There are files in s3://testfs/{prefix}/theirs already (files)" in result.output
    assert machine.tables() == []
    (machine.data_dir / UNFINISHED).write_text(f"a.backup\ns3://testfs/{prefix}/one\n")
    again = restore(machine, backup)
    assert again.exit_code == 1
    assert "a restore never overwrites" in again.output
    assert s3.read(f"{prefix}/theirs/{PHOTO_KEY}") == before


def contents_of(machine: Machine, s3: S3Server, prefix: str) -> str:
    """Another installation keeps the same photo in a bucket; gives its FILES_URL."""
    url = s3.files_url(prefix)
    folder = machine.data_dir.with_name("theirs")
    app = Machine({"DATA_DIR": str(folder), "FILES_URL": url}).app()
    with app.app_context():
        contents().keep_bytes(FILES, JPEG)
    app.extensions["collector_engine"].dispose()
    return url


def test_an_interrupted_restore_begins_anew_over_what_it_left_in_the_bucket(
    app: Flask, backup: list[str], machine: Machine, s3: S3Server, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("collector.archive.restore.make_tables", lambda *_: 1 / 0)
        assert isinstance(restore(machine, backup).exception, ZeroDivisionError)
    assert s3.keys(f"{prefix}/one") == [PHOTO_KEY]
    assert machine.tables() == []
    result = restore(machine, backup)
    assert result.exit_code == 0, result.output
    assert_whole(machine, app)


def test_a_bucket_that_refuses_is_said_and_nothing_half_made_is_kept(
    backup: list[str], machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as unknown:
        for name, value in NOBODY.items():
            unknown.setenv(name, value)
        refused = restore(machine, backup)
        assert refused.exit_code == 1
        assert "Error: The store of files says " in refused.output
        assert machine.tables() == []
    assert restore(machine, backup).exit_code == 0
    for name, value in NOBODY.items():
        monkeypatch.setenv(name, value)
    target = tmp_path / "backups" / "b.backup"
    target.parent.mkdir()
    result = machine.app().test_cli_runner().invoke(args=["collector", "backup", str(target)])
    assert result.exit_code == 1
    assert "Error: The store of files says " in result.output
    assert "Nothing was backed up." in result.output
    assert list(target.parent.iterdir()) == []


@pytest.fixture
def server(tmp_path: Path, s3: S3Server, _credentials: None) -> Iterator[FragileServer]:
    """A real server on SQLite whose files lie in its folder."""
    folder = tmp_path / "server"
    folder.mkdir()
    with fragile_server("sqlite", folder, **s3.environ) as server:
        yield server


def test_a_phone_that_pushes_while_all_goes_to_postgresql_and_a_bucket_loses_nothing(
    server: FragileServer, s3: S3Server, prefix: str, tmp_path: Path
) -> None:
    ledger = Ledger()
    phone, half = new_phone(server, ledger, 1), new_phone(server, ledger, 7)
    # One goes off in the middle of a photo of several pieces, of which the first lies in the old server's folder.
    half.finish(files=1, file_bytes=400_000)
    while not any((Path(server.environ["DATA_DIR"]) / "files/partial").glob("*/*")):
        half.dies_in = 5
        half.send()
    bucket = s3.files_url(prefix)
    with new_database("postgresql", tmp_path) as target:
        for files_url, said in (
            ("s4://elsewhere", "--files takes what FILES_URL does"),
            (bucket.replace("testfs", "nothing"), "The store of files says NoSuchBucket. Nothing was moved."),
        ):
            phone.finish(files=1)
            wait_until(phone.send)
            refused = run(server, "move", "--to", target, "--files", files_url)
            assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
            assert said in refused.stderr
        with pushing([phone]):
            moved = run(server, "move", "--to", target, "--files", bucket)
            assert moved.returncode == 0, moved.stdout + moved.stderr
            assert "FILES_URL to that of --files" in moved.stdout
            wait_until(lambda: bool(phone.outbox))
        checked = run(server, "move", "--to", target, "--files", bucket, "--check")
        assert checked.returncode == 0, checked.stdout
        key = s3.keys(prefix)[0]
        content = s3.read(f"{prefix}/{key}")
        s3.client().delete_object(Bucket="testfs", Key=f"{prefix}/{key}")
        lacking = run(server, "move", "--to", target, "--files", bucket, "--check")
        assert lacking.returncode == 1
        assert f"fault: files/{key.rpartition('/')[2]} is not there, or is damaged" in lacking.stdout
        s3.client().put_object(Bucket="testfs", Key=f"{prefix}/{key}", Body=content)

        server.stop()
        # What is left in the old folder plays no part any more.
        shutil.rmtree(Path(server.environ["DATA_DIR"]) / "files")
        half.dies_in = None
        goes_on(server, [phone, half], ledger, DATABASE_URL=target, FILES_URL=bucket)


def test_files_that_are_in_a_bucket_already_stay_there_when_the_rows_move(
    app: Flask, backup: list[str], s3: S3Server, prefix: str, tmp_path: Path, _credentials: None
) -> None:
    for machine in new_machine("sqlite", tmp_path):
        machine.environ["FILES_URL"] = s3.files_url(prefix)
        assert restore(machine, backup).exit_code == 0
        with new_database("postgresql", tmp_path) as target:
            moved = machine.app().test_cli_runner().invoke(args=["collector", "move", "--to", target])
            assert moved.exit_code == 0, moved.output
            assert f"files: 1, {len(JPEG)} bytes, each read back and the same" in moved.output
            assert_whole(Machine(machine.environ | {"DATABASE_URL": target}), app)
        assert s3.keys(prefix) == [PHOTO_KEY]
