"""Codes that enrol phones, the phones, and letting in whoever forgot a PIN: one volunteer at a time."""

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from collector.accounts import operations, recoveries
from collector.accounts.blueprint import bp
from collector.accounts.enrolment_cards import issue_cards
from collector.accounts.person_pages import show_person
from collector.accounts.reach import current_reach, find_changeable, find_user
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.sealing.keys import sealing_key
from collector.store import Device, Enrolment, KeyRecovery
from collector.store.people import VOLUNTEER
from collector.store.session import writing


@bp.post("/people/<user_id>/code")
@requires("people.change")
def issue_code(user_id: str) -> str:
    """Issue an enrolment code and show it, this once: the server keeps only its hash."""
    with writing() as store:
        user = find_changeable(user_id)
        if not user.is_active or user.role != VOLUNTEER:
            raise CollectorError("not_allowed")
        card = issue_cards(store, [user], by=current_user.id)[0]
    return show_person(find_user(user_id), card=card)


@bp.post("/people/codes/<int:enrolment_id>/revoke")
@requires("people.change")
def revoke_code(enrolment_id: int) -> Response:
    """Take a code back, with the phones that were enrolled by it."""
    with writing() as store:
        enrolment = seen(store.get(Enrolment, enrolment_id))
        operations.revoke_enrolment(store, enrolment, by=current_user.id)
        user_id = enrolment.user_id
    flash(_("The code was taken back, and with it every phone that had used it."), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@bp.post("/people/phones/<device_id>/revoke")
@requires("people.change")
def revoke_phone(device_id: str) -> Response:
    """Take a phone's access back."""
    with writing() as store:
        device = seen(store.get(Device, device_id))
        operations.revoke_device(store, device, by=current_user.id)
        user_id = device.user_id
    flash(_("The phone's access was taken back. What it holds stays on it until it is enrolled again."), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@bp.post("/people/recoveries/<recovery_id>/grant")
@requires("people.change")
def grant_recovery(recovery_id: str) -> Response:
    """Let somebody in again who forgot a PIN."""
    return answer_recovery(
        recovery_id, True, _("Allowed. The phone opens as soon as it has a signal, and asks for a new PIN.")
    )


@bp.post("/people/recoveries/<recovery_id>/refuse")
@requires("people.change")
def refuse_recovery(recovery_id: str) -> Response:
    """Keep a phone shut whose question is not to be believed."""
    return answer_recovery(recovery_id, False, _("Refused. The phone stays shut; what it holds is kept on it."))


def answer_recovery(recovery_id: str, is_granted: bool, words: str) -> Response:
    """Answer a phone's question and go back to its person. Whoever is let in reads all that the phone holds, from elsewhere too."""
    with writing() as store:
        asked = seen(store.get(KeyRecovery, recovery_id))
        if is_granted and not current_reach().may_change(asked.user):
            raise CollectorError("not_allowed")
        asked = recoveries.decide_recovery(store, recovery_id, sealing_key(), is_granted=is_granted, by=current_user.id)
        user_id = asked.user_id
    flash(words, "success")
    return redirect(url_for("accounts.person", user_id=user_id))


def seen(thing: Any) -> Any:
    """Give `thing`, which belongs to a person. Raises CollectorError `not_found` without one, or if the reader does not see the person."""
    if thing is None or not current_reach().sees(thing.user):
        raise CollectorError("not_found")
    return thing
