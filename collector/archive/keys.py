"""The keys of an installation, as an encrypted backup carries them, and their return to the data folder."""

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from collector.archive.faults import ArchiveFault
from collector.sealing.keys import SealingKey
from collector.settings import Settings
from collector.store.data_keys import DataKeys, load_data_keys

#: Files of the data folder that hold a key each.
DATA_KEY, SECRET_KEY, SEALING_KEY = "data_key", "secret_key", "sealing_key"


@dataclass(frozen=True)
class InstallationKeys:
    """All that is needed beside database and contents: what seals what is stored, signs sessions, and opens what phones seal."""

    data_keys: DataKeys
    secret_key: str
    sealing_key: SealingKey

    def as_dict(self) -> dict[str, str]:
        """The texts of the files in the data folder, by their names."""
        pem = self.sealing_key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        data_key = "".join(base64.b64encode(key.secret).decode() + "\n" for key in self.data_keys.keys)
        return {DATA_KEY: data_key, SECRET_KEY: self.secret_key, SEALING_KEY: pem.decode()}


def keys_for(manifest: dict[str, Any], carried: dict[str, str] | None, settings: Settings) -> DataKeys:
    """The data keys for what a backup holds: those it carries, or those that are here. Raises ArchiveFault, naming what is lacking."""
    here = load_data_keys(settings.data_key, settings.data_dir / DATA_KEY)
    place = "DATA_KEY" if settings.data_key else str(settings.data_dir / DATA_KEY)
    if carried is not None and not settings.data_key:
        return load_data_keys(carried[DATA_KEY].replace("\n", ","), settings.data_dir / DATA_KEY)
    known = {key.id.hex() for key in here.keys}
    if lacking := [str(key_id) for key_id in manifest["data_keys"] if key_id not in known]:
        raise ArchiveFault(
            f"The data key {lacking[0]} is not in {place}, and without it nothing in this backup can be read."
            " Put the copy of `data_key` there that you kept apart from your backups, and restore again."
        )
    return here


def put_back(carried: dict[str, str], settings: Settings) -> list[str]:
    """Write the keys that a backup carries into the data folder, but for those that the settings give. Gives the names of those.

    What lies there was made for an installation with nothing in it.
    """
    given = {DATA_KEY: bool(settings.data_key), SEALING_KEY: bool(settings.sealing_key)}
    path = settings.data_dir / SECRET_KEY
    given[SECRET_KEY] = not path.exists() or path.read_text().strip() != settings.secret_key
    for name in (DATA_KEY, SECRET_KEY, SEALING_KEY):
        if not given[name]:
            _write_key(settings.data_dir / name, carried[name])
    return [name.upper() for name in given if given[name]]


def _write_key(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
