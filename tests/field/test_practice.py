"""The practice questionnaire that phones keep is what the compiler makes of its workbook."""

import json

from collector.questionnaires.compile import compile_workbook
from collector.sample.practice import MODEL, WORKBOOK, practice_model


def test_the_kept_model_is_the_compilers() -> None:
    assert MODEL.read_text("utf-8") == practice_model(), "run: .venv/bin/python -m collector.sample.practice"


def test_it_is_whole_in_both_languages_and_asks_nothing_of_server_or_place() -> None:
    compiled = compile_workbook(WORKBOOK.read_bytes(), WORKBOOK.name)
    assert [finding.as_dict("en") for finding in compiled.errors + compiled.warnings] == []
    model = json.loads(practice_model())
    assert [language["code"] for language in model["form"]["languages"]] == ["zh", "en"]
    assert len({frozenset(texts) for texts in model["texts"].values()}) == 1
    assert (model["form"]["place_path"], model["actions"], model["media"]) == ([], [], {})


def test_each_question_teaches_one_thing_in_its_hint() -> None:
    questions = [child for child in json.loads(practice_model())["root"]["children"] if child["name"] != "meta"]
    assert len(questions) == 5
    assert all("hint" in question for question in questions)
