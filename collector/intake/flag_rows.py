"""Flags as rows: of the checks of a response's current revision, and of the rules of quality that it breaks."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import String, Table, TextClause, and_, bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from collector.intake.rules import RULES, Setting, values_of
from collector.store import Response, Revision
from collector.store.bulk import ListOf, among, insert_rows
from collector.store.derived import Measures, ResponseFlag

_RESPONSES = Response.__table__
assert isinstance(_RESPONSES, Table)
COUNTED = (
    update(_RESPONSES).where(_RESPONSES.c.id == bindparam("of_response")).values(flag_count=bindparam("flag_count"))
)
#: Responses that have the same value in a column of their measures, for each value of a list no more than some.
MATES_BY_ARRAY = (
    "SELECT {number} AS number, given.value, mates.response_id FROM unnest(:values_{number}) AS given(value)"
    " CROSS JOIN LATERAL (SELECT response_id FROM response_measures WHERE questionnaire_id = :questionnaire_id AND {group} = given.value"
    " LIMIT :most_{number}) AS mates"
)
MATES_BY_JSON = (
    "SELECT {number} AS number, given.value, mates.response_id FROM json_each(:values_{number}) AS given"
    " JOIN response_measures AS mates ON mates.response_id IN (SELECT response_id FROM response_measures"
    " WHERE questionnaire_id = :questionnaire_id AND {group} = given.value LIMIT :most_{number})"
)


def codes_of(flags: Iterable[Mapping[str, Any]]) -> set[str]:
    """The codes of the flags of a revision, each once."""
    return {flag["code"] for flag in flags}


def write_flags(session: Session, questionnaire_id: int, ids: Collection[str], settings: Collection[Setting]) -> None:
    """Bring rows and counts of flags of the responses `ids`, which have measures, in line with their revisions and with the rules.

    What they are compared by is held (compared.py). Flags of rules that are not among `settings` stay.
    """
    on = [setting for setting in settings if setting.is_on]
    kept = RULES.keys() - {setting.rule.code for setting in settings}
    # Read after the lock: a file that arrives changes flags of checks and holds no more than the response's row.
    held = select(Response.id).where(Response.id.in_(ids)).order_by(Response.id)
    session.execute(held.with_for_update(key_share=True)).all()
    statement = _flagged(tuple((setting.rule.code, setting.limit) for setting in on))
    rows = session.connection().execute(statement, {"ids": ids}).all()
    before: dict[str, set[str]] = {}
    stored = select(ResponseFlag.response_id, ResponseFlag.code).where(ResponseFlag.response_id.in_(ids))
    for response_id, code in session.execute(stored):
        before.setdefault(response_id, set()).add(code)
    added, counts = [], []
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
            counts.append({"of_response": response_id, "flag_count": len(codes)})
    if counts:
        session.connection().execute(COUNTED, counts)
    insert_rows(session, ResponseFlag.__table__, added)


def judge_new(
    session: Session,
    questionnaire_id: int,
    measured: Mapping[str, Mapping[str, Any]],
    settings: Collection[Setting],
) -> tuple[dict[str, set[str]], set[str]]:
    """The rules that responses break which are still to be stored: their measures by id, of one questionnaire.

    What they are compared by is held (compared.py). Gives the codes by id; and those that are stored whose flags may change by these.
    """
    alone = [setting for setting in settings if setting.is_on and not setting.rule.group]
    groups = {id_: group_values(measures, settings) for id_, measures in measured.items()}
    most = {
        (setting.rule.code, value): setting.rule.others(setting.limit)
        for pairs in groups.values()
        for setting, value in pairs
    }
    stored = _find_same(session, questionnaire_id, most)
    together = Counter(
        (setting.rule.code, measures[setting.rule.group])
        for setting in settings
        if setting.is_on and setting.rule.group
        for measures in measured.values()
    )
    broken = {}
    for id_, measures in measured.items():
        values = values_of(measures)
        codes = {setting.rule.code for setting in alone if setting.is_broken(values)}
        for setting, value in groups[id_]:
            key = (setting.rule.code, value)
            if len(stored.get(key, ())) + together[key] - 1 >= most[key]:
                codes.add(setting.rule.code)
        broken[id_] = codes
    return broken, {id_ for key, ids in stored.items() if len(ids) <= most[key] for id_ in ids}


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
    most = {
        (code, value): by_code[code].rule.others(by_code[code].limit) + number
        for (code, value), number in counted.items()
    }
    found = _find_same(session, questionnaire_id, most)
    return {id_ for key, ids in found.items() if len(ids) <= most[key] for id_ in ids}


def _find_same(
    session: Session, questionnaire_id: int, most: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], list[str]]:
    """The stored responses that have the value of each `(code of a rule, value)`; more than `most` says are not all given."""
    if not most:
        return {}
    codes = tuple(sorted({code for code, _value in most}))
    parameters: dict[str, Any] = {"questionnaire_id": questionnaire_id}
    for number, code in enumerate(codes):
        wanted = {value: limit for (of_code, value), limit in most.items() if of_code == code}
        parameters |= {f"values_{number}": wanted, f"most_{number}": max(wanted.values()) + 1}
    found: dict[tuple[str, str], list[str]] = {}
    for number, value, response_id in session.execute(_mates(codes, session.get_bind().dialect.name), parameters):
        found.setdefault((codes[number], value), []).append(response_id)
    return found


@lru_cache(maxsize=64)
def _flagged(rules: tuple[tuple[str, int], ...]) -> Any:
    """The statement that gives what the flags of the responses `ids` are made of, and which of the rules, with their limits, they break."""
    broken = (RULES[code].breaks(limit).label(f"rule_{number}") for number, (code, limit) in enumerate(rules))
    return (
        select(Response.id, Response.flag_count, Revision.flags, *broken)
        .join(Revision, and_(Revision.response_id == Response.id, Revision.number == Response.current_revision))
        .join(Measures, Measures.response_id == Response.id)
        .where(among(Response.__table__.c.id, "ids"))
    )


@lru_cache(maxsize=16)
def _mates(codes: tuple[str, ...], dialect_name: str) -> TextClause:
    """The statement that gives `(number of the rule, value, response id)` for the values that rules compare by, some for each value."""
    mates = MATES_BY_ARRAY if dialect_name == "postgresql" else MATES_BY_JSON
    parts = (mates.format(number=number, group=RULES[code].group) for number, code in enumerate(codes))
    types = [bindparam(f"values_{number}", type_=ListOf(String())) for number in range(len(codes))]
    return text(" UNION ALL ".join(parts)).bindparams(*types)
