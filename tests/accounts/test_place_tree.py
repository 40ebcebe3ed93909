"""The tree of checkboxes: any depth, a part of it, and what is chosen."""

from collector.accounts.place_tree import Branch, make_tree, merged_choice, topmost
from collector.accounts.scope import WHOLE, Scope
from collector.place_order import Node, Order

#: Province 1 over district 2 over communities 3 and 4; district 5 over community 6, which ended in favour of 4.
ORDER = Order(
    {
        1: Node(1, "P", {"en": "Province"}),
        2: Node(2, "D", {"en": "District"}, parent_id=1, level=1),
        3: Node(3, "A", {"en": "A"}, parent_id=2, level=2),
        4: Node(4, "B", {"en": "B"}, parent_id=2, level=2, position=1),
        5: Node(5, "E", {"en": "East"}, parent_id=1, level=1, position=1),
        6: Node(6, "C", {"en": "C"}, parent_id=5, level=2, is_ended=True, successor_id=4),
    }
)


def flat(branches: list[Branch]) -> list[tuple[str, bool, int, int]]:
    """Name, whether ticked, number ticked, number of communities; of all branches."""
    found = []
    for branch in branches:
        found.append((branch.name, branch.is_chosen, branch.chosen, branch.communities))
        found += flat(list(branch.branches))
    return found


def test_the_whole_tree() -> None:
    """Each place with what is ticked below it. An ended place is not offered; whoever has it has its successor ticked."""
    assert flat(list(make_tree(ORDER, WHOLE, [6], "en").branches)) == [
        ("Province", False, 1, 3),
        ("District", False, 1, 2),
        ("A", False, 0, 1),
        ("B", True, 1, 1),
        ("East", False, 0, 1),
    ]


def test_a_part_of_it() -> None:
    """Only what lies in the part can be chosen; what is chosen elsewhere is named."""
    tree = make_tree(ORDER, Scope(ORDER.under([2])), [3, 5], "en")
    assert [branch.name for branch in tree.branches] == ["District"]
    assert tree.ids == {2, 3, 4}
    assert tree.outside == ["East"]


def test_what_is_under_a_chosen_place_goes_without_saying() -> None:
    assert topmost(ORDER, [2, 3, 5]) == {2, 5}
    assert topmost(ORDER, [3, 4]) == {3, 4}


def test_what_lies_outside_of_the_part_stays() -> None:
    """A supervisor of the district takes A away and gives B; East is not theirs to take."""
    part = Scope(ORDER.under([2]))
    assert merged_choice(ORDER, part, before=[3, 5], chosen=[4]) == {4, 5}
    assert merged_choice(ORDER, WHOLE, before=[3, 5], chosen=[4]) == {4}
