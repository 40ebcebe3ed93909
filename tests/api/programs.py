"""A program that asks the API with an access token, as tests need it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.accounts.access_tokens import issue_token
from collector.store import AccessToken, User


@dataclass(frozen=True)
class Program:
    """A program with a token."""

    client: FlaskClient
    token: AccessToken
    text: str

    def ask(self, path: str, method: str = "GET", **more: Any) -> Any:
        """Ask the address below /api/v1; gives the test client's response."""
        headers = {"Authorization": f"Bearer {self.text}"} | more.pop("headers", {})
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def read(self, path: str, **arguments: Any) -> Any:
        """The JSON at an address."""
        answer = self.ask(path, query_string=arguments)
        assert answer.status_code == 200, answer.text
        return answer.get_json()


MakeProgram = Callable[..., Program]


def program_of(
    app: Flask, session: Session, user: User, *, is_read_only: bool = False, lifetime: timedelta | None = None
) -> Program:
    """A program of somebody's."""
    session.expire_on_commit = False
    token, text = issue_token(session, session.merge(user), name="report", is_read_only=is_read_only, lifetime=lifetime)
    session.commit()
    return Program(app.test_client(), token, text)
