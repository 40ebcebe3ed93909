"""Every setting, its default and its meaning. Values come from the environment; `docs/settings.md` lists them for people."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
#: The release that this is.
VERSION = "0.8.0"

#: Bytes of a request body, plain or unpacked (sync-protocol.md, Push).
MAX_BODY_BYTES = 16 * 1024 * 1024
#: Bytes of one response document; a longer one is quarantined.
MAX_DOCUMENT_BYTES = 1024 * 1024
#: Response documents in one push.
MAX_PUSH_RESPONSES = 50
#: Bytes of one attachment.
MAX_FILE_BYTES = 32 * 1024 * 1024
#: Bytes of an uploaded workbook.
MAX_WORKBOOK_BYTES = 25 * 1024 * 1024
#: Bytes of a file of unsent responses that a phone saved.
MAX_UNSENT_FILE_BYTES = 512 * 1024 * 1024
#: Bytes of one file of an import of responses in the office; on the command line there is no limit.
MAX_IMPORT_BYTES = 512 * 1024 * 1024
#: Bytes of a list beside a workbook (CSV, GeoJSON, XML), as uploaded.
MAX_LIST_BYTES = 32 * 1024 * 1024
#: Bytes of a picture, recording or film beside a workbook.
MAX_MEDIA_BYTES = 20 * 1024 * 1024
#: Bytes of all files beside one workbook together, and how many they may be.
MAX_FORM_FILES_BYTES = 200 * 1024 * 1024
MAX_FORM_FILES = 500
#: Seconds for which the file of an export lies ready.
EXPORT_LIFETIME_S = 24 * 3600


@dataclass(frozen=True)
class Settings:
    """The settings of one running Collector."""

    #: Folder of the SQLite database, the secret key, attachments and packed static files (DATA_DIR).
    data_dir: Path
    #: SQLAlchemy address of the database (DATABASE_URL).
    database_url: str
    #: Key that signs sessions and CSRF tokens (SECRET_KEY); by default made once and kept in the data folder.
    secret_key: str
    #: PEM text of the private key for what phones seal for the server (SEALING_KEY); "" for the one kept in the data folder.
    sealing_key: str
    #: Address under which phones and the office reach the server (PUBLIC_URL); goes into enrolment links.
    public_url: str
    #: Port that `make run` listens on (PORT).
    port: int
    #: Number of proxies in front whose X-Forwarded-* headers are believed (TRUSTED_PROXIES).
    trusted_proxies: int
    #: Language of pages for people who have not chosen one: zh or en (DEFAULT_LANGUAGE).
    default_language: str
    #: IANA name of the district's time zone, for days on the board and times in the office (TIME_ZONE).
    time_zone: str
    #: Address of map tiles with {z}, {x} and {y} (TILE_URL); "" for a map without a background.
    tile_url: str = ""
    #: Whose tiles they are, shown on the map (TILE_ATTRIBUTION).
    tile_attribution: str = ""
    #: Whether webhooks may lead into private networks (WEBHOOKS_PRIVATE).
    allows_private_webhooks: bool = False
    #: Keys that signed before SECRET_KEY and still count (SECRET_KEY_OLD).
    old_secret_keys: tuple[str, ...] = ()
    #: Keys in base64 that seal what is stored (DATA_KEY), the first one in force; "" for those kept in the data folder.
    data_key: str = ""
    #: SQLAlchemy address of a streaming replica that boards and exports are read from (DATABASE_READ_URL); "" for none.
    database_read_url: str = ""
    #: Where files lie (FILES_URL): "" for the data folder, or `s3://bucket/prefix?endpoint=…&region=…`.
    files_url: str = ""
    #: Where tries are counted (LIMITS_URL): "" for the database, or an address of Redis.
    limits_url: str = ""
    #: What who asks for /metrics has to know (METRICS_TOKEN); "": only this machine may ask.
    metrics_token: str = ""
    #: Bytes that have to stay free where the data lies (MIN_FREE_MB): below that, answers are taken and files are not.
    min_free_bytes: int = 512 * 1024 * 1024

    @property
    def signing_keys(self) -> list[str]:
        """All keys whose signatures count, the one that signs last, as itsdangerous takes them."""
        return [*self.old_secret_keys, self.secret_key]

    @property
    def is_secure(self) -> bool:
        """Whether cookies may insist on HTTPS."""
        return self.public_url.startswith("https://")


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from `environ`. Creates the data folder and, the first time, the secret key in it."""
    data_dir = Path(environ.get("DATA_DIR") or PROJECT_ROOT / "data").resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    port = int(environ.get("PORT") or 8000)
    return Settings(
        data_dir=data_dir,
        database_url=normalise_database_url(
            environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'collector.sqlite3'}"
        ),
        secret_key=environ.get("SECRET_KEY") or keep_secret_key(data_dir / "secret_key"),
        sealing_key=environ.get("SEALING_KEY") or "",
        public_url=(environ.get("PUBLIC_URL") or f"http://localhost:{port}").rstrip("/"),
        port=port,
        trusted_proxies=int(environ.get("TRUSTED_PROXIES") or 0),
        default_language=environ.get("DEFAULT_LANGUAGE") or "zh",
        time_zone=environ.get("TIME_ZONE") or "Asia/Shanghai",
        tile_url=environ.get("TILE_URL") or "",
        tile_attribution=environ.get("TILE_ATTRIBUTION") or "",
        allows_private_webhooks=environ.get("WEBHOOKS_PRIVATE") == "1",
        old_secret_keys=tuple(key.strip() for key in (environ.get("SECRET_KEY_OLD") or "").split(",") if key.strip()),
        data_key=environ.get("DATA_KEY") or "",
        database_read_url=normalise_database_url(environ.get("DATABASE_READ_URL") or ""),
        files_url=environ.get("FILES_URL") or "",
        limits_url=environ.get("LIMITS_URL") or "",
        metrics_token=environ.get("METRICS_TOKEN") or "",
        min_free_bytes=int(environ.get("MIN_FREE_MB") or 512) * 1024 * 1024,
    )


def normalise_database_url(url: str) -> str:
    """Give `url` with the driver that Collector ships: `postgres://` and `postgresql://` become psycopg 3."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def keep_secret_key(path: Path) -> str:
    """Read the key in `path`, made on first use and readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text().strip()
