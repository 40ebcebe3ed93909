"""Filled-in forms as XML: read and written, and nothing of what comes from outside believed."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.errors import CollectorError
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.instance_writing import write_instance
from collector.questionnaires.instances import (
    MAX_INSTANCE_BYTES,
    MediaName,
    answers_of,
    media_of,
    read_instance,
    response_id_of,
)
from collector.sample.load import FOLDER, FORMS
from tests.workbooks import make_workbook

FORM = """
| survey |
|        | type         | name    | label   | bind::missing |
|        | start        | start   |         |               |
|        | text         | place   | Place   |               |
|        | integer      | income  | Income  | declined      |
|        | begin group  | house   | House   |               |
|        | image        | front   | Front   |               |
|        | end group    |         |         |               |
|        | begin repeat | members | Members |               |
|        | text         | name    | Name    |               |
|        | image        | photo   | Photo   |               |
|        | begin repeat | jobs    | Jobs    |               |
|        | text         | title   | Title   |               |
|        | end repeat   |         |         |               |
|        | end repeat   |         |         |               |
| settings |
|        | form_title | form_id | version |
|        | F          | f       | 3       |
"""


def model_of(markdown: str) -> dict[str, Any]:
    """The form model of a questionnaire."""
    model: dict[str, Any] = json.loads(compile_workbook(make_workbook(markdown), "f.xlsx", {}).model_json)
    return model


MODEL = model_of(FORM)


def read(xml: str) -> dict[str, Any]:
    return answers_of(read_instance(xml.encode()), MODEL)


def test_who_it_is() -> None:
    found = read_instance(
        b'<data xmlns:orx="http://openrosa.org/xforms" id="f" orx:version="3"><orx:meta><orx:instanceID> uuid:1 </orx:instanceID>'
        b"<orx:deprecatedID>uuid:0</orx:deprecatedID><orx:instanceName>N</orx:instanceName></orx:meta></data>"
    )
    assert (found.form_id, found.version) == ("f", "3")
    assert (found.instance_id, found.deprecated_id, found.instance_name) == ("uuid:1", "uuid:0", "N")
    assert not found.is_encrypted
    assert read_instance(b'<data id="f" encrypted="yes"/>').is_encrypted


def test_a_form_without_an_id_is_known_by_its_namespace() -> None:
    assert read_instance(b'<data xmlns="http://example.org/f"/>').form_id == "http://example.org/f"


def test_answers_are_nested_as_the_form_is() -> None:
    xml = """<data id="f" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"><place>C01</place><income/>
      <house><front>a.jpg</front></house>
      <members jr:template=""><name/><photo/></members>
      <members><name>王</name><photo/><jobs><title>x</title></jobs><jobs/></members><members/>
      <extra>kept</extra><other><a>1</a><a>2</a></other><blank>  </blank>
      <orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>"""
    assert read(xml) == {
        "place": "C01",
        "house": {"front": "a.jpg"},
        "members": [{"name": "王", "jobs": [{"title": "x"}, {}]}, {}],
        "extra": "kept",
        "other": {"a": ["1", "2"]},
        "meta": {"instanceID": "uuid:1"},
    }


def test_one_row_is_a_list_and_an_empty_group_is_nothing() -> None:
    assert read('<data id="f"><house><front/></house><members><name>a</name></members></data>') == {
        "members": [{"name": "a"}]
    }


def test_files_are_named_by_their_path() -> None:
    answers = read(
        '<data id="f"><house><front>a.jpg</front></house><members/><members><photo>b.jpg</photo></members></data>'
    )
    assert media_of(answers, MODEL) == [
        MediaName("/data/house/front", "a.jpg"),
        MediaName("/data/members[2]/photo", "b.jpg"),
    ]


def test_without_a_model_what_looks_like_a_file_is_one() -> None:
    answers = answers_of(read_instance(b'<data id="x"><p>a.jpg</p><t>see a.jpg or b</t></data>'), None)
    assert media_of(answers, None) == [MediaName("/data/p", "a.jpg")]


def test_a_response_id_is_the_uuid_of_the_instance_or_made_of_it() -> None:
    uuid = "22222222-2222-4222-8222-22222222222a"
    assert response_id_of(f"uuid:{uuid.upper()}") == uuid
    assert response_id_of("other:1") == response_id_of("other:1") != response_id_of("other:2")
    assert response_id_of("", b"<a/>") == response_id_of("", b"<a/>") != response_id_of("", b"<b/>")


@pytest.mark.parametrize(
    ("xml", "code", "details"),
    [
        (b"", "instance_malformed", {"line": 1}),
        (b'<data id="f">\n<a></data>', "instance_malformed", {"line": 2}),
        (b"\xff\xfe\x00", "instance_malformed", None),
        (
            b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d id="f"><a>&x;</a></d>',
            "instance_with_doctype",
            {},
        ),
        (b"<data/>", "instance_without_form", {}),
        (b'<data id="f">' + b"<a>" * 95 + b"</a>" * 95 + b"</data>", "instance_malformed", {"line": 1}),
        (b'<data id="f">' + b"<a>" * 9000 + b"</a>" * 9000 + b"</data>", "instance_malformed", {"line": 1}),
        (b" " * (MAX_INSTANCE_BYTES + 1), "instance_too_large", {"limit_bytes": MAX_INSTANCE_BYTES}),
    ],
)
def test_what_is_no_instance_is_refused_by_its_line(xml: bytes, code: str, details: dict[str, int] | None) -> None:
    with pytest.raises(CollectorError) as refused:
        read_instance(xml)
    assert refused.value.code == code
    assert details is None or refused.value.details == details


def test_billions_of_laughs_are_not_laughed() -> None:
    bomb = b'<!DOCTYPE d [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(9)
    )
    with pytest.raises(CollectorError) as refused:
        read_instance(bomb + b']><d id="f"><x>&j;</x></d>')
    assert refused.value.code in ("instance_with_doctype", "instance_malformed")


def test_written_in_form_order_with_its_ids() -> None:
    answers = {
        "members": [{"photo": "b.jpg", "name": "a"}],
        "income@missing": "declined",
        "place": "C01",
        "no name": "x",
    }
    xml = write_instance(
        MODEL, answers, form_id="f", version="3", instance_id="uuid:1", deprecated_id="uuid:0"
    ).decode()
    assert xml.index("<place>") < xml.index("<income ") < xml.index("<members>") < xml.index("<meta>")
    assert xml.index("<name>") < xml.index("<photo>")
    found = read_instance(xml.encode())
    assert (found.form_id, found.version, found.instance_id, found.deprecated_id) == ("f", "3", "uuid:1", "uuid:0")
    assert read(xml)["income@missing"] == "declined"
    assert "no name" not in xml


def test_what_xml_cannot_hold_is_marked() -> None:
    xml = write_instance(MODEL, {"place": "a\x00b\x1fc\ud800"}, form_id="f", version="", instance_id="uuid:1")
    assert read(xml.decode())["place"] == "a\ufffdb\ufffdc\ufffd"


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r"), min_size=1, max_size=20)


def answers_to(node: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any answers that a phone could give to the questions of `node`."""
    parts: dict[str, st.SearchStrategy[Any]] = {}
    for child in node["children"]:
        if child["name"] in ("instanceID", "deprecatedID"):
            continue
        if child["kind"] == "question":
            parts[child["name"]] = TEXTS
            if child.get("missing"):
                parts[f"{child['name']}@missing"] = st.sampled_from(child["missing"])
        elif child["kind"] == "repeat":
            parts[child["name"]] = st.lists(answers_to(child), min_size=1, max_size=3)
        else:
            parts[child["name"]] = answers_to(child).filter(bool)
    if not parts:
        return st.just({})
    return st.fixed_dictionaries({}, optional={name: part for name, part in parts.items() if not is_empty(part)})


def is_empty(part: st.SearchStrategy[Any]) -> bool:
    """Tell whether there is no such value at all, as of a group with nothing to ask in it."""
    return bool(part.is_empty)


def in_and_out(model: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """Answers written and read again."""
    xml = write_instance(model, answers, form_id="f", version="3", instance_id="uuid:1")
    found = answers_of(read_instance(xml), model)
    meta = {name: text for name, text in found.pop("meta").items() if name != "instanceID"}
    return found | ({"meta": meta} if meta else {})


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_answers_survive_xml(data: st.DataObject) -> None:
    answers = data.draw(answers_to(MODEL["root"]))
    assert in_and_out(MODEL, answers) == answers


@pytest.mark.parametrize("form_id", FORMS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_answers_to_the_sample_forms_survive_xml(form_id: str, data: st.DataObject) -> None:
    content = (FOLDER / "forms" / f"{form_id}.xlsx").read_bytes()
    model = SAMPLES.setdefault(form_id, None) or json.loads(compile_workbook(content, f"{form_id}.xlsx", {}).model_json)
    SAMPLES[form_id] = model
    answers = data.draw(answers_to(model["root"]))
    assert in_and_out(model, answers) == answers


#: Form models of the sample survey, compiled once.
SAMPLES: dict[str, Any] = {}
