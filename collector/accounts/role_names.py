"""The names of the roles, and what each may do, in the words of the office."""

from flask_babel import lazy_gettext as _l

from collector.store.people import ANALYST, OWNER, REVIEWER, SUPERVISOR, VOLUNTEER

NAMES = {
    OWNER: _l("Owner"),
    SUPERVISOR: _l("Supervisor"),
    REVIEWER: _l("Reviewer"),
    ANALYST: _l("Analyst"),
    VOLUNTEER: _l("Volunteer"),
}
#: What somebody of the office may do, from the least.
EXPLAINED = {
    ANALYST: _l("exports responses, nothing else"),
    REVIEWER: _l("reads responses, comments, approves and returns them"),
    SUPERVISOR: _l("all of the office, for the places that they answer for"),
    OWNER: _l("all, for all places, and makes other owners"),
}


def role_name(role: str) -> str:
    """The name of `role` in the language of the page."""
    return str(NAMES.get(role, role))
