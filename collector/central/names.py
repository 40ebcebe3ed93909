"""Names of questions as identifiers of OData. Pure.

Source: OData Version 4.0, part 3 (CSDL), section 17.2: a letter or `_`, then letters, digits and `_`, at most 128 characters.
"""

import re

MAX_LENGTH = 128


def identifier(name: str) -> str:
    """`name` with `_` for each character that an identifier cannot have, and in front where its first one cannot begin it."""
    legal = re.sub(r"\W", "_", name)
    if not legal or not (legal[0].isalpha() or legal[0] == "_"):
        legal = f"_{legal}"
    return legal[:MAX_LENGTH]


def unique(name: str, taken: set[str]) -> str:
    """The identifier of `name`, with a number behind it if that is taken. Mutates `taken`."""
    legal = identifier(name)
    found, number = legal, 1
    while found in taken:
        number += 1
        ending = f"_{number}"
        found = legal[: MAX_LENGTH - len(ending)] + ending
    taken.add(found)
    return found
