"""Keeping the sealing key: made once, by one of those who start together, and readable by its owner only."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey

from collector.sealing import keys
from collector.sealing.keys import SealingKey, keep_key_file, load_key, read_pem
from collector.settings import load_settings
from tests.conftest import Phone


def settings_of(folder: Path, **environ: str) -> SealingKey:
    return load_key(load_settings({"DATA_DIR": str(folder)} | environ))


def test_it_is_made_once_and_kept(tmp_path: Path) -> None:
    first = settings_of(tmp_path)
    assert settings_of(tmp_path).id == first.id
    assert stat.S_IMODE((tmp_path / "sealing_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("sealing*")] == ["sealing_key"]
    assert first.open(first.seal(b"a key", "wei"), "wei") == b"a key"


def test_the_setting_goes_before_the_file(tmp_path: Path) -> None:
    pem = keep_key_file(tmp_path / "other").decode()
    given = settings_of(tmp_path / "data", SEALING_KEY=pem)
    assert given.id == read_pem(pem.encode(), "").id
    assert settings_of(tmp_path / "data", SEALING_KEY=pem.replace("\n", "\\n")).id == given.id
    assert not (tmp_path / "data" / "sealing_key").exists()


@pytest.mark.parametrize("pem", ["nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
def test_what_is_no_key_is_named_and_not_shown(tmp_path: Path, pem: str) -> None:
    with pytest.raises(ValueError, match=r"^SEALING_KEY is no private key") as caught:
        settings_of(tmp_path, SEALING_KEY=pem)
    assert pem not in str(caught.value)
    (tmp_path / "sealing_key").write_text(pem)
    with pytest.raises(ValueError, match=r"sealing_key is no private key"):
        settings_of(tmp_path)


def test_of_two_that_start_together_one_makes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process comes in between the look for a key and its making."""
    path, made = tmp_path / "sealing_key", []
    generate = keys.generate_private_key

    def generate_late(curve: SECP256R1) -> EllipticCurvePrivateKey:
        monkeypatch.setattr(keys, "generate_private_key", generate)
        made.append(keep_key_file(path))
        return generate(curve)

    monkeypatch.setattr(keys, "generate_private_key", generate_late)
    made.append(keep_key_file(path))
    assert made[0] == made[1] == path.read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_phones_get_the_public_half(phone: Phone, data_dir: Path) -> None:
    answer = phone.client.get("/sync/v1/pull", headers=phone.headers).get_json()
    assert answer["sealing_key"] == read_pem((data_dir / "sealing_key").read_bytes(), "").entry
    again = phone.client.get("/sync/v1/pull", query_string={"since": answer["cursor"]}, headers=phone.headers)
    assert not again.get_json()["changed"]
