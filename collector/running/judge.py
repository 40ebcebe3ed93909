"""What a state means: a line a topic, good, of note or bad, with words on what to do. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from collector.languages import size_words
from collector.running.state import HostState, State

#: All is well; somebody should look within days; something does not work, or is about to be lost.
GREEN, AMBER, RED = "green", "amber", "red"
ORDER = (GREEN, AMBER, RED)

#: How long a machine may be silent, which says that it runs twice a minute.
SILENT_AFTER = timedelta(minutes=2)
#: How old the last backup may be.
BACKUP_EVERY = timedelta(days=7)
#: How long a phone may hold a finished response.
HELD_FOR = timedelta(days=3)
#: How long a message to a webhook may wait.
TOLD_WITHIN = timedelta(hours=1)
#: How far behind a replica may be.
BEHIND_S = 60.0


@dataclass(frozen=True)
class Line:
    """One topic: its heading, how it is, in words, and what to do about it ("" for nothing)."""

    topic: str
    heading: Any
    level: str
    words: Any
    advice: Any = ""


def worst(lines: list[Line]) -> str:
    """The level of the worst of `lines`."""
    return max((line.level for line in lines), key=ORDER.index, default=GREEN)


def judge(state: State) -> list[Line]:
    """A line a topic, in the order of the page."""
    return [
        *_hosts(state),
        _database(state),
        _room(state),
        _files(state),
        _backup(state),
        _keys(state),
        *_replica(state),
        *_limits(state),
        _exports(state),
        _webhooks(state),
        _quarantine(state),
        _phones(state),
    ]


def _hosts(state: State) -> Iterator[Line]:
    heading = _l("Servers")
    if not state.hosts:
        yield Line(
            "hosts",
            heading,
            AMBER,
            _l("No server has given a sign of life yet."),
            _l("Look again in a minute. If it stays like that, the work in the background does not run: see the log."),
        )
        return
    silent = [host for host in state.hosts if host.seen_at < state.at - SILENT_AFTER]
    releases = sorted({host.version for host in state.hosts if host not in silent})
    if silent:
        level = RED if len(silent) == len(state.hosts) else AMBER
        words = _l(
            "%(silent)s of %(all)s give no sign of life: %(names)s.",
            silent=len(silent),
            all=len(state.hosts),
            names=_names(silent),
        )
        yield Line(
            "hosts",
            heading,
            level,
            words,
            _l("Start Collector there again, or look into its log. One that was taken away is forgotten after 7 days."),
        )
    elif len(releases) > 1:
        words = _l("The servers run different releases: %(releases)s.", releases=", ".join(releases))
        yield Line("hosts", heading, AMBER, words, _l("Finish the upgrade: install the newer release on all of them."))
    else:
        words = _l("%(all)s running, release %(release)s.", all=len(state.hosts), release=state.version)
        yield Line("hosts", heading, GREEN, words)


def _names(hosts: list[HostState]) -> str:
    return ", ".join(host.name.partition(" ")[0] for host in hosts)


def _database(state: State) -> Line:
    heading = _l("Database")
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(state.database, state.database)
    if state.migration != state.newest_migration:
        words = _l(
            "Its layout is %(has)s, and this release needs %(needs)s.",
            has=state.migration or "–",
            needs=state.newest_migration,
        )
        return Line("database", heading, RED, words, _l("Run “flask --app wsgi collector init”."))
    words = _l(
        "%(kind)s, %(size)s, %(responses)s responses, layout %(layout)s.",
        kind=kind,
        size="–" if state.database_bytes is None else size_words(state.database_bytes),
        responses=state.responses,
        layout=state.migration,
    )
    return Line("database", heading, GREEN, words)


def _room(state: State) -> Line:
    heading = _l("Room on the disk")
    words = _l(
        "%(free)s of %(total)s are free.", free=size_words(state.free_bytes), total=size_words(state.total_bytes)
    )
    least = size_words(state.least_bytes)
    if state.free_bytes < state.least_bytes:
        return Line(
            "room",
            heading,
            RED,
            words,
            _l(
                "Photos and other files are refused for now and wait on the phones; answers are still taken. Make room, or a larger disk:"
                " at least %(least)s have to be free (MIN_FREE_MB).",
                least=least,
            ),
        )
    low = [
        host for host in state.hosts if host.seen_at >= state.at - SILENT_AFTER and host.free_bytes < state.least_bytes
    ]
    if low:
        words = _l("The disk is nearly full on %(names)s.", names=_names(low))
        return Line("room", heading, RED, words, _l("Make room there: files are refused until there is some."))
    if state.free_bytes < 3 * state.least_bytes:
        advice = _l("Plan for more: below %(least)s photos and other files are refused.", least=least)
        return Line("room", heading, AMBER, words, advice)
    return Line("room", heading, GREEN, words)


def _files(state: State) -> Line:
    heading = _l("Photos and files")
    place = _l("an object store (FILES_URL)") if state.files == "s3" else _l("the data folder")
    if state.is_files_writable:
        return Line("files", heading, GREEN, _l("They lie in %(place)s, which can be written.", place=place))
    words = _l("They lie in %(place)s, which cannot be written.", place=place)
    return Line(
        "files",
        heading,
        RED,
        words,
        _l("Look whether it is full, away, or read-only. Phones keep their files meanwhile."),
    )


def _backup(state: State) -> Line:
    heading = _l("Backup")
    advice = _l("Run “flask --app wsgi collector backup FILE”, best every night, and keep the file elsewhere.")
    if state.last_backup_at is None:
        # A new installation is given the days in which the first one is due.
        return Line("backup", heading, AMBER, _l("There is none yet."), advice)
    days = (state.at - state.last_backup_at).days
    words = _l("The last one was made %(days)s days ago.", days=days) if days else _l("The last one was made today.")
    if state.at - state.last_backup_at > BACKUP_EVERY:
        return Line("backup", heading, RED if state.responses else AMBER, words, advice)
    return Line("backup", heading, GREEN, words)


def _keys(state: State) -> Line:
    heading = _l("Keys")
    if state.missing_keys:
        words = _l(
            "What is stored was sealed with keys that this server does not have: %(keys)s.",
            keys=", ".join(state.missing_keys),
        )
        return Line("keys", heading, RED, words, _l("Put them back from your copy, into data_key or DATA_KEY."))
    words = _l("What is stored is sealed with the key %(key)s.", key=state.data_keys[0] if state.data_keys else "–")
    if state.are_keys_in_folder:
        advice = _l("Keep a copy of data_key apart from the backups: without it nothing can be read any more.")
        return Line("keys", heading, GREEN, words, advice)
    return Line("keys", heading, GREEN, words)


def _replica(state: State) -> Iterator[Line]:
    if state.replica is None:
        return
    heading = _l("Replica")
    if state.replica:
        advice = _l(
            "Boards and exports are read from the main database meanwhile. Look at it, and at DATABASE_READ_URL."
        )
        words = _l("It does not answer.") if state.replica == "away" else _l("It is no replica of this database.")
        yield Line("replica", heading, AMBER, words, advice)
    elif state.replica_lag_s is not None and state.replica_lag_s > BEHIND_S:
        words = _l("It is %(seconds)s seconds behind.", seconds=round(state.replica_lag_s))
        yield Line("replica", heading, AMBER, words, _l("Look at its load and its network."))
    else:
        yield Line("replica", heading, GREEN, _l("It answers."))


def _limits(state: State) -> Iterator[Line]:
    if state.limits is None:
        return
    heading = _l("Redis")
    if state.limits:
        yield Line("limits", heading, RED, _l("It does not answer."), _l("Start it again: it counts tries to sign in."))
    else:
        yield Line("limits", heading, GREEN, _l("It answers."))


def _exports(state: State) -> Line:
    queues, heading = state.queues, _l("Exports")
    words = _l(
        "%(running)s being made, %(waiting)s waiting, %(failed)s failed since yesterday.",
        running=queues.exports_running,
        waiting=queues.exports_waiting,
        failed=queues.export_failures,
    )
    if queues.export_failures:
        return Line("exports", heading, AMBER, words, _l("Whoever asked for them sees why on the page of exports."))
    return Line("exports", heading, GREEN, words)


def _webhooks(state: State) -> Line:
    queues, heading = state.queues, _l("Webhooks")
    words = _l(
        "%(waiting)s messages waiting, %(retrying)s of them not taken at the first try.",
        waiting=queues.deliveries_waiting,
        retrying=queues.deliveries_retrying,
    )
    is_late = queues.oldest_delivery_at is not None and queues.oldest_delivery_at < state.at - TOLD_WITHIN
    if queues.webhook_faults:
        words = _l("%(count)s were switched off because of a fault.", count=queues.webhook_faults)
        return Line("webhooks", heading, AMBER, words, _l("Their people see why under My account, Webhooks."))
    if is_late:
        return Line(
            "webhooks", heading, AMBER, words, _l("A receiver has not answered for over an hour. Tell whoever runs it.")
        )
    return Line("webhooks", heading, GREEN, words)


def _quarantine(state: State) -> Line:
    heading = _l("Quarantine")
    if state.queues.quarantined:
        words = _l("%(count)s documents wait for a decision.", count=state.queues.quarantined)
        return Line("quarantine", heading, AMBER, words, _l("Look through them under Responses, Quarantine."))
    return Line("quarantine", heading, GREEN, _l("Nothing waits there."))


def _phones(state: State) -> Line:
    phones, heading = state.phones, _l("Phones")
    words = _l(
        "%(seen)s of %(enrolled)s were here within a day; %(holding)s hold %(responses)s finished responses.",
        seen=phones.seen_last_day,
        enrolled=phones.enrolled,
        holding=phones.holding,
        responses=phones.responses,
    )
    if phones.oldest_at is not None and phones.oldest_at < state.at - HELD_FOR:
        words = _l(
            "%(holding)s hold %(responses)s finished responses, the oldest for %(days)s days.",
            holding=phones.holding,
            responses=phones.responses,
            days=_days(state.at, phones.oldest_at),
        )
        return Line("phones", heading, AMBER, words, _l("Coverage, Phones says whose they are: ask them to go online."))
    return Line("phones", heading, GREEN, words)


def _days(now: datetime, then: datetime) -> int:
    return (now - then).days
