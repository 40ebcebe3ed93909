"""Letting somebody in again who forgot a PIN: a phone asks, a supervisor answers. Each takes the session and flushes.

The volunteer's key is opened only to be sealed again at once for the phone that asked; in the open it is stored nowhere.
"""

import base64

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from collector.errors import CollectorError
from collector.journal import record
from collector.sealing.boxes import KEY_BYTES, CannotOpen, check_number, read_point, seal_box
from collector.sealing.keys import SealingKey
from collector.store import Device, KeyRecovery, utc_now
from collector.store.recoveries import ASKED, GRANTED, LIFETIME, REFUSED

#: Questions of one phone that may be open at a time.
MAX_OPEN = 20


def ask_recovery(session: Session, device: Device, sealed: bytes, reply_key: bytes, key: SealingKey) -> KeyRecovery:
    """Note that the person of `device` asks to be let in again; the same question again gives what is there.

    Raises CollectorError `recovery_malformed` for what cannot be answered, and `too_many_recoveries`.
    """
    try:
        read_point(reply_key)
        _open_key(sealed, key, device.user_id)
    except CannotOpen:
        raise CollectorError("recovery_malformed") from None
    session.execute(delete(KeyRecovery).where(KeyRecovery.asked_at < utc_now() - LIFETIME))
    encoded = base64.b64encode(reply_key).decode()
    same = select(KeyRecovery).filter_by(user_id=device.user_id, reply_key=encoded)
    found = session.scalar(same)
    if found is not None:
        return found
    is_open = select(func.count()).select_from(KeyRecovery).filter_by(device_id=device.id, state=ASKED)
    if (session.scalar(is_open) or 0) >= MAX_OPEN:
        raise CollectorError("too_many_recoveries", limit=MAX_OPEN)
    asked = KeyRecovery(
        user_id=device.user_id, device_id=device.id, sealed=base64.b64encode(sealed).decode(), reply_key=encoded
    )
    try:
        with session.begin_nested():
            session.add(asked)
    except IntegrityError:
        # The same question came twice at the same moment.
        return session.scalars(same).one()
    record(session, "recovery.ask", asked.id, device_id=device.id, person=device.user_id)
    return asked


def find_recovery(session: Session, recovery_id: str, device: Device) -> KeyRecovery:
    """The question of `device`'s person. Raises CollectorError `recovery_unknown`, `recovery_of_other_user`."""
    found = session.get(KeyRecovery, recovery_id)
    if found is None or is_expired(found):
        raise CollectorError("recovery_unknown")
    if found.user_id != device.user_id:
        raise CollectorError("recovery_of_other_user")
    return found


def decide_recovery(session: Session, recovery_id: str, key: SealingKey, *, is_granted: bool, by: str) -> KeyRecovery:
    """Answer a question: with the volunteer's key, sealed for the phone that asked, or not at all.

    Raises CollectorError `recovery_unknown` for one that is no longer open, `sealing_key_differs` when the key has been changed since.
    """
    asked = session.get(KeyRecovery, recovery_id, with_for_update=True)
    if asked is None or asked.state != ASKED or is_expired(asked) or not asked.user.is_active:
        raise CollectorError("recovery_unknown")
    if is_granted:
        try:
            opened = _open_key(base64.b64decode(asked.sealed), key, asked.user_id)
        except CannotOpen:
            raise CollectorError("sealing_key_differs") from None
        answer = seal_box(opened, read_point(base64.b64decode(asked.reply_key)), asked.user_id)
        asked.answer = base64.b64encode(answer).decode()
    asked.state = GRANTED if is_granted else REFUSED
    asked.decided_at, asked.decided_by = utc_now(), by
    session.flush()
    action = "recovery.grant" if is_granted else "recovery.refuse"
    record(session, action, asked.id, user_id=by, person=asked.user_id, device=asked.device_id)
    return asked


def list_open_recoveries(session: Session, user_id: str | None = None) -> list[KeyRecovery]:
    """Questions that wait for an answer, newest first; of one person, or of all."""
    query = select(KeyRecovery).where(KeyRecovery.state == ASKED, KeyRecovery.asked_at >= utc_now() - LIFETIME)
    if user_id is not None:
        query = query.where(KeyRecovery.user_id == user_id)
    return list(session.scalars(query.options(joinedload(KeyRecovery.device)).order_by(KeyRecovery.asked_at.desc())))


def number_of(asked: KeyRecovery) -> str:
    """The check number that phone and office show."""
    return check_number(base64.b64decode(asked.reply_key))


def is_expired(asked: KeyRecovery) -> bool:
    """Whether it was asked too long ago to be answered."""
    return asked.asked_at < utc_now() - LIFETIME


def _open_key(sealed: bytes, key: SealingKey, user_id: str) -> bytes:
    opened = key.open(sealed, user_id)
    if len(opened) != KEY_BYTES:
        raise CannotOpen("a key has 32 bytes")
    return opened
