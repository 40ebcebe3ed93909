"""Names of variables that SPSS and Stata take."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.export.writers.statistics.names import Namer, name_map
from tests.export.sheets import dataset, one_sheet, sheet, variable

SPSS_RESERVED = {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}
NAMES = st.lists(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=90)
    | st.text("aA1_./-名é", min_size=1, max_size=90)
    | st.sampled_from(["all", "ALL", "with", "_n", "str5", "g/_", "a/b", "a_b", "a_b_2", "²"]),
    max_size=30,
)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("age", "age"),
        ("hh/members/age", "hh_members_age"),
        ("members/1/name", "members_1_name"),
        ("likes/rice", "likes_rice"),
        ("a-b.c", "a_b_c"),
        ("年龄", "年龄"),
        ("1st", "v_1st"),
        ("_n", "n"),
        ("all", "v_all"),
        ("With", "v_With"),
        ("str12", "v_str12"),
        ("name.", "name"),
        ("?", "v"),
    ],
)
def test_a_path_becomes_a_name_that_both_programs_take(path: str, name: str) -> None:
    assert Namer(False).name_all([path]) == Namer(True).name_all([path]) == [name]


def test_groups_go_before_the_question_is_cut() -> None:
    path = "household_members_details/section_one/date_of_birth"
    assert Namer(True).name_all([path]) == ["section_one_date_of_birth"]
    assert Namer(False).name_all([path]) == ["household_members_details_section_one_date_of_birth"]


def test_long_and_equal_names_become_unique_within_the_limit__A67() -> None:
    names = Namer(False).name_all(["x" * 70, "x" * 71, "X" * 70, "名" * 30])
    assert names == ["x" * 64, "x" * 62 + "_2", "X" * 62 + "_3", "名" * 21]
    assert Namer(True).name_all(["x" * 70, "x" * 71]) == ["x" * 32, "x" * 30 + "_2"]


def test_a_name_that_is_legal_stays_with_its_question() -> None:
    assert Namer(False).name_all(["g/name", "g_name"]) == ["g_name_2", "g_name"]


def test_headers_that_are_labels_give_way_to_the_keys() -> None:
    variables = [variable("How old are you?", key="g1/age"), variable("name", key="g1/name")]
    assert [names.spss for names in name_map(one_sheet(variables, []))[""]] == ["g1_age", "name"]


def test_each_sheet_has_its_names() -> None:
    made = dataset(sheet([variable("a/b")], []), sheet([variable("with"), variable("x" * 40)], [], "members"))
    names = name_map(made)
    assert [(one.spss, one.stata) for one in names["members"]] == [("v_with", "v_with"), ("x" * 40, "x" * 32)]
    assert [one.stata for one in names[""]] == ["a_b"]


@given(NAMES)
@example(["x" * 63 + "é", "x" * 63 + "e"])
def test_names_are_legal_and_unique_whatever_they_come_from(paths: list[str]) -> None:
    spss, stata = Namer(False).name_all(paths), Namer(True).name_all(paths)
    assert len({name.upper() for name in spss}) == len({name.upper() for name in stata}) == len(paths)
    for name in (*spss, *stata):
        assert re.fullmatch(r"[^\W\d_]\w*", name), name
        assert name.upper() not in SPSS_RESERVED
        assert not name.endswith("_")
    assert all(len(name.encode()) <= 64 for name in spss)
    assert all(len(name) <= 32 for name in stata)
