"""The data keys: what they seal, and that no server ever works without one that its database needs. "Nothing is ever lost"."""

from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from collector import create_app
from collector.sealing import key_commands
from collector.settings import Settings, load_settings
from collector.store import SealedWith
from collector.store.data_keys import CannotOpen, DataKey, DataKeys, KeyNotHere, new_key_text, read_key
from collector.store.key_guard import LostKey
from collector.store.migrate import upgrade
from tests.databases import new_database

KEYS = DataKeys((DataKey(b"a" * 32),))
BOTH = DataKeys((DataKey(b"b" * 32), *KEYS.keys))


@given(st.binary())
def test_what_is_sealed_is_opened_again(plain: bytes) -> None:
    sealed = KEYS.seal(plain)
    assert KEYS.open(sealed) == plain
    assert BOTH.open(sealed) == plain
    assert len(plain) < 8 or plain not in sealed


@given(st.binary(min_size=1), st.data())
def test_one_changed_bit_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(KEYS.seal(plain))
    at = data.draw(st.integers(4, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotOpen):
        KEYS.open(bytes(sealed))


def test_a_key_that_is_not_here_is_named() -> None:
    with pytest.raises(KeyNotHere, match=BOTH.keys[0].id.hex()):
        KEYS.open(BOTH.seal(b"x"))


def test_marks_stay_when_another_key_seals_and_differ_by_purpose() -> None:
    assert KEYS.mark("words", "ana") == BOTH.mark("words", "ana")
    assert len({KEYS.mark("words", "ana"), KEYS.mark("spots", "ana"), KEYS.mark("words", "anb")}) == 3
    assert BOTH.mark("words", "ana") != DataKeys(BOTH.keys[:1]).mark("words", "ana")


def test_marks_are_those_of_earlier_releases() -> None:
    keys = DataKeys((DataKey(b"1" * 32),))
    assert [keys.mark("words", "wang") for _ in range(2)] == ["#dNF5J1MGkQboi9NtUg2Ot4d2"] * 2


def test_a_key_that_was_put_into_the_file_since_is_found(tmp_path: Path) -> None:
    """A server that runs while `collector keys rotate` puts a key in front."""
    settings = load_settings({"DATA_DIR": str(tmp_path)})
    app = create_app(settings)
    keys: DataKeys = app.extensions["collector_data_keys"]
    path = tmp_path / "data_key"
    path.write_text(f"{new_key_text()}\n{path.read_text()}")
    later: DataKeys = create_app(settings).extensions["collector_data_keys"]
    assert keys.open(later.seal(b"x")) == b"x"
    assert later.keys[0].id != keys.keys[0].id


def settings_of(folder: Path, url: str, **more: str) -> Settings:
    folder.mkdir(exist_ok=True)
    return load_settings({"DATA_DIR": str(folder), "DATABASE_URL": url, **more})


def prepare(settings: Settings) -> DataKeys:
    """Start a server once, and bring its database up to date, as `collector init` does."""
    app = create_app(settings)
    engine: Engine = app.extensions["collector_engine"]
    upgrade(engine)
    engine.dispose()
    keys: DataKeys = app.extensions["collector_data_keys"]
    return keys


def test_a_server_whose_key_is_gone_does_not_start_and_makes_no_other(database_kind: str, tmp_path: Path) -> None:
    with new_database(database_kind, tmp_path) as url:
        settings = settings_of(tmp_path / "one", url)
        keys = prepare(settings)
        path = settings.data_dir / "data_key"
        kept = path.read_text()
        path.unlink()
        for _ in range(2):
            with pytest.raises(LostKey) as lost:
                create_app(settings)
            assert keys.keys[0].id.hex() in str(lost.value) and str(path) in str(lost.value)
            assert kept.strip() not in str(lost.value)
            assert not path.exists()
        path.write_text(f"{new_key_text()}\n")
        with pytest.raises(LostKey, match=keys.keys[0].id.hex()):
            create_app(settings)
        path.write_text(kept)
        assert create_app(settings).extensions["collector_data_keys"].keys == keys.keys


def test_another_host_needs_the_same_keys(database_kind: str, tmp_path: Path) -> None:
    with new_database(database_kind, tmp_path) as url:
        one = settings_of(tmp_path / "one", url)
        prepare(one)
        other = settings_of(tmp_path / "other", url)
        with pytest.raises(LostKey):
            create_app(other)
        assert not (other.data_dir / "data_key").exists()
        with pytest.raises(LostKey, match="DATA_KEY"):
            create_app(settings_of(tmp_path / "other", url, DATA_KEY=new_key_text()))
        text = (one.data_dir / "data_key").read_text().strip()
        create_app(settings_of(tmp_path / "other", url, DATA_KEY=text))


def test_of_two_hosts_that_begin_at_once_the_second_refuses(database_kind: str, tmp_path: Path) -> None:
    """Both made a key before there was a table that could have told them."""
    with new_database(database_kind, tmp_path) as url:
        apps = [create_app(settings_of(tmp_path / name, url)) for name in ("one", "other")]
        engines = [app.extensions["collector_engine"] for app in apps]
        upgrade(engines[0])
        with pytest.raises(LostKey):
            upgrade(engines[1])
        with engines[0].connect() as connection:
            ids = connection.scalars(select(SealedWith.id)).all()
        assert ids == [apps[0].extensions["collector_data_keys"].keys[0].id.hex()]
        for engine in engines:
            engine.dispose()


def test_a_key_in_front_is_written_down_before_it_seals(database_kind: str, tmp_path: Path) -> None:
    with new_database(database_kind, tmp_path) as url:
        first, second = new_key_text(), new_key_text()
        prepare(settings_of(tmp_path, url, DATA_KEY=first))
        create_app(settings_of(tmp_path, url, DATA_KEY=f"{second},{first}"))
        with pytest.raises(LostKey):
            create_app(settings_of(tmp_path, url, DATA_KEY=first))
        with pytest.raises(LostKey):
            create_app(settings_of(tmp_path, url, DATA_KEY=second))


def test_without_key_and_without_database_nothing_is_made(tmp_path: Path) -> None:
    """Nobody can tell then whether one is needed."""
    url = "postgresql://nobody@127.0.0.1:9/none"
    settings = settings_of(tmp_path, url)
    with pytest.raises(LostKey, match="does not answer"):
        create_app(settings)
    assert not (tmp_path / "data_key").exists()
    # With a key it starts, and asks once the database is there.
    create_app(settings_of(tmp_path, url, DATA_KEY=new_key_text()))


@pytest.mark.parametrize("text", ["", "!", "c2hvcnQ=", "\n\n"])
def test_a_file_that_holds_no_key(tmp_path: Path, text: str) -> None:
    (tmp_path / "data_key").write_text(text)
    with pytest.raises(ValueError, match="data_key"):
        create_app(settings_of(tmp_path, f"sqlite:///{tmp_path / 'x.sqlite3'}"))


def test_a_key_that_is_dropped_when_the_server_is_killed_keeps_nobody_out(
    database_kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed right after the file of keys was written: the database must not name a key that is nowhere any more."""
    write_keys = key_commands.write_keys

    def killed(path: Path, text: str) -> None:
        write_keys(path, text)
        raise KeyboardInterrupt

    with new_database(database_kind, tmp_path) as url:
        settings = settings_of(tmp_path / "one", url)
        prepare(settings)
        for _ in range(2):
            assert run_keys(settings, "rotate").exit_code == 0
        path = tmp_path / "one" / "data_key"
        first, middle, last = (read_key(text, "").id.hex() for text in path.read_text().split())
        # In force once a server has started with it.
        create_app(settings).extensions["collector_engine"].dispose()
        with monkeypatch.context() as kill:
            kill.setattr(key_commands, "write_keys", killed)
            assert run_keys(settings, "drop", middle).exit_code == 1
        app = create_app(settings)
        assert [key.id.hex() for key in app.extensions["collector_data_keys"].keys] == [first, last]
        app.extensions["collector_engine"].dispose()


def run_keys(settings: Settings, *arguments: str) -> Result:
    app = create_app(settings)
    try:
        return app.test_cli_runner().invoke(args=["collector", "keys", *arguments])
    finally:
        app.extensions["collector_engine"].dispose()
