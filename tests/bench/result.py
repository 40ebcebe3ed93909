"""One measured figure."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """`value` in `unit`, from `n` measurements, over the database `db`."""

    bench: str
    value: float
    unit: str
    n: int
    db: str = "sqlite"

    def as_json(self) -> dict[str, Any]:
        """The line that `make bench` prints."""
        return asdict(self)
