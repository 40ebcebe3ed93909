"""The list in docs/security.md of weaknesses that were looked at and do not concern Collector, each until a day. Pure."""

import re
from datetime import date

from tests.audit.asking import Weakness

#: A line of the list: `| GHSA-… | package | why it does not concern us | 2027-01-31 |`.
LINE = re.compile(
    r"^\| `((?:GHSA|PYSEC|CVE)-[\w-]+)` \| `([^`]+)` \| ([^|]{20,}) \| (\d{4}-\d\d-\d\d) \|$", re.MULTILINE
)


def read_reviewed(text: str, today: date) -> set[tuple[str, str]]:
    """Identifier and package of what was looked at; an entry counts until its day, and is looked at again then."""
    return {(name, package) for name, package, _why, until in LINE.findall(text) if date.fromisoformat(until) >= today}


def unreviewed(weaknesses: list[Weakness], reviewed: set[tuple[str, str]]) -> list[Weakness]:
    """Those that nobody has looked at."""
    return [one for one in weaknesses if not any((name, one.package) in reviewed for name in one.names)]
