"""Schemathesis asks every operation what the OpenAPI document lets it ask, and what it does not: no answer is undocumented, none is a 5xx."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from sqlalchemy.orm import Session

from collector.export.jobs.operations import ask_export
from collector.export.options import Options
from collector.store import Questionnaire, Version
from collector.webhooks.operations import Wish, add_webhook, send_test
from tests.api.programs import Program, program_of
from tests.conftest import People

#: How often each operation is asked in each way.
EXAMPLES = 15
#: What operations are asked about besides what is made up.
Known = dict[str, Any]


@pytest.fixture
def known(app: Flask, people: People, three: list[str], household: Version, session: Session) -> Known:
    """Things of Lin's that exist."""
    with app.app_context():
        lin = session.merge(people.lin)
        webhook, _secret = add_webhook(session, lin, Wish("https://example.org/"), allows_private=False)
        delivery = send_test(session, webhook)
        questionnaire = session.get_one(Questionnaire, household.questionnaire_id)
        job = ask_export(session, lin.id, questionnaire, Options())
        session.commit()
        return {
            "form_id": "household", "number": 1, "response_id": three[0], "webhook_id": webhook.id, "delivery_id": delivery.id,
            "job_id": job.id,
        }  # fmt: skip


@pytest.fixture
def asking(app: Flask, session: Session, people: People) -> Program:
    """A program of Lin's."""
    return program_of(app, session, people.lin)


def read(app: Flask, known: Known) -> Any:
    """The document, as Schemathesis reads it; what it allows is mostly asked about what is `known`."""
    project = ProjectConfig(generation=GenerationConfig(allow_x00=False))
    config = SchemathesisConfig(projects=ProjectsConfig(default=project))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)

    @schema.hook
    def map_path_parameters(_context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
        if known and path_parameters and sum(map(len, map(str, path_parameters.values()))) % 3:
            return {name: known.get(name, value) for name, value in path_parameters.items()}
        return path_parameters

    return schema


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_undocumented_answer(app: Flask, known: Known, asking: Program, mode: GenerationMode) -> None:
    """What the document allows, and what it does not."""
    described = read(app, known if mode is GenerationMode.POSITIVE else {})
    headers = {"Authorization": f"Bearer {asking.text}"}
    asked = 0
    for result in described.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            case.call_and_validate(headers=headers)

        try:
            ask()
        except Unsatisfiable:
            # There is nothing wrong that an operation without arguments could be asked.
            continue
        asked += 1
    assert asked > 10


def test_the_document_describes_every_operation(app: Flask, client: Any) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    assert len(document["paths"]) > 15 and all(path.startswith("/api/v1/") for path in document["paths"])
    assert document["components"]["schemas"]["ResponsePage"]["required"] == ["items", "next"]
