"""Every code that the server writes has words for the supervisor."""

import re
from pathlib import Path

from collector.intake import quarantine, words

ROOT = Path(__file__).parent.parent.parent


def test_every_reason_of_the_quarantine_has_words() -> None:
    assert set(words.REASONS) == set(quarantine.REASONS)


def test_every_flag_has_words() -> None:
    documented = re.findall(r"^\| `([a-z_]+)` \|", (ROOT / "docs/engine.md").read_text(), re.MULTILINE)
    ours = re.findall(
        r"flag\(\"([a-z_]+)\"", "".join(path.read_text() for path in (ROOT / "collector/intake").glob("*.py"))
    )
    assert {"bad_type", "unknown_choice", *ours} <= set(words.FLAGS)
    assert {code for code in documented if code in words.FLAGS} >= {"required_missing", "constraint_broken"}
