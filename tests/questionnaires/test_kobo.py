"""Forms as KoboToolbox's form builder writes them publish as they are."""

import io
import json
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient

from collector.questionnaires.compile import Compiled, compile_workbook
from tests.questionnaires.books import compile_markdown, model_of


def tree(node: dict[str, Any]) -> Any:
    """Names of what is in a form, groups with theirs; without the form's own data."""
    children = [child for child in node["children"] if child["name"] != "meta"]
    return {child["name"]: tree(child) if "children" in child else child.get("control", "") for child in children}


def codes(compiled: Compiled) -> set[str]:
    """Codes of the warnings."""
    return {finding.code for finding in compiled.warnings}


BUILDER = """
| survey |
| | type | name | label | required | relevant | appearance | constraint | kobo--score-choices | kobo--rank-items | kobo--rank-constraint-message | kobo--matrix_list | $kuid | $autoname | $qpath | $xpath |
| | start | start | | | | | | | | | | a1 | start | start | start |
| | begin_score | rate | Rate it | true | ${start} != '' | | | ok | | | | b1 | rate | rate | rate |
| | score__row | | Food | | | | | | | | | b2 | food | rate-food | rate/food |
| | score__row | water | Water | | | | | | | | | b3 | water | rate-water | rate/water |
| | end_score | | | | | | | | | | | /b1 | | | |
| | begin_rank | needs | Needs | | | | | | items | Choose another | | c1 | needs | | |
| | rank__level | n1 | First | | | | | | | | | c2 | n1 | | |
| | rank__level | n2 | Second | | | | | | | | | c3 | n2 | | |
| | end_rank | | | | | | | | | | | /c1 | | | |
| | begin_kobomatrix | m1 | Items | | | field-list | | | | | items | d1 | m1 | | |
| | select_one ok | has | Has? | yes | | w1 | | | | | | d2 | has | | |
| | integer | number | How many? | ${has} = 'good' | ${has} = 'good' | w1 | . > 0 | | | | | d3 | number | | |
| | end_kobomatrix | | | | | | | | | | | /d1 | | | |
| choices |
| | list_name | name | label | $kuid | $autovalue |
| | ok | good | Good | e1 | good |
| | ok | bad | Bad | e2 | bad |
| | items | car | Car | e3 | car |
| | items | | Bike | e4 | bike |
| settings |
| | form_title | id_string | style | version |
| | Builder | builder | theme-grid no-text-transform | v1 |
"""


def test_scores_ranks_and_matrices_are_asked_as_groups() -> None:
    compiled = compile_markdown(BUILDER)
    model = model_of(compiled)
    assert tree(model["root"]) == {
        "start": "",
        "rate": {"rate_header": "select1", "food": "select1", "water": "select1"},
        "needs": {"needs_label": "input", "n1": "select1", "n2": "select1"},
        "m1_header": {"m1_header_note": "input"},
        "m1_car": {"m1_car_has": "select1", "m1_car_number": "input"},
        "m1_bike": {"m1_bike_has": "select1", "m1_bike_number": "input"},
    }
    children = {child["name"]: child for child in model["root"]["children"]}
    assert children["rate"]["relevant"]
    food, needs, bike = (children[name]["children"] for name in ("rate", "needs", "m1_bike"))
    assert (food[0]["appearance"], food[1]["appearance"], food[1]["required"]) == ("label", "list-nolabel", "true()")
    assert needs[2]["constraint"].split() == [".", "!=", "/data/needs/n1"]
    assert bike[1]["relevant"].split() == ["/data/m1_bike/m1_bike_has", "=", "'good'"]
    assert model["texts"]["default"]["/data/m1_bike:label"] == "Bike"
    assert "type_kobo_read" in codes(compiled)
    assert not [column for column in model["lists"]["ok"]["columns"] if column.startswith("$")]


@pytest.mark.parametrize("row", ["begin_score | s", "begin_kobomatrix | m", "begin_rank | r"])
def test_a_construct_without_its_list_says_what_to_write(row: str) -> None:
    errors = compile_markdown(f"| survey |\n| | type | name | label |\n| | {row} | L |").errors
    assert "type_kobo" in {finding.code for finding in errors}


def test_a_construct_that_never_ends_is_told() -> None:
    written = "| survey |\n| | type | name | label | kobo--score-choices |\n| | begin_score | s | L | ok |\n| | score__row | a | A | |"
    assert compile_markdown(written).errors


def asset(**content: Any) -> bytes:
    """An asset as the API gives it."""
    survey = [
        {"name": "start", "type": "start", "$kuid": "1", "$autoname": "start"},
        {"type": "select_one", "$kuid": "2", "label": ["Colour?", "颜色？"], "required": True, "$autoname": "colour",
         "select_from_list_name": "colours", "tags": []},
        {"type": "begin_group", "name": "g", "label": ["Group", "组"]},
        {"type": "integer", "name": "age", "label": ["Age", "年龄"], "required": False, "constraint": ". > 3"},
        {"type": "end_group", "$kuid": "/3"},
    ]  # fmt: skip
    choices = [
        {"list_name": "colours", "$autovalue": "red", "label": ["Red", "红"]},
        {"list_name": "colours", "name": "blue", "label": ["Blue", "蓝"]},
    ]
    form = {
        "survey": survey,
        "choices": choices,
        "settings": {},
        "translations": ["English (en)", "中文 (zh)"],
        "translated": ["label"],
    }
    return json.dumps(
        {"uid": "aXyZ", "name": "Colours", "version_id": "v7", "content": form | content}, ensure_ascii=False
    ).encode()


def test_an_asset_of_the_api() -> None:
    compiled = compile_workbook(asset(), "aXyZ.json")
    model = model_of(compiled)
    assert (compiled.form_id, compiled.title, compiled.version) == ("aXyZ", "Colours", "v7")
    assert tree(model["root"]) == {"start": "", "colour": "select1", "g": {"age": "input"}}
    assert model["texts"]["中文 (zh)"]["/data/colour:label"] == "颜色？"
    columns, rows = model["lists"]["colours"]["columns"], model["lists"]["colours"]["rows"]
    assert [row[columns.index("name")] for row in rows] == ["red", "blue"]


@pytest.mark.parametrize(
    "content", [b"{", b"{}", b'{"content": 3}', b'{"content": {"survey": 3}}', b'{"survey": [1, null]}', b"{" * 100_000]
)
def test_json_that_is_no_form_is_refused(content: bytes) -> None:
    assert compile_workbook(content, "a.json").errors


def test_texts_without_a_language_and_odd_values_do_no_harm() -> None:
    compiled = compile_workbook(
        asset(translations=[None], survey=[{"type": "text", "name": "a", "label": ["A"], "hint": [None], "x": {}}]),
        "a.json",
    )
    assert tree(model_of(compiled)["root"]) == {"a": "input"}


@pytest.mark.parametrize("is_packed", [False, True])
def test_an_asset_can_be_uploaded(su: FlaskClient, is_packed: bool) -> None:
    content, name = asset(), "aXyZ.json"
    if is_packed:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(name, content)
            archive.writestr("picture.jpg", b"\xff\xd8\xff")
        content, name = packed.getvalue(), "all.zip"
    answer = su.post("/office/questionnaires", data={"workbook": (io.BytesIO(content), name)}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    assert "Colours" in answer.text
    assert "Draft v7" in answer.text
