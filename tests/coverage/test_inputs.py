"""Reading the targets that somebody typed."""

import pytest

from collector.coverage.inputs import read_target, read_targets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (None, False)),
        (" 20 ", (20, False)),
        ("0", (0, False)),
        ("２０", (20, False)),
        ("1000000", (1_000_000, False)),
        ("1000001", (None, True)),
        ("-1", (None, True)),
        ("2.5", (None, True)),
        ("twenty", (None, True)),
        ("9" * 5000, (None, True)),
    ],
)
def test_read_target(text: str, expected: tuple[int | None, bool]) -> None:
    """A target is a whole number or nothing."""
    assert read_target(text) == expected


def test_for_all_fills_only_the_empty_fields() -> None:
    """One number for all leaves what somebody typed for a community."""
    targets, wrong, is_all_wrong = read_targets({"for_all": "20", "target-1": "5", "target-2": ""}, [1, 2, 3])
    assert (targets, wrong, is_all_wrong) == ({1: 5, 2: 20, 3: 20}, {}, False)


def test_what_is_no_number_is_named() -> None:
    """The page marks the field and shows what was typed."""
    _targets, wrong, is_all_wrong = read_targets({"for_all": "x", "target-1": "many"}, [1, 2])
    assert (wrong, is_all_wrong) == ({1: "many"}, True)
