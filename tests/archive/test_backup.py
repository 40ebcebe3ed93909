"""`collector backup` and `collector restore`: what is in the file comes back whole; what is damaged or lacking is named."""

import hashlib
import io
import json
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from collector import create_app
from collector.archive import container
from collector.archive.backup import Source, write_backup
from collector.archive.container import HEADER, add_json, adding, writing_zip
from collector.archive.folder import prune
from collector.archive.keys import InstallationKeys
from collector.archive.layout import head_revision
from collector.archive.rows import line_of
from collector.intake.deletion import delete_response, erase_bytes
from collector.sealing.keys import load_key
from collector.settings import load_settings
from collector.store import Backup, File, JournalEntry, Place, Revision, SealedWith, Version, utc_now
from collector.store.contents import FILES, contents
from collector.store.data_keys import DataKey, DataKeys
from collector.store.session import make_engine, writing
from tests.conftest import People, Phone
from tests.databases import new_database
from tests.documents import ID, make_document
from tests.store.test_migrations import migrate
from tests.sync.test_files import JPEG, create, entry, patch, upload

OTHER = "22222222-2222-4222-8222-222222222222"
PASSPHRASE = "seven tall sunflowers"
ANSWER = "石榴街道一百零八号"


@pytest.fixture(autouse=True)
def _quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases become keys as quickly as scrypt can; the test with a real server does as people's do."""
    monkeypatch.setattr(container, "SCRYPT_N", 2)


@pytest.fixture(autouse=True)
def _filled(phone: Phone, household: Version, places: dict[str, Place], people: People) -> None:
    """Two responses, one with a photo and a second revision, and a file that is under way."""
    file = entry("a.jpg", JPEG)
    upload(phone, file, JPEG)
    answers = {"place": "C01", "hh_size": "4", "members": [{"name": ANSWER, "age": "31"}]}
    phone.receipts(make_document(household, files=[file], answers=answers))
    phone.receipts(make_document(household, base=1, answers=answers | {"hh_size": "5"}, files=[file]))
    phone.receipts(make_document(household, id=OTHER))


@dataclass
class Machine:
    """An empty machine to restore to: a data folder and the address of an empty database."""

    environ: dict[str, str]

    @property
    def data_dir(self) -> Path:
        return Path(self.environ["DATA_DIR"])

    def restore(self, file: Path, *options: str) -> Result:
        runner = create_app(load_settings(self.environ)).test_cli_runner()
        return runner.invoke(args=["collector", "restore", str(file), *options])

    @property
    def engine(self) -> Engine:
        return sa.create_engine(load_settings(self.environ).database_url)

    def tables(self) -> list[str]:
        return sa.inspect(self.engine).get_table_names()

    def app(self) -> Flask:
        return create_app(load_settings(self.environ))


@pytest.fixture(params=["sqlite", "postgresql"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    """An empty machine with a database of either kind."""
    yield from new_machine(request.param, tmp_path)


@pytest.fixture
def same(database_kind: str, tmp_path: Path) -> Iterator[Machine]:
    """An empty machine with a database of the kind that is backed up."""
    yield from new_machine(database_kind, tmp_path)


def new_machine(kind: str, folder: Path) -> Iterator[Machine]:
    data_dir = folder / "machine"
    data_dir.mkdir()
    with new_database(kind, data_dir) as url:
        yield Machine({"DATA_DIR": str(data_dir), "DATABASE_URL": url, "DEFAULT_LANGUAGE": "en"})


@pytest.fixture
def passphrase_file(tmp_path: Path) -> str:
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    return str(path)


BackUp = Callable[..., Result]


@pytest.fixture
def back_up(app: Flask) -> BackUp:
    """`back_up(target, *options)`: run the command on the installation under test."""

    def back_up(target: Path | str, *options: str, code: int = 0) -> Result:
        result = app.test_cli_runner().invoke(args=["collector", "backup", str(target), *options])
        assert result.exit_code == code, result.output
        return result

    return back_up


@pytest.fixture
def plain(back_up: BackUp, tmp_path: Path, same: Machine, data_dir: Path) -> Path:
    """A backup that is not encrypted, and on the machine `same` the data key that was kept apart."""
    back_up(tmp_path / "plain.backup")
    shutil.copy(data_dir / "data_key", same.data_dir)
    return tmp_path / "plain.backup"


def documents(engine: Engine) -> dict[str, list[str]]:
    with Session(engine) as session:
        found: dict[str, list[str]] = {}
        for revision in session.scalars(sa.select(Revision).order_by(Revision.number)):
            found.setdefault(revision.response_id, []).append(revision.document)
        return found


def test_an_encrypted_backup_brings_all_back_on_either_database(
    app: Flask, back_up: BackUp, machine: Machine, tmp_path: Path, passphrase_file: str
) -> None:
    file = tmp_path / "b.backup"
    back_up(file, "--encrypt", "--passphrase-file", passphrase_file)
    content = file.read_bytes()
    assert content.startswith(HEADER)
    assert ANSWER.encode() not in content
    assert JPEG not in content
    result = machine.restore(file, "--passphrase-file", passphrase_file)
    assert result.exit_code == 0, result.output
    assert result.output.strip().endswith("ok")
    assert "responses: 2" in result.output
    restored = machine.app()
    there = restored.extensions["collector_engine"]
    assert documents(there) == documents(app.extensions["collector_engine"])
    with restored.app_context():
        assert contents().open(FILES, entry("a.jpg", JPEG)["sha256"]).read() == JPEG
    # The same keys: sessions, enrolment links and sealed words of phones go on.
    for name in ("data_key", "secret_key", "sealing_key"):
        original = app.config["SETTINGS"].data_dir / name
        assert (machine.data_dir / name).read_text().split() == original.read_text().split()
        assert (machine.data_dir / name).stat().st_mode & 0o777 == 0o600
    with Session(there) as session:
        assert (
            session.scalars(sa.select(JournalEntry.action).order_by(JournalEntry.id.desc())).first() == "backup.restore"
        )
        assert session.scalars(sa.select(Backup)).all() == []
    there.dispose()


def test_the_restored_installation_goes_on(
    back_up: BackUp, machine: Machine, tmp_path: Path, passphrase_file: str, phone: Phone, household: Version
) -> None:
    file = tmp_path / "b.backup"
    back_up(file, "--passphrase-file", passphrase_file)
    assert machine.restore(file, "--passphrase-file", passphrase_file).exit_code == 0
    restored = machine.app()
    there = replace(phone, client=restored.test_client())
    [again, new] = there.receipts(
        make_document(household, id=OTHER), make_document(household, id=OTHER.replace("2", "3"))
    )
    assert (again["status"], new["status"]) == ("already_stored", "stored")
    restored.extensions["collector_engine"].dispose()


def test_the_owner_sees_when_the_last_backup_was_made(back_up: BackUp, plain: Path, session: Session) -> None:
    [noted] = session.scalars(sa.select(Backup))
    assert noted.finished_at is not None
    assert noted.size_bytes == plain.stat().st_size
    assert not noted.is_encrypted
    last = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
    assert (last.action, last.details["faults"]) == ("backup.make", 0)
    # The backup is of the moment before it was noted.
    assert noted.journal_hash == last.details["journal_hash"] != last.hash


def test_without_a_passphrase_no_key_is_inside_and_that_is_said(
    back_up: BackUp, tmp_path: Path, data_dir: Path
) -> None:
    result = back_up(tmp_path / "b.backup")
    assert str(data_dir / "data_key") in result.output
    with zipfile.ZipFile(tmp_path / "b.backup") as archive:
        assert "keys.json" not in archive.namelist()
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in ("data_key", "secret_key"):
        assert (data_dir / secret).read_text().strip().encode() not in everything
    # What is sealed in the database and among the files is sealed in the backup, too.
    assert ANSWER.encode() not in everything
    assert JPEG not in everything
    assert (tmp_path / "b.backup").stat().st_mode & 0o777 == 0o600


def test_without_its_data_key_a_backup_is_refused_by_name(plain: Path, same: Machine) -> None:
    (same.data_dir / "data_key").unlink()
    result = same.restore(plain)
    assert result.exit_code == 1
    assert "data key" in result.output
    assert "kept apart" in result.output
    assert same.tables() == []


def test_to_standard_output(back_up: BackUp, same: Machine, tmp_path: Path, data_dir: Path, app: Flask) -> None:
    result = back_up("-")
    (tmp_path / "piped").write_bytes(result.stdout_bytes)
    shutil.copy(data_dir / "data_key", same.data_dir)
    assert same.restore(tmp_path / "piped").exit_code == 0


def flip(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def member_middle(path: Path, name: str) -> int:
    """A place in the middle of a member of the ZIP."""
    with zipfile.ZipFile(path) as archive:
        info = next(info for info in archive.infolist() if info.filename.startswith(name))
        return info.header_offset + 30 + len(info.filename) + 20 + info.compress_size // 2


def remade(path: Path, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The backup with another manifest."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, writing_zip(made, None) as new:
        for name in old.namelist():
            if name != "manifest.json":
                with adding(new, name) as member:
                    member.write(old.read(name))
        manifest = json.loads(old.read("manifest.json"))
        change(manifest)
        add_json(new, "manifest.json", manifest)
    return made.getvalue()


def foreign_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("holiday.jpg", JPEG)
    return made.getvalue()


DAMAGES: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "nothing": (lambda _: b"", "no backup of Collector"),
    "no zip": (lambda _: b"survey,2006\n" * 100, "no backup of Collector"),
    "another zip": (lambda _: foreign_zip(), "no manifest"),
    "cut off": (lambda path: path.read_bytes()[:-400], "cut off"),
    "a table": (lambda path: flip(path.read_bytes(), member_middle(path, "tables/revisions")), "damaged"),
    "a photo": (lambda path: flip(path.read_bytes(), member_middle(path, "contents/files")), "damaged"),
    "a row less": (
        lambda path: remade(path, lambda manifest: manifest["tables"]["users"].update(rows=1)),
        "the table users",
    ),
    "another hash": (
        lambda path: remade(path, lambda manifest: manifest["tables"]["responses"].update(sha256="0" * 64)),
        "the table responses",
    ),
    "a photo less": (
        lambda path: remade(path, lambda manifest: manifest["contents"].update(number=2)),
        "should hold 2",
    ),
    "a newer layout": (lambda path: remade(path, lambda manifest: manifest.update(revision="9999")), "newer"),
    "a newer shape": (lambda path: remade(path, lambda manifest: manifest.update(format=2)), "newer"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_named_and_nothing_is_there_afterwards(damage: str, plain: Path, same: Machine) -> None:
    change, message = DAMAGES[damage]
    plain.write_bytes(change(plain))
    result = same.restore(plain)
    assert result.exit_code == 1
    assert result.output.startswith("Error:") or "\nError:" in result.output, result.output
    assert message in result.output
    assert "Traceback" not in result.output
    assert same.tables() == []


def test_after_a_refused_one_a_good_one_is_restored(plain: Path, same: Machine) -> None:
    """What a damaged backup left among the files does not stand in the way."""
    good = plain.read_bytes()
    plain.write_bytes(flip(good, member_middle(plain, "tables/revisions")))
    assert same.restore(plain).exit_code == 1
    result = same.app().test_cli_runner().invoke(args=["collector", "init"])
    assert result.exit_code == 1
    assert "interrupted" in result.output
    plain.write_bytes(good)
    assert same.restore(plain).exit_code == 0
    assert same.app().test_cli_runner().invoke(args=["collector", "init"]).exit_code == 0


@pytest.mark.parametrize("place", [len(HEADER) + 3, len(HEADER) + 16 + 40, -10])
def test_a_damaged_encrypted_backup(
    place: int, back_up: BackUp, same: Machine, tmp_path: Path, passphrase_file: str
) -> None:
    file = tmp_path / "b.backup"
    back_up(file, "--passphrase-file", passphrase_file)
    content = file.read_bytes()
    file.write_bytes(flip(content, place % len(content)))
    result = same.restore(file, "--passphrase-file", passphrase_file)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "damaged" in result.output or "passphrase" in result.output
    file.write_bytes(content[: len(content) // 2])
    assert "cut off" in same.restore(file, "--passphrase-file", passphrase_file).output
    assert same.tables() == []


def test_a_wrong_passphrase_is_said_to_be_one(
    back_up: BackUp, same: Machine, tmp_path: Path, passphrase_file: str
) -> None:
    back_up(tmp_path / "b.backup", "--passphrase-file", passphrase_file)
    Path(passphrase_file).write_text("seven tall sunflower")
    result = same.restore(tmp_path / "b.backup", "--passphrase-file", passphrase_file)
    assert result.exit_code == 1
    assert "passphrase is not the one" in result.output
    assert same.tables() == []


def test_a_short_passphrase_is_refused(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "short").write_text("sunflower")
    arguments = ["collector", "backup", str(tmp_path / "b"), "--passphrase-file", str(tmp_path / "short")]
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 1
    assert "at least 12" in result.output
    assert not (tmp_path / "b").exists()


def test_nothing_is_overwritten(plain: Path, same: Machine) -> None:
    assert same.restore(plain).exit_code == 0
    again = same.restore(plain)
    assert again.exit_code == 1
    assert "already" in again.output
    assert "DATABASE_URL" in again.output


def test_files_that_lie_there_are_not_mixed_with_those_restored(plain: Path, same: Machine) -> None:
    stray = same.data_dir / "files" / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"of another installation")
    result = same.restore(plain)
    assert result.exit_code == 1
    assert "files" in result.output
    assert same.tables() == []


def photo_path(data_dir: Path) -> Path:
    sha256 = entry("a.jpg", JPEG)["sha256"]
    return data_dir / "files" / sha256[:2] / sha256


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_photo_that_cannot_be_read_is_a_fault_and_all_the_rest_is_backed_up(
    damage: str, app: Flask, back_up: BackUp, same: Machine, tmp_path: Path, data_dir: Path, session: Session
) -> None:
    path = photo_path(data_dir)
    before = path.read_bytes()
    try:
        if damage == "missing":
            path.unlink()
        else:
            path.write_bytes(flip(before, len(before) // 2))
        result = back_up(tmp_path / "b.backup", code=1)
    finally:
        path.write_bytes(before)
    assert f"fault: files/{path.name}" in result.output
    assert "not ok: 1 faults" in result.output
    [noted] = session.scalars(sa.select(Backup))
    assert noted.finished_at is None
    shutil.copy(data_dir / "data_key", same.data_dir)
    restored = same.restore(tmp_path / "b.backup")
    # Verification finds what the backup lacks, and the rest is there.
    assert restored.exit_code == 1
    assert f"was missing already when it was backed up: files/{path.name}" in restored.output
    assert documents(same.app().extensions["collector_engine"]) == documents(app.extensions["collector_engine"])


def test_what_was_erased_meanwhile_is_no_fault(app: Flask, people: People, tmp_path: Path) -> None:
    settings = app.config["SETTINGS"]
    keys = InstallationKeys(app.extensions["collector_data_keys"], settings.secret_key, load_key(settings))

    def erase() -> None:
        with Session(app.extensions["collector_engine"]) as session:
            session.connection(execution_options={"is_write": True})
            leftover = delete_response(session, ID, reason="other", note="", by=people.lin.id)
            session.commit()
            session.connection(execution_options={"is_write": True})
            erase_bytes(session, leftover)
            session.commit()

    with app.app_context(), (tmp_path / "b").open("wb") as file:
        source = Source(app.extensions["collector_engine"], contents(), keys, "1", lambda _: None)
        outcome = write_backup(source, file, None, utc_now(), erase)
    assert outcome.faults == []
    assert outcome.erased == [f"files/{entry('a.jpg', JPEG)['sha256']}"]
    # The snapshot is of the moment before.
    assert outcome.rows["responses"] == 2


def test_a_key_that_came_into_use_since_is_not_left_out(app: Flask, back_up: BackUp, tmp_path: Path) -> None:
    """Somebody rotates while the passphrase is typed: what the new key seals could be read by nobody who restores."""
    with app.app_context(), writing() as store:
        store.add(SealedWith(id="0badcafe"))
    try:
        assert "0badcafe" in back_up(tmp_path / "b.backup", code=1).output
    finally:
        with app.app_context(), writing() as store:
            store.execute(sa.delete(SealedWith).where(SealedWith.id == "0badcafe"))
    assert not list(tmp_path.glob("*b.backup*"))


def test_a_restore_that_is_killed_once_the_database_is_filled_says_how_to_go_on(
    plain: Path, same: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as kill:
        kill.setattr("collector.archive.restore.analyse", killed)
        assert same.restore(plain).exit_code == 1
    again = same.restore(plain)
    assert again.exit_code == 1
    assert "Drop that database" in again.output and "Traceback" not in again.output


def test_a_file_that_is_under_way_begins_again(
    phone: Phone, back_up: BackUp, same: Machine, tmp_path: Path, data_dir: Path, household: Version
) -> None:
    half = entry("half.jpg", JPEG + b"more")
    location = create(phone, half).headers["Location"]
    assert patch(phone, location, 0, JPEG).status_code == 204
    back_up(tmp_path / "b.backup")
    shutil.copy(data_dir / "data_key", same.data_dir)
    assert same.restore(tmp_path / "b.backup").exit_code == 0
    restored = same.app()
    there = replace(phone, client=restored.test_client())
    begun = create(there, half)
    assert (begun.headers["Location"], begun.headers["Upload-Offset"]) == (location, "0")
    assert patch(there, location, 0, JPEG + b"more").status_code == 204
    with Session(restored.extensions["collector_engine"]) as session:
        assert session.scalars(sa.select(File).where(File.name == "half.jpg")).one().completed_at is not None


def test_a_folder_keeps_the_last_ones(app: Flask, back_up: BackUp, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    older = [folder / f"collector-2026010{day}-030000Z.backup" for day in range(1, 5)]
    for path in (*older, folder / "notes.txt", folder / "collector-20260105-030000Z.faulty.backup"):
        path.write_bytes(b"")
    back_up(folder, "--keep", "3")
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 5
    assert names[1:3] == [older[2].name, older[3].name] or names[:2] == [older[2].name, older[3].name]
    assert "notes.txt" in names
    assert "collector-20260105-030000Z.faulty.backup" in names


def test_a_run_with_a_fault_drops_no_good_backup(app: Flask, back_up: BackUp, tmp_path: Path, data_dir: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up(folder, "--keep", "1")
    [good] = folder.iterdir()
    before = photo_path(data_dir).read_bytes()
    photo_path(data_dir).unlink()
    time.sleep(1.1)
    try:
        back_up(folder, "--keep", "1", code=1)
    finally:
        photo_path(data_dir).write_bytes(before)
    assert good.exists()
    assert len(list(folder.glob("*.faulty.backup"))) == 1
    prune(folder, 1, is_whole=False)
    assert good.exists()


def test_keep_without_a_folder_is_refused(back_up: BackUp, tmp_path: Path) -> None:
    assert "needs a folder" in back_up(tmp_path / "b.backup", "--keep", "3", code=1).output


def test_a_backup_of_an_older_layout_is_restored_and_brought_up_to_date(
    database_kind: str, same: Machine, tmp_path: Path
) -> None:
    """As a release before this one would have made it."""
    shapes = {
        "questionnaires": ["id:integer", "form_id:text", "created_at:moment", "current_version_id:integer"],
        "versions": [
            *("id:integer", "questionnaire_id:integer", "number:integer", "version:text", "title:text", "titles:json"),
            *("state:text", "model_hash:text", "model_json:text", "model_bytes:integer", "xform:text"),
            *("workbook_name:text", "warnings:json", "created_at:moment"),
        ],
    }
    rows = {
        "questionnaires": [[1, "household", "2026-11-24T00:00:00.000000+00:00", 1]],
        "versions": [
            [
                1,
                1,
                1,
                "1",
                "Household",
                "{}",
                "published",
                "abc",
                "{}",
                2,
                "",
                "h",
                "[]",
                "2026-11-24T00:00:00.000000+00:00",
            ]
        ],
    }
    manifest: dict[str, Any] = {
        **{"format": 1, "made_by": "Collector 0.1", "made_at": "", "revision": "0001", "journal_hash": ""},
        **{"data_keys": [], "tables": {}, "contents": {"number": 0}, "erased": [], "faults": []},
    }
    with (tmp_path / "old").open("wb") as file, writing_zip(file, None) as archive:
        for name, columns in shapes.items():
            lines = b"".join(map(line_of, rows[name]))
            with adding(archive, f"tables/{name}.jsonl") as member:
                member.write(lines)
            shape = {"columns": [column.split(":") for column in columns], "key": ["id"]}
            manifest["tables"][name] = shape | {"rows": 1, "sha256": hashlib.sha256(lines).hexdigest()}
        add_json(archive, "manifest.json", manifest)
    result = same.restore(tmp_path / "old")
    assert result.exit_code == 0, result.output
    with same.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one() == head_revision()
        found = connection.execute(
            sa.text("SELECT form_id, state FROM questionnaires q JOIN versions v ON v.id = q.current_version_id")
        )
        assert found.one() == ("household", "published")


def test_a_database_of_another_layout_is_not_backed_up(database_kind: str, same: Machine, tmp_path: Path) -> None:
    engine = make_engine(same.environ["DATABASE_URL"], DataKeys((DataKey(bytes(32)),)))
    migrate(engine, "0007")
    engine.dispose()
    result = same.app().test_cli_runner().invoke(args=["collector", "backup", str(tmp_path / "b")])
    assert result.exit_code == 1
    assert "collector init" in result.output
    assert not (tmp_path / "b").exists()
