"""The sheets of an export: variables by the options, cells that tell not asked from not answered, one walk for all of them."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import null, update
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.export.sheets.selection import Selection
from collector.export.sheets.sheet import Cell, Sheet
from collector.store import Questionnaire, Revision, Version
from tests.conftest import HOUSEHOLD, Phone, Publish
from tests.documents import fresh, make_document
from tests.export.reading import dataset

FORM = """
| survey   |
|          | type               | name    | label::English (en) | label::Deutsch (de) | bind::missing |
|          | integer            | age     | Age                 | Alter               | declined      |
|          | begin group        | food    | Food                | Essen               |               |
|          | select_multiple f  | likes   | What do you like?   | Was mögen Sie?      |               |
|          | select_one f       | best    | Best                |                     |               |
|          | rank f             | order   | In order            |                     |               |
|          | end group          |         |                     |                     |               |
|          | geopoint           | spot    | Where               |                     |               |
|          | dateTime           | met_at  | Met at              |                     |               |
|          | date               | born_on | Born on             |                     |               |
|          | begin repeat       | members | Members             | Mitglieder          |               |
|          | text               | name    | Name                |                     |               |
|          | select_multiple f  | likes   | Likes               |                     |               |
|          | begin repeat       | visits  | Visits              |                     |               |
|          | date               | day     | Day                 |                     |               |
|          | end repeat         |         |                     |                     |               |
|          | end repeat         |         |                     |                     |               |
| choices  |
|          | list_name | name | label::English (en) | label::Deutsch (de) |
|          | f         | n1   | Rice                | Reis                |
|          | f         | n2   | Beans               |                     |
|          | f         | n3   | Corn                | Mais                |
| settings |
|          | form_title | form_id   | version | default_language |
|          | Household  | household | 1       | English (en)     |
"""
ANSWERS: dict[str, Any] = {
    "age": "30",
    "food": {"likes": "n2 n1", "best": "n2", "order": "n3 n1 n2"},
    "spot": "32.1 118.8 12.5 4",
    "met_at": "2022-07-17T09:43:10.266-04:00",
    "born_on": "2025-05-15",
    "members": [
        {"name": "Ana", "likes": "n1 n3", "visits": [{"day": "2006-03-01"}, {"day": "2006-03-02"}]},
        {"name": "Ben", "likes": "n2"},
    ],
}
ID2 = "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def form(publish: Publish) -> Version:
    """A form with each kind of question that becomes more than one column."""
    return publish(FORM)


@pytest.fixture
def two(phone: Phone, places: object, form: Version) -> None:
    """A response with everything, and one with nothing but a reason."""
    phone.receipts(make_document(form, answers=ANSWERS))
    phone.receipts(make_document(form, id=ID2, answers={"age@missing": "declined"}))


def column(sheet: Sheet, key: str) -> list[Cell]:
    at = [variable.key for variable in sheet.variables].index(key)
    return [row[at] for row in sheet.rows()]


def headers(sheet: Sheet) -> list[str]:
    return [variable.name for variable in sheet.variables]


def test_every_answer_stands_as_it_was_written(app: Flask, two: None, tmp_path: Path) -> None:
    with dataset(app, tmp_path) as made:
        main, members, visits = made.sheets
        assert [sheet.name for sheet in made.sheets] == ["", "members", "members.visits"]
        assert [sheet.row_count for sheet in made.sheets] == [2, 2, 2]
        assert (column(main, "age"), column(main, "age_missing")) == (["30", ""], ["", "declined"])
        assert column(main, "food/likes") == ["n2 n1", ""]
        assert column(main, "met_at") == ["2022-07-17T09:43:10.266-04:00", ""]
        assert column(main, "spot") == ["32.1 118.8 12.5 4", ""] and column(main, "spot-accuracy") == ["4", ""]
        assert column(members, "name") == ["Ana", "Ben"]
        assert column(visits, "parent_key") == [f"{column(members, 'key')[0]}"] * 2
        assert list(main.rows()) == list(main.rows()), "rows can be read as often as wanted"
        assert (made.title, made.versions, made.language) == ("Household", ("1",), "English (en)")
    assert list(tmp_path.iterdir()) == []


def test_variables_tell_what_they_are(app: Flask, two: None, tmp_path: Path) -> None:
    with dataset(app, tmp_path, multiple="both", language="de") as made:
        main, members, _ = made.sheets
        known = {variable.key: variable for variable in main.variables}
        age, likes, beans = known["age"], known["food/likes"], known["food/likes/n2"]
        assert main.variables[age.reason or 0].key == "age_missing"
        assert (age.type, age.label, age.labels["English (en)"], age.versions) == ("int", "Alter", "Age", ("1",))
        assert likes.is_multiple and [choice.value for choice in likes.choices] == ["n1", "n2", "n3"]
        assert (beans.type, beans.path, beans.label) == ("indicator", "food/likes", "Was mögen Sie? / Beans")
        assert (known["spot-latitude"].type, known["born_on"].type) == ("decimal", "date")
        assert {variable.path for variable in members.variables} == {"", "members/name", "members/likes"}
        assert known["state"].versions == () and known["revision"].type == "int"


def test_split_choices_stand_in_the_forms_order_with_blanks_where_nothing_was_answered__A60(
    app: Flask, two: None, tmp_path: Path
) -> None:
    with dataset(app, tmp_path, multiple="split") as made:
        main = made.sheets[0]
        split = [name for name in headers(main) if name.startswith("food/likes")]
        assert split == ["food/likes/n1", "food/likes/n2", "food/likes/n3"]
        assert [column(main, name) for name in split] == [["1", ""], ["1", ""], ["0", ""]]
        assert column(main, "food/order") == ["n3 n1 n2", ""], "an order stays in one column"


def test_split_choices_of_a_repeat__A61(app: Flask, two: None, tmp_path: Path) -> None:
    with dataset(app, tmp_path, multiple="split") as made:
        members = made.sheets[1]
        rows = [row[-3:] for row in members.rows()]
        assert (headers(members)[-3:], rows) == (["likes/n1", "likes/n2", "likes/n3"], [["1", "0", "1"], list("010")])
    with dataset(app, tmp_path) as made:
        assert column(made.sheets[1], "likes") == ["n1 n3", "n2"]


def test_labels_in_a_language_are_never_blank__A71(app: Flask, two: None, tmp_path: Path) -> None:
    """Beans have no German label: they get the default language's."""
    with dataset(app, tmp_path, choices="labels", language="Deutsch (de)", headers="label", groups=False) as made:
        main = made.sheets[0]
        assert column(main, "food/likes") == ["Beans; Reis", ""] and column(main, "food/best") == ["Beans", ""]
        assert column(main, "food/order") == ["Mais; Reis; Beans", ""]
        assert {"Alter", "Was mögen Sie?", "Best"} < set(headers(main))
    with dataset(app, tmp_path, headers="label", language="de") as made:
        assert "Essen / Was mögen Sie?" in headers(made.sheets[0])


def test_a_language_that_the_form_does_not_have(app: Flask, two: None, tmp_path: Path) -> None:
    with pytest.raises(CollectorError) as caught, dataset(app, tmp_path, language="fr"):
        pass
    assert (caught.value.code, caught.value.details) == ("export_option", {"option": "language", "value": "fr"})


def test_moments_in_utc_or_in_the_district_say_so__A65_A66(app: Flask, two: None, tmp_path: Path) -> None:
    """And a day stays the day that was answered, wherever it is read."""
    with dataset(app, tmp_path, times="utc") as made:
        main = made.sheets[0]
        assert {"met_at_utc", "started_at_utc", "finished_at_utc", "received_at_utc", "born_on"} < set(headers(main))
        assert column(main, "met_at") == ["2022-07-17T13:43:10.266Z", ""]
        assert column(main, "started_at")[0] == "2026-03-28T01:43:10.000Z"
        assert column(main, "born_on")[0] == "2025-05-15" and made.times == "utc"
    with dataset(app, tmp_path, times="district") as made:
        main = made.sheets[0]
        assert {"met_at_Asia_Shanghai", "received_at_Asia_Shanghai"} < set(headers(main))
        assert column(main, "met_at")[0] == "2022-07-17T21:43:10.266+08:00"
        assert str(column(main, "received_at_utc")[0]).endswith("+08:00")


def test_names_without_groups__A69(app: Flask, two: None, tmp_path: Path) -> None:
    with dataset(app, tmp_path, groups=False) as made:
        assert {"likes", "best", "age"} < set(headers(made.sheets[0]))


# Asked or not


def test_what_was_not_asked_is_told_from_what_was_not_answered(
    app: Flask, session: Session, two: None, tmp_path: Path
) -> None:
    asked = ["/data/age", "/data/food/likes", "/data/members[2]/visits[1]/day", "/data/members[2]/name"]
    fresh(session).execute(update(Revision).values(unanswered=asked))
    session.commit()
    with dataset(app, tmp_path, multiple="both", not_asked="n/a") as made:
        main, members, visits = made.sheets
        assert column(main, "food/likes") == ["n2 n1", ""] and column(main, "food/likes/n1") == ["1", ""]
        assert column(main, "food/best") == ["n2", None] and column(main, "spot-latitude") == ["32.1", None]
        assert (column(main, "age"), column(main, "age_missing")) == (["30", ""], ["", "declined"])
        assert column(members, "likes/n1") == ["1", "0"] and None not in column(visits, "day")
        assert made.not_asked == "n/a"


def test_a_reason_that_was_given_was_asked_for(app: Flask, session: Session, two: None, tmp_path: Path) -> None:
    fresh(session).execute(update(Revision).values(unanswered=[]))
    session.commit()
    with dataset(app, tmp_path) as made:
        main = made.sheets[0]
        assert (column(main, "age"), column(main, "age_missing")) == (["30", ""], ["", "declined"])
    fresh(session).execute(update(Revision).values(document=make_document(answers={})))
    session.commit()
    with dataset(app, tmp_path) as made:
        main = made.sheets[0]
        assert column(main, "age") == column(main, "age_missing") == [None, None]


def forget_what_was_asked(session: Session) -> None:
    """As it is with responses whose version nobody knew when they came."""
    fresh(session).execute(update(Revision).values(unanswered=null()))
    session.commit()


def test_what_a_version_does_not_have_was_not_asked__A62(
    app: Flask, session: Session, phone: Phone, two: None, publish: Publish, tmp_path: Path
) -> None:
    """Nobody knows of these responses what was relevant, but the versions are known."""
    newer = publish(FORM.replace("| age     |", "| years   |").replace("| 1       |", "| 2       |"))
    phone.receipts(make_document(newer, id="33333333-3333-4333-8333-333333333333", answers={"years": "31"}))
    forget_what_was_asked(session)
    with dataset(app, tmp_path) as made:
        main = made.sheets[0]
        assert column(main, "age") == ["30", "", None] and column(main, "age_missing") == ["", "declined", None]
        assert column(main, "years") == [None, None, "31"] and column(main, "food/best") == ["n2", "", ""]
        assert made.versions == ("1", "2")
    with dataset(app, tmp_path, Selection(versions=(2,))) as made:
        assert "age" not in headers(made.sheets[0]) and made.sheets[0].row_count == 1


# Wide


def test_repeats_as_numbered_columns_as_many_as_are_needed(
    app: Flask, session: Session, two: None, tmp_path: Path
) -> None:
    forget_what_was_asked(session)
    with dataset(app, tmp_path, repeats="wide") as made:
        [main] = made.sheets
        assert [name for name in headers(main) if name.startswith("members")] == [
            "members/1/name", "members/1/likes", "members/1/visits/1/day", "members/1/visits/2/day",
            "members/2/name", "members/2/likes", "members/2/visits/1/day", "members/2/visits/2/day",
        ]  # fmt: skip
        assert column(main, "members/2/name") == ["Ben", ""]
        assert column(main, "members/1/visits/2/day") == ["2006-03-02", ""]
        assert column(main, "other_answers") == ["", ""]
    fresh(session).execute(update(Revision).values(unanswered=["/data/members[2]/visits[1]/day"]))
    session.commit()
    with dataset(app, tmp_path, repeats="wide", multiple="split", headers="label") as made:
        [main] = made.sheets
        assert column(main, "members/2/visits/1/day") == ["", ""]
        assert column(main, "members/2/visits/2/day") == [None, None]
        assert column(main, "members/2/likes/n2") == ["1", None]
        assert {"Members 2 / Name", "Members 1 / Visits 2 / Day", "Members 1 / Likes / Corn"} < set(headers(main))
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_would_be_too_wide_is_refused(
    app: Flask, two: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.export.sheets.wide.MAX_COLUMNS", 25)
    with pytest.raises(CollectorError) as caught, dataset(app, tmp_path, repeats="wide"):
        pass
    assert caught.value.code == "export_too_wide" and caught.value.details["limit"] == 25
    assert list(tmp_path.iterdir()) == []


# Around it


def test_widths_are_bytes(app: Flask, phone: Phone, household: Version, places: object, tmp_path: Path) -> None:
    for id_, name in ((ID2, "abcd"), (make_id(3), "Zoë"), (make_id(4), "")):
        phone.receipts(make_document(household, id=id_, answers={"place": name, "hh_size": "12"}))
    with dataset(app, tmp_path) as made:
        widths = dict(zip((variable.key for variable in made.sheets[0].variables), made.sheets[0].widths, strict=True))
        assert (widths["place_2"], widths["hh_size"], widths["photo"]) == (4, 2, 0)


def make_id(number: int) -> str:
    return f"{number:08d}-1111-4111-8111-111111111111"


def test_a_question_that_is_called_as_a_column_of_ours(
    app: Flask, phone: Phone, household: Version, places: object, tmp_path: Path
) -> None:
    phone.receipts(make_document(household))
    with dataset(app, tmp_path) as made:
        main = made.sheets[0]
        at = headers(main).index("data/place")
        assert main.variables[at].path == "place" and [row[at] for row in main.rows()] == ["C01"]


def test_personal_questions_are_named_and_left_out_where_they_are_hidden__A81(
    app: Flask, session: Session, phone: Phone, household: Version, places: object, tmp_path: Path
) -> None:
    phone.receipts(make_document(household, answers={"hh_size": "1", "members": [{"name": "Ana"}], "odd": "Ana"}))
    personal = session.query(Questionnaire.personal_fields).scalar()
    with dataset(app, tmp_path, Selection(hidden=frozenset(personal))) as made:
        assert {"members/name", "photo"} <= made.personal
        for sheet in made.sheets:
            assert "Ana" not in repr(list(sheet.rows()))
            assert not {variable.path for variable in sheet.variables} & made.personal


def test_an_empty_export_has_its_headers(app: Flask, household: Version, tmp_path: Path) -> None:
    for repeats in ("tables", "wide"):
        with dataset(app, tmp_path, repeats=repeats) as made:
            assert [sheet.row_count for sheet in made.sheets] in ([0, 0], [0])
            assert "hh_size" in headers(made.sheets[0])
    with dataset(app, tmp_path, Selection(versions=(9,))) as made:
        assert len(made.sheets) == 1


def test_all_sheets_are_of_one_moment__A63(
    app: Flask, phone: Phone, household: Version, places: object, tmp_path: Path
) -> None:
    """What arrives while rows are read is in none of them."""
    members = [{"name": "Ana"}]
    phone.receipts(make_document(household, answers={"hh_size": "1", "members": members}))
    with dataset(app, tmp_path) as made:
        main, repeat = made.sheets
        phone.receipts(make_document(household, id=ID2, answers={"hh_size": "1", "members": members}))
        assert len(list(main.rows())) == len(list(repeat.rows())) == 1


def test_two_questionnaires_keep_apart(app: Flask, publish: Publish, two: None, tmp_path: Path) -> None:
    publish(HOUSEHOLD.replace("| household |", "| other     |"))
    with dataset(app, tmp_path) as made:
        assert made.sheets[0].row_count == 2 and made.form_id == "household"
