"""What states and outcomes are called on the board."""

from typing import Any

from flask_babel import lazy_gettext as _l

from collector.store.responses import APPROVED, RECEIVED, REJECTED, RESUBMITTED, RETURNED
from collector.store.visits import CALL_AGAIN, DONE, MOVED, NOBODY_HOME, OPEN, REFUSED

STATE_WORDS: dict[str, Any] = {
    RECEIVED: _l("received"),
    APPROVED: _l("approved"),
    RETURNED: _l("returned"),
    RESUBMITTED: _l("sent again"),
    REJECTED: _l("rejected"),
}
#: Outcomes of visits, in the order in which they are told.
OUTCOMES: dict[str, Any] = {
    OPEN: _l("not yet visited"),
    DONE: _l("done"),
    CALL_AGAIN: _l("call again"),
    NOBODY_HOME: _l("nobody home"),
    REFUSED: _l("refused"),
    MOVED: _l("moved away"),
}
