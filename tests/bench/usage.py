"""CPU time and memory of processes, from /proc."""

import os
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and all that it began, and these."""
    found, at = [pid], 0
    while at < len(found):
        try:
            # A process is the child of the thread that began it.
            text = " ".join((task / "children").read_text() for task in Path(f"/proc/{found[at]}/task").iterdir())
        except OSError:
            text = ""
        found += [int(child) for child in text.split()]
        at += 1
    return found


def postgresql() -> list[int]:
    """The processes of PostgreSQL on this machine."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and (folder / "comm").read_text().strip() == "postgres":
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU time that the processes have used until now, with those of their children that have ended."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        # utime, stime, cutime, cstime: fields 14 to 17 of proc(5).
        total += sum(int(field) for field in fields[11:15])
    return total / TICKS


def pss_mb(pids: Iterable[int]) -> float:
    """Memory of the processes together, what they share counted once, in millions of bytes."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total / 1e6
