"""Reading how the installation is doing."""

from datetime import timedelta
from functools import cache
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from collector import disk
from collector.running.probes import are_files_writable, ask_limits, replica_state
from collector.running.state import HostState, PhonesState, Queues, State
from collector.settings import VERSION, Settings
from collector.store import (
    Backup,
    Delivery,
    Device,
    ExportJob,
    Host,
    QuarantinedDocument,
    Response,
    SealedWith,
    Webhook,
    utc_now,
)
from collector.store.exports import FAILED, RUNNING, WAITING
from collector.store.migrate import make_config
from collector.store.session import data_keys

DAY = timedelta(days=1)
#: Responses from which on PostgreSQL is asked for its estimate: counting them all would take longer than the figure is worth.
COUNTED_UP_TO = 500_000


@cache
def newest_migration() -> str:
    """The layout of the database that this release needs."""
    return ScriptDirectory.from_config(make_config(None)).get_current_head() or ""


def read_migration(session: Session) -> str:
    """The layout that the database has; "" for an empty one."""
    return MigrationContext.configure(session.connection()).get_current_revision() or ""


def count_responses(session: Session) -> int:
    """How many responses are stored; an estimate for very many on PostgreSQL."""
    if session.get_bind().dialect.name == "postgresql":
        estimate = session.scalar(text("SELECT reltuples::bigint FROM pg_class WHERE oid = 'responses'::regclass")) or 0
        if estimate > COUNTED_UP_TO:
            return int(estimate)
    return session.scalar(select(func.count()).select_from(Response)) or 0


def read_queues(session: Session) -> Queues:
    """What waits, and what went wrong."""
    now = utc_now()
    exports = _counts(session, select(ExportJob.state, func.count()).group_by(ExportJob.state))
    failures = select(func.count()).where(ExportJob.state == FAILED, ExportJob.finished_at > now - DAY)
    waiting = select(func.count(), func.min(Delivery.created_at)).where(Delivery.next_at.is_not(None))
    number, oldest = session.execute(waiting).one()
    retrying = select(func.count()).where(Delivery.next_at.is_not(None), Delivery.attempts > 0)
    return Queues(
        exports_waiting=exports.get(WAITING, 0),
        exports_running=exports.get(RUNNING, 0),
        export_failures=session.scalar(failures) or 0,
        deliveries_waiting=number,
        deliveries_retrying=session.scalar(retrying) or 0,
        oldest_delivery_at=oldest,
        webhook_faults=session.scalar(select(func.count()).where(Webhook.fault != "")) or 0,
        quarantined=session.scalar(select(func.count()).where(QuarantinedDocument.resolution.is_(None))) or 0,
    )


def _counts(session: Session, query: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(query)}


def read_phones(session: Session) -> PhonesState:
    """What the phones that may send said last."""
    standing = Device.revoked_at.is_(None)
    query = select(
        func.count(),
        func.coalesce(func.sum(Device.waiting_responses), 0),
        func.coalesce(func.sum(Device.failed_responses), 0),
        func.min(Device.oldest_waiting_at),
    ).where(standing)
    enrolled, responses, failed, oldest = session.execute(query).one()
    seen = select(func.count()).where(standing, Device.last_seen_at > utc_now() - DAY)
    holding = select(func.count()).where(standing, Device.waiting_responses > 0)
    return PhonesState(
        enrolled, session.scalar(seen) or 0, session.scalar(holding) or 0, int(responses), int(failed), oldest
    )


def read_hosts(session: Session) -> list[HostState]:
    """The machines, by name."""
    return [
        HostState(host.name, host.version, host.started_at, host.seen_at, host.free_bytes, host.total_bytes)
        for host in session.scalars(select(Host).order_by(Host.name))
    ]


def read_database_bytes(session: Session) -> int | None:
    """How large the database is; None where it does not say."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    question = (
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        if is_sqlite
        else "SELECT pg_database_size(current_database())"
    )
    try:
        found = session.scalar(text(question))
    except SQLAlchemyError:
        return None
    return None if found is None else int(found)


def missing_keys(session: Session) -> list[str]:
    """Ids of data keys that something here is sealed with, and that this server does not have."""
    here = {key.id.hex() for key in data_keys().keys}
    return sorted(set(session.scalars(select(SealedWith.id))) - here)


def read_state(session: Session) -> State:
    """How the installation is doing now. Needs an app context."""
    settings: Settings = current_app.config["SETTINGS"]
    room = disk.measure(settings)
    finished = session.execute(
        select(Backup.finished_at, Backup.is_encrypted)
        .where(Backup.finished_at.is_not(None))
        .order_by(Backup.finished_at.desc())
        .limit(1)
    ).first()
    begun = select(func.max(Backup.started_at)).where(Backup.finished_at.is_(None))
    replica, lag = replica_state()
    return State(
        at=utc_now(),
        version=VERSION,
        database=session.get_bind().dialect.name,
        database_bytes=read_database_bytes(session),
        migration=read_migration(session),
        newest_migration=newest_migration(),
        files="s3" if settings.files_url else "folder",
        is_files_writable=are_files_writable(),
        free_bytes=room.free_bytes,
        total_bytes=room.total_bytes,
        least_bytes=room.least_bytes,
        responses=count_responses(session),
        hosts=read_hosts(session),
        queues=read_queues(session),
        phones=read_phones(session),
        last_backup_at=finished.finished_at if finished else None,
        backup_begun_at=session.scalar(begun),
        is_backup_encrypted=bool(finished and finished.is_encrypted),
        data_keys=[key.id.hex() for key in data_keys().keys],
        missing_keys=missing_keys(session),
        are_keys_in_folder=not settings.data_key,
        replica=replica,
        replica_lag_s=lag,
        limits=ask_limits(),
    )
