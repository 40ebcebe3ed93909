"""What the minifier is known to get wrong does not stand in our sources, and what it makes still parses.

tdewolff-minify 2.24.12 moves `const { b } = (a.c)` in front of the `const a = …` of the line before: destructuring from an initial
value in parentheses, such as a JSDoc cast leaves behind. Declare the value first, then take it apart. It also drops what stands in
`void (a && b())`: write it as an `if`.
"""

import re
import shutil
import subprocess
from pathlib import Path

from flask import Flask

STATIC = Path(__file__).parent.parent.parent / "static"
TRAP = re.compile(r"^\s*(?:const|let)\s*[\[{][^=]*=\s*(?:/\*\*.*?\*/\s*)?\(", re.MULTILINE)


DROPPED = re.compile(r"\bvoid \([^()]*(?:&&|\|\|| \? )")


def test_nothing_that_acts_stands_in_a_void_of_a_condition() -> None:
    for path in STATIC.rglob("*.js"):
        found = DROPPED.search(path.read_text())
        assert not found, f"{path.relative_to(STATIC)}: {found and found[0]}"


def test_no_destructuring_from_parentheses() -> None:
    for path in STATIC.rglob("*.js"):
        found = TRAP.search(path.read_text())
        assert not found, f"{path.relative_to(STATIC)}: {found and found[0]}"


def test_every_packed_module_parses(app: Flask) -> None:
    node = shutil.which("node")
    assert node, "the tests need Node"
    packed = app.extensions["collector_static"]
    for name in packed.files:
        if name.endswith(".js"):
            source = (packed.root / name).read_text()
            done = subprocess.run(
                [node, "--input-type=module", "--check"], input=source, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{name}: {done.stderr}"
