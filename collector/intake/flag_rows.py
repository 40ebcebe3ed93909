"""Flags as rows: of the checks of a response's current revision, and of the rules of quality that it breaks."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.orm import Session

from collector.intake.rules import RULES, Setting
from collector.store import Response, Revision
from collector.store.derived import Measures, ResponseFlag


def codes_of(flags: Iterable[Mapping[str, Any]]) -> set[str]:
    """The codes of the flags of a revision, each once."""
    return {flag["code"] for flag in flags}


def write_flags(
    session: Session,
    questionnaire_id: int,
    ids: Collection[str],
    settings: Collection[Setting],
    *,
    is_new: bool = False,
) -> None:
    """Bring rows and counts of flags of the responses `ids`, which have measures, in line with their revisions and with the rules.

    What they are compared by is held (compared.py). Flags of rules that are not among `settings` stay. `is_new`: they have no rows yet.
    """
    on = [setting for setting in settings if setting.is_on]
    kept = RULES.keys() - {setting.rule.code for setting in settings}
    broken = (setting.condition.label(f"rule_{number}") for number, setting in enumerate(on))
    if not is_new:
        # Read after the lock: a file that arrives changes flags of checks and holds no more than the response's row.
        held = select(Response.id).where(Response.id.in_(ids)).order_by(Response.id)
        session.execute(held.with_for_update(key_share=True)).all()
    rows = session.execute(
        select(Response.id, Response.flag_count, Revision.flags, *broken)
        .join(Revision, and_(Revision.response_id == Response.id, Revision.number == Response.current_revision))
        .join(Measures, Measures.response_id == Response.id)
        .where(Response.id.in_(ids))
    ).all()
    before: dict[str, set[str]] = {}
    if not is_new:
        stored = select(ResponseFlag.response_id, ResponseFlag.code).where(ResponseFlag.response_id.in_(ids))
        for response_id, code in session.execute(stored):
            before.setdefault(response_id, set()).add(code)
    added = []
    for response_id, count, flags, *breaks in rows:
        had = before.get(response_id, set())
        codes = codes_of(flags) | (had & kept)
        codes |= {setting.rule.code for setting, breaks_it in zip(on, breaks, strict=True) if breaks_it}
        added += [
            {"response_id": response_id, "code": code, "questionnaire_id": questionnaire_id}
            for code in sorted(codes - had)
        ]
        if had - codes:
            gone = delete(ResponseFlag).where(ResponseFlag.response_id == response_id)
            session.execute(gone.where(ResponseFlag.code.in_(had - codes)))
        if count != len(codes):
            session.execute(update(Response).where(Response.id == response_id).values(flag_count=len(codes)))
    if added:
        session.execute(insert(ResponseFlag), added)


def rewrite_flags(session: Session, response_id: str) -> None:
    """Bring the flags of one response in line after those of its current revision changed; those of rules stay as they are."""
    questionnaire_id = session.scalars(select(Response.questionnaire_id).where(Response.id == response_id)).one()
    write_flags(session, questionnaire_id, [response_id], [])


def group_values(measures: Mapping[str, Any], settings: Iterable[Setting]) -> list[tuple[Setting, str]]:
    """By what a response with these measures is compared with others: each rule that is on and compares, with its value."""
    found = []
    for setting in settings:
        value = measures[setting.rule.group] if setting.is_on and setting.rule.group else None
        if value and not (setting.rule.group == "answers_hash" and measures["answered"] < setting.limit):
            found.append((setting, value))
    return found


def find_mates(session: Session, questionnaire_id: int, values: Collection[tuple[Setting, str]]) -> set[str]:
    """Responses whose flags may change since some came to, or went from, those that have the same value: `values`, one for each.

    Where many have it they are flagged already, whoever comes or goes, so that few are ever looked at.
    """
    counted = Counter((setting.rule.code, value) for setting, value in values)
    by_code = {setting.rule.code: setting for setting, _ in values}
    found: set[str] = set()
    for (code, value), number in counted.items():
        setting = by_code[code]
        most = setting.rule.others(setting.limit) + number
        column = getattr(Measures, setting.rule.group)
        same = select(Measures.response_id).where(Measures.questionnaire_id == questionnaire_id, column == value)
        ids = session.scalars(same.limit(most + 1)).all()
        if len(ids) <= most:
            found.update(ids)
    return found
