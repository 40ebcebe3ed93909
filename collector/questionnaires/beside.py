"""The files beside a workbook that its form names: lists and media, found among those uploaded, read and hashed.

Source: docs/form-model.md, "Files beside the workbook".
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from collector.questionnaires.columns import MEDIA_COLUMNS, Table, TableRow
from collector.questionnaires.findings import Finding, WorkbookRefused
from collector.questionnaires.list_files import XmlNames, read_list_file
from collector.questionnaires.xml_paths import follow_names

LIST_TYPE = "application/json"
OTHER_TYPE = "application/octet-stream"
_LITERAL = re.compile(r"['\"]([^'\"]+)['\"]")
# How a default names a picture of the form (ODK XForms, "Media").
_PICTURE = "jr://images/"
# Endings that a machine's own table of types may lack.
_TYPES = {".webp": "image/webp", ".m4a": "audio/mp4", ".opus": "audio/ogg", ".3gp": "video/3gpp", ".heic": "image/heic"}


@dataclass(frozen=True)
class BesideFile:
    """One file that the form names.

    `name` is as the form writes it. `content` is what phones fetch: a list's JSON, or the media file as it is;
    None where the file was not uploaded (`sha256` and `type` are "" and `size` 0 then, unless it is media, whose type
    the name tells). `size` counts the bytes of `content`, `rows` those of a list. `sheet` and `row` tell where it is
    named first, where that is known.
    """

    name: str
    is_list: bool
    type: str
    sha256: str = ""
    size: int = 0
    content: bytes | None = None
    rows: int = 0
    sheet: str | None = None
    row: int | None = None

    @property
    def is_missing(self) -> bool:
        """Whether the form names it and it was not uploaded."""
        return self.content is None


@dataclass
class Beside:
    """The files in the order in which the form names them, and the findings."""

    files: list[BesideFile] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def attach_files(model: dict[str, Any], uploaded: Mapping[str, bytes], tables: Mapping[str, Table]) -> Beside:
    """Finds the files that a form model names among those uploaded, and names their content in it.

    Mutates: `model` (`lists` of files, `media`).
    """
    beside = Beside()
    found = _Uploads(uploaded)
    places = _Places(tables)
    by_name: dict[str, BesideFile] = {}
    for list_id, entry in list(model["lists"].items()):
        if "file" in entry:
            name = entry["file"]
            if name not in by_name:
                by_name[name], names = _list(name, found.take(name), entry.pop("joined", []), places, beside)
                if names is not None:
                    follow_names(model, list_id, names)
            if not by_name[name].is_missing:
                entry.update(sha256=by_name[name].sha256, size=by_name[name].size)
    for name in dict.fromkeys([*_media_names(model["texts"]), *_pictures_to_begin_with(model["root"])]):
        file = by_name[name] = _media(name, found.take(name), places)
        if not file.is_missing:
            model["media"][name] = {"sha256": file.sha256, "size": file.size, "type": file.type}
    beside.files = list(by_name.values())
    beside.warnings += [_missing(file, places) for file in beside.files if file.is_missing]
    beside.warnings += [Finding("file_unused", {"file": name}) for name in found.unused()]
    return beside


class _Uploads:
    """The uploaded files, found by their exact name, else by one that differs only in case."""

    def __init__(self, uploaded: Mapping[str, bytes]) -> None:
        self._uploaded = uploaded
        self._folded = {name.casefold(): name for name in uploaded}
        self._taken: set[str] = set()

    def take(self, wanted: str) -> bytes | None:
        name = wanted if wanted in self._uploaded else self._folded.get(wanted.casefold())
        if name is None:
            return None
        self._taken.add(name)
        return self._uploaded[name]

    def unused(self) -> list[str]:
        return [name for name in self._uploaded if name not in self._taken]


class _Places:
    """Where the workbook names a file first: sheet, row and column."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._names: dict[str, tuple[Table, TableRow, str]] = {}
        #: By the name without its ending, as functions and external lists write it.
        self._stems: dict[str, tuple[Table, TableRow, str]] = {}
        for table in tables.values():
            for row in table.rows:
                for key, text in row.values.items():
                    self._note(table, row, key, text)

    def _note(self, table: Table, row: TableRow, key: str, text: str) -> None:
        place = (table, row, key)
        if key == "type" and text.endswith("-external"):
            self._stems.setdefault(row.get("name"), place)
        if key in ("type", "default") or key.split("::")[0] in MEDIA_COLUMNS:
            for word in (text, *text.split()):
                self._names.setdefault(word, place)
        elif "(" in text:
            for literal in _LITERAL.findall(text):
                self._stems.setdefault(literal.removesuffix(".csv"), place)

    def finding(self, code: str, name: str, **params: object) -> Finding:
        """A finding at the first cell that names the file; without a place where none does."""
        found = self._names.get(name) or self._stems.get(name.rpartition(".")[0] or name)
        if found is None:
            return Finding(code, {"file": name, **params})
        table, row, key = found
        return table.finding(code, row, key, file=name, **params)


def _list(
    name: str, content: bytes | None, joined: list[str], places: _Places, beside: Beside
) -> tuple[BesideFile, XmlNames | None]:
    at = places.finding("file_missing_list", name)
    if content is None:
        return BesideFile(name, True, LIST_TYPE, sheet=at.sheet, row=at.row), None
    try:
        read, warnings = read_list_file(name, content)
    except WorkbookRefused as refused:
        beside.errors.append(refused.finding)
        # It is there, so it must not be reported as missing too; without a model nobody fetches it.
        return BesideFile(name, True, LIST_TYPE, content=b"", sheet=at.sheet, row=at.row), None
    beside.warnings += warnings
    kept = read.with_joined(joined).as_json()
    file = BesideFile(name, True, LIST_TYPE, _sha256(kept), len(kept), kept, len(read.rows), at.sheet, at.row)
    return file, read.names


def _media(name: str, content: bytes | None, places: _Places) -> BesideFile:
    at = places.finding("file_missing_media", name)
    if content is None:
        return BesideFile(name, False, media_type(name), sheet=at.sheet, row=at.row)
    return BesideFile(
        name, False, media_type(name), _sha256(content), len(content), content, sheet=at.sheet, row=at.row
    )


def _missing(file: BesideFile, places: _Places) -> Finding:
    return places.finding("file_missing_list" if file.is_list else "file_missing_media", file.name)


def media_type(name: str) -> str:
    """The media type that a file's ending tells; only pictures, recordings and films have one."""
    ending = "." + name.lower().rpartition(".")[2]
    guessed = _TYPES.get(ending) or mimetypes.guess_type(f"x{ending}")[0] or OTHER_TYPE
    return guessed if guessed.split("/")[0] in ("image", "audio", "video") else OTHER_TYPE


def _media_names(texts: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    """The names of all media of the form's texts, each once, in order."""
    names: dict[str, None] = {}
    for by_key in texts.values():
        for text in by_key.values():
            if isinstance(text, dict):
                names.update({text[form]: None for form in MEDIA_COLUMNS if isinstance(text.get(form), str)})
    return names


def _pictures_to_begin_with(node: Mapping[str, Any]) -> Iterable[str]:
    """The names of pictures that questions have as their default."""
    if node.get("default", "").startswith(_PICTURE):
        yield node["default"].removeprefix(_PICTURE)
    for child in node.get("children", ()):
        yield from _pictures_to_begin_with(child)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
