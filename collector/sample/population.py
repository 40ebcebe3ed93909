"""The responses of the 2006 sample survey: profiles, member questionnaires, and records of meetings and interviews.

Pure and seeded: the same every time. Each yields dictionaries of
`{"form", "place", "answers", "instance_name", "started_at", "finished_at"}`; answers are nested lexical strings as
docs/form-model.md has them, and fit the forms in `forms/` without a flag.
"""

# ruff: noqa: S311 - the same seed must give the same survey; nothing here is a secret.
from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

from collector.sample import figures, meeting_texts
from collector.sample.design import SEED, YEAR, Community, Member, communities, organisation_type, people

Record = dict[str, Any]

_ZONE = timezone(timedelta(hours=8))
_FIRST_DAY = datetime(YEAR, 3, 1, tzinfo=_ZONE)
_DAYS = 59
_VISITED_IN_PERSON = ("香铺营社区", "唱经楼社区")


def profiles() -> Iterator[Record]:
    """One community profile for each of the 66 communities."""
    random = Random(f"{SEED}/profiles")
    for community in communities():
        started, finished = _sitting(random, 6, 15)
        organisation: Record = {"organisation_type": community.organisation_type, "members": str(community.members)}
        if community.organisation_type == "committee":
            organisation["awaiting_approval"] = _yes_no(community.is_awaiting_approval)
        organisation["expected_type"] = organisation_type(community.members)
        answers = {
            **_opening(community, started, finished),
            "organisation": organisation,
            "structure": {
                "building_branches": str(community.building_branches),
                "stairwell_groups": str(community.stairwell_groups),
                "secretary_director": _yes_no(community.is_secretary_director),
            },
        }
        if random.random() < 0.4:
            answers["remarks"] = {"difficulty": random.choice(meeting_texts.DIFFICULTIES)}
        yield _record("community_profile", community, answers, community.name_zh, started, finished)


def members() -> Iterator[Record]:
    """One questionnaire for each of the 4,661 members."""
    random = Random(f"{SEED}/members")
    for member in people():
        started, finished = _sitting(random, 5, 16)
        opening = _opening(member.community, started, finished)
        opening["where"]["consent"] = "yes"
        register = _register(member, random)
        answers = {
            **opening,
            "person": _person(member, random),
            "registration": register,
            **_taking_part(member, register["register"], random),
            "volunteering": _volunteering(member, random),
            "views": _views(random),
        }
        title = f"{member.community.name_zh} {opening['where']['visit_date']}"
        yield _record("member_questionnaire", member.community, answers, title, started, finished)


def meetings() -> Iterator[Record]:
    """The records of 65 communities, all but `figures.NOT_VISITED`: a meeting each, and interviews in some."""
    random = Random(f"{SEED}/meetings")
    for community in communities():
        if community.code == figures.NOT_VISITED:
            continue
        interviews = 2 if community.name_zh in _VISITED_IN_PERSON else random.choices((0, 1, 2), (50, 35, 15))[0]
        for kind in ("meeting", *["interview"] * interviews):
            yield _meeting(community, kind, random)


def _meeting(community: Community, kind: str, random: Random) -> Record:
    started, finished = _sitting(random, 25, 110)
    topics = _some(meeting_texts.TOPICS, random, 1, 3)
    participants = _participants(community, kind, random)
    record: Record = {"topics": " ".join(topics), "record_text": _record_text(topics, random)}
    record["follow_up"] = _yes_no(random.random() < 0.3)
    if record["follow_up"] == "yes":
        record["follow_up_text"] = random.choice(meeting_texts.FOLLOW_UPS)
    minutes = int((finished - started).total_seconds() // 60)
    answers = {
        **_opening(community, started, finished),
        "meeting": {
            "meeting_kind": kind,
            "held_at": _moment(started.replace(second=0, microsecond=0)),
            "venue": random.choice(meeting_texts.VENUES[kind]),
            "minutes": str(minutes),
        },
        "participant": participants,
        "participants": str(len(participants)),
        "record": record,
    }
    title = f"{community.name_zh} {meeting_texts.KINDS[kind]}"
    return _record("meeting_record", community, answers, title, started, finished)


def _record(
    form: str, community: Community, answers: Record, title: str, started: datetime, finished: datetime
) -> Record:
    answers["meta"] = {"instanceName": title}
    return {
        "form": form,
        "place": community.code,
        "answers": answers,
        "instance_name": title,
        "started_at": _moment(started),
        "finished_at": _moment(finished),
    }


def _opening(community: Community, started: datetime, finished: datetime) -> Record:
    where = {
        "subdistrict": community.subdistrict,
        "community": community.code,
        "visit_date": started.date().isoformat(),
    }
    return {"start": _moment(started), "end": _moment(finished), "where": where}


def _person(member: Member, random: Random) -> Record:
    birth_year = YEAR - member.age
    joined_at = min(member.age, int(random.triangular(18, 50, 26)))
    return {
        "sex": member.sex,
        "birth_year": str(birth_year),
        "age": str(member.age),
        "age_group": member.age_group,
        "education": member.education,
        "join_year": str(birth_year + joined_at),
    }


def _register(member: Member, random: Random) -> Record:
    weights = {"under_35": (30, 48, 22), "35_59": (38, 54, 8), "60_plus": (94, 0, 6)}[member.age_group]
    register = random.choices(("red", "blue", "yellow"), weights)[0]
    answers: Record = {"register": register}
    if register == "blue":
        kinds = ("government", "institution", "state_company", "private_company", "other")
        answers["employer"] = random.choices(kinds, (14, 34, 27, 20, 5))[0]
    if register == "yellow":
        answers["household"] = random.choices(("other_district", "other_city", "other_province"), (45, 33, 22))[0]
    answers["knows_group"] = _yes_no(random.random() < (0.78 if register == "red" else 0.41))
    return answers


def _taking_part(member: Member, register: str, random: Random) -> Record:
    """The groups `taking_part` and, for who took part, `activity`."""
    weights = {"red": (24, 27, 34, 15), "blue": (3, 9, 43, 45), "yellow": (5, 12, 38, 45)}[register]
    attendance = random.choices(("monthly", "often", "seldom", "never"), weights)[0]
    answers: Record = {"attendance": attendance}
    if attendance in ("seldom", "never"):
        is_old = member.age_group == "60_plus"
        likely = {"health": 50 if is_old else 6, "no_time": 10 if is_old else 52, "not_told": 18, "not_useful": 14}
        likely |= {"elsewhere": 46} if register == "blue" else {}
        answers["reasons"] = " ".join(_some(likely, random, 1, 2))
    if attendance == "never":
        return {"taking_part": answers}
    rows = [_activity(random) for _ in range(random.choices((1, 2, 3), (60, 30, 10))[0])]
    return {"taking_part": answers, "activity": rows}


def _activity(random: Random) -> Record:
    kind = random.choices(("study", "visit", "patrol", "cleaning", "culture", "mediation"), (44, 13, 12, 16, 11, 4))[0]
    role = random.choices(("organiser", "helper", "participant"), (7, 22, 71))[0]
    return {"kind": kind, "part": {"role": role, "hours": random.choice(("1", "1.5", "2", "2", "2.5", "3", "4", "6"))}}


def _volunteering(member: Member, random: Random) -> Record:
    share = {"under_35": 0.29, "35_59": 0.33, "60_plus": 0.42 if member.age < 75 else 0.16}[member.age_group]
    if random.random() >= share:
        return {"volunteers": "no"}
    likely = {"elderly": 30, "children": 16, "safety": 24, "environment": 30, "disabled": 8, "legal": 4}
    days = max(1, min(120, round(random.expovariate(1 / 9))))
    return {"volunteers": "yes", "services": " ".join(_some(likely, random, 1, 3)), "service_days": str(days)}


def _views(random: Random) -> Record:
    relations = ("party_leads", "divided", "same_people", "committee_leads", "unclear")
    contacts = ("party", "committee", "employer", "neighbours", "nobody")
    likely = {"listen": 34, "help": 38, "activities": 22, "safety": 27, "environment": 31, "jobs": 19}
    views = {
        "relation": random.choices(relations, (23, 14, 28, 16, 19))[0],
        "first_contact": random.choices(contacts, (18, 37, 11, 22, 12))[0],
        "effect": random.choices(("1", "2", "3", "4", "5"), (4, 13, 33, 36, 14))[0],
        "wishes": " ".join(_some(likely, random, 1, 3)),
    }
    if random.random() < 0.06:
        views["suggestion"] = random.choice(meeting_texts.SUGGESTIONS)
    return views


def _participants(community: Community, kind: str, random: Random) -> list[Record]:
    """Who took part: one person in an interview; in a meeting the secretary, the director where that is another, and
    others.
    """
    others = ("staff", "group_leader", "resident")
    if kind == "interview":
        capacities = random.choices(("secretary", "director", *others), (22, 12, 16, 25, 25))
    else:
        leading = ["secretary"] if community.is_secretary_director else ["secretary", "director"]
        capacities = leading + random.choices(others, (24, 38, 38), k=random.randint(3, 7))
    return [
        {
            "capacity": capacity,
            "is_member": _yes_no(capacity in ("secretary", "group_leader") or random.random() < 0.45),
        }
        for capacity in capacities
    ]


def _record_text(topics: Sequence[str], random: Random) -> str:
    return "\n".join(random.choice(meeting_texts.TOPICS[topic]) for topic in topics)


def _some(likely: dict[str, Any], random: Random, least: int, most: int) -> list[str]:
    """Some of the names, in their own order, the likelier ones more often. `likely` maps a name to its weight (or to
    texts).
    """
    left = {name: weight if isinstance(weight, int) else 1 for name, weight in likely.items()}
    chosen = set()
    for _ in range(random.randint(least, most)):
        name = random.choices(list(left), list(left.values()))[0]
        chosen.add(name)
        del left[name]
    return [name for name in likely if name in chosen]


def _sitting(random: Random, least_minutes: int, most_minutes: int) -> tuple[datetime, datetime]:
    """When a form was begun and finished: in March or April 2006, by day or early evening."""
    begun = _FIRST_DAY + timedelta(days=random.randrange(_DAYS), hours=9, seconds=random.randrange(9 * 3600))
    return begun, begun + timedelta(seconds=random.randint(least_minutes * 60, most_minutes * 60))


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"
