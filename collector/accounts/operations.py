"""Writes to people, enrolment codes and phones. Each takes the session and flushes; the request commits."""

from collections.abc import Iterable
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from collector.accounts.tokens import hash_token, new_token
from collector.errors import CollectorError
from collector.journal import record
from collector.store import Assignment, Device, Enrolment, User, utc_now

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
    by: str | None = None,
) -> User:
    """Add a person. `login` is case-folded; it and `password` are for people of the office. Gives the flushed person."""
    user = User(name=name, role=role, login=login.casefold() if login else None, language=language)
    if password:
        user.password_hash = hasher.hash(password)
    session.add(user)
    session.flush()
    record(session, "user.create", user.id, user_id=by, role=role)
    return user


def set_password(session: Session, user: User, password: str, *, by: str | None) -> None:
    """Give `user` a new password."""
    user.password_hash = hasher.hash(password)
    session.flush()
    record(session, "user.set_password", user.id, user_id=by)


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
    """Make `place_ids` the communities of `user`, in place of the earlier ones; none means all communities."""
    wanted = set(place_ids)
    kept = [assignment for assignment in user.assignments if assignment.place_id in wanted]
    added = wanted - {assignment.place_id for assignment in kept}
    user.assignments = kept + [Assignment(place_id=place_id) for place_id in sorted(added)]
    session.flush()
    record(session, "user.assign_places", user.id, user_id=by, places=len(wanted))


def deactivate_user(session: Session, user: User, *, by: str | None) -> None:
    """Let a person in no longer: sign-in, codes and phones end. What they collected stays."""
    user.is_active = False
    session.flush()
    record(session, "user.deactivate", user.id, user_id=by)


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
