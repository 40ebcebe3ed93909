"""What `/metrics` answers: what the processes of this server counted, and figures of the whole installation from its database."""

import logging
import os
from collections.abc import Iterator
from ipaddress import ip_address
from time import monotonic
from typing import Any

from flask import Flask, current_app
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from collector import disk, metrics
from collector.running.probes import replica_state
from collector.running.queries import count_responses, read_phones, read_queues
from collector.settings import VERSION
from collector.store import utc_now
from collector.store.session import reading

log = logging.getLogger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: Seconds for which a process believes what it read in the database.
BELIEVED_S = 15.0
#: Headers that a proxy adds: whoever has one did not ask by themselves.
PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


def is_of_this_machine(headers: Any, address: str | None) -> bool:
    """Whether a request came from this machine itself, through no proxy."""
    if any(name in headers for name in PROXY_HEADERS):
        return False
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def exposition() -> bytes:
    """The text. Needs an app context."""
    registry = CollectorRegistry()
    if os.environ.get(metrics.FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        counted = registry
    else:
        counted = metrics.Counts.current.registry
    figures = CollectorRegistry()
    figures.register(Figures(current_app._get_current_object()))  # type: ignore[attr-defined]
    return generate_latest(counted) + generate_latest(figures)


class Figures(Collector):
    """Figures that are read when they are asked for."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def collect(self) -> Iterator[Metric]:
        """All of them; those from the database are left out while it is away."""
        settings = self.app.config["SETTINGS"]
        room = disk.measure(settings)
        built = GaugeMetricFamily("collector_build_info", "The release that runs.", labels=["version"])
        built.add_metric([VERSION], 1)
        yield built
        yield gauge("disk_free_bytes", "Free where the data lies.", room.free_bytes)
        yield gauge("disk_total_bytes", "All there is where the data lies.", room.total_bytes)
        yield gauge("disk_nearly_full", "1 while files are refused for want of room.", int(room.is_low))
        values = read_values(self.app)
        yield gauge("database_up", "1 while the database answers.", int(values is not None))
        for name, meaning, value in values or []:
            yield gauge(name, meaning, value)


def gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    """One figure."""
    return GaugeMetricFamily(f"collector_{name}", meaning, value=value)


Values = list[tuple[str, str, float]]


def read_values(app: Flask) -> Values | None:
    """Figures of the whole installation, at most so old: name, meaning, value. None while the database is away."""
    kept: tuple[float, Values] | None = app.extensions.get("collector_figures")
    if kept is not None and kept[0] > monotonic() - BELIEVED_S:
        return kept[1]
    try:
        values = _read_values()
    except SQLAlchemyError as error:
        log.error("figures cannot be read: %s", type(error).__name__)
        return None
    app.extensions["collector_figures"] = monotonic(), values
    return values


def _read_values() -> Values:
    session = reading()
    queues, phones, now = read_queues(session), read_phones(session), utc_now()
    oldest_phone = (now - phones.oldest_at).total_seconds() if phones.oldest_at else 0.0
    oldest_message = (now - queues.oldest_delivery_at).total_seconds() if queues.oldest_delivery_at else 0.0
    values: Values = [
        ("responses", "Responses that are stored.", count_responses(session)),
        ("quarantine_open", "Documents that wait for a decision.", queues.quarantined),
        ("exports_waiting", "Exports that wait to be made.", queues.exports_waiting),
        ("exports_running", "Exports that are being made.", queues.exports_running),
        ("webhook_messages_waiting", "Messages to webhooks that wait.", queues.deliveries_waiting),
        ("webhook_oldest_waiting_seconds", "How long the oldest of them has waited.", oldest_message),
        ("webhooks_switched_off", "Webhooks that a fault switched off.", queues.webhook_faults),
        ("phones_enrolled", "Phones that may send.", phones.enrolled),
        ("phones_seen_last_day", "Those that were here within a day.", phones.seen_last_day),
        ("phones_holding", "Those that said that they hold finished responses.", phones.holding),
        ("phone_responses_waiting", "Responses that phones said they hold.", phones.responses),
        ("phone_oldest_waiting_seconds", "How long ago the oldest of these was finished.", max(0.0, oldest_phone)),
    ]
    state, lag = replica_state()
    if state is not None:
        values.append(("replica_up", "1 while the replica answers.", int(state == "")))
    if lag is not None:
        values.append(("replica_lag_seconds", "How far the replica is behind.", lag))
    return values
