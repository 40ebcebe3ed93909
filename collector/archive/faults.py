"""What goes wrong with a backup, a restore or a move, in words for whoever runs the server."""

from typing import Any


class ArchiveFault(Exception):
    """A backup cannot be made, read or restored. The message says what is wrong and what to do, and holds no answers."""


def reason_of(error: Any) -> str:
    """What a database said, without its details, which quote values. `error`: of SQLAlchemy or of a driver."""
    origin = getattr(error, "orig", error)
    primary = getattr(getattr(origin, "diag", None), "message_primary", None)
    return str(primary or origin)


def place_of_files(error: OSError) -> str:
    """A sentence of what the place where files lie said, without the number that such errors begin with."""
    said = error.strerror or str(error)
    return f"{said[:1].upper()}{said[1:]}."
