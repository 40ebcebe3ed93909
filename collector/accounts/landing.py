"""The page that somebody's work begins on."""

from flask import url_for
from flask_login import current_user

from collector.store.people import ANALYST, REVIEWER

#: By role; the others begin with the board.
FIRST = {REVIEWER: "review.responses", ANALYST: "export.exports"}
BOARD = "coverage.board"


def first_page() -> str:
    """The address of the first page of whoever is signed in; for nobody the sign-in, which leads on by itself."""
    if not current_user.is_authenticated:
        return url_for("accounts.sign_in")
    return url_for(FIRST.get(current_user.role, BOARD))
