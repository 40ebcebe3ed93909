"""A table of doors as it was uploaded, held against the places, the volunteers and the doors that are there. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from collector.places.tables import Fault, cells_of, columns_of
from collector.spreadsheet import Sheet

MAX_KEY = 100
MAX_LABEL = 400
MAX_NOTE = 1000
#: Headers by what they mean, in lower case.
HEADERS = {
    "key": ("key", "id", "编号", "户号", "门牌编号"),
    "place": ("place", "place_code", "community", "社区代码", "社区", "地点"),
    "label": ("label", "address", "地址", "住址", "姓名", "name"),
    "note": ("note", "备注"),
    "volunteer": ("volunteer", "志愿者"),
}
NEEDED = ("key", "place", "label")


@dataclass(frozen=True)
class Door:
    """A door as a list says it: `place` is the id of a place, `volunteer` that of a person or None.

    `note` and `volunteer` are only given where the table has such a column.
    """

    key: str
    place: int
    label: str
    note: str = ""
    volunteer: str | None = None


@dataclass(frozen=True)
class Known:
    """What the table is held against: ids of places by code and by name, of volunteers by sign-in name and by name (several: ambiguous),
    the doors that are there by key, keys of those that were visited, and keys that belong to doors elsewhere."""

    places: Mapping[str, Collection[int]]
    volunteers: Mapping[str, Collection[str]]
    doors: Mapping[str, Door] = field(default_factory=dict)
    visited: Collection[str] = ()
    taken: Collection[str] = ()


@dataclass(frozen=True)
class ListDifference:
    """What a table would change in a list. Nothing is applied while there is a fault."""

    added: list[Door] = field(default_factory=list)
    changed: list[Door] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    #: Keys of doors that are not in the table: those that nobody visited yet, and those that stay in any case.
    missing: list[str] = field(default_factory=list)
    missing_visited: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def compare_doors(sheet: Sheet, known: Known) -> ListDifference:
    """Hold a table of doors against what is known."""
    columns = columns_of(sheet, HEADERS)
    found = ListDifference()
    for needed in NEEDED:
        if needed not in columns:
            headers = ", ".join(sheet.headers)
            message = _l(
                "There is no column “%(column)s”. The columns are: %(headers)s", column=needed, headers=headers
            )
            found.faults.append(Fault(0, message))
    if found.faults:
        return found
    seen: dict[str, int] = {}
    for line in sheet.rows:
        cells = cells_of(line, columns)
        faults = _faults_of(cells, known, seen)
        seen.setdefault(cells["key"], line.number)
        if faults:
            found.faults.extend(Fault(line.number, message) for message in faults)
            continue
        _sort_in(found, _read_door(cells, known), known)
    for key in known.doors:
        if key not in seen:
            (found.missing_visited if key in known.visited else found.missing).append(key)
    return found


def _read_door(cells: Mapping[str, str], known: Known) -> Door:
    before = known.doors.get(cells["key"])
    (place,) = known.places[cells["place"]]
    volunteer = before.volunteer if before else None
    if "volunteer" in cells:
        volunteer = next(iter(known.volunteers[cells["volunteer"].casefold()])) if cells["volunteer"] else None
    note = cells.get("note", before.note if before else "")
    return Door(cells["key"], place, cells["label"], note, volunteer)


def _sort_in(found: ListDifference, door: Door, known: Known) -> None:
    before = known.doors.get(door.key)
    if before is None:
        found.added.append(door)
    elif before == door:
        found.unchanged.append(door.key)
    else:
        found.changed.append(door)


def _faults_of(cells: Mapping[str, str], known: Known, seen: Mapping[str, int]) -> list[object]:
    key, place, label = (cells[name] for name in NEEDED)
    volunteer = cells.get("volunteer", "")
    faults: list[object] = []
    if not key:
        faults.append(_l("The key is missing. Number the doors, so that a later file can name them again."))
    elif key in seen:
        faults.append(
            _l(
                "The key %(key)s stands in row %(row)s already. Give one of the two another key.",
                key=key,
                row=seen[key],
            )
        )
    elif key in known.taken:
        faults.append(
            _l("The key %(key)s names a door of another place in this list. Give this one another key.", key=key)
        )
    if len(known.places.get(place, ())) != 1:
        faults.append(_l("There is no place “%(place)s” here, or several are called so. Write its code.", place=place))
    if not label:
        faults.append(_l("The address or name is missing. The volunteer has to find the door by it."))
    if volunteer and len(known.volunteers.get(volunteer.casefold(), ())) != 1:
        message = _l(
            "There is no volunteer “%(name)s” here, or several are called so. Leave it empty, and assign on screen.",
            name=volunteer,
        )
        faults.append(message)
    if len(key) > MAX_KEY or len(label) > MAX_LABEL or len(cells.get("note", "")) > MAX_NOTE:
        faults.append(
            _l(
                "A text is too long: a key has at most %(key)s characters, an address %(label)s, a note %(note)s.",
                key=MAX_KEY,
                label=MAX_LABEL,
                note=MAX_NOTE,
            )
        )
    return faults
