"""States of a response as ODK Central calls them. Pure."""

from collector.store.responses import APPROVED, RECEIVED, REJECTED, RESUBMITTED, RETURNED

#: What `reviewState` says of each state: nothing of a response that nobody has decided about.
REVIEW_STATES: dict[str, str | None] = {
    RECEIVED: None,
    APPROVED: "approved",
    RETURNED: "hasIssues",
    RESUBMITTED: "edited",
    REJECTED: "rejected",
}
