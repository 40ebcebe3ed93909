"""How long somebody of the office stays signed in: while they work, and never for longer than a week. docs/security.md says why so long."""

from collections.abc import MutableMapping
from typing import Any

#: Seconds without a request after which one signs in anew: a form that somebody left open over the working day is still taken.
IDLE_S = 12 * 3600
#: Seconds after signing in, whatever one did meanwhile: a page that refreshes itself keeps no session open for ever.
LONGEST_S = 7 * 24 * 3600
#: Seconds after which a request is written into the cookie anew.
NOTED_EVERY_S = 600
BEGUN, SEEN = "begun", "seen"


def begin(session: MutableMapping[str, Any], now: int) -> None:
    """Count a session from now on."""
    session[BEGUN] = session[SEEN] = now


def is_over(session: MutableMapping[str, Any], now: int) -> bool:
    """Tell whether a session has ended by itself; if not, note that somebody is there. One of an earlier release is counted from now on."""
    begun, seen = session.get(BEGUN), session.get(SEEN)
    if not isinstance(begun, int) or not isinstance(seen, int):
        begin(session, now)
        return False
    if now - seen > IDLE_S or now - begun > LONGEST_S:
        return True
    if now - seen > NOTED_EVERY_S:
        session[SEEN] = now
    return False
