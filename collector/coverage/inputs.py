"""Forms of the coverage pages."""

from collections.abc import Iterable, Mapping

from flask_wtf import FlaskForm

#: The largest target that makes sense for one community.
MAX_TARGET = 1_000_000


class TargetsForm(FlaskForm):
    """Targets: a number for each community in `target-<place id>`, and `for_all`, which fills every empty one."""


def read_targets(
    fields: Mapping[str, str], place_ids: Iterable[int]
) -> tuple[dict[int, int | None], dict[int, str], bool]:
    """Read the fields of a `TargetsForm`.

    Gives the targets by place, the texts that are no target by place, and whether `for_all` is no target. An empty
    field takes the target away, unless `for_all` has one.
    """
    for_all, is_wrong = read_target(fields.get("for_all", ""))
    targets: dict[int, int | None] = {}
    wrong: dict[int, str] = {}
    for place_id in place_ids:
        text = fields.get(f"target-{place_id}", "")
        target, is_faulty = read_target(text)
        if is_faulty:
            wrong[place_id] = text
        targets[place_id] = for_all if target is None else target
    return targets, wrong, is_wrong


def read_target(text: str) -> tuple[int | None, bool]:
    """Read one field: the whole number or None when empty, and whether it is neither. Full-width digits are digits."""
    text = text.strip()
    if not text:
        return None, False
    if text.isdecimal() and len(text) <= 9 and int(text) <= MAX_TARGET:
        return int(text), False
    return None, True
