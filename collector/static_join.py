"""Joining ES modules: what a screen needs at once comes in one file, so that a slow network is asked a few times and not a hundred.

`static/` is written, read, checked and tested as plain modules, and runs as it is. This makes the copy that is served: each bundle
takes in its modules and everything that they import, unless an earlier bundle has it already. A joined module becomes a function that
gives its exports; whoever imported it, joined or not, takes them from the bundle's file instead.
"""

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_letters

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
    """A module that was taken into a bundle: the bundle's path, the name that holds its exports there, and what each is called in it."""

    bundle: str
    name: str
    exports: Mapping[str, str]


def join_modules(sources: Mapping[str, str], bundles: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Give the files to serve in place of `sources`, modules by path, less the joined ones and those of types.

    `bundles`: the modules that each file begins with, by the file's path; it may be the path of one of them, or a new one.
    Raises JoinError for circular imports and for kinds of import and export that are not understood.
    """
    sources = {path: text for path, text in sources.items() if not TYPES_ONLY.search(text)}
    for path, text in sources.items():
        refuse_unknown(path, text)
    kept_whole = imported_whole(sources)
    joined: dict[str, Joined] = {}
    order: dict[str, list[str]] = {}
    for bundle, roots in bundles.items():
        order[bundle] = import_order(sources, roots, joined)
        for path in order[bundle]:
            exports = short_names(sources[path], is_short=path not in kept_whole)
            joined[path] = Joined(bundle, f"${letters(len(joined))}", exports)
    written = {path: link(path, text, joined) for path, text in sources.items() if path not in joined}
    for bundle, paths in order.items():
        wanted = wanted_outside(bundle, sources, joined)
        written[bundle] = write_bundle(bundle, [(path, sources[path]) for path in paths], wanted, joined)
    return written


def wanted_outside(bundle: str, sources: Mapping[str, str], joined: Mapping[str, Joined]) -> set[str]:
    """The modules of a bundle that others ask for, and whatever is imported dynamically."""
    wanted = set()
    for path, text in sources.items():
        wanted |= {resolve(path, found["path"]) for found in DYNAMIC.finditer(text)}
        if path not in joined or joined[path].bundle != bundle:
            wanted |= {resolve(path, found["path"]) for found in IMPORT.finditer(text)}
    return wanted


def import_order(sources: Mapping[str, str], roots: Iterable[str], done: Mapping[str, Joined]) -> list[str]:
    """The `roots` and the modules that they need and that are not `done`, each after all that it imports."""
    order: list[str] = []
    open_paths: list[str] = []

    def visit(path: str) -> None:
        if path in done or path in order:
            return
        if path in open_paths:
            raise JoinError(f"{path} imports itself by way of {' and '.join(open_paths[open_paths.index(path) + 1 :])}")
        if path not in sources:
            raise JoinError(
                f"{open_paths[-1] if open_paths else 'a bundle'} needs {path}, which is not there or holds only types"
            )
        open_paths.append(path)
        for found in IMPORT.finditer(sources[path]):
            visit(resolve(path, found["path"]))
        order.append(open_paths.pop())

    for root in roots:
        visit(root)
    return order


def imported_whole(sources: Mapping[str, str]) -> set[str]:
    """The modules that somebody imports as an object, dynamically or by `*`: what they export must keep its name."""
    whole = set()
    for path, text in sources.items():
        whole |= {resolve(path, found["path"]) for found in DYNAMIC.finditer(text)}
        whole |= {resolve(path, found["path"]) for found in IMPORT.finditer(text) if found["what"].startswith("*")}
    return whole


def short_names(source: str, *, is_short: bool) -> dict[str, str]:
    """What the exports of a module are called in the object that holds them: a, b, c … where they need not keep their names."""
    names = [found["name"] for found in EXPORT.finditer(source)]
    return {name: letters(index) if is_short else name for index, name in enumerate(names)}


def letters(number: int) -> str:
    """A short name for each number: a, b, … Z, then aa, ba, …"""
    name = ascii_letters[number % 52]
    return name if number < 52 else name + letters(number // 52 - 1)


def resolve(path: str, relative: str) -> str:
    """The path that the module at `path` means by `relative`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))


def relative_to(path: str, target: str) -> str:
    """How the module at `path` addresses `target`."""
    way = posixpath.relpath(target, posixpath.dirname(path))
    return way if way.startswith(".") else f"./{way}"


def write_bundle(
    bundle: str, modules: Sequence[tuple[str, str]], wanted: set[str], joined: Mapping[str, Joined]
) -> str:
    """The file of a bundle: its modules, path and text, in order, and an export of each that is `wanted` outside of it."""
    outside: dict[str, dict[str, None]] = {}
    for path, text in modules:
        for found in IMPORT.finditer(text):
            target = joined[resolve(path, found["path"])]
            if target.bundle != bundle:
                outside.setdefault(target.bundle, {})[target.name] = None
    imports = [
        f"import {{ {', '.join(names)} }} from '{relative_to(bundle, other)}'" for other, names in outside.items()
    ]
    bodies = [write_body(path, text, bundle, joined) for path, text in modules]
    exports = f"export {{ {', '.join(joined[path].name for path, _ in modules if path in wanted)} }}"
    return "\n".join([*imports, *bodies, exports, ""])


def write_body(path: str, source: str, bundle: str, joined: Mapping[str, Joined]) -> str:
    """A module as a function that gives its exports."""
    text = IMPORT.sub(lambda found: take(found["what"], joined[resolve(path, found["path"])]), source)
    text = EXPORT.sub("", text)
    text = link_dynamic(path, text, joined, seen_from=bundle)
    text = OWN_ADDRESS.sub(f"new URL('{relative_to(bundle, path)}', import.meta.url).href", text)
    exports = ", ".join(f"{short}: {name}" for name, short in joined[path].exports.items())
    return f"const {joined[path].name} = (() => {{\n{text}\nreturn {{ {exports} }}\n}})()"


def link(path: str, source: str, joined: Mapping[str, Joined]) -> str:
    """A module that stays a file of its own, taking from the bundles what it imports of joined ones."""

    def relink(found: re.Match[str]) -> str:
        target = joined.get(resolve(path, found["path"]))
        if target is None:
            return found[0]
        where = relative_to(path, target.bundle)
        return f"import {{ {target.name} }} from '{where}'\n{take(found['what'], target)}"

    return link_dynamic(path, IMPORT.sub(relink, source), joined, seen_from=path)


def link_dynamic(path: str, text: str, joined: Mapping[str, Joined], *, seen_from: str) -> str:
    """Let the dynamic imports of the module at `path` find their module, from the file `seen_from` that it now stands in."""

    def relink(found: re.Match[str]) -> str:
        path_of_target = resolve(path, found["path"])
        target = joined.get(path_of_target)
        if target is None:
            return f"import('{relative_to(seen_from, path_of_target)}')"
        return f"import('{relative_to(seen_from, target.bundle)}').then((bundle) => bundle.{target.name})"

    return DYNAMIC.sub(relink, text)


def take(what: str, module: Joined) -> str:
    """The declaration that does what `import what` did, from the object that holds the module's exports."""
    if what.startswith("*"):
        return f"const {what.partition(' as ')[2].strip()} = {module.name}"
    parts = [part.split(" as ") for part in re.split(r",\s*", re.sub(r"\s+", " ", what).strip("{ ,}"))]
    missing = [part[0] for part in parts if part[0] not in module.exports]
    if missing:
        raise JoinError(f"nothing is exported as {', '.join(missing)}: import {what}")
    names = ", ".join(f"{module.exports[part[0]]}: {part[-1]}" for part in parts)
    return f"const {{ {names} }} = {module.name}"


def refuse_unknown(path: str, text: str) -> None:
    """Raise JoinError if the module imports or exports in a way that is not understood."""
    for found in IMPORT.finditer(text):
        if not found["what"].startswith(("{", "*")):
            raise JoinError(f"{path}: only named imports can be joined, not: {found[0]}")
    unknown = UNKNOWN.search(EXPORT.sub("", IMPORT.sub("", text)))
    if unknown:
        raise JoinError(f"{path}: this cannot be joined: {unknown[0]}")
