"""Signs of life: each machine that runs Collector says about twice a minute that it does, and how much room it has."""

import socket
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector import disk
from collector.settings import VERSION, Settings
from collector.store import Host, utc_now
from collector.store.session import writing

#: Seconds between two signs of life.
ALIVE_EVERY_S = 30.0
#: How long after its last sign of life a machine is forgotten.
FORGOTTEN_AFTER = timedelta(days=7)
#: When this process, or the one that it was forked from, began.
STARTED_AT = utc_now()


def host_name(settings: Settings) -> str:
    """What this server is known by: two of them on one machine have a data folder, or a port, each."""
    return f"{socket.gethostname()}:{settings.port} {settings.data_dir}"[-255:]


def say_alive() -> None:
    """Note that this machine runs. Needs an app context."""
    with writing() as session:
        note_alive(session, current_app.config["SETTINGS"])


def note_alive(session: Session, settings: Settings) -> None:
    """Note in the database that the machine with these settings runs; forgets those that were silent for long."""
    room, now, name = disk.measure(settings), utc_now(), host_name(settings)
    host = session.get(Host, name) or Host(name=name)
    host.version, host.started_at, host.seen_at = VERSION, STARTED_AT, now
    host.free_bytes, host.total_bytes = room.free_bytes, room.total_bytes
    session.add(host)
    session.execute(delete(Host).where(Host.seen_at < now - FORGOTTEN_AFTER))
