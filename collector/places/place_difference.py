"""What a table of places would change in the tree: added, renamed, moved, missing, and what is wrong. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from collector.place_order import Node, Order
from collector.places.place_table import CODE_ABOVE, PlaceRow, PlaceTable
from collector.places.tables import Fault


@dataclass(frozen=True)
class Change:
    """What a row does to a place that is there: names and the code above as they were and as they will be; None: as before."""

    row: PlaceRow
    node: Node
    names: Mapping[str, str] | None = None
    parent: str | None = None
    parent_before: str = ""


@dataclass(frozen=True)
class Added:
    """A place that the table brings; `parent` "" is the top."""

    row: PlaceRow
    names: Mapping[str, str]
    parent: str


@dataclass
class Difference:
    """A table held against the tree. Nothing is applied while there is a fault."""

    added: list[Added] = field(default_factory=list)
    renamed: list[Change] = field(default_factory=list)
    moved: list[Change] = field(default_factory=list)
    noted: list[Change] = field(default_factory=list)
    #: Places that stand and are neither in the table nor above one that is; each before those under it.
    missing: list[Node] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the table changes nothing."""
        return not (self.added or self.renamed or self.moved or self.noted)


def compare_places(table: PlaceTable, order: Order, notes: Mapping[int, str]) -> Difference:
    """Hold a table against the present tree; `notes` are the places' notes by id."""
    nodes = {node.code: node for node in order.nodes.values()}
    rows = {row.code: row for row in table.rows}
    found = Difference(faults=list(table.faults))
    parents: dict[str, str] = {}
    for row in table.rows:
        node = nodes.get(row.code)
        if node is not None and node.is_ended:
            message = _l(
                "%(code)s has ended. Take its end back on its page, or give the new place another code.", code=row.code
            )
            found.faults.append(Fault(row.number, message))
            continue
        parent = _parent_of(row, node, order, nodes)
        parents[row.code] = parent
        if parent and parent not in rows and (parent not in nodes or nodes[parent].is_ended):
            message = _l(
                "The place above, %(code)s, is neither in this file nor among the places. Add a row for it.",
                code=parent,
            )
            found.faults.append(Fault(row.number, message))
        elif node is None:
            _add(found, row, parent)
        else:
            _compare(found, row, node, parent, order, notes)
    for node in order.standing:
        parents.setdefault(node.code, _code_above(node, order))
    kept = {code for row in table.rows for code in _lineage(row.code, parents)}
    found.missing.extend(node for node in order.standing if node.code not in kept)
    for row in table.rows:
        if _goes_round(row.code, parents):
            message = _l(
                "%(code)s is under itself, by way of the places above it. Mend the column parent.", code=row.code
            )
            found.faults.append(Fault(row.number, message))
    found.faults.sort(key=lambda fault: fault.row)
    return found


def _parent_of(row: PlaceRow, node: Node | None, order: Order, nodes: Mapping[str, Node]) -> str:
    """The code of the place above a row: as it says, else as it is, else as the beginning of the code says if there is such a place."""
    if row.parent is not None:
        return row.parent
    if node is not None:
        return _code_above(node, order)
    above = row.code[: CODE_ABOVE.get(len(row.code), 0)]
    return above if above in nodes and not nodes[above].is_ended else ""


def _add(found: Difference, row: PlaceRow, parent: str) -> None:
    names = {language: name for language, name in row.names.items() if name}
    if names:
        found.added.append(Added(row, names, parent))
    else:
        found.faults.append(Fault(row.number, _l("The name is missing. Fill in name_zh or name_en.")))


def _compare(found: Difference, row: PlaceRow, node: Node, parent: str, order: Order, notes: Mapping[int, str]) -> None:
    kept = {language: name for language, name in node.names.items() if row.names.get(language) is None}
    names = kept | {language: name for language, name in row.names.items() if name}
    before = _code_above(node, order)
    is_noted = row.note is not None and row.note != notes.get(node.id, "")
    if names != dict(node.names):
        found.renamed.append(Change(row, node, names=names))
    if parent != before:
        found.moved.append(Change(row, node, parent=parent, parent_before=before))
    if is_noted:
        found.noted.append(Change(row, node))
    if names == dict(node.names) and parent == before and not is_noted:
        found.unchanged += 1


def _code_above(node: Node, order: Order) -> str:
    lineage = order.lineage(node.id)
    return order.nodes[lineage[1]].code if len(lineage) > 1 else ""


def _lineage(code: str, parents: Mapping[str, str]) -> list[str]:
    """A code and those above it, as far as they are known; ends where it would go round."""
    found = [code]
    while (above := parents.get(found[-1], "")) and above not in found:
        found.append(above)
    return found


def _goes_round(code: str, parents: Mapping[str, str]) -> bool:
    return parents.get(_lineage(code, parents)[-1], "") == code
