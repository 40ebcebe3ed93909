"""A table of places as it was uploaded -> rows. Pure: what the rows mean for the tree is in place_difference.py."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from collector.places.tables import Fault, cells_of, columns_of
from collector.spreadsheet import Sheet, SheetRow

MAX_CODE = 40
MAX_NAME = 200
MAX_NOTE = 400
#: Headers by what they mean, in lower case.
HEADERS = {
    "code": ("code", "代码", "编码", "社区代码", "区划代码"),
    "zh": ("name_zh", "名称", "中文名", "中文名称", "社区", "name"),
    "en": ("name_en", "英文名", "英文名称"),
    "parent": ("parent", "parent_code", "上级", "上级代码"),
    "note": ("note", "备注"),
    "above_zh": ("subdistrict_zh", "街道", "街道名称"),
    "above_en": ("subdistrict_en", "街道英文名"),
}
#: Characters of an official code that are those of the place above: subdistrict of a community, district of a subdistrict.
CODE_ABOVE = {12: 9, 9: 6}
#: What Excel makes of a long code in a column that is not text.
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")


@dataclass(frozen=True)
class PlaceRow:
    """A row of the table. What is None is not in the table, and stays as it is; `parent` "" is the top."""

    number: int
    code: str
    names: Mapping[str, str | None]
    parent: str | None
    note: str | None


@dataclass(frozen=True)
class PlaceTable:
    """Rows that can be read, in the order of the file, and faults."""

    rows: list[PlaceRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_places(sheet: Sheet) -> PlaceTable:
    """Read the rows of a table of places.

    Columns are code, name_zh, name_en, parent, note; or, as official lists have it, subdistrict_zh and subdistrict_en instead of parent:
    then the places above come from these columns, and their codes from the beginning of each code.
    """
    columns = columns_of(sheet, HEADERS)
    table = PlaceTable()
    if "code" not in columns:
        headers = ", ".join(sheet.headers)
        table.faults.append(Fault(0, _l("There is no column “code”. The columns are: %(headers)s", headers=headers)))
        return table
    seen: dict[str, int] = {}
    for line in sheet.rows:
        row = _read_row(line, columns)
        faults = _faults_of(row, seen)
        seen.setdefault(row.code, row.number)
        table.faults.extend(faults)
        if faults:
            continue
        above = _row_above(line, columns, row.code)
        if above is not None and above.code not in seen:
            seen[above.code] = row.number
            table.rows.append(above)
        table.rows.append(row)
    return table


def _read_row(line: SheetRow, columns: Mapping[str, str]) -> PlaceRow:
    cells = cells_of(line, columns)
    code = cells["code"]
    parent = cells.get("parent")
    if parent is None and _has_above(columns):
        parent = code[: CODE_ABOVE[len(code)]] if len(code) in CODE_ABOVE else ""
    return PlaceRow(line.number, code, {"zh": cells.get("zh"), "en": cells.get("en")}, parent, cells.get("note"))


def _has_above(columns: Mapping[str, str]) -> bool:
    return "parent" not in columns and ("above_zh" in columns or "above_en" in columns)


def _row_above(line: SheetRow, columns: Mapping[str, str], code: str) -> PlaceRow | None:
    """The place above a community that its own row names, of an official list; None in another table."""
    if not _has_above(columns) or len(code) not in CODE_ABOVE:
        return None
    names = {key: line.cells[columns[f"above_{key}"]] if f"above_{key}" in columns else None for key in ("zh", "en")}
    above = code[: CODE_ABOVE[len(code)]]
    # Nothing is said of the place above that one: it hangs where it hangs, or under the beginning of its own code if that is there.
    return PlaceRow(line.number, above, names, None, None) if any(names.values()) else None


def _faults_of(row: PlaceRow, seen: Mapping[str, int]) -> list[Fault]:
    faults = []
    if not row.code:
        faults.append(_l("The code is missing. Every place needs one."))
    elif SCIENTIFIC.fullmatch(row.code):
        faults.append(
            _l(
                "The code “%(code)s” was cut by the spreadsheet. Format the column as text and type it again.",
                code=row.code,
            )
        )
    elif len(row.code) > MAX_CODE:
        faults.append(_l("The code has more than %(count)s characters. Shorten it.", count=MAX_CODE))
    elif row.code in seen:
        faults.append(
            _l(
                "The code %(code)s stands in row %(row)s already. Keep one of the two.",
                code=row.code,
                row=seen[row.code],
            )
        )
    if all(name == "" for name in row.names.values() if name is not None) and any(
        name is not None for name in row.names.values()
    ):
        faults.append(_l("The name is missing. Fill in name_zh or name_en."))
    if any(len(name or "") > MAX_NAME for name in row.names.values()):
        faults.append(_l("The name has more than %(count)s characters. Shorten it.", count=MAX_NAME))
    if len(row.note or "") > MAX_NOTE:
        faults.append(_l("The note has more than %(count)s characters. Shorten it.", count=MAX_NOTE))
    return [Fault(row.number, message) for message in faults]
