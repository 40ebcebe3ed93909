"""The rule of intake, as a table."""

import pytest

from collector.intake.decide import Action, Existing, decide

STORED = Existing(current=2, revisions={"aaa": 1, "bbb": 2})


@pytest.mark.parametrize(
    ("existing", "content_hash", "base", "action"),
    [
        (None, "aaa", None, Action.STORE),
        # A phone may name a base that this server never saw, as after a restore from a backup: the response is kept.
        (None, "aaa", 3, Action.STORE),
        (STORED, "bbb", 1, Action.REPEAT_RECEIPT),
        # A late retry of the first content is no step back to it.
        (STORED, "aaa", None, Action.REPEAT_RECEIPT),
        (STORED, "ccc", 2, Action.ADD_REVISION),
        (STORED, "ccc", 1, Action.ADD_CONFLICT),
        (STORED, "ccc", None, Action.ADD_CONFLICT),
        (STORED, "ccc", 9, Action.ADD_CONFLICT),
    ],
)
def test_decide(existing: Existing | None, content_hash: str, base: int | None, action: Action) -> None:
    assert decide(existing, content_hash, base) is action


@pytest.mark.parametrize(
    ("deleted", "content_hash", "action"),
    [
        (["aaa", "bbb"], "aaa", Action.TELL_DELETED),
        (["aaa", "bbb"], "ccc", Action.QUARANTINE),
        ([], "ccc", Action.QUARANTINE),
    ],
)
def test_what_was_deleted_never_comes_back(deleted: list[str], content_hash: str, action: Action) -> None:
    assert decide(None, content_hash, None, deleted) is action
