"""Who may do what: one table, without a database or a request. Where: collector/accounts/scope.py."""

from collector.store.people import ANALYST, OWNER, REVIEWER, SUPERVISOR, VOLUNTEER

#: What can be done in the office, and what it is.
ACTIONS: dict[str, str] = {
    "coverage.see": "board, map, phones, volunteers' progress",
    "targets.change": "targets, lists of doors, who goes where",
    "responses.see": "responses, their files, quality, frequencies",
    "responses.decide": "approve, return, reject, comment, tell duplicates",
    "responses.change": "edit answers, choose among conflicting revisions, delete",
    "responses.export": "export",
    "people.change": "volunteers, their codes and phones; people of the office up to one's own rights",
    "questionnaires.change": "upload, publish, open and close, test, archive",
    "places.change": "the tree of places and its history",
    "quarantine.change": "documents that belong to no place, unsent files",
    "installation.see": "how servers, data and backups are doing; owners only",
}
#: What concerns all places at once: only for somebody who answers for all of them.
WHOLE = frozenset({"questionnaires.change", "places.change", "quarantine.change"})
#: Roles from which answers to personal questions can be hidden. Supervisors see documents as they came, and say what is personal.
MASKED = frozenset({REVIEWER, ANALYST})
#: Actions by role. A volunteer works on the phone, with a device token, and has no action in the office.
ALLOWED: dict[str, frozenset[str]] = {
    OWNER: frozenset(ACTIONS),
    SUPERVISOR: frozenset(ACTIONS) - {"installation.see"},
    REVIEWER: frozenset({"coverage.see", "responses.see", "responses.decide"}),
    ANALYST: frozenset({"responses.export"}),
    VOLUNTEER: frozenset(),
}


def may(role: str, action: str, *, is_whole: bool = True) -> bool:
    """Tell whether someone of `role` may do `action`; `is_whole`: whether they answer for all places."""
    return action in ALLOWED.get(role, frozenset()) and (is_whole or role == OWNER or action not in WHOLE)


def may_give_role(giver: str, role: str) -> bool:
    """Tell whether `giver` may make somebody a `role`: nobody gives a right that they lack."""
    return may(giver, "people.change") and ALLOWED[role] <= ALLOWED[giver] and (role != OWNER or giver == OWNER)
