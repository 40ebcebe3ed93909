"""Real Chromium phones under a fixed seed's faults: the short run of what `make soak` does at length."""

from pathlib import Path

from tests.faults.browser_run import run_browsers
from tests.faults.kinds import SeededPlan


def test_a_dozen_responses_survive_tabs_browsers_and_servers_that_are_killed(
    database_kind: str, tmp_path: Path
) -> None:
    outcome = run_browsers(5, 12, 2, database_kind, tmp_path)
    assert outcome.verdict.responses >= 12
    assert outcome.verdict.is_clean, outcome.verdict
    assert len(outcome.counts) >= 6, outcome.counts


def test_phones_that_trust_any_answer_lose_responses_and_are_found_out(database_kind: str, tmp_path: Path) -> None:
    plan = SeededPlan(1, 0.7, only=("portal_200_json", "crossed_answer"))
    outcome = run_browsers(1, 12, 2, database_kind, tmp_path, plan=plan, is_trusting=True)
    assert outcome.verdict.lost
