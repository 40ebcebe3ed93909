"""What a workbook says of questions that capture something, in the words that the phone's widgets read."""

import json
from typing import Any

from collector.questionnaires.compile import compile_workbook
from tests.workbooks import make_workbook

BOOK = """
| survey   |           |        |       |               |                                                                       |
|          | type      | name   | label | appearance    | parameters                                                            | body::accept    |
|          | image     | photo  | A     | new-front     | max-pixels=800                                                        |                 |
|          | audio     | voice  | A     |               | quality=voice-only                                                    |                 |
|          | video     | film   | A     | selfie        |                                                                       |                 |
|          | file      | paper  | A     |               |                                                                       | application/pdf |
|          | geopoint  | place  | A     | placement-map | capture-accuracy=5 warning-accuracy=50 allow-mock-accuracy=true       |                 |
|          | geoshape  | field  | A     |               |                                                                       |                 |
|          | barcode   | code   | A     | front         |                                                                       |                 |
|          | decimal   | way    | A     | bearing       |                                                                       |                 |
|          | range     | often  | A     | vertical      | start=0 end=1 step=0.1 tick_interval=0.5 tick_labelset=o placeholder=0.5 |              |
|          | dateTime  | met    | A     | no-calendar   |                                                                       |                 |
| choices  |           |        |       |
|          | list_name | name   | label |
|          | o         | 0      | Never |
|          | o         | 1      | Often |
| settings |           |
|          | form_id   |
|          | f         |
"""


def captured() -> dict[str, dict[str, Any]]:
    """The questions of the model by name."""
    compiled = compile_workbook(make_workbook(BOOK), "f.xlsx")
    assert compiled.model_json, compiled.errors
    return {node["name"]: node for node in json.loads(compiled.model_json)["root"]["children"]}


def test_parameters_come_as_the_widgets_read_them() -> None:
    found = {name: node.get("parameters") for name, node in captured().items()}
    assert found["photo"] == {"max-pixels": "800"}
    assert found["voice"] == {"quality": "voice-only"}
    assert found["paper"] == {"accept": "application/pdf"}
    assert found["place"] == {
        "accuracyThreshold": "5",
        "unacceptableAccuracyThreshold": "50",
        "allow-mock-accuracy": "true",
    }
    assert found["often"] == {
        "start": "0",
        "end": "1",
        "step": "0.1",
        "tick-interval": "0.5",
        "tick-labels": "o",
        "placeholder": "0.5",
    }


def test_types_and_controls_are_those_that_choose_the_widget() -> None:
    found = {
        name: (node.get("control"), node.get("type"), node.get("mediatype"), node.get("appearance"))
        for name, node in captured().items()
    }
    assert found["photo"] == ("upload", "binary", "image/*", "new-front")
    assert found["film"] == ("upload", "binary", "video/*", "selfie")
    assert found["paper"] == ("upload", "binary", "application/*", None)
    assert found["field"] == ("input", "geoshape", None, None)
    assert found["code"] == ("input", "barcode", None, "front")
    assert found["way"] == ("input", "decimal", None, "bearing")
    assert found["often"] == ("range", "decimal", None, "vertical")
    assert found["met"] == ("input", "dateTime", None, "no-calendar")
