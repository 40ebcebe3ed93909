"""The limit on guesses of tokens: those of phones and programs, codes that enrol, and the like.

A right one is never refused, however many wrong ones came from its address: volunteers share addresses with each other, and with
whoever else is in the same network. Nobody guesses 256 random bits; the limit keeps those who try from writing and reading without end.
"""

import hashlib

from collector.accounts.tries import counts, key_of, refuse_for

#: Different wrong tokens from one address within five minutes after which further ones are told to wait. Phones whose tokens an older
#: backup does not know are many at one address; the same token again is no further guess.
GUESSES = 100
#: Stands for the login where guesses are counted; no login begins with a blank.
TOKENS = " tokens"


def count_guess(text: str, address: str) -> None:
    """Count a token that has proved to be wrong. Not to be called inside a `writing()` block.

    Raises CollectorError `too_many_guesses`.
    """
    key = key_of(TOKENS, address)
    # Most of what comes beyond the limit is to cost no transaction that writes.
    refuse_for("too_many_guesses", counts().seconds_to_wait(key, GUESSES))
    # Enough of the hash to tell guesses from each other, and too little to find a token by.
    what = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    refuse_for("too_many_guesses", counts().count(key, what, GUESSES))
