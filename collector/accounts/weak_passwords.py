"""Passwords that are tried first by whoever guesses: common ones, names, patterns of the keyboard, days. Pure."""

from collections.abc import Iterable

#: Words that this program and those who use it suggest; whole words count, in any case, also with figures for letters.
SUGGESTED = (
    "collector", "survey", "office", "district", "wenjuan", "diaocha", "shequ", "jiedao", "问卷", "调查", "社区",
    "woaini", "woaini1314", "woaini520", "1314520", "5201314", "mima", "guanliyuan",
)  # fmt: skip
#: A password that is found within so many guesses is refused: with ten tries in five minutes they would take centuries, but a stolen
#: hash is tried much faster.
LEAST_GUESSES = 10**8
#: Characters that are looked at; the estimate takes no more.
LOOKED_AT = 72


def is_weak(password: str, known: Iterable[str]) -> bool:
    """Tell whether a password is soon guessed; `known`: what a guesser knows of the person, such as their login."""
    # It brings lists of words that only this needs.
    from zxcvbn import zxcvbn

    estimate = zxcvbn(password[:LOOKED_AT], user_inputs=[*SUGGESTED, *known])
    return bool(estimate["guesses"] < LEAST_GUESSES)
