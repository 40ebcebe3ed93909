"""The app over a primary with a real streaming replica beside it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from collector import create_app
from collector.settings import load_settings
from collector.store.migrate import upgrade
from collector.store.replica import Replica
from collector.store.session import dispose
from tests.replicas import Pair, streaming_pair


@pytest.fixture(scope="session")
def pair() -> Iterator[Pair]:
    """A primary and its replica, which write down what they are asked."""
    with streaming_pair({"log_statement": "all"}) as pair:
        yield pair


@pytest.fixture(scope="session")
def shared_app(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app over that pair; what else the tests share (tests/conftest.py) is made in it."""
    settings = {
        "DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "DATABASE_URL": pair.primary.url,
        "DATABASE_READ_URL": pair.replica.url,
        "DEFAULT_LANGUAGE": "en",
    }
    app = create_app(load_settings(settings))
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=False)
    upgrade(app.extensions["collector_engine"])
    yield app
    dispose(app)


@pytest.fixture
def replica(app: Flask) -> Replica:
    """The app's view of the replica."""
    found: Replica = app.extensions["collector_replica"]
    return found
