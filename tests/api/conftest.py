"""Programs with tokens, and responses for them to read."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from collector.store import Place, User, Version
from tests.api.programs import MakeProgram, Program, program_of
from tests.conftest import People, Phone
from tests.documents import make_document

FIRST, SECOND, THIRD = (f"{digit}1111111-1111-4111-8111-111111111111" for digit in "123")


@pytest.fixture
def program(app: Flask, session: Session) -> MakeProgram:
    """`program(user, is_read_only=, lifetime=)`."""

    def make(user: User, **more: object) -> Program:
        return program_of(app, session, user, **more)  # type: ignore[arg-type]

    return make


@pytest.fixture
def three(phone: Phone, places: dict[str, Place], household: Version) -> list[str]:
    """Three responses of Wei's, in C01, C02 and C03; their ids in the order of arrival."""
    for id_, code in zip((FIRST, SECOND, THIRD), ("C01", "C02", "C03"), strict=True):
        answers = {
            "place": code,
            "hh_size": "2",
            "members": [{"name": "Hua", "age": "41"}, {"name": "Ming", "age": "7"}],
            "meta": {"instanceName": "Hua"},
        }
        phone.receipts(
            make_document(household, id=id_, place=code, author=phone.user.id, answers=answers, instance_name="Hua")
        )
    return [FIRST, SECOND, THIRD]


@pytest.fixture
def ana_without_names(people: People, session: Session, household: Version) -> User:
    """Ana, who does not see personal answers; names of members are such."""
    ana = session.merge(people.ana)
    ana.sees_personal = False
    questionnaire = session.merge(household).questionnaire
    questionnaire.personal_fields = ["members/name", "photo"]
    session.commit()
    return ana
