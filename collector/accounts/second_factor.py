"""The second step of a sign-in: a code of an authenticator app (TOTP, RFC 6238), or one of ten codes on paper for when the phone is lost.

Each takes the session and flushes.
"""

import base64
import secrets
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from collector.accounts.tokens import hash_token
from collector.journal import record
from collector.store import User, utc_now

ISSUER = "Collector"
#: Seconds that a code stands for, and how many such steps a phone's clock may be off.
STEP_S = 30
STEPS_OFF = 1
#: Codes on paper, and bytes of each: 128 random bits, which nobody guesses, so that a plain hash is enough.
CODES = 10
CODE_BYTES = 16


def new_secret() -> str:
    """A new secret of 160 bits, base32."""
    return pyotp.random_base32()


def secret_address(secret: str, login: str) -> str:
    """The secret as authenticator apps read it from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def matching_step(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """The time step whose code this is: the present one or a neighbour, later than `last_step`; None without."""
    present = int(now.timestamp()) // STEP_S
    for step in range(present - STEPS_OFF, present + STEPS_OFF + 1):
        is_new = last_step is None or step > last_step
        if is_new and secrets.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), code.encode()):
            return step
    return None


def take_code(session: Session, user: User, typed: str, now: datetime | None = None) -> bool:
    """Tell whether `typed` is a code that counts, and use it up: none counts twice."""
    code = "".join(typed.split()).replace("-", "")
    if user.totp_secret is None or not code:
        return False
    step = matching_step(user.totp_secret, code, now or utc_now(), user.totp_last_step)
    if step is not None:
        user.totp_last_step = step
        session.flush()
        return True
    hashed = hash_token(code.upper())
    if hashed not in user.recovery_codes:
        return False
    user.recovery_codes = [kept for kept in user.recovery_codes if kept != hashed]
    session.flush()
    record(session, "user.use_recovery_code", user.id, user_id=user.id, left=len(user.recovery_codes))
    return True


def switch_on(session: Session, user: User, secret: str, typed: str, now: datetime | None = None) -> list[str] | None:
    """Switch the second step on once a code shows that the app has the secret. Gives the codes on paper; None for a wrong code."""
    step = matching_step(secret, "".join(typed.split()), now or utc_now(), None)
    if step is None:
        return None
    user.totp_secret, user.totp_last_step = secret, step
    record(session, "user.second_step_on", user.id, user_id=user.id)
    return renew_codes(session, user)


def renew_codes(session: Session, user: User) -> list[str]:
    """Ten new codes on paper in place of the earlier ones. They cannot be read again later: only their hashes are kept."""
    codes = [base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=") for _ in range(CODES)]
    user.recovery_codes = [hash_token(code) for code in codes]
    session.flush()
    record(session, "user.renew_recovery_codes", user.id, user_id=user.id)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def switch_off(session: Session, user: User, *, by: str | None) -> None:
    """Let a password alone be enough again."""
    user.totp_secret, user.totp_last_step, user.recovery_codes = None, None, []
    session.flush()
    record(session, "user.second_step_off", user.id, user_id=by)
