"""When a message is tried again, and when it is given up. Pure."""

from datetime import datetime, timedelta

#: How long after each try that failed the next one is made; after the last of them that span is kept.
WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
#: A message that nobody took in this time is given up.
GIVEN_UP_AFTER = timedelta(days=5)
#: Messages that were taken or given up are kept for so long.
KEPT = timedelta(days=30)
#: For so long a message belongs to whoever began to send it. Longer than a try can take: one that ended in the middle is tried again.
CLAIMED = timedelta(seconds=60)


def next_try(attempts: int, created_at: datetime, now: datetime) -> datetime | None:
    """When a message is tried again after `attempts` tries that failed; None: it is given up."""
    at = now + WAITS[min(attempts, len(WAITS)) - 1]
    return at if at <= created_at + GIVEN_UP_AFTER else None
