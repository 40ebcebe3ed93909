"""The tree as a table that imports again."""

from collections.abc import Mapping

from collector.place_order import Order
from collector.places.tables import write_table

HEADER = ("code", "name_zh", "name_en", "parent", "note")


def write_places(order: Order, notes: Mapping[int, str]) -> bytes:
    """The places that stand as CSV, each after the one above it; `notes` by id."""
    rows = []
    for node in order.standing:
        lineage = order.lineage(node.id)
        parent = order.nodes[lineage[1]].code if len(lineage) > 1 else ""
        rows.append([node.code, node.names.get("zh", ""), node.names.get("en", ""), parent, notes.get(node.id, "")])
    return write_table(HEADER, rows)
