"""Joining ES modules: what a screen needs at once comes in one file, so that a slow network is asked a few times and not a hundred.

`static/` is written, read, checked and tested as plain modules, and runs as it is. This makes the copy that is served: each entry
module takes in everything that it imports, unless an earlier entry has it already. A joined module becomes a function that gives its
exports; whoever imported it, joined or not, takes them from the entry's file instead.
"""

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: A static import: what is imported, from where. The codebase writes them at the start of a line.
IMPORT = re.compile(r"^import\s+(?P<what>[^'\";]+?)\s+from\s+'(?P<path>[^']+)';?[^\S\n]*$", re.MULTILINE)
#: A dynamic import of a module of ours.
DYNAMIC = re.compile(r"\bimport\('(?P<path>\.[^']+)'\)")
#: An export with its declaration, the only kind that is written here.
EXPORT = re.compile(r"^export\s+(?=(?:async\s+)?(?:function\b\*?|class|const)\s*(?P<name>[\w$]+))", re.MULTILINE)
#: What makes a file a module of nothing but types, for the type checker: it is not served.
TYPES_ONLY = re.compile(r"^export \{\}[^\S\n]*$", re.MULTILINE)
#: Whatever begins like an import or export and is none of the above.
UNKNOWN = re.compile(r"^(?:import\b(?!\()|export\b).*$", re.MULTILINE)
OWN_ADDRESS = re.compile(r"\bimport\.meta\.url\b")


class JoinError(Exception):
    """A module is written in a way that cannot be joined; the message says which and how."""


@dataclass(frozen=True)
class Joined:
    """A module that was taken into an entry: the entry's path, and the name that holds its exports there."""

    entry: str
    name: str


def join_modules(sources: Mapping[str, str], entries: Iterable[str]) -> dict[str, str]:
    """Give the files to serve in place of `sources`, modules by path, less the joined ones and those of types.

    Raises JoinError for circular imports and for kinds of import and export that are not understood.
    """
    sources = {path: text for path, text in sources.items() if not TYPES_ONLY.search(text)}
    joined: dict[str, Joined] = {}
    order: dict[str, list[str]] = {}
    for entry in entries:
        order[entry] = import_order(sources, entry, joined)
        for path in order[entry]:
            joined[path] = Joined(entry, f"$m{len(joined)}")
    written = {path: link(path, text, joined) for path, text in sources.items() if path not in joined}
    for entry, paths in order.items():
        written[entry] = write_entry(entry, paths, sources, joined)
    return written


def import_order(sources: Mapping[str, str], entry: str, done: Mapping[str, Joined]) -> list[str]:
    """The modules that `entry` needs and that are not `done`, each after all that it imports; `entry` is the last."""
    order: list[str] = []
    open_paths: list[str] = []

    def visit(path: str) -> None:
        if path in done or path in order:
            return
        if path in open_paths:
            raise JoinError(f"{path} imports itself by way of {' and '.join(open_paths[open_paths.index(path) + 1 :])}")
        if path not in sources:
            raise JoinError(
                f"{open_paths[-1] if open_paths else 'an entry'} needs {path}, which is not there or holds only types"
            )
        open_paths.append(path)
        for found in IMPORT.finditer(sources[path]):
            visit(resolve(path, found["path"]))
        order.append(open_paths.pop())

    visit(entry)
    return order


def resolve(path: str, relative: str) -> str:
    """The path that the module at `path` means by `relative`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))


def relative_to(path: str, target: str) -> str:
    """How the module at `path` addresses `target`."""
    way = posixpath.relpath(target, posixpath.dirname(path))
    return way if way.startswith(".") else f"./{way}"


def write_entry(entry: str, paths: list[str], sources: Mapping[str, str], joined: Mapping[str, Joined]) -> str:
    """The file of an entry: its modules in order, and an export of each for those who are not in it."""
    outside: dict[str, list[str]] = {}
    bodies = []
    for path in paths:
        imported = [resolve(path, found["path"]) for found in IMPORT.finditer(sources[path])]
        for target in imported:
            if joined[target].entry != entry:
                names = outside.setdefault(joined[target].entry, [])
                if joined[target].name not in names:
                    names.append(joined[target].name)
        bodies.append(write_body(path, sources[path], entry, joined))
    imports = [
        f"import {{ {', '.join(names)} }} from '{relative_to(entry, other)}'" for other, names in outside.items()
    ]
    exports = f"export {{ {', '.join(joined[path].name for path in paths)} }}"
    return "\n".join([*imports, *bodies, exports, ""])


def write_body(path: str, source: str, entry: str, joined: Mapping[str, Joined]) -> str:
    """A module as a function that gives its exports."""
    names = [found["name"] for found in EXPORT.finditer(source)]
    text = IMPORT.sub(lambda found: take(found["what"], joined[resolve(path, found["path"])].name), source)
    text = EXPORT.sub("", text)
    refuse_unknown(path, text)
    text = link_dynamic(path, text, joined, seen_from=entry)
    text = OWN_ADDRESS.sub(f"new URL('{relative_to(entry, path)}', import.meta.url).href", text)
    return f"const {joined[path].name} = (() => {{\n{text}\nreturn {{ {', '.join(names)} }}\n}})()"


def link(path: str, source: str, joined: Mapping[str, Joined]) -> str:
    """A module that stays a file of its own, taking from the entries what it imports of joined ones."""

    def relink(found: re.Match[str]) -> str:
        target = joined.get(resolve(path, found["path"]))
        if target is None:
            return found[0]
        where = relative_to(path, target.entry)
        return f"import {{ {target.name} }} from '{where}'\n{take(found['what'], target.name)}"

    refuse_unknown(path, EXPORT.sub("", IMPORT.sub("", source)))
    return link_dynamic(path, IMPORT.sub(relink, source), joined, seen_from=path)


def link_dynamic(path: str, text: str, joined: Mapping[str, Joined], *, seen_from: str) -> str:
    """Let the dynamic imports of the module at `path` find their module, from the file `seen_from` that it now stands in."""

    def relink(found: re.Match[str]) -> str:
        path_of_target = resolve(path, found["path"])
        target = joined.get(path_of_target)
        if target is None:
            return f"import('{relative_to(seen_from, path_of_target)}')"
        return f"import('{relative_to(seen_from, target.entry)}').then((entry) => entry.{target.name})"

    return DYNAMIC.sub(relink, text)


def take(what: str, name: str) -> str:
    """The declaration that does what `import what` did, from the object `name`."""
    if what.startswith("*"):
        return f"const {what.partition(' as ')[2].strip()} = {name}"
    if not what.startswith("{"):
        raise JoinError(f"only named imports can be joined, not: import {what}")
    renamed = re.sub(r"\s+as\s+", ": ", what)
    return f"const {renamed} = {name}"


def refuse_unknown(path: str, text: str) -> None:
    """Raise JoinError if an import or export is left."""
    found = UNKNOWN.search(text)
    if found:
        raise JoinError(f"{path}: this cannot be joined: {found[0]}")
