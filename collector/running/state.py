"""How an installation is doing, as plain values: what the status page, the command and the metrics are made from."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class HostState:
    """A machine by its last sign of life."""

    name: str
    version: str
    started_at: datetime
    seen_at: datetime
    free_bytes: int
    total_bytes: int


@dataclass(frozen=True)
class Queues:
    """What waits and what went wrong. `export_failures`: of the last day; `webhook_faults`: that switched themselves off."""

    exports_waiting: int = 0
    exports_running: int = 0
    export_failures: int = 0
    deliveries_waiting: int = 0
    deliveries_retrying: int = 0
    oldest_delivery_at: datetime | None = None
    webhook_faults: int = 0
    quarantined: int = 0


@dataclass(frozen=True)
class PhonesState:
    """What phones last said, as counts. `holding`: those with responses that have not come in; `oldest_at`: the oldest of these."""

    enrolled: int = 0
    seen_last_day: int = 0
    holding: int = 0
    responses: int = 0
    failed: int = 0
    oldest_at: datetime | None = None


@dataclass(frozen=True)
class State:
    """All of it at one moment. `last_backup_at`: when the last one was finished; `backup_begun_at`: the last that was begun after it.

    `data_keys`: ids of those here, the first one seals; `missing_keys`: ids of those that something is sealed with and that are not here.
    `replica` and `limits`: None where none is set, "" where it works, else what is wrong.
    """

    at: datetime
    version: str
    database: str
    database_bytes: int | None
    migration: str
    newest_migration: str
    files: str
    is_files_writable: bool
    free_bytes: int
    total_bytes: int
    least_bytes: int
    responses: int
    hosts: list[HostState] = field(default_factory=list)
    queues: Queues = field(default_factory=Queues)
    phones: PhonesState = field(default_factory=PhonesState)
    last_backup_at: datetime | None = None
    backup_begun_at: datetime | None = None
    is_backup_encrypted: bool = False
    data_keys: list[str] = field(default_factory=list)
    missing_keys: list[str] = field(default_factory=list)
    are_keys_in_folder: bool = True
    replica: str | None = None
    replica_lag_s: float | None = None
    limits: str | None = None
