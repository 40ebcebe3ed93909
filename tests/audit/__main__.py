"""`make audit`: 1 where a package has a known weakness that nobody has looked at; who could not be asked is said, and is no fault."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.audit.asking import ROOT, Asked, ask_npm, ask_pip
from tests.audit.reviewed import read_reviewed, unreviewed


def main() -> int:
    """Ask, and say what was found."""
    parser = argparse.ArgumentParser(prog="audit", description=__doc__)
    parser.add_argument("--requirements", type=Path, help="pins to ask about, in place of what is installed")
    parser.add_argument("--osv-url", help="a service of OSV to ask, in place of the public ones")
    wanted = parser.parse_args()
    if wanted.osv_url:
        answers = [ask_pip(wanted.requirements, ["--osv-url", wanted.osv_url], ["osv"])]
    else:
        answers = [ask_pip(wanted.requirements), *([] if wanted.requirements else [ask_npm()])]
    reviewed = read_reviewed((ROOT / "docs" / "security.md").read_text(), datetime.now(UTC).date())
    return max(tell(asked, reviewed) for asked in answers)


def tell(asked: Asked, reviewed: set[tuple[str, str]]) -> int:
    """Say what one of them said; 1 where it is bad."""
    if asked.reason:
        print(f"audit: COULD NOT ASK {asked.who}: {asked.reason}")
        return 0
    found = unreviewed(asked.weaknesses, reviewed)
    for one in found:
        print(
            f"audit: {one.package} {one.version}: {', '.join(one.names)}; mended in: {one.fixed_in or 'no version yet'}"
        )
    if asked.unasked:
        print(f"audit: {asked.who} could not tell anything of {', '.join(asked.unasked)}")
    looked_at = len(asked.weaknesses) - len(found)
    print(
        f"audit: {asked.who} knows {asked.packages} packages; {len(found)} weaknesses, and {looked_at} that were looked at"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
