"""Which column answers which question, in the headers of each server."""

import pytest

from collector.importing.columns import Columns, match_columns
from collector.importing.layouts import LAYOUTS, recognise
from collector.importing.questions import questions_of
from tests.importing.forms import farm
from tests.questionnaires.books import compile_clean

NAMED = """
| survey |
|        | type      | name        | label | calculation |
|        | calculate | __version__ |       | 'v1'        |
|        | text      | Status      | S     |             |
|        | text      | q           | Q     |             |
|        | text      | version     | V     |             |
"""
LABELLED = """
| survey |
|        | type         | name  | label::English (en) | label::Deutsch (de) | calculation |
|        | begin group  | a     |                     |                     |
|        | text         | where | Where?              | Where?              |
|        | begin repeat | rooms | Rooms               | Zimmer              |
|        | begin group  | size  | Size                | Masse               |
|        | integer      | width | Width               | Breite              |
|        | calculate    | unit  |                     |                     | 'm'         |
|        | end group    |       |                     |                     |
|        | end repeat   |       |                     |                     |
|        | end group    |       |                     |                     |
|        | text         | here  | Where?              | Wo?                 |
"""
FIELDS, HARVESTS = ("farm", "fields"), ("farm", "fields", "harvests")


def matched(
    headers: list[str], repeat: tuple[str, ...] = (), code: str | None = None
) -> tuple[dict[str, str], Columns]:
    """`{header: question, and its part}`, and all that is known of the columns."""
    layout = recognise(headers) if code is None else LAYOUTS[code]
    columns = match_columns(headers, farm().of(repeat), layout)
    words = {
        target.header: " ".join(filter(None, (target.question.name, target.kind, target.part)))
        for target in columns.targets
    }
    return words, columns


@pytest.mark.parametrize(
    ("header", "means"),
    [
        ("farm/crops", "farm/crops whole"),  # KoboToolbox, Collector
        ("farm-crops", "farm/crops whole"),  # ODK Central
        ("farm.crops", "farm/crops whole"),
        ("data/farm/crops", "farm/crops whole"),
        ("crops", "farm/crops whole"),
        ("Crops", "farm/crops whole"),
        ("作物", "farm/crops whole"),
        ("Farm/Crops", "farm/crops whole"),
        ("  crops ", "farm/crops whole"),
        ("farm/crops/rice", "farm/crops choice rice"),
        ("farm-crops/rice", "farm/crops choice rice"),
        ("crops_tea", "farm/crops choice tea"),  # SurveyCTO
        ("Crops/Green tea", "farm/crops choice tea"),
        ("作物/绿茶", "farm/crops choice tea"),
        ("farm-where-Latitude", "farm/where point 0"),
        ("farm/_where_longitude", "farm/where point 1"),
        ("_farm/where_altitude", "farm/where point 2"),
        ("_where_precision", "farm/where point 3"),
        ("where-Accuracy", "farm/where point 3"),
        ("farm/area_missing", "farm/area reason"),
        ("owner/name", "owner/name whole"),
        ("meta-instanceID", "meta/instanceID whole"),
    ],
)
def test_a_header_means_a_question(header: str, means: str) -> None:
    assert list(matched([header])[0].values()) == [means]


@pytest.mark.parametrize("header", ["", "crop", "farm", "crops/maize", "where-Depth", "organic/yes", "fields"])
def test_a_header_that_means_none_is_told(header: str) -> None:
    words, columns = matched([header])
    assert (words, columns.unknown) == ({}, [header] if header else [])


def test_a_name_that_two_questions_have_means_neither() -> None:
    # In the main table there is only the owner's; the fields' name stands in their own table.
    assert matched(["name"])[0] == {"name": "owner/name whole"}
    assert matched(["name"], FIELDS)[0] == {"name": "farm/fields/name whole"}


@pytest.mark.parametrize(
    "header", ["farm/fields/harvests/year", "harvests/year", "year", "farm-fields-harvests-year", "Year"]
)
def test_headers_of_a_repeat(header: str) -> None:
    assert matched([header], HARVESTS)[0] == {header: "farm/fields/harvests/year whole"}


def test_a_name_alone_is_that_of_the_question_in_no_group() -> None:
    """Unless it is there twice, as in files that are written without groups."""
    form = """
        | survey |
        |        | type        | name | label  |
        |        | text        | id   | Ours   |
        |        | begin group | g    | G      |
        |        | text        | id   | Theirs |
        |        | end group   |      |        |
        """
    questions = questions_of([compile_clean(form)]).of(())
    for headers, meant, unknown in ((["id", "g/id"], ["id", "g/id"], []), (["id", "id"], [], ["id", "id"])):
        columns = match_columns(headers, questions, LAYOUTS["collector"])
        assert [target.question.name for target in columns.targets] == meant
        assert columns.unknown == unknown


@pytest.mark.parametrize(
    ("header", "repeat", "means"),
    [
        ("a / Where?", (), "a/where"),
        ("Where? (here)", (), "here"),
        ("Where? (a/where)", (), "a/where"),
        ("Size / Width", ("a", "rooms"), "a/rooms/size/width"),
        ("a / Rooms / Size / Width", ("a", "rooms"), "a/rooms/size/width"),
        ("Masse / Breite", ("a", "rooms"), "a/rooms/size/width"),
        ("Size / unit", ("a", "rooms"), "a/rooms/size/unit"),
        ("Where? (there)", (), None),
    ],
)
def test_headers_of_collector_by_label(header: str, repeat: tuple[str, ...], means: str | None) -> None:
    """With groups that have no text, in rows of a repeat, and with the path where several questions have the same text."""
    columns = match_columns([header], questions_of([compile_clean(LABELLED)]).of(repeat), LAYOUTS["collector"])
    assert [target.question.name for target in columns.targets] == ([means] if means else [])


def test_columns_of_the_server_itself_are_not_told_as_unknown() -> None:
    _, columns = matched(["place", "owner-photo", "owner-photo_URL", "KEY", "SubmissionDate", "SET-OF-fields", "x"])
    assert columns.told == ["owner-photo_URL", "KEY", "SubmissionDate", "SET-OF-fields"]
    assert columns.unknown == ["x"]


def test_the_second_column_for_a_question_is_told() -> None:
    words, columns = matched(["crops", "farm/crops"])
    assert words == {"crops": "farm/crops whole"}
    assert columns.unknown == ["farm/crops"]


def test_the_order_of_the_columns_does_not_matter() -> None:
    one = matched(["since", "organic", "crops/rice", "crops"])[0]
    assert list(one) == list(matched(["crops", "crops/rice", "organic", "since"])[0])


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (["SubmissionDate", "a", "KEY"], "central"),
        (["a", "PARENT_KEY", "KEY"], "central"),
        (["SubmissionDate", "CompletionDate", "a", "KEY"], "surveycto"),
        (["a", "_id", "_uuid", "_submission_time"], "kobo"),
        (["a", "_index", "_parent_table_name", "_parent_index"], "kobo"),
        (["response_id", "version", "revision", "a"], "collector"),
        (["response_id", "parent_key", "key", "index", "a"], "collector"),
        (["a", "b"], "plain"),
    ],
)
def test_a_layout_is_known_by_its_headers(headers: list[str], code: str) -> None:
    assert recognise(headers).code == code


def test_a_question_named_like_a_column_of_the_server() -> None:
    questions = questions_of([compile_clean(NAMED)])
    headers = ["SubmissionDate", "Status", "q", "KEY", "Status"]
    columns = match_columns(headers, questions.of(()), LAYOUTS["central"])
    assert [(target.at, target.question.name) for target in columns.targets] == [(1, "Status"), (2, "q")]
    assert columns.told == ["SubmissionDate", "KEY", "Status"]
    columns = match_columns(["_uuid", "__version__", "Status"], questions.of(()), LAYOUTS["kobo"])
    assert [target.question.name for target in columns.targets] == ["__version__", "Status"]
    columns = match_columns(["response_id", "version", "data/version"], questions.of(()), LAYOUTS["collector"])
    assert [(target.at, target.question.name) for target in columns.targets] == [(2, "version")]
