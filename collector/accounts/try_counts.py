"""Where wrong tries are counted, so that all hosts of an installation know of them: the database, or Redis (LIMITS_URL).

Each place has the same three methods. `key`: what tries are counted by; `what`: tells a try from others under the same key, and the same
`what` counts once; `most`: so many may lie within WINDOW.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from time import monotonic
from typing import Any, Protocol, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from collector.store import FailedSignIn, utc_now
from collector.store.session import data_keys, reading, writing

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

#: For how long a wrong try counts.
WINDOW = timedelta(minutes=5)
#: Seconds for which Redis is left alone once it did not answer, and for which it is waited for.
AWAY_S = 5.0
REDIS_TIMEOUT_S = 1.0
#: Before the names of what is kept in Redis.
PREFIX = "collector:tries:"


class TryCounts(Protocol):
    """A place where tries are counted."""

    def count(self, key: str, what: str, most: int) -> int:
        """Add a try, unless there are `most` already. Gives the seconds that it has to wait, 0 where it was added.

        A refused try is not added, so that the wait ends by itself.
        """

    def seconds_to_wait(self, key: str, most: int) -> int:
        """How long a next try would have to wait, 0 for not at all. Adds none."""

    def forget(self, key: str, what: str | None = None) -> None:
        """Take one try back, since it was right; all of `key` without `what`."""


def seconds_to_wait(tries: list[datetime], now: datetime, most: int) -> int:
    """How long the next try has to wait, given the moments of earlier wrong ones; 0 when it need not."""
    recent = sorted(moment for moment in tries if moment > now - WINDOW)
    if len(recent) < most:
        return 0
    return ceil((recent[-most] + WINDOW - now).total_seconds())


class DatabaseCounts:
    """Tries in the table `failed_sign_ins`. Each call is a transaction of its own: call none inside a `writing()` block."""

    def count(self, key: str, what: str, most: int) -> int:
        """See TryCounts."""
        key = marked(key)
        with writing() as session:
            one_at_a_time(session, key)
            now = utc_now()
            session.execute(delete(FailedSignIn).where(FailedSignIn.at <= now - WINDOW))
            tries = dict(
                session.execute(select(FailedSignIn.what, FailedSignIn.at).where(FailedSignIn.key == key)).all()
            )
            if what in tries:
                return 0
            wait = seconds_to_wait(list(tries.values()), now, most)
            if not wait:
                session.add(FailedSignIn(key=key, what=what, at=now))
        return wait

    def seconds_to_wait(self, key: str, most: int) -> int:
        """See TryCounts."""
        moments = reading().scalars(select(FailedSignIn.at).where(FailedSignIn.key == marked(key)))
        return seconds_to_wait(list(moments), utc_now(), most)

    def forget(self, key: str, what: str | None = None) -> None:
        """See TryCounts."""
        which = delete(FailedSignIn).where(FailedSignIn.key == marked(key))
        with writing() as session:
            session.execute(which if what is None else which.where(FailedSignIn.what == what))


def marked(key: str) -> str:
    """What stands for a key in the database: somebody may have typed a password in the place of their login, and of any length."""
    return data_keys().mark("tries", key)


def one_at_a_time(session: Session, key: str) -> None:
    """Let nobody else count tries of `key` until this transaction ends: none of many at once slips past the limit.

    SQLite has one writer at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext("tries"), func.hashtext(key))))


#: What Redis does in one step, by its own clock, which is the same for all hosts. Gives the milliseconds to wait.
COUNT = """
local at = redis.call('TIME')
local now = at[1] * 1000 + math.floor(at[2] / 1000)
local window, most = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
if ARGV[3] ~= '' and redis.call('ZSCORE', KEYS[1], ARGV[3]) then return 0 end
if redis.call('ZCARD', KEYS[1]) >= most then
  local earliest = redis.call('ZRANGE', KEYS[1], -most, -most, 'WITHSCORES')
  return math.max(tonumber(earliest[2]) + window - now, 1)
end
if ARGV[3] ~= '' then
  redis.call('ZADD', KEYS[1], now, ARGV[3])
  redis.call('PEXPIRE', KEYS[1], window)
end
return 0
"""


class RedisCounts:
    """Tries in Redis: a sorted set for each key, which goes by itself. Raises redis.RedisError where Redis does not do as told."""

    def __init__(self, url: str) -> None:
        # Loaded by who has such a setting only.
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self._redis: Any = Redis.from_url(
            url,
            socket_timeout=REDIS_TIMEOUT_S,
            socket_connect_timeout=REDIS_TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._count = self._redis.register_script(COUNT)

    def count(self, key: str, what: str, most: int) -> int:
        """See TryCounts."""
        window_ms = int(WINDOW.total_seconds() * 1000)
        wait_ms: int = self._count(keys=[name_of(key)], args=[window_ms, most, what])
        return ceil(wait_ms / 1000)

    def seconds_to_wait(self, key: str, most: int) -> int:
        """See TryCounts."""
        return self.count(key, "", most)

    def forget(self, key: str, what: str | None = None) -> None:
        """See TryCounts."""
        if what is None:
            self._redis.delete(name_of(key))
        else:
            self._redis.zrem(name_of(key), what)


def name_of(key: str) -> str:
    """What a key is called in Redis, where no logins and addresses are to lie."""
    return PREFIX + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


class GuardedCounts:
    """Tries in `first`, a Redis, and in the database while that is away: so nobody is locked out, and nobody tries without a limit.

    What was counted in the one place is not known in the other: at worst somebody has twice as many tries.
    """

    def __init__(self, first: TryCounts, second: TryCounts) -> None:
        self.first, self.second = first, second
        self._away_until = 0.0

    def count(self, key: str, what: str, most: int) -> int:
        """See TryCounts."""
        return self._ask(lambda counts: counts.count(key, what, most))

    def seconds_to_wait(self, key: str, most: int) -> int:
        """See TryCounts."""
        return self._ask(lambda counts: counts.seconds_to_wait(key, most))

    def forget(self, key: str, what: str | None = None) -> None:
        """See TryCounts. In both places: nobody noted where a try was counted."""
        self._ask(lambda counts: counts.forget(key, what))
        self.second.forget(key, what)

    def _ask(self, ask: Callable[[TryCounts], Answer]) -> Answer:
        from redis import RedisError

        if monotonic() >= self._away_until:
            try:
                answer = ask(self.first)
            except RedisError as error:
                if not self._away_until:
                    log.error("wrong tries are counted in the database: Redis is away (%s)", type(error).__name__)
                self._away_until = monotonic() + AWAY_S
            else:
                if self._away_until:
                    log.warning("wrong tries are counted in Redis again")
                    self._away_until = 0.0
                return answer
        return ask(self.second)


def open_counts(limits_url: str) -> TryCounts:
    """The place that LIMITS_URL names. Raises ValueError for an address that is none of Redis."""
    if not limits_url:
        return DatabaseCounts()
    if not limits_url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("LIMITS_URL has to begin with redis://, rediss:// or unix://")
    return GuardedCounts(RedisCounts(limits_url), DatabaseCounts())
