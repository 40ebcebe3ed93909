"""The published figures of the 2006 study, to which the generated survey adds up. Source: README.md here."""

from __future__ import annotations

MEMBERS = 4661
BY_SEX = {"male": 2581, "female": 2080}
BY_AGE = {"under_35": 452, "35_59": 1589, "60_plus": 2620}
BY_EDUCATION = {
    "postgraduate": 35,
    "bachelor": 495,
    "junior_college": 668,
    "secondary_technical": 509,
    "senior_high": 955,
    "junior_high_or_less": 1999,
}
COMMITTEES = 13
COMMITTEES_AWAITING_APPROVAL = 7
BUILDING_BRANCHES = 227
STAIRWELL_GROUPS = 483
SECRETARIES_ALSO_DIRECTOR = 49
#: Full members from which a community has a general branch, and from which a committee.
GENERAL_BRANCH_FROM = 50
COMMITTEE_FROM = 100
#: One community was not visited for meetings and interviews. Which one is not on record; here it is a filler.
NOT_VISITED = "320102005902"
