"""`python -m tests.engine.walk_corpus FOLDER`: walks through every XLSForm of a folder and says what came of each.

Prints a line a file and below it what is wrong; ends with 1 where a form that compiles does not open, is not finished
or is flagged by the server's check.
"""

from __future__ import annotations

import sys
from pathlib import Path

from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.engine import Engine
from tests.engine.walks import walk_engine, walk_form

SEEDS = (1, 2, 3)
ENDINGS = (".xlsx", ".xls", ".xlsm")


def walk_file(engine: Engine, path: Path) -> bool:
    """Walk through one form and print what came of it; say whether all is well."""
    compiled = compile_workbook(path.read_bytes(), path.name)
    if compiled.model_json is None:
        print(f"refused   {path.name}: {compiled.errors[0].message if compiled.errors else ''}")
        return True
    is_well = True
    for seed in SEEDS:
        try:
            walk = walk_form(engine, compiled.model_json, seed)
        except Exception as error:
            print(f"STOPPED   {path.name} seed {seed}: {error}")
            is_well = False
            continue
        word = "finished" if not walk.flags and not walk.changed else "FLAGGED"
        print(
            f"{word:9} {path.name} seed {seed}: {walk.answered} of {walk.questions} answered, {len(walk.stuck)} stuck, {len(walk.impossible)} impossible"
        )
        for line in [
            *walk.flags[:12],
            *(f"reopened {line}" for line in walk.changed[:12]),
            *(f"stuck {s}" for s in walk.stuck[:6]),
        ]:
            print(f"          {line}")
        is_well = is_well and word == "finished"
    return is_well


def main(folder: str) -> int:
    """Walk through a folder."""
    engine = walk_engine()
    files = sorted(path for path in Path(folder).iterdir() if path.suffix in ENDINGS)
    results = [walk_file(engine, path) for path in files]
    print(f"{sum(results)} of {len(results)} files are well")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
