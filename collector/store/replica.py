"""A streaming replica that long reads go to (DATABASE_READ_URL), as long as it has all that the primary had when they were asked for.

So somebody who reads what they just wrote finds it. A replica that is away, that lags, or that is none is passed over: the primary is read
from instead, which is said once in the log.
"""

import logging
import time

from sqlalchemy import Engine, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

#: Seconds for which a replica that failed is left alone.
AWAY_S = 5.0
#: Seconds between two looks at how far it is.
LOOK_S = 0.01
#: States: it is read from; it does not answer; it is too far behind; it answers, and is no replica of this database.
USED, AWAY, BEHIND, STRANGE = "used", "away", "behind", "strange"
#: What is said in the log of each.
WORDS = {
    USED: "long reads go to the replica again",
    AWAY: "the replica does not answer: long reads go to the primary",
    BEHIND: "the replica is too far behind: long reads go to the primary",
    STRANGE: "DATABASE_READ_URL leads to no replica of this database: long reads go to the primary",
}
#: How a connection finds out soon that the other side is gone (libpq, "Parameter Key Words"): seconds, and milliseconds.
SOON_GONE = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}

#: What is on the primary's disk, which every transaction is before it counts as committed; and which database it is.
WRITTEN = text("SELECT pg_current_wal_flush_lsn()::text AS lsn, system_identifier AS of FROM pg_control_system()")
#: Whether the replica has that, too.
REPLAYED = text(
    "SELECT pg_is_in_recovery() AND system_identifier = :of AS is_replica, "
    "pg_last_wal_replay_lsn() >= CAST(:lsn AS pg_lsn) AS has_all FROM pg_control_system()"
)


class Replica:
    """A replica beside its primary. `state`: what became of the last look at it; `counts`: how many reads went where, by state."""

    def __init__(self, primary: Engine, engine: Engine) -> None:
        self.primary, self.engine = primary, engine
        self.state = USED
        self.counts = dict.fromkeys(WORDS, 0)
        self._away_until = 0.0
        event.listen(engine, "handle_error", self._note_error)

    def engine_for(self, wait_s: float, asker: Session | None = None) -> Engine:
        """The replica's engine once it has all that the primary has now; the primary's where it has not after `wait_s` seconds.

        Where it lagged the last time, nobody waits. `asker`: a session over the primary whose connection can be asked; a further one might
        be one too many. Raises OperationalError where the primary is away.
        """
        if time.monotonic() < self._away_until:
            state = self.state
        else:
            if asker is not None and asker.in_transaction():
                wanted = asker.connection().execute(WRITTEN).one()
            else:
                with self.primary.connect() as connection:
                    wanted = connection.execute(WRITTEN).one()
            state = self._look(wanted.lsn, wanted.of, 0.0 if self.state == BEHIND else wait_s)
            self._enter(state)
        self.counts[state] += 1
        return self.engine if state == USED else self.primary

    def _look(self, lsn: str, of: int, wait_s: float) -> str:
        until = time.monotonic() + wait_s
        try:
            with self.engine.connect() as connection:
                while True:
                    found = connection.execute(REPLAYED, {"lsn": lsn, "of": of}).one()
                    if not found.is_replica:
                        return STRANGE
                    if found.has_all:
                        return USED
                    if time.monotonic() >= until:
                        return BEHIND
                    time.sleep(LOOK_S)
        except DBAPIError:
            return AWAY

    def _enter(self, state: str) -> None:
        if state in (AWAY, STRANGE):
            self._away_until = time.monotonic() + AWAY_S
        if state != self.state:
            log.log(logging.WARNING if state == USED else logging.ERROR, WORDS[state])
        self.state = state

    def _note_error(self, context: ExceptionContext) -> None:
        """Leave a replica alone that failed in the middle of a read: it went away, or had to end the read to keep up (SQLSTATE 40001)."""
        # A connection that was lost while nobody used it is opened anew by itself.
        if not context.is_pre_ping and isinstance(context.sqlalchemy_exception, OperationalError | InterfaceError):
            self._enter(AWAY)
