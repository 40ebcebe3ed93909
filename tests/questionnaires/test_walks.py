"""Random but valid walks: whatever is answered, a form can be finished, keeps its draft, and the server finds nothing wrong."""

import pytest

from collector.questionnaires.engine import Engine
from tests.engine.walks import walk_engine, walk_form
from tests.questionnaires.books import compile_markdown
from tests.questionnaires.walked_forms import CHOICES, FORMS

SEEDS = (1, 2, 3, 4)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return walk_engine()


@pytest.mark.parametrize("name", FORMS)
def test_a_walk_finishes_without_a_flag(name: str, engine: Engine) -> None:
    compiled = compile_markdown(FORMS[name].strip() + CHOICES)
    assert compiled.model_json is not None, [finding.message for finding in compiled.errors]
    answered = 0
    for seed in SEEDS:
        walk = walk_form(engine, compiled.model_json, seed)
        assert (walk.stuck, walk.impossible, walk.changed, walk.flags) == ([], [], [], []), f"seed {seed}"
        answered += walk.answered
    assert answered > 0
