"""Orders of places for tests, as plain values."""

from collector.place_order import Node, Order


def node(id_: int, code: str, name: str, parent: int | None = None, **values: object) -> Node:
    """A place with an English name."""
    return Node(id_, code, {"en": name}, parent, id_, **values)  # type: ignore[arg-type]


def order_of(*nodes: Node) -> Order:
    """The tree of these places."""
    return Order({node.id: node for node in nodes})


DISTRICT = node(1, "D", "District")
NORTH, SOUTH = node(2, "N", "North", 1), node(3, "S", "South", 1)
C01, C02, C03 = node(4, "C01", "One", 2), node(5, "C02", "Two", 2), node(6, "C03", "Three", 3)
TREE = order_of(DISTRICT, NORTH, SOUTH, C01, C02, C03)
