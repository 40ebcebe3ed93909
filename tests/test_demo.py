"""The 2006 survey as proof: what the demo sends through the sync API comes out as the published figures.

The figures are typed from the publication (2006-07-23, on Xuanwu District of Nanjing), not read from the generator.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Server, running_server

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def after_demo(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that the demo has run against, twice: the second time doubles nothing."""
    with running_server(database_kind, tmp_path_factory.mktemp("demo")) as server:
        server.run("demo", "--url", server.url)
        server.run("demo")
        yield server


@pytest.fixture(scope="module")
def tables(after_demo: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """Every exported table by file name."""
    folder = tmp_path_factory.mktemp("csv")
    for form_id in ("community_profile", "member_questionnaire", "meeting_record"):
        after_demo.run("export", form_id, str(folder))
    return {path.name: read(path) for path in folder.glob("*.csv")}


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def column(rows: Rows, name: str) -> list[str]:
    """The values under the one header that is `name` or ends in `/name`."""
    [header] = [header for header in rows[0] if header.split("/")[-1] == name]
    return [row[header] for row in rows]


def test_members_by_sex_age_and_education(tables: dict[str, Rows]) -> None:
    members = tables["member_questionnaire.csv"]
    assert len(members) == 4661
    assert Counter(column(members, "sex")) == {"male": 2581, "female": 2080}
    assert Counter(column(members, "education")) == {
        "postgraduate": 35,
        "bachelor": 495,
        "junior_college": 668,
        "secondary_technical": 509,
        "senior_high": 955,
        "junior_high_or_less": 1999,
    }
    ages = Counter(
        "under 35" if age < 35 else "35 to 59" if age < 60 else "60 and over"
        for age in map(int, column(members, "age"))
    )
    assert ages == {"under 35": 452, "35 to 59": 1589, "60 and over": 2620}


def test_profiles(tables: dict[str, Rows]) -> None:
    profiles = tables["community_profile.csv"]
    assert len(profiles) == 66
    assert len({row["place_code"] for row in profiles}) == 66
    kinds = Counter(column(profiles, "organisation_type"))
    assert kinds["committee"] == 13
    assert sum(kinds.values()) - 13 == 53
    assert column(profiles, "awaiting_approval").count("yes") == 7
    assert sum(map(int, column(profiles, "building_branches"))) == 227
    assert sum(map(int, column(profiles, "stairwell_groups"))) == 483
    assert sum(map(int, column(profiles, "members"))) == 4661
    assert column(profiles, "secretary_director").count("yes") == 49


def test_members_of_each_community_are_as_many_as_its_profile_says(tables: dict[str, Rows]) -> None:
    profiles, members = tables["community_profile.csv"], tables["member_questionnaire.csv"]
    said = dict(zip((row["place_code"] for row in profiles), map(int, column(profiles, "members")), strict=True))
    assert Counter(row["place_code"] for row in members) == said


def test_meetings_in_65_communities(tables: dict[str, Rows]) -> None:
    meetings = tables["meeting_record.csv"]
    assert len({row["place_code"] for row in meetings}) == 65


def test_no_response_has_a_flag(tables: dict[str, Rows]) -> None:
    for name in ("community_profile.csv", "member_questionnaire.csv", "meeting_record.csv"):
        assert {row["flags"] for row in tables[name]} == {""}, name
        assert {row["revision"] for row in tables[name]} == {"1"}, name


def test_repeat_rows_join(tables: dict[str, Rows]) -> None:
    repeats = {name: rows for name, rows in tables.items() if "-" in name}
    assert repeats
    parents = {row["response_id"] for name, rows in tables.items() if "-" not in name for row in rows}
    keys = parents | {row["key"] for rows in repeats.values() for row in rows}
    for rows in repeats.values():
        assert rows
        assert {row["parent_key"] for row in rows} <= keys


def test_the_board_says_65_of_66_and_names_the_missing_one(after_demo: Server, tables: dict[str, Rows]) -> None:
    profiles, meetings = tables["community_profile.csv"], tables["meeting_record.csv"]
    [missing] = {row["place"] for row in profiles} - {row["place"] for row in meetings}
    app = after_demo.app
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/office/sign-in", data={"login": "owner", "password": after_demo.password})
    client.post("/office/language", data={"language": "en"})
    page = client.get("/office/board?questionnaire=meeting_record").text
    assert '<b>65</b><span class="soft"> / 66</span>' in page
    chinese, english = missing.split(" / ")
    assert "示例" in chinese
    look_here = page[page.index("Look here first") :]
    assert english in look_here[: look_here.index("</section>")]
