"""What there is to choose from on the page of options: languages, versions and places."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from collector.accounts.scope import Scope
from collector.export.sheets.versions import asked_versions
from collector.languages import language
from collector.place_order import read_order
from collector.store import Questionnaire

Choices = list[tuple[str, str]]
#: Sets a place off from the one that it is under.
INDENT = "\u2003"


def language_choices(session: Session, questionnaire: Questionnaire) -> Choices:
    """The languages of a questionnaire by their own names, after the form's default one."""
    names = [name for name in read_languages(session, questionnaire) if name != "default"]
    return [("", _("the questionnaire's own")), *((name, name) for name in names)]


def language_name(session: Session, questionnaire: Questionnaire, wanted: str) -> str:
    """The name of a language that an address gives by its name or its code."""
    codes = {code: name for name, code in read_languages(session, questionnaire).items()}
    return codes.get(wanted, wanted)


def read_languages(session: Session, questionnaire: Questionnaire) -> dict[str, str]:
    """The code of each language of a questionnaire, by its own name."""
    versions = asked_versions(session, questionnaire.id)
    return {entry["name"]: entry["code"] for version in versions for entry in version.model["form"]["languages"]}


def version_choices(session: Session, questionnaire: Questionnaire) -> list[tuple[int, str]]:
    """The versions of a questionnaire by their numbers, newest first."""
    return [
        (version.number, version.name or str(version.number))
        for version in reversed(asked_versions(session, questionnaire.id))
    ]


def place_choices(session: Session, scope: Scope) -> Choices:
    """The places of somebody's scope, each before those under it and set off from it."""
    found: Choices = []
    depths: dict[int, int] = {}
    for node in read_order(session).standing:
        if scope.covers(node.id):
            depth = depths.get(node.parent_id or 0, -1) + 1
            depths[node.id] = depth
            found.append((node.code, f"{INDENT * depth}{node.name(language())}"))
    return found
