"""The sample survey adds up to the figures of the 2006 study, typed here from the publication, and fits its forms
without a flag.
"""

from collections import Counter
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from collector.questionnaires.compile import Compiled, compile_workbook
from collector.questionnaires.engine import shared_engine
from collector.sample import design, population

FORMS = Path(population.__file__).with_name("forms")


@pytest.fixture(scope="module")
def profiles() -> list[dict[str, Any]]:
    return list(population.profiles())


@pytest.fixture(scope="module")
def members() -> list[dict[str, Any]]:
    return list(population.members())


@pytest.fixture(scope="module")
def meetings() -> list[dict[str, Any]]:
    return list(population.meetings())


@pytest.fixture(scope="module")
def forms() -> dict[str, Compiled]:
    compiled = [compile_workbook(path.read_bytes(), path.name) for path in sorted(FORMS.glob("*.xlsx"))]
    return {form.form_id: form for form in compiled}


def person(member: dict[str, Any], name: str) -> str:
    return str(member["answers"]["person"][name])


def test_the_members(members: list[dict[str, Any]]) -> None:
    assert len(members) == 4661
    assert Counter(person(member, "sex") for member in members) == {"male": 2581, "female": 2080}
    assert Counter(person(member, "education") for member in members) == {
        "postgraduate": 35,
        "bachelor": 495,
        "junior_college": 668,
        "secondary_technical": 509,
        "senior_high": 955,
        "junior_high_or_less": 1999,
    }


def test_the_ages_by_year_of_birth(members: list[dict[str, Any]]) -> None:
    ages = [2006 - int(person(member, "birth_year")) for member in members]
    assert sum(age < 35 for age in ages) == 452
    assert sum(35 <= age <= 59 for age in ages) == 1589
    assert sum(age >= 60 for age in ages) == 2620
    assert Counter(person(member, "age_group") for member in members) == {
        "under_35": 452,
        "35_59": 1589,
        "60_plus": 2620,
    }


def test_the_profiles(profiles: list[dict[str, Any]]) -> None:
    organisations = [profile["answers"]["organisation"] for profile in profiles]
    structures = [profile["answers"]["structure"] for profile in profiles]
    kinds = Counter(organisation["organisation_type"] for organisation in organisations)
    assert len(profiles) == len({profile["place"] for profile in profiles}) == 66
    assert kinds["committee"] == 13
    assert kinds["general_branch"] + kinds["branch"] == 53
    assert sum(organisation.get("awaiting_approval") == "yes" for organisation in organisations) == 7
    assert sum(int(organisation["members"]) for organisation in organisations) == 4661
    assert sum(int(structure["building_branches"]) for structure in structures) == 227
    assert sum(int(structure["stairwell_groups"]) for structure in structures) == 483
    assert sum(structure["secretary_director"] == "yes" for structure in structures) == 49


def test_the_rule_of_50_and_100_members_holds(profiles: list[dict[str, Any]]) -> None:
    for profile in profiles:
        organisation = profile["answers"]["organisation"]
        members = int(organisation["members"])
        expected = "committee" if members >= 100 else "general_branch" if members >= 50 else "branch"
        assert organisation["organisation_type"] == organisation["expected_type"] == expected


def test_each_profile_counts_the_members_that_answer(
    profiles: list[dict[str, Any]], members: list[dict[str, Any]]
) -> None:
    answering = Counter(member["place"] for member in members)
    assert {profile["place"]: int(profile["answers"]["organisation"]["members"]) for profile in profiles} == answering


def test_65_communities_were_visited_and_the_one_left_out_is_a_filler(meetings: list[dict[str, Any]]) -> None:
    visited = {meeting["place"] for meeting in meetings}
    left_out = [community for community in design.communities() if community.code not in visited]
    assert len(visited) == 65
    assert len(left_out) == 1
    assert left_out[0].is_filler
    assert "示例" in left_out[0].name_zh


def test_eight_subdistricts_and_three_fillers() -> None:
    communities = design.communities()
    assert len({community.subdistrict for community in communities}) == 8
    assert sum(community.is_filler for community in communities) == 3
    by_code = {community.code: community for community in communities}
    assert by_code["320102003001"].name_zh == "香铺营社区"
    assert by_code["320102003009"].name_zh == "唱经楼社区"


def test_everything_happened_in_march_and_april_2006(
    profiles: list[dict[str, Any]], members: list[dict[str, Any]], meetings: list[dict[str, Any]]
) -> None:
    for record in (*profiles, *members, *meetings):
        assert "2006-03-01" <= record["started_at"] < record["finished_at"] < "2006-05-01"
        assert record["started_at"].endswith("+08:00") and record["finished_at"].endswith("+08:00")
        assert record["answers"]["where"]["visit_date"] == record["started_at"][:10]
        assert record["answers"]["where"]["community"] == record["place"]


def test_it_is_the_same_every_time(members: list[dict[str, Any]]) -> None:
    assert list(population.members()) == members


def test_older_members_have_less_schooling(members: list[dict[str, Any]]) -> None:
    def share(age_group: str) -> float:
        of_age = [member for member in members if person(member, "age_group") == age_group]
        return sum(person(member, "education") == "junior_high_or_less" for member in of_age) / len(of_age)

    assert share("under_35") < share("35_59") < share("60_plus")


def flags_of(form: Compiled, record: dict[str, Any], answers: dict[str, Any] | None = None) -> list[dict[str, str]]:
    finished = round(datetime.fromisoformat(record["finished_at"]).timestamp() * 1000)
    assert form.model_json is not None
    return (
        shared_engine()
        .check(form.model_hash, form.model_json, answers or record["answers"], now_ms=finished, tz="Asia/Shanghai")
        .flags
    )


def test_the_forms_have_neither_errors_nor_warnings(forms: dict[str, Compiled]) -> None:
    assert sorted(forms) == ["community_profile", "meeting_record", "member_questionnaire"]
    for form in forms.values():
        assert (form.errors, form.warnings) == ([], [])
        assert form.titles["en"]


def test_every_profile_and_meeting_fits_its_form(
    forms: dict[str, Compiled], profiles: list[dict[str, Any]], meetings: list[dict[str, Any]]
) -> None:
    for record in (*profiles, *meetings):
        assert flags_of(forms[record["form"]], record) == []


def test_members_fit_their_form(forms: dict[str, Compiled], members: list[dict[str, Any]]) -> None:
    for record in Random(1).sample(members, 400):
        assert flags_of(forms[record["form"]], record) == []


@pytest.mark.parametrize(
    ("group", "name", "value", "code"),
    [
        ("person", "birth_year", "1995", "constraint_broken"),
        ("person", "sex", "other", "unknown_choice"),
        ("person", "education", "", "required_missing"),
        ("where", "community", "320102010001", "unknown_choice"),
        ("person", "age_group", "none", "calculate_differs"),
    ],
)
def test_the_check_would_see_a_wrong_answer(
    forms: dict[str, Compiled], members: list[dict[str, Any]], group: str, name: str, value: str, code: str
) -> None:
    record = members[0]
    assert record["place"] == "320102003001"
    answers = {**record["answers"], group: {**record["answers"][group], name: value}}
    assert code in [flag["code"] for flag in flags_of(forms["member_questionnaire"], record, answers)]
