"""What a verification found: a line for each fault as soon as it is found, and counts at the end."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: Findings that are kept for the JSON at the end; all are printed and counted.
MAX_KEPT = 1000
#: Things between two lines about how far it is.
STEP = 50_000


@dataclass
class Report:
    """Faults (something is lost, changed or not explained) and notes (nothing is wrong, but somebody may want to know)."""

    #: Takes each line for people.
    say: Callable[[str], None]
    #: Takes lines about how far it is.
    say_progress: Callable[[str], None]
    faults: list[dict[str, str]] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    fault_count: int = 0
    #: How many of each thing were looked at.
    counts: Counter[str] = field(default_factory=Counter)
    #: Hash of the journal's last entry.
    last_hash: str = ""

    def fault(self, code: str, subject: object, message: str) -> None:
        """Take a fault down. `code` is stable, `subject` names the thing: the number of an entry, an id, a path."""
        self.fault_count += 1
        self._keep(self.faults, "fault", code, str(subject), message)

    def note(self, code: str, subject: object, message: str) -> None:
        """Take something down that is no fault."""
        self._keep(self.notes, "note", code, str(subject), message)

    def count(self, what: str) -> None:
        """Count one more thing that was looked at."""
        self.counts[what] += 1
        if self.counts[what] % STEP == 0:
            self.say_progress(f"{what}: {self.counts[what]}")

    def as_dict(self) -> dict[str, Any]:
        """Shape of the JSON: `ok`, `fault_count`, `faults` and `notes` (the first thousand of each), `counts`, `journal`."""
        return {
            "ok": not self.fault_count,
            "fault_count": self.fault_count,
            "faults": self.faults,
            "notes": self.notes,
            "counts": dict(self.counts),
            "journal": {"entries": self.counts["journal entries"], "last_hash": self.last_hash},
        }

    def _keep(self, kept: list[dict[str, str]], kind: str, code: str, subject: str, message: str) -> None:
        if len(kept) < MAX_KEPT:
            kept.append({"code": code, "subject": subject, "message": message})
        self.say(f"{kind}: {message}")
