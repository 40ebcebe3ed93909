"""A table of volunteers, row by row: who is new, who is there already, and what is wrong where."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from collector.languages import LANGUAGES
from collector.spreadsheet import Sheet, SheetRow

#: What heads a column, in either language.
HEADERS = {
    "name": ("name", "姓名", "名字"),
    "language": ("language", "语言"),
    "places": ("places", "place", "communities", "community", "社区", "社区代码", "地点"),
    "questionnaires": ("questionnaires", "questionnaire", "问卷"),
}
LANGUAGE_NAMES = {
    "": "zh",
    "zh": "zh",
    "中文": "zh",
    "汉语": "zh",
    "en": "en",
    "english": "en",
    "英文": "en",
    "英语": "en",
}
SEPARATORS = re.compile(r"[;；、,，\n]")
MAX_NAME = 200


@dataclass(frozen=True)
class Known:
    """What a table is held against."""

    #: Ids of the places that may be given, by code.
    places: Mapping[str, int]
    #: Codes of places that are there, but not in the reader's part.
    elsewhere: Collection[str]
    #: Ids of the questionnaires by form id.
    questionnaires: Mapping[str, int]
    #: Name, case-folded, and places of volunteers who are there already.
    volunteers: Collection[tuple[str, frozenset[int]]]
    #: Whether everybody needs a place.
    needs_places: bool = False


@dataclass(frozen=True)
class NewVolunteer:
    """Somebody to be added; `row` is the number of the row in the file."""

    row: int
    name: str
    language: str
    place_ids: frozenset[int]
    questionnaire_ids: frozenset[int]
    places: Sequence[str]
    questionnaires: Sequence[str]


@dataclass(frozen=True)
class RowFault:
    """What is wrong in a row, and what to do."""

    row: int
    name: str
    message: str


@dataclass(frozen=True)
class Plan:
    """What importing the table does: adds `new`, passes over `known` (row and name), leaves out rows with `faults`."""

    new: Sequence[NewVolunteer] = field(default_factory=list)
    known: Sequence[tuple[int, str]] = field(default_factory=list)
    faults: Sequence[RowFault] = field(default_factory=list)


def has_names(sheet: Sheet) -> bool:
    """Tell whether the table has the one column that it needs."""
    return any(header in HEADERS["name"] for header in sheet.headers)


def plan_import(sheet: Sheet, known: Known) -> Plan:
    """Read every row of `sheet`. A volunteer with the same name and places as one who is there, or as an earlier row, is passed over."""
    new: list[NewVolunteer] = []
    there: list[tuple[int, str]] = []
    faults: list[RowFault] = []
    taken = set(known.volunteers)
    for row in sheet.rows:
        volunteer, wrong = read_row(row, known)
        faults += [RowFault(row.number, volunteer.name, message) for message in wrong]
        if wrong:
            continue
        key = (volunteer.name.casefold(), volunteer.place_ids)
        if key in taken:
            there.append((row.number, volunteer.name))
        else:
            taken.add(key)
            new.append(volunteer)
    return Plan(new, there, faults)


def read_row(row: SheetRow, known: Known) -> tuple[NewVolunteer, list[str]]:
    """What a row says, and what is wrong in it."""
    cells = {what: cell_of(row, names) for what, names in HEADERS.items()}
    places, questionnaires = split(cells["places"]), split(cells["questionnaires"])
    spoken = LANGUAGE_NAMES.get(cells["language"].casefold())
    volunteer = NewVolunteer(
        row.number,
        cells["name"],
        spoken or "zh",
        frozenset(known.places[code] for code in places if code in known.places),
        frozenset(known.questionnaires[form_id] for form_id in questionnaires if form_id in known.questionnaires),
        places,
        questionnaires,
    )
    return volunteer, [
        *name_faults(cells["name"]),
        *language_faults(cells["language"], spoken),
        *assigned_faults(volunteer, known),
    ]


def cell_of(row: SheetRow, names: Sequence[str]) -> str:
    """The cell under the first of `names` that the table has; "" without."""
    return next((row.cells[name] for name in names if name in row.cells), "")


def split(cell: str) -> list[str]:
    """The codes in a cell, each once, in their order."""
    return list(dict.fromkeys(code.strip() for code in SEPARATORS.split(cell) if code.strip()))


def name_faults(name: str) -> list[str]:
    """What is wrong with a name."""
    if not name:
        return [_("The name is missing. Write it, or delete the row.")]
    return (
        [_("The name is longer than %(number)s characters. Shorten it.", number=MAX_NAME)]
        if len(name) > MAX_NAME
        else []
    )


def language_faults(written: str, spoken: str | None) -> list[str]:
    """What is wrong with a language."""
    if spoken in LANGUAGES:
        return []
    return [_("“%(language)s” is no language here. Write zh or en, or leave the cell empty.", language=written)]


def assigned_faults(volunteer: NewVolunteer, known: Known) -> list[str]:
    """What is wrong with the places and questionnaires of a row."""
    faults = []
    for code in volunteer.places:
        if code in known.elsewhere:
            faults.append(_("Place %(code)s is not in your part. Leave it out.", code=code))
        elif code not in known.places:
            faults.append(_("There is no place %(code)s. Look its code up under Places.", code=code))
    for form_id in volunteer.questionnaires:
        if form_id not in known.questionnaires:
            faults.append(_("There is no published questionnaire %(form_id)s. Write its form id.", form_id=form_id))
    if known.needs_places and not volunteer.places:
        faults.append(_("The places are missing. Without any, all would be open, and you answer for a part of them."))
    return faults
