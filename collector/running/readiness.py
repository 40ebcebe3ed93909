"""Whether this host should get requests."""

import logging
from typing import Any

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from collector.running.probes import are_files_writable
from collector.running.queries import missing_keys, newest_migration, read_migration
from collector.store.session import reading

log = logging.getLogger(__name__)


def reasons_against() -> list[str]:
    """Why this host should get none: a line each, without secrets; none where it should. Needs an app context."""
    found = []
    worker: Any = current_app.extensions.get("collector_worker")
    if worker is not None and not worker.alive:
        found.append("shutting down")
    if not are_files_writable():
        found.append("files: the place where they lie cannot be written")
    try:
        has, needs = read_migration(reading()), newest_migration()
        if has != needs:
            return [*found, f"database: its layout is {has or 'none'}, this release needs {needs}"]
        if missing := missing_keys(reading()):
            found.append(f"keys: {', '.join(missing)} not here, and things are sealed with them")
    except SQLAlchemyError as error:
        log.error("not ready: the database is away (%s)", type(error).__name__)
        found.append("database: away")
    return found
