"""What can be said of a door, in words."""

from flask_babel import gettext as _

from collector.store.visits import CALL_AGAIN, DONE, MOVED, NOBODY_HOME, OPEN, REFUSED


def words_of_outcomes() -> dict[str, str]:
    """What was found at a door, by code."""
    return {
        OPEN: _("not visited"),
        DONE: _("done"),
        NOBODY_HOME: _("nobody home"),
        CALL_AGAIN: _("call again"),
        REFUSED: _("refused"),
        MOVED: _("moved away"),
    }
