"""Who may do what: one table, without a database or a request."""

from collector.store.people import OWNER, SUPERVISOR, VOLUNTEER

OFFICE = frozenset(
    {
        "coverage.see",
        "responses.see",
        "responses.change",
        "responses.export",
        "questionnaires.change",
        "people.change",
    }
)
#: Actions by role. A volunteer works on the phone, with a device token, and has no action in the office.
ALLOWED: dict[str, frozenset[str]] = {
    OWNER: OFFICE,
    SUPERVISOR: OFFICE,
    VOLUNTEER: frozenset(),
}


def may(role: str, action: str) -> bool:
    """Tell whether someone of `role` may do `action`."""
    return action in ALLOWED.get(role, frozenset())


def may_give_role(giver: str, role: str) -> bool:
    """Tell whether `giver` may make somebody a `role`: nobody gives a right that they lack."""
    return may(giver, "people.change") and ALLOWED[role] <= ALLOWED[giver] and (role != OWNER or giver == OWNER)
