"""Who is asked: pip-audit, for packages of Python, and npm, for those of the checks; what they say, or that they could not be asked."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
#: Seconds that an answer may take.
PATIENCE_S = 180
#: Services of pip-audit, in the order in which they are asked until one knows the packages.
SERVICES = ("pypi", "osv")


@dataclass(frozen=True)
class Weakness:
    """A known weakness of a package. `names`: its identifiers, the first one its own."""

    package: str
    version: str
    names: tuple[str, ...]
    fixed_in: str


@dataclass
class Asked:
    """What one of them said. `unasked`: packages that it could not tell anything of; `reason`: why it said nothing at all."""

    who: str
    packages: int = 0
    weaknesses: list[Weakness] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    reason: str = ""


def ask_pip(requirements: Path | None = None, options: Sequence[str] = (), services: Sequence[str] = SERVICES) -> Asked:
    """What pip-audit knows of the packages that are installed here, or of those pinned in a file."""
    what = ["-r", str(requirements), "--no-deps", "--disable-pip"] if requirements else ["--local"]
    asked = Asked("pip-audit", reason="nobody was asked")
    for service in services:
        command = [
            sys.executable,
            "-m",
            "pip_audit",
            *what,
            "-s",
            service,
            "-f",
            "json",
            "--progress-spinner",
            "off",
            *options,
        ]
        asked = read_pip(*run(command))
        if not asked.reason:
            break
    return asked


def read_pip(output: str, complaint: str) -> Asked:
    """What pip-audit printed."""
    asked = Asked("pip-audit")
    try:
        found: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        asked.reason = last_line(complaint)
        return asked
    asked.unasked = [one["name"] for one in found if "skip_reason" in one]
    asked.packages = len(found) - len(asked.unasked)
    if not asked.packages:
        asked.reason = next((one["skip_reason"] for one in found), "no packages")
    for one in found:
        for weakness in one.get("vulns", ()):
            names = (weakness["id"], *weakness.get("aliases", ()))
            asked.weaknesses.append(
                Weakness(one["name"], one["version"], names, ", ".join(weakness.get("fix_versions", ())))
            )
    return asked


def ask_npm() -> Asked:
    """What npm knows of the packages of package-lock.json, none of which reaches a phone or a server."""
    return read_npm(*run(["npm", "audit", "--json"]))


def read_npm(output: str, complaint: str) -> Asked:
    """What `npm audit` printed."""
    asked = Asked("npm audit")
    try:
        found = json.loads(output)
        asked.packages = found["metadata"]["dependencies"]["total"]
        weak: dict[str, Any] = found["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        asked.reason = last_line(complaint or output)
        return asked
    for name, one in weak.items():
        for via in one["via"]:
            # A text names another package through which this one is weak; that has an entry of its own.
            if isinstance(via, dict):
                label = str(via.get("url", "")).rsplit("/", 1)[-1] or str(via.get("source"))
                asked.weaknesses.append(Weakness(name, one.get("range", ""), (label,), str(one.get("fixAvailable"))))
    return asked


def run(command: Sequence[str]) -> tuple[str, str]:
    """Output and complaints of a command."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", f"{type(error).__name__}: {command[0]}"
    return done.stdout, done.stderr


def last_line(text: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and "complete log of this run" not in line]
    return lines[-1][:200] if lines else "it said nothing"
