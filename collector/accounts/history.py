"""What was done to somebody's account, from the journal, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collector.accounts.role_names import role_name
from collector.store import JournalEntry, User

#: Actions whose subject is the person, and those that name the person in their details.
OF_PERSON = (
    "user.create",
    "user.change",
    "user.change_role",
    "user.assign_places",
    "user.assign_questionnaires",
    "user.set_password",
    "user.end_sessions",
    "user.second_step_on",
    "user.second_step_off",
    "user.use_recovery_code",
    "user.renew_recovery_codes",
    "user.deactivate",
    "user.activate",
)
NAMING_PERSON = (
    "enrolment.issue",
    "enrolment.revoke",
    "device.enrol",
    "device.collect",
    "device.revoke",
    "recovery.ask",
    "recovery.grant",
    "recovery.refuse",
    "token.make",
    "token.revoke",
    "webhook.make",
    "webhook.remove",
)
#: Entries that the page shows.
SHOWN = 30


@dataclass(frozen=True)
class Event:
    """One thing that was done. `by` is a name, "" for the person's phone or the command line."""

    at: datetime
    by: str
    words: str


def account_history(session: Session, user: User) -> list[Event]:
    """The latest entries about `user`, newest first."""
    is_about = or_(
        JournalEntry.action.in_(OF_PERSON) & (JournalEntry.subject == user.id),
        JournalEntry.action.in_(NAMING_PERSON) & (JournalEntry.details["person"].as_string() == user.id),
    )
    query = (
        select(JournalEntry, User.name)
        .outerjoin(User, JournalEntry.user_id == User.id)
        .where(is_about)
        .order_by(JournalEntry.id.desc())
        .limit(SHOWN)
    )
    return [
        Event(entry.at, name or "", in_words(entry.action, entry.details)) for entry, name in session.execute(query)
    ]


def in_words(action: str, details: Mapping[str, Any]) -> str:
    """What an entry says, in the language of the page."""
    match action:
        case "user.create":
            return str(_("added as %(role)s", role=role_name(details.get("role", ""))))
        case "user.change":
            return str(_("name or language changed"))
        case "user.change_role":
            return str(_("role changed to %(role)s", role=role_name(details.get("role", ""))))
        case "user.assign_places":
            number = details.get("places", 0)
            return str(
                ngettext("%(num)s place assigned", "%(num)s places assigned", number) if number else _("all places")
            )
        case "user.assign_questionnaires":
            number = details.get("questionnaires", 0)
            if not number:
                return str(_("all questionnaires"))
            return str(ngettext("%(num)s questionnaire assigned", "%(num)s questionnaires assigned", number))
        case _action:
            return str(plain_words().get(action, action))


def plain_words() -> Mapping[str, str]:
    """Words of the actions that say the same each time."""
    return {
        "user.set_password": _("new password"),
        "user.end_sessions": _("signed out everywhere"),
        "user.second_step_on": _("second step of the sign-in switched on"),
        "user.second_step_off": _("second step of the sign-in switched off"),
        "user.use_recovery_code": _("signed in with a recovery code"),
        "user.renew_recovery_codes": _("new recovery codes"),
        "user.deactivate": _("deactivated"),
        "user.activate": _("activated again"),
        "enrolment.issue": _("code issued"),
        "enrolment.revoke": _("code taken back"),
        "device.enrol": _("phone enrolled"),
        "device.collect": _("access made for ODK Collect"),
        "device.revoke": _("phone's access taken back"),
        "recovery.ask": _("asked about a forgotten PIN"),
        "recovery.grant": _("let in again after a forgotten PIN"),
        "recovery.refuse": _("not let in after a forgotten PIN"),
        "token.make": _("access token made"),
        "token.revoke": _("access token taken back"),
        "webhook.make": _("webhook made"),
        "webhook.remove": _("webhook removed"),
    }
