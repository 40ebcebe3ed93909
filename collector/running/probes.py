"""Trying what a server needs besides its own database: the place of files, the replica, where tries are counted."""

import logging
from time import monotonic

from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from collector import disk
from collector.accounts.tries import counts
from collector.settings import Settings
from collector.store.contents import contents
from collector.store.replica import AWAY, BEHIND, USED, Replica
from collector.store.session import PAGE_WAIT_S

log = logging.getLogger(__name__)

#: Seconds for which what was found out about the place of files is believed: each try writes something there.
BELIEVED_S = 10.0
#: What is written where files lie, to see that it can be.
PROBE = b"Collector asks whether something can be kept here."
#: How far a replica is behind, seconds: nothing where it has replayed all that it has received.
LAG = text(
    "SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 "
    "ELSE EXTRACT(EPOCH FROM now() - pg_last_xact_replay_timestamp()) END"
)


def are_files_writable() -> bool:
    """Whether something can be kept where files lie, and in the folder for what is on its way there."""
    found = current_app.extensions.get("collector_files_writable")
    if found is None or found[0] < monotonic() - BELIEVED_S:
        found = monotonic(), _try_files()
        current_app.extensions["collector_files_writable"] = found
    is_writable: bool = found[1]
    return is_writable


def _try_files() -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    if not disk.is_writable(settings.data_dir):
        return False
    if not settings.files_url:
        return True
    try:
        contents().remove("uploads", contents().keep_bytes("uploads", PROBE))
    except OSError as error:
        log.error("files cannot be kept: %s", type(error).__name__)
        return False
    return True


def replica_state() -> tuple[str | None, float | None]:
    """What is wrong with the replica ("" for nothing; None where none is set), and how many seconds it is behind, where it says."""
    replica: Replica | None = current_app.extensions["collector_replica"]
    if replica is None:
        return None, None
    replica.engine_for(PAGE_WAIT_S)
    if replica.state not in (USED, BEHIND):
        return replica.state, None
    try:
        with replica.engine.connect() as connection:
            lag = connection.scalar(LAG)
    except SQLAlchemyError:
        return AWAY, None
    return "", None if lag is None else float(lag)


def ask_limits() -> str | None:
    """What is wrong with the Redis that counts tries ("" for nothing); None where they are counted in the database."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.limits_url:
        return None
    try:
        counts().seconds_to_wait("status", 1)
    except Exception as error:
        log.warning("what counts tries is away: %s", type(error).__name__)
        return AWAY
    return ""
