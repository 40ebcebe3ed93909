"""What tests of OpenRosa share."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from collector.accounts.collect_access import make_access
from collector.store import User
from tests.conftest import People
from tests.openrosa.collect import Collect


@pytest.fixture
def with_collect(app: Flask, session: Session) -> Callable[[User], Collect]:
    """`with_collect(user)`: a phone of theirs with ODK Collect."""

    def with_collect(user: User) -> Collect:
        session.expire_on_commit = False
        with app.app_context():
            card = make_access(session, user, by=None)
        session.commit()
        return Collect(app.test_client(), card)

    return with_collect


@pytest.fixture
def collect(with_collect: Callable[[User], Collect], people: People, session: Session) -> Collect:
    """Wei's phone with ODK Collect; Wei reads English."""
    people.wei.language = "en"
    session.commit()
    return with_collect(people.wei)
