"""What state a questionnaire is in, for people. Pure."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from collector.store import Questionnaire

#: States in the order in which a list offers them, and what they are called.
STATES = {
    "open": _l("on phones"),
    "testing": _l("being tried out"),
    "waiting": _l("not open yet"),
    "closed": _l("closed"),
    "draft": _l("not published"),
    "archived": _l("archived"),
}
#: How each is shown: the kind of tag and its icon.
LOOKS = {
    "open": ("success", "phone"),
    "testing": ("warning", "flask"),
    "waiting": ("", "clock"),
    "closed": ("", "stop"),
    "draft": ("", "form"),
    "archived": ("", "archive"),
}


def state_of(questionnaire: Questionnaire, now: datetime) -> str:
    """The state of a questionnaire: what keeps people from answering it comes first."""
    if questionnaire.archived_at is not None:
        return "archived"
    if questionnaire.current_version_id is None:
        return "draft"
    if questionnaire.closes_at is not None and questionnaire.closes_at <= now:
        return "closed"
    if questionnaire.opens_at is not None and questionnaire.opens_at > now:
        return "waiting"
    return "testing" if questionnaire.is_testing else "open"
