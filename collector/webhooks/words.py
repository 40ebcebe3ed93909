"""What pages call the states and faults of webhooks and their messages."""

from flask_babel import lazy_gettext as _l

from collector.webhooks.queries import DELIVERED, GIVEN_UP, RETRYING, WAITING

#: State of a message: kind of tag, icon, words.
STATES = {
    WAITING: ("", "clock", _l("on its way")),
    RETRYING: ("warning", "clock", _l("to be tried again")),
    DELIVERED: ("success", "check", _l("taken")),
    GIVEN_UP: ("danger", "stop", _l("given up")),
}
#: Why a message was not taken. `status`: the answer's status says it.
FAULTS = {
    "status": _l("not taken"),
    "unknown_host": _l("no server of this name"),
    "private": _l("in a private network"),
    "timeout": _l("no answer in time"),
    "tls": _l("no valid certificate"),
    "no_answer": _l("no answer"),
    "switched_off": _l("switched off"),
}
#: Why a webhook was switched off by itself.
ENDINGS = {
    "gone": _l("The receiver said that it wants no more messages (410)."),
    "not_allowed": _l("Your account was not allowed to export when a message was to be sent."),
    "secret_lost": _l(
        "The key of the signatures cannot be read any more: the server's own key has changed. Make a new one."
    ),
}
