"""Which repeat a table holds the rows of: by the keys in it, else by its name. Pure but for the table's first row."""

import re
from itertools import islice

from collector.importing.cells import Table
from collector.importing.layouts import Layout
from collector.importing.questions import Questions

#: Rows whose keys are looked at.
LOOKED_AT = 20
#: Characters of a sheet's name that Excel takes.
SHEET_NAME_LENGTH = 31
_POSITION = re.compile(r"\[(\d+)\]")
#: How ODK Central tells apart the files of repeats of one name.
_COUNTED = re.compile(r"~\d+$")


def find_repeat(table: Table, layout: Layout, questions: Questions, main_name: str) -> tuple[str, ...] | None:
    """Path of the repeat; None where none of the form's fits, or several do."""
    by_key = _by_key(table, layout, questions)
    if by_key is not None:
        return by_key
    name = _COUNTED.sub("", table.name)
    for start in (f"{main_name}-", f"{main_name}_", f"{main_name}."):
        name = name.removeprefix(start)
    for spelled in (_whole, _last):
        found = [repeat for repeat in questions.repeats if spelled(repeat, name)]
        if len(found) == 1:
            return found[0]
    # Some forms have one repeat, and its file any name.
    return questions.repeats[0] if len(questions.repeats) == 1 else None


def _by_key(table: Table, layout: Layout, questions: Questions) -> tuple[str, ...] | None:
    """The repeat that the rows' own keys name, as those of ODK and of Collector do: `uuid:…/household/members[2]`."""
    if not layout.key or layout.key[0] not in table.headers:
        return None
    at = table.headers.index(layout.key[0])
    for _number, cells in islice(table.read(), LOOKED_AT):
        _response, _, path = (cells[at] if at < len(cells) else "").partition("/")
        names = tuple(_POSITION.sub("", name) for name in path.split("/") if name)
        fitting = [repeat for repeat in questions.repeats if names and repeat[-len(names) :] == names]
        if len(fitting) == 1:
            return fitting[0]
    return None


def _whole(repeat: tuple[str, ...], name: str) -> bool:
    return any(_same(joint.join(repeat), name) for joint in ("/", "-", ".", "_"))


def _last(repeat: tuple[str, ...], name: str) -> bool:
    return _same(repeat[-1], name)


def _same(spelled: str, name: str) -> bool:
    return spelled == name or (len(name) == SHEET_NAME_LENGTH and spelled.startswith(name))


def place_of(key: str, index: str, number: int) -> int:
    """The place of a row among its siblings: its index, the last position in its key, else where it stands in the file."""
    if index.strip().isdecimal():
        return int(index.strip()[:15])
    positions = _POSITION.findall(key)
    return int(positions[-1][:15]) if positions else number
