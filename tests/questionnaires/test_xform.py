"""XForm XML -> form model, as docs/form-model.md has it."""

from typing import Any

import pytest

from collector.questionnaires.findings import WorkbookRefused
from collector.questionnaires.xform import compile_xform
from tests.questionnaires.books import compile_clean, node

XFORM = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"
        xmlns:orx="http://openrosa.org/xforms" xmlns:odk="http://www.opendatakit.org/xforms">
  <h:head><h:title>T</h:title><model>
    <instance><data id="f" version="3" place_path="a b" title_en="Title" title_fr="Titre"><x/><g><y>7</y></g>
      <r jr:template=""><z/></r><r><z/></r><p/><s/></data></instance>
    <bind nodeset="/data/x" type="xsd:int" required="true()" relevant="true()" constraint=". &gt; 1" readonly="false()"
          jr:constraintMsg="Too small"/>
    <bind nodeset="/data/g" relevant="/data/x &gt; 2"/>
    <bind nodeset="/data/p" type="binary" orx:max-pixels="800"/>
    <setvalue event="odk-instance-first-load xforms-ready" ref="/data/x" value="today()"/>
    <setvalue event="odk-instance-first-load" ref="/data/g/y">it is</setvalue>
  </model></h:head>
  <h:body class="pages">
    <input ref="/data/x" appearance="  numbers   thousands-sep "><label>X <output value="/data/g/y"/>!</label>
      <setvalue event="xforms-value-changed" ref="/data/g/y" value="1"/></input>
    <group ref="/data/g"><label>G</label><input ref="/data/g/y"><hint>H</hint></input></group>
    <group ref="/data/r"><label>R</label><repeat nodeset="/data/r" jr:count=" /data/x ">
      <input ref="/data/r/z"/></repeat></group>
    <upload ref="/data/p" mediatype="image/*"/>
    <select1 ref="/data/s"><item><label>One</label><value>1</value></item>
      <item><label>Two</label><value>2</value></item></select1>
  </h:body>
</h:html>"""


@pytest.fixture(scope="module")
def model() -> dict[str, Any]:
    return compile_xform(XFORM).model


def test_the_forms_particulars(model: dict[str, Any]) -> None:
    assert model["model"] == 1
    assert model["form"] == {
        "id": "f",
        "version": "3",
        "title": "T",
        "languages": [{"name": "default", "code": ""}],
        "default_language": "default",
        "style": "pages",
        "place_path": ["a", "b"],
        "titles": {"en": "Title", "fr": "Titre"},
    }


def test_a_question_with_its_rules(model: dict[str, Any]) -> None:
    assert node(model, "x") == {
        "name": "x",
        "kind": "question",
        "type": "int",
        "control": "input",
        "label": "/data/x:label",
        "appearance": "numbers thousands-sep",
        "required": "true()",
        "constraint": ". > 1",
        "constraint_message": "/data/x:jr:constraintMsg",
    }
    assert model["texts"]["default"]["/data/x:label"] == ["X ", {"value": "/data/g/y"}, "!"]
    assert model["texts"]["default"]["/data/x:jr:constraintMsg"] == "Too small"


def test_groups_and_repeats(model: dict[str, Any]) -> None:
    group, repeat = node(model, "g"), node(model, "r")
    assert (group["kind"], group["relevant"], group["label"]) == ("group", "/data/x > 2", "/data/g:label")
    assert group["children"][0]["default"] == "7"
    assert group["children"][0]["hint"] == "/data/g/y:hint"
    assert (repeat["kind"], repeat["count"], repeat["label"]) == ("repeat", "/data/x", "/data/r:label")
    assert [child["name"] for child in repeat["children"]] == ["z"]
    assert [child["name"] for child in model["root"]["children"]] == ["x", "g", "r", "p", "s"]


def test_an_upload(model: dict[str, Any]) -> None:
    photo = node(model, "p")
    assert (photo["type"], photo["control"], photo["mediatype"]) == ("binary", "upload", "image/*")
    assert photo["parameters"] == {"max-pixels": "800"}


def test_choices_written_in_the_control_become_a_list(model: dict[str, Any]) -> None:
    itemset = node(model, "s")["itemset"]
    assert itemset == {
        "nodeset": "instance('items-data-s')/root/item",
        "value": "name",
        "label": "itextId",
        "is_itext": True,
    }
    rows = model["lists"]["items-data-s"]["rows"]
    assert [(model["texts"]["default"][key], name) for key, name in rows] == [("One", "1"), ("Two", "2")]


def test_actions_one_for_each_event(model: dict[str, Any]) -> None:
    assert model["actions"] == [
        {"event": "odk-instance-first-load", "ref": "/data/x", "value": "today()"},
        {"event": "odk-instance-first-load", "ref": "/data/g/y", "value": "'it is'"},
        {"event": "xforms-value-changed", "ref": "/data/g/y", "value": "1", "source": "/data/x"},
    ]


@pytest.mark.parametrize(
    "xml",
    [
        "no xml",
        "<html/>",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + XFORM.split("?>", 1)[1],
        XFORM.replace("</h:html>", ""),
    ],
)
def test_what_is_no_xform_is_refused(xml: str) -> None:
    with pytest.raises(WorkbookRefused) as refused:
        compile_xform(xml)
    assert refused.value.finding.code == "xform_malformed"
    assert "root:" not in refused.value.finding.message


EVERY_TYPE = """
    | survey |
    | | type                      | name  | label | parameters                | appearance |
    | | start                     | t0    |       |                           |            |
    | | end                       | t1    |       |                           |            |
    | | today                     | t2    |       |                           |            |
    | | deviceid                  | t3    |       |                           |            |
    | | username                  | t4    |       |                           |            |
    | | text                      | text  | L     |                           | multiline  |
    | | integer                   | int   | L     |                           |            |
    | | decimal                   | dec   | L     |                           |            |
    | | date                      | date  | L     |                           |            |
    | | time                      | time  | L     |                           |            |
    | | dateTime                  | dt    | L     |                           |            |
    | | geopoint                  | geo   | L     |                           |            |
    | | image                     | photo | L     | max-pixels=1000           |            |
    | | audio                     | sound | L     |                           |            |
    | | barcode                   | code  | L     |                           |            |
    | | select_one l              | one   | L     |                           | minimal    |
    | | select_multiple l         | many  | L     |                           |            |
    | | rank l                    | rank  | L     |                           |            |
    | | range                     | range | L     | start=1 end=10 step=2     |            |
    | | acknowledge               | ok    | L     |                           |            |
    | | note                      | note  | L     |                           |            |
    | | select_one l              | mixed | L     | randomize=true seed=7     |            |
    | choices |
    | | list_name | name | label |
    | | l         | a    | A     |
    | | l         | b    | B     |
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("t0", {"type": "dateTime", "preload": "timestamp", "preload_params": "start"}),
        ("t1", {"preload": "timestamp", "preload_params": "end"}),
        ("t2", {"type": "date", "preload": "date", "preload_params": "today"}),
        ("t3", {"preload": "property", "preload_params": "deviceid"}),
        ("t4", {"preload": "property", "preload_params": "username"}),
        ("text", {"type": "string", "control": "input", "appearance": "multiline"}),
        ("int", {"type": "int", "control": "input"}),
        ("dec", {"type": "decimal", "control": "input"}),
        ("date", {"type": "date"}),
        ("time", {"type": "time"}),
        ("dt", {"type": "dateTime"}),
        ("geo", {"type": "geopoint"}),
        (
            "photo",
            {"type": "binary", "control": "upload", "mediatype": "image/*", "parameters": {"max-pixels": "1000"}},
        ),
        ("sound", {"type": "binary", "control": "upload", "mediatype": "audio/*"}),
        ("code", {"type": "barcode"}),
        ("one", {"control": "select1", "appearance": "minimal"}),
        ("many", {"control": "select", "type": "string"}),
        ("rank", {"control": "rank", "type": "odk:rank"}),
        ("range", {"control": "range", "type": "int", "parameters": {"start": "1", "end": "10", "step": "2"}}),
        ("ok", {"control": "trigger"}),
        ("note", {"control": "input", "readonly": "true()"}),
    ],
)
def test_every_type(name: str, expected: dict[str, Any]) -> None:
    found = node(compile_clean(EVERY_TYPE), name)
    assert {key: found.get(key) for key in expected} == expected


def test_metadata_has_no_control() -> None:
    model = compile_clean(EVERY_TYPE)
    assert all("control" not in node(model, name) for name in ("t0", "t1", "t2", "t3", "t4"))
    assert node(model, "meta", "instanceID")["preload"] == "uid"


def test_itemsets() -> None:
    model = compile_clean(EVERY_TYPE)
    itemset = {"nodeset": "instance('l')/root/item", "value": "name", "label": "label", "is_itext": False}
    assert node(model, "one")["itemset"] == itemset
    assert node(model, "mixed")["itemset"]["nodeset"] == "randomize(instance('l')/root/item, 7)"
    assert model["lists"]["l"] == {"columns": ["name", "label"], "rows": [["a", "A"], ["b", "B"]]}


def test_a_list_in_several_languages_and_with_a_filter() -> None:
    model = compile_clean("""
        | survey |
        | | type          | name | label::中文 (zh) | label::English (en) | choice_filter |
        | | select_one up | up   | 上               | Up                  |               |
        | | select_one lo | lo   | 下               | Lo                  | up = ${up}    |
        | choices |
        | | list_name | name | label::中文 (zh) | label::English (en) | up |
        | | up        | a    | 甲               | A                   |    |
        | | lo        | a1   | 甲一             | A one               | a  |
    """)
    itemset = node(model, "lo")["itemset"]
    assert (itemset["value"], itemset["label"], itemset["is_itext"]) == ("name", "itextId", True)
    assert itemset["nodeset"].startswith("instance('lo')/root/item[up")
    row = dict(zip(model["lists"]["lo"]["columns"], model["lists"]["lo"]["rows"][0], strict=True))
    assert (row["name"], row["up"]) == ("a1", "a")
    assert model["texts"]["中文 (zh)"][row["itextId"]] == "甲一"
    assert model["texts"]["English (en)"][row["itextId"]] == "A one"


def test_defaults_triggers_and_messages() -> None:
    model = compile_clean("""
        | survey |
        | | type | name | label    | default | trigger | calculation | required | required_message | guidance_hint |
        | | text | a    | A        | hello   |         |             | yes      | Please           | Ask slowly    |
        | | date | d    | D        | today() |         |             |          |                  |               |
        | | text | e    | E ${a} ! |         | ${a}    | 1 + 1       |          |                  |               |
    """)
    assert node(model, "a")["default"] == "hello"
    assert model["texts"]["default"][node(model, "a")["required_message"]] == "Please"
    assert model["texts"]["default"][node(model, "a")["label"]] == "A"
    assert model["texts"]["default"][node(model, "a")["hint"]] == {"guidance": "Ask slowly"}
    assert model["texts"]["default"][node(model, "e")["label"]] == ["E ", {"value": " /data/a "}, " !"]
    assert {"event": "odk-instance-first-load", "ref": "/data/d", "value": "today()"} in model["actions"]
    assert {"event": "xforms-value-changed", "ref": "/data/e", "value": "1 + 1", "source": "/data/a"} in model[
        "actions"
    ]


def test_nested_repeats_and_an_instance_name() -> None:
    model = compile_clean("""
        | survey |
        | | type         | name | label | repeat_count |
        | | integer      | n    | N     |              |
        | | begin repeat | out  | Out   | ${n}         |
        | | begin repeat | in   | In    |              |
        | | text         | t    | T     |              |
        | | end repeat   |      |       |              |
        | | end repeat   |      |       |              |
        | settings |
        | | form_id | instance_name        | style |
        | | f       | concat('No. ', ${n}) | pages |
    """)
    assert node(model, "out")["count"] == "/data/n"
    assert node(model, "out", "in")["kind"] == "repeat"
    assert node(model, "out", "in", "t")["kind"] == "question"
    assert "concat('No. '" in node(model, "meta", "instanceName")["calculate"]
    assert model["form"]["style"] == "pages"
