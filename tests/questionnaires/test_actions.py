"""Actions of a form: dynamic defaults, triggers, and places that the phone tells by itself."""

import pytest

from collector.questionnaires.xform import compile_xform
from tests.questionnaires.books import compile_clean, compile_markdown, node, only, place


def test_a_default_that_computes_runs_on_the_first_load_and_in_each_new_row() -> None:
    actions = compile_clean("""
        | survey |
        | | type         | name | label | default |
        | | date         | d    | D     | today() |
        | | begin repeat | r    | R     |         |
        | | date         | e    | E     | today() |
        | | end repeat   |      |       |         |
    """)["actions"]
    assert [(action["event"], action["ref"], action["value"]) for action in actions] == [
        ("odk-instance-first-load", "/data/d", "today()"),
        ("odk-instance-first-load", "/data/r/e", "today()"),
        ("odk-new-repeat", "/data/r/e", "today()"),
    ]


def test_a_calculation_with_triggers_runs_when_any_of_them_changes() -> None:
    model = compile_clean(
        """
        | survey |
        | | type      | name | label | trigger    | calculation |
        | | text      | a    | A     |            |             |
        | | text      | b    | B     |            |             |
        | | text      | c    | C     | ${a}, ${b} | now()       |
        | | dateTime  | e    | E     | ${a}       | now()       |
    """
    )
    changes = [(action["source"], action["ref"]) for action in model["actions"]]
    assert sorted(changes) == [("/data/a", "/data/c"), ("/data/a", "/data/e"), ("/data/b", "/data/c")]
    assert "calculate" not in node(model, "c")


def test_a_start_geopoint_asks_for_the_place_once_and_is_not_shown() -> None:
    model = compile_clean("| survey |\n| | type | name | label |\n| | start-geopoint | here | |")
    assert model["actions"] == [{"event": "odk-instance-first-load", "ref": "/data/here", "kind": "setgeopoint"}]
    assert node(model, "here") == {"name": "here", "kind": "question", "type": "geopoint"}


def test_a_background_geopoint_asks_when_its_trigger_changes() -> None:
    model = compile_clean("""
        | survey |
        | | type                | name  | label | trigger |
        | | text                | door  | Door  |         |
        | | background-geopoint | where |       | ${door} |
    """)
    assert model["actions"] == [
        {"event": "xforms-value-changed", "ref": "/data/where", "kind": "setgeopoint", "source": "/data/door"}
    ]
    assert "control" not in node(model, "where")


def test_background_audio_stays_empty_with_a_warning() -> None:
    compiled = compile_markdown("| survey |\n| | type | name | label |\n| | background-audio | tape | |")
    assert place(only(compiled.warnings, "action_unsupported")) == ("survey", 2, "type")
    assert compiled.errors == []


@pytest.mark.parametrize(
    ("event", "known"),
    [
        ("odk-instance-load", "odk-instance-load"),
        ("xforms-ready", "odk-instance-first-load"),
        ("jr-insert", "odk-new-repeat"),
    ],
)
def test_events_of_an_xform_and_their_old_names(event: str, known: str) -> None:
    xform = f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model>
        <instance><data id="f"><a/></data></instance><bind nodeset="/data/a" type="string"/>
        <setvalue ref="/data/a" event="{event} other-event" value="1"/></model></h:head><h:body/></h:html>"""
    assert compile_xform(xform).model["actions"] == [{"event": known, "ref": "/data/a", "value": "1"}]
