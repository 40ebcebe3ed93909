"""Lists kept in files beside a workbook: CSV, GeoJSON and XML -> columns and rows of strings (docs/form-model.md)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from collector.questionnaires.findings import Finding, WorkbookRefused
from collector.questionnaires.workbook import clean_header, trim
from collector.questionnaires.xml_names import local_name, parse

LIST_ENDINGS = (".csv", ".geojson", ".xml")
_DELIMITERS = ",;\t"
_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
_FIELD_LIMIT = 1_000_000


@dataclass(frozen=True)
class XmlNames:
    """What an XML list calls its root, its items, and the groups inside an item, outer ones first."""

    root: str
    item: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileList:
    """A list as it is kept: `columns` and, for each choice, a string for each of them. `names` is that of an XML file."""

    columns: list[str]
    rows: list[list[str]]
    names: XmlNames | None = None

    def with_joined(self, names: Iterable[str]) -> FileList:
        """The list with a further column for each of `names`, such as "first,last": the texts of those columns joined
        by a comma, as ODK Collect shows several label columns.
        """
        joined = [name for name in dict.fromkeys(names) if name not in self.columns]
        if not joined:
            return self
        places = [[self.columns.index(part) for part in name.split(",") if part in self.columns] for name in joined]
        rows = [[*row, *(", ".join(row[at] for at in parts if row[at]) for parts in places)] for row in self.rows]
        return FileList([*self.columns, *joined], rows)

    def as_json(self) -> bytes:
        """The bytes that phones fetch and that the list's hash names. Shape: {"columns": [str], "rows": [[str]]}."""
        return json.dumps(
            {"columns": self.columns, "rows": self.rows}, ensure_ascii=False, separators=(",", ":")
        ).encode()


def read_list_file(name: str, content: bytes) -> tuple[FileList, list[Finding]]:
    """The list in a file of that name, and warnings.

    Raises: WorkbookRefused with the file and the line (or feature) where it cannot be read.
    """
    ending = name.lower().rpartition(".")[2]
    if ending == "geojson":
        return _read_geojson(name, content), []
    if ending == "xml":
        return _read_xml(name, content), []
    return _read_csv(name, content)


def _unreadable(name: str, code: str, line: int | None = None, **params: object) -> WorkbookRefused:
    return WorkbookRefused(Finding(code, {"file": name, **params}, name, line))


def _from_records(records: Iterable[dict[str, str]], first_columns: tuple[str, ...] = ()) -> FileList:
    columns = dict.fromkeys(first_columns)
    kept = list(records)
    for record in kept:
        columns.update(dict.fromkeys(record))
    return FileList(list(columns), [[record.get(column, "") for column in columns] for record in kept])


# CSV (RFC 4180, with the delimiters and encodings that spreadsheet programs write)


def _read_csv(name: str, content: bytes) -> tuple[FileList, list[Finding]]:
    text, encoding = _decode(content)
    warnings = [Finding("file_encoding", {"file": name, "encoding": encoding}, name)] if encoding else []
    if "\0" in text:
        raise _unreadable(name, "file_list_binary")
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text), strict=True)
    try:
        lines = [(reader.line_num, [trim(cell) for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise _unreadable(name, "file_list_quotes", reader.line_num) from error
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        raise _unreadable(name, "file_list_empty")
    columns, kept = _csv_columns(name, lines[0][1], lines[0][0])
    rows = []
    for number, cells in lines[1:]:
        if any(cells[len(lines[0][1]) :]):
            raise _unreadable(name, "file_list_width", number, found=len(cells), expected=len(lines[0][1]))
        rows.append([cells[at] if at < len(cells) else "" for at in kept])
    return FileList(columns, rows), warnings


def _csv_columns(name: str, headers: list[str], line: int) -> tuple[list[str], list[int]]:
    """The columns' names, and where they stand; columns without a header are the author's remarks."""
    columns: list[str] = []
    kept: list[int] = []
    for at, header in enumerate(map(clean_header, headers)):
        if header in columns:
            raise _unreadable(name, "file_list_column_twice", line, column=header)
        if header:
            columns.append(header)
            kept.append(at)
    return columns, kept


def _decode(content: bytes) -> tuple[str, str]:
    """The text, and the encoding that was guessed, "" where the file tells it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), ""
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    # Chinese in GB 18030 comes in pairs of high bytes; an accented letter of Latin-1 mostly stands alone.
    runs = _HIGH_RUNS.findall(content)
    if sum(len(run) == 1 for run in runs) * 2 < len(runs):
        try:
            return content.decode("gb18030"), "GB 18030"
        except UnicodeDecodeError:
            pass
    return content.decode("latin-1"), "Latin-1"


def _delimiter(text: str) -> str:
    """The sign that divides the first line most often, outside quotes."""
    header = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    return max(_DELIMITERS, key=header.count)


# GeoJSON (RFC 7946)


def _read_geojson(name: str, content: bytes) -> FileList:
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise _unreadable(name, "file_list_syntax", error.lineno, detail=error.msg) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(name, "file_list_binary") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise _unreadable(name, "file_list_features")
    records = []
    for number, feature in enumerate(features, start=1):
        try:
            records.append(_feature(feature))
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            raise _unreadable(name, "file_list_feature", number=number) from error
    return _from_records(records, ("id", "geometry"))


def _feature(feature: dict[str, Any]) -> dict[str, str]:
    """A feature as a row. Raises: TypeError, ValueError and the like where it is none."""
    properties = {str(key): _plain(value) for key, value in (feature.get("properties") or {}).items()}
    record = {"id": properties.pop("id", ""), "geometry": _geometry(feature["geometry"])}
    if feature.get("id") is not None:
        record["id"] = _plain(feature["id"])
    return {**record, **properties, "geometry": record["geometry"]}


def _plain(value: object) -> str:
    if value is None:
        return ""
    return trim(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _geometry(geometry: dict[str, Any] | None) -> str:
    """A geopoint, geotrace or geoshape: `latitude longitude altitude accuracy`, joined by `; `.

    Source: ODK XForms, "Data types"; JavaRosa reads points, lines and a polygon's outer ring.
    """
    if geometry is None:
        return ""
    coordinates = geometry["coordinates"]
    if geometry["type"] == "Point":
        return _point(coordinates)
    if geometry["type"] == "LineString":
        return "; ".join(map(_point, coordinates))
    if geometry["type"] == "Polygon":
        return "; ".join(map(_point, coordinates[0]))
    raise ValueError(geometry["type"])


def _point(position: list[float]) -> str:
    longitude, latitude, *rest = (float(number) for number in position)
    return f"{latitude:.15g} {longitude:.15g} {rest[0] if rest else 0:.15g} 0"


# XML (a secondary instance of ODK XForms: a root that holds items, whose children are the columns)


def _read_xml(name: str, content: bytes) -> FileList:
    try:
        root = parse(content)
    except etree.XMLSyntaxError as error:
        raise _unreadable(name, "file_list_syntax", error.lineno, detail=str(error.msg)) from error
    except ValueError as error:
        raise _unreadable(name, "file_list_unsafe") from error
    items = [item for item in root if isinstance(item.tag, str)]
    leaves = [[part for part in item.iter() if part is not item and len(part) == 0] for item in items]
    records = [{local_name(leaf): trim(leaf.text or "") for leaf in reversed(of_item)} for of_item in leaves]
    found = _from_records({name: record[name] for name in reversed(record)} for record in records)
    groups = dict.fromkeys(local_name(part) for item in items for part in item.iter() if part is not item and len(part))
    return replace(found, names=XmlNames(local_name(root), local_name(items[0]), tuple(groups)) if items else None)
