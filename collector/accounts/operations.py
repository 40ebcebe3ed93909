"""Writes to people, enrolment codes and phones. Each takes the session and flushes; the request commits."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector.accounts.tokens import hash_token, new_token
from collector.errors import CollectorError
from collector.journal import record
from collector.store import Assignment, Device, Enrolment, QuestionnaireAssignment, User, utc_now

ENROLMENT_LIFETIME = timedelta(days=30)
#: A phone's browser and its installed app each need one, and so does a second try.
ENROLMENT_USES = 5

hasher = PasswordHasher()


def create_user(
    session: Session,
    *,
    name: str,
    role: str,
    login: str | None = None,
    password: str | None = None,
    language: str = "zh",
    sees_personal: bool = True,
    by: str | None = None,
) -> User:
    """Add a person. `login` is case-folded; it and `password` are for people of the office. Gives the flushed person."""
    user = User(
        name=name,
        role=role,
        login=login.casefold() if login else None,
        language=language,
        sees_personal=sees_personal,
    )
    if password:
        user.password_hash = hasher.hash(password)
    session.add(user)
    session.flush()
    record(session, "user.create", user.id, user_id=by, role=role)
    return user


def new_password() -> str:
    """A password that nobody guesses, to be shown once."""
    return secrets.token_urlsafe(12)


def set_password(session: Session, user: User, password: str, *, by: str | None) -> None:
    """Give `user` a new password. Whoever is signed in with the old one is so no longer."""
    user.password_hash = hasher.hash(password)
    user.session_epoch += 1
    session.flush()
    record(session, "user.set_password", user.id, user_id=by)


def end_sessions(session: Session, user: User, *, by: str | None) -> None:
    """Sign `user` out wherever they are signed in."""
    user.session_epoch += 1
    session.flush()
    record(session, "user.end_sessions", user.id, user_id=by)


def change_person(session: Session, user: User, *, name: str, language: str, by: str | None) -> None:
    """Give `user` another name or language."""
    changed = [
        what for what, old, new in (("name", user.name, name), ("language", user.language, language)) if old != new
    ]
    user.name, user.language = name, language
    session.flush()
    if changed:
        record(session, "user.change", user.id, user_id=by, changed=changed)


def change_role(session: Session, user: User, role: str, *, sees_personal: bool, by: str | None) -> None:
    """Let `user` do what another role does, and see personal fields or not. It holds from their next page on."""
    if (user.role, user.sees_personal) == (role, sees_personal):
        return
    before, user.role, user.sees_personal = user.role, role, sees_personal
    session.flush()
    record(session, "user.change_role", user.id, user_id=by, before=before, role=role, sees_personal=sees_personal)


def check_password(user: User | None, password: str) -> bool:
    """Tell whether `password` is right. Takes as long for somebody who does not exist, so that names cannot be probed."""
    if user is None or user.password_hash is None or not user.is_active:
        hasher.hash(password)
        return False
    try:
        return hasher.verify(user.password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def assign_places(session: Session, user: User, place_ids: Iterable[int], *, by: str | None) -> None:
    """Make `place_ids` the places of `user`, in place of the earlier ones; none means all places."""
    wanted = set(place_ids)
    kept = [assignment for assignment in user.assignments if assignment.place_id in wanted]
    added = wanted - {assignment.place_id for assignment in kept}
    user.assignments = kept + [Assignment(place_id=place_id) for place_id in sorted(added)]
    session.flush()
    record(session, "user.assign_places", user.id, user_id=by, places=len(wanted))


def assign_questionnaires(session: Session, user: User, questionnaire_ids: Iterable[int], *, by: str | None) -> None:
    """Make `questionnaire_ids` what `user` is to fill in, in place of the earlier ones; none means all questionnaires."""
    wanted = set(questionnaire_ids)
    mine = QuestionnaireAssignment.user_id == user.id
    before = set(session.scalars(select(QuestionnaireAssignment.questionnaire_id).where(mine)))
    gone = before - wanted
    session.execute(delete(QuestionnaireAssignment).where(mine, QuestionnaireAssignment.questionnaire_id.in_(gone)))
    session.add_all(
        QuestionnaireAssignment(user_id=user.id, questionnaire_id=added) for added in sorted(wanted - before)
    )
    session.flush()
    if wanted != before:
        record(session, "user.assign_questionnaires", user.id, user_id=by, questionnaires=len(wanted))


def deactivate_user(session: Session, user: User, *, by: str | None) -> None:
    """Let a person in no longer: sign-in, codes and phones end. What they collected stays."""
    user.is_active = False
    # A session from before must not come to life again with the person.
    user.session_epoch += 1
    session.flush()
    record(session, "user.deactivate", user.id, user_id=by)


def activate_user(session: Session, user: User, *, by: str | None) -> None:
    """Let somebody in again who had left: with their password, and with phones and codes that nobody took back meanwhile."""
    user.is_active = True
    session.flush()
    record(session, "user.activate", user.id, user_id=by)


def issue_enrolment(
    session: Session, user: User, *, by: str | None, lifetime: timedelta = ENROLMENT_LIFETIME
) -> tuple[Enrolment, str]:
    """Make a code with which `user`'s phone can enrol. Gives it and its token, which cannot be read again later."""
    token = new_token()
    enrolment = Enrolment(
        user_id=user.id, token_hash=hash_token(token), expires_at=utc_now() + lifetime, uses_left=ENROLMENT_USES
    )
    session.add(enrolment)
    session.flush()
    record(session, "enrolment.issue", str(enrolment.id), user_id=by, person=user.id)
    return enrolment, token


def revoke_all(session: Session, user: User, *, by: str | None) -> tuple[int, int]:
    """Take every code of `user` back, and every phone. Gives how many codes and phones that were."""
    codes = list(session.scalars(select(Enrolment).where(Enrolment.user_id == user.id, Enrolment.revoked_at.is_(None))))
    phones = list(session.scalars(select(Device).where(Device.user_id == user.id, Device.revoked_at.is_(None))))
    for device in phones:
        revoke_device(session, device, by=by)
    for enrolment in codes:
        revoke_enrolment(session, enrolment, by=by)
    return len(codes), len(phones)


def revoke_enrolment(session: Session, enrolment: Enrolment, *, by: str | None) -> None:
    """Take a code back, and the access of every phone that was enrolled with it."""
    enrolment.revoked_at = enrolment.revoked_at or utc_now()
    for device in session.query(Device).filter_by(enrolment_id=enrolment.id, revoked_at=None):
        device.revoked_at = utc_now()
    session.flush()
    record(session, "enrolment.revoke", str(enrolment.id), user_id=by, person=enrolment.user_id)


def revoke_device(session: Session, device: Device, *, by: str | None) -> None:
    """Take one phone's access back. What it holds stays on it and can be sent after a new enrolment."""
    device.revoked_at = device.revoked_at or utc_now()
    session.flush()
    record(session, "device.revoke", device.id, user_id=by, person=device.user_id)


def enrol_device(session: Session, token: str, label: str) -> tuple[Device, str]:
    """Make a phone of the code's person. Gives it and its device token.

    Raises CollectorError `enrolment_unknown`, `enrolment_revoked`, `enrolment_expired` or `enrolment_used_up`.
    """
    enrolment = session.query(Enrolment).filter_by(token_hash=hash_token(token)).with_for_update().one_or_none()
    if enrolment is None:
        raise CollectorError("enrolment_unknown")
    if enrolment.revoked_at is not None or not enrolment.user.is_active:
        raise CollectorError("enrolment_revoked")
    if enrolment.expires_at <= utc_now():
        raise CollectorError("enrolment_expired")
    if enrolment.uses_left <= 0:
        raise CollectorError("enrolment_used_up")
    enrolment.uses_left -= 1
    device_token = new_token()
    device = Device(
        user_id=enrolment.user_id,
        user=enrolment.user,
        enrolment_id=enrolment.id,
        token_hash=hash_token(device_token),
        label=label,
        last_seen_at=utc_now(),
    )
    session.add(device)
    session.flush()
    record(session, "device.enrol", device.id, device_id=device.id, person=device.user_id)
    return device, device_token
