"""Joining modules: the joined files do what the modules did, and what cannot be joined is refused by name."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from collector.static_join import JoinError, join_modules

MODULES = {
    "base.js": "let count = 0\nexport function add() {\n  count += 1\n  return count\n}\nexport const NAME = 'base'\n",
    "lib/names.js": "import { NAME } from '../base.js'\nconst own = 'lib'\nexport const both = `${own} ${NAME}`\n",
    "lib/where.js": "export const here = new URL('./picture.svg', import.meta.url).pathname\n",
    "first.js": "import { add, NAME as base } from './base.js'\nconst own = 'first'\n"
    "export class First {\n  say() {\n    return `${own} ${base} ${add()}`\n  }\n}\n",
    "views/second.js": "import {\n  add,\n} from '../base.js'\nimport * as names from '../lib/names.js'\n"
    "import { here } from '../lib/where.js'\nexport const second = () => [names.both, here, add()]\n",
    "later.js": "import { add } from './base.js'\nimport { both } from './lib/names.js'\n"
    "export const later = async () => [both, add(), (await import('./views/second.js')).second()]\n",
    "main.mjs": "import { First } from './first.js'\nimport { later } from './later.js'\n"
    "console.log(JSON.stringify([new First().say(), (await import('./views/second.js')).second(), await later()]))\n",
}
BUNDLES = {"first.js": ["first.js"], "views/second.js": ["views/second.js"]}


def run(files: dict[str, str], folder: Path) -> list:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "package.json").write_text('{"type": "module"}')
    node = shutil.which("node")
    assert node, "the tests need Node"
    done = subprocess.run([node, str(folder / "main.mjs")], capture_output=True, text=True, check=True)
    said = done.stdout.replace(str(folder), "")
    return json.loads(said)


def test_joined_modules_do_what_they_did(tmp_path: Path) -> None:
    joined = join_modules(MODULES, BUNDLES)
    assert set(joined) == {"first.js", "views/second.js", "later.js", "main.mjs"}
    plain = run(MODULES, tmp_path / "plain")
    assert run(joined, tmp_path / "joined") == plain
    # One module stays one module: its count goes on, whoever calls it.
    assert [plain[0], plain[1][2], plain[2][1], plain[2][2][2]] == ["first base 1", 2, 3, 4]
    assert plain[1][1] == "/lib/picture.svg"


def test_a_bundle_may_be_a_file_of_its_own(tmp_path: Path) -> None:
    joined = join_modules(MODULES, {"first.js": ["first.js"], "rest.js": ["views/second.js", "later.js"]})
    assert set(joined) == {"first.js", "rest.js", "main.mjs"}
    assert run(joined, tmp_path / "joined") == run(MODULES, tmp_path / "plain")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("import x from './base.js'\n", "only named imports"),
        ("export default 5\n", "export default 5"),
        ("export let changing = 5\n", "export let changing"),
        ("import './base.js'\n", "import './base.js'"),
        ("export * from './base.js'\n", "export * from"),
    ],
)
def test_what_cannot_be_joined_is_refused_by_name(text: str, says: str) -> None:
    with pytest.raises(JoinError, match=says.replace("*", r"\*")):
        join_modules(MODULES | {"first.js": text}, {"first.js": ["first.js"]})


def test_modules_of_types_are_not_served() -> None:
    assert set(
        join_modules({"a.js": "export const a = 1\n", "types.js": "/** @typedef {1} One */\n\nexport {}\n"}, {})
    ) == {"a.js"}


def test_a_missing_module_is_named() -> None:
    with pytest.raises(JoinError, match=r"a\.js needs b\.js"):
        join_modules({"a.js": "import { b } from './b.js'\nexport const a = b\n"}, {"a.js": ["a.js"]})


def test_a_circle_is_refused() -> None:
    modules = {
        "a.js": "import { b } from './b.js'\nexport const a = b\n",
        "b.js": "import { a } from './a.js'\nexport const b = a\n",
    }
    with pytest.raises(JoinError, match=r"a\.js imports itself by way of b\.js"):
        join_modules(modules, {"a.js": ["a.js"]})
