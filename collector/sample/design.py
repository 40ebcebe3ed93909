"""The communities and members behind the sample survey: made up, seeded, and adding up to the published figures
exactly.

The figures by community were never published. What is made here is plausible in itself (older members have less
schooling,
larger communities more building branches) and means nothing beyond that.
"""

# ruff: noqa: S311 - the same seed must give the same survey; nothing here is a secret.
from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from collector.sample import figures
from collector.sample.apportion import apportion, fit_table

SEED = "collector-2006"
PLACES = Path(__file__).with_name("places.csv")
YEAR = 2006

# How far each age group leans to each level of education and to each sex; the margins do the rest.
_EDUCATION_BY_AGE = {
    "under_35": (2.0, 30.0, 30.0, 10.0, 16.0, 6.0),
    "35_59": (1.4, 14.0, 20.0, 14.0, 30.0, 26.0),
    "60_plus": (0.2, 5.0, 7.0, 9.0, 14.0, 64.0),
}
_SEX_BY_AGE = {"under_35": (51.0, 49.0), "35_59": (53.0, 47.0), "60_plus": (58.0, 42.0)}
_AGES = {"under_35": (21, 34, 31), "35_59": (35, 59, 50), "60_plus": (60, 94, 67)}
_YOUNGEST = {"postgraduate": 25, "bachelor": 22, "junior_college": 21}
_COMMITTEE_SIZES = (figures.COMMITTEE_FROM + 2, 168)
_OTHER_SIZES = (21, figures.COMMITTEE_FROM - 3)


@dataclass(frozen=True)
class Community:
    """A community with the particulars of its profile. `is_filler` says that its name is not on record."""

    code: str
    name_zh: str
    is_filler: bool
    members: int
    organisation_type: str
    is_awaiting_approval: bool
    building_branches: int
    stairwell_groups: int
    is_secretary_director: bool

    @property
    def subdistrict(self) -> str:
        """The code of the subdistrict that it belongs to."""
        return self.code[:9]


@dataclass(frozen=True)
class Member:
    """A member as the questionnaire's closed figures have him or her. `age` is in years, in 2006."""

    community: Community
    sex: str
    age: int
    age_group: str
    education: str


@cache
def communities() -> tuple[Community, ...]:
    """The 66 communities in the order of places.csv."""
    with PLACES.open(encoding="utf-8", newline="") as file:
        places = list(csv.DictReader(file))
    random = Random(f"{SEED}/communities")
    named = [place["code"] for place in places if not place["note"].startswith("filler")]
    committees = random.sample(named, figures.COMMITTEES)
    awaiting = set(random.sample(committees, figures.COMMITTEES_AWAITING_APPROVAL))
    directors = set(random.sample([place["code"] for place in places], figures.SECRETARIES_ALSO_DIRECTOR))
    sizes = _sizes([place["code"] for place in places], set(committees), random)
    branches = _spread(figures.BUILDING_BRANCHES, sizes, random)
    groups = _spread(figures.STAIRWELL_GROUPS, sizes, random)
    return tuple(
        Community(
            code=place["code"],
            name_zh=place["name_zh"],
            is_filler=place["note"].startswith("filler"),
            members=sizes[place["code"]],
            organisation_type=organisation_type(sizes[place["code"]]),
            is_awaiting_approval=place["code"] in awaiting,
            building_branches=branches[place["code"]],
            stairwell_groups=groups[place["code"]],
            is_secretary_director=place["code"] in directors,
        )
        for place in places
    )


@cache
def people() -> tuple[Member, ...]:
    """The 4,661 members, community by community."""
    random = Random(f"{SEED}/people")
    drawn = [
        (age_group, education, sex)
        for age_group, educations, sexes in _drawn_by_age(random)
        for education, sex in zip(educations, sexes, strict=True)
    ]
    random.shuffle(drawn)
    homes = [community for community in communities() for _ in range(community.members)]
    return tuple(
        Member(community, sex, _age(age_group, education, random), age_group, education)
        for community, (age_group, education, sex) in zip(homes, drawn, strict=True)
    )


def organisation_type(members: int) -> str:
    """The form that the rule asks for at that number of members."""
    if members >= figures.COMMITTEE_FROM:
        return "committee"
    return "general_branch" if members >= figures.GENERAL_BRANCH_FROM else "branch"


def _sizes(codes: list[str], committees: set[str], random: Random) -> dict[str, int]:
    """Members of each community: within the bounds of its kind, with the published sum."""
    bounds = {code: _COMMITTEE_SIZES if code in committees else _OTHER_SIZES for code in codes}
    sizes = {code: round(random.triangular(low, high)) for code, (low, high) in bounds.items()}
    while (missing := figures.MEMBERS - sum(sizes.values())) != 0:
        code = random.choice(codes)
        low, high = bounds[code]
        step = 1 if missing > 0 else -1
        if low <= sizes[code] + step <= high:
            sizes[code] += step
    return sizes


def _spread(total: int, sizes: dict[str, int], random: Random) -> dict[str, int]:
    """`total` over the communities, roughly by size, at least one each."""
    weights = [size * random.uniform(0.6, 1.4) for size in sizes.values()]
    shares = apportion(total - len(sizes), weights)
    return {code: share + 1 for code, share in zip(sizes, shares, strict=True)}


def _drawn_by_age(random: Random) -> list[tuple[str, list[str], list[str]]]:
    """For each age group its members' educations and sexes, each shuffled."""
    ages = list(figures.BY_AGE)
    wanted = list(figures.BY_AGE.values())
    by_education = fit_table(wanted, list(figures.BY_EDUCATION.values()), [_EDUCATION_BY_AGE[age] for age in ages])
    by_sex = fit_table(wanted, list(figures.BY_SEX.values()), [_SEX_BY_AGE[age] for age in ages])
    drawn = []
    for at, age in enumerate(ages):
        educations = [
            name for name, count in zip(figures.BY_EDUCATION, by_education[at], strict=True) for _ in range(count)
        ]
        sexes = [name for name, count in zip(figures.BY_SEX, by_sex[at], strict=True) for _ in range(count)]
        random.shuffle(educations)
        random.shuffle(sexes)
        drawn.append((age, educations, sexes))
    return drawn


def _age(age_group: str, education: str, random: Random) -> int:
    low, high, peak = _AGES[age_group]
    low = max(low, _YOUNGEST.get(education, low))
    return min(high, int(random.triangular(low, high + 1, max(low, peak))))
