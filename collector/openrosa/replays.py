"""Each count of a nonce is taken once, by whichever host: somebody who listens gains nothing by sending a request again.

What was used is kept in the database for as long as a nonce counts (RFC 7616, section 5.5).
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collector.openrosa.challenges import NONCE_SECONDS
from collector.store.base import utc_now
from collector.store.hosts import UsedNonce


def use_once(session: Session, nonce: str, count: str, made_at: datetime) -> bool:
    """Note that `count` of `nonce`, which was made at that moment, is used; tells whether it was new."""
    used = UsedNonce(id=hashlib.sha256(f"{nonce} {count}".encode()).hexdigest(), made_at=made_at)
    try:
        with session.begin_nested():
            session.add(used)
    except IntegrityError:
        return False
    # Twice as long: clocks of hosts may differ.
    session.execute(delete(UsedNonce).where(UsedNonce.made_at < utc_now() - timedelta(seconds=2 * NONCE_SECONDS)))
    return True
