"""Pages of sign-in and people: importing a module here adds its routes to the blueprint."""

from collector.accounts import (
    account_pages,
    collect_pages,
    import_pages,
    people_pages,
    person_pages,
    phone_pages,
    sign_in_pages,
    team_pages,
    token_pages,
)
from collector.accounts.blueprint import bp

__all__ = [
    "account_bp",
    "bp",
    "collect_pages",
    "import_pages",
    "people_pages",
    "person_pages",
    "phone_pages",
    "sign_in_pages",
    "team_pages",
    "token_pages",
]

account_bp = account_pages.bp
