"""Drawing anew what is drawn from responses: after a rule or the key of duplicates was changed, after an upgrade, or all of it."""

import json
from collections.abc import Collection, Iterator

from sqlalchemy import and_, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from collector.intake.compared import lock_comparison
from collector.intake.derived import derive_all
from collector.intake.locks import lock_names
from collector.intake.marks import DUPLICATES, mark_value
from collector.intake.measures import duplicate_key
from collector.intake.rules import Setting, settings_of
from collector.store import Questionnaire, Response, Revision
from collector.store.derived import Measures, ResponseFlag
from collector.store.sealed import keys_of_session

#: Responses that are drawn anew at a time.
BATCH = 500


def refresh_rules(session: Session, questionnaire: Questionnaire, codes: Collection[str] | None = None) -> None:
    """Flag the questionnaire's responses by its rules as they stand now: by those with `codes`, or by all.

    A few statements for each rule, however many responses there are. Pushes of the questionnaire wait until this is committed.
    """
    lock_comparison(session, questionnaire.id)
    for setting in settings_of(questionnaire.quality_rules):
        if codes is None or setting.rule.code in codes:
            _refresh_rule(session, questionnaire.id, setting)


def _refresh_rule(session: Session, questionnaire_id: int, setting: Setting) -> None:
    code = setting.rule.code
    flagged = and_(ResponseFlag.questionnaire_id == questionnaire_id, ResponseFlag.code == code)
    breaks = select(Measures.response_id).where(Measures.questionnaire_id == questionnaire_id)
    breaks = breaks.where(setting.condition) if setting.is_on else breaks.where(literal(1) == 0)
    # Without NOT IN: PostgreSQL goes through all of its list for each row.
    is_gone = and_(
        flagged, ~breaks.where(Measures.response_id == ResponseFlag.response_id).correlate(ResponseFlag).exists()
    )
    gone = select(ResponseFlag.response_id).where(is_gone)
    counted = update(Response).execution_options(synchronize_session=False)
    session.execute(counted.where(Response.id.in_(gone)).values(flag_count=Response.flag_count - 1))
    session.execute(delete(ResponseFlag).execution_options(synchronize_session=False).where(is_gone))
    # Counted, so that each is looked up by the index: a join is planned by statistics that may be older than many of the flags.
    known = select(func.count()).select_from(ResponseFlag)
    known = known.where(flagged, ResponseFlag.response_id == Measures.response_id).correlate(Measures)
    new = breaks.where(known.scalar_subquery() == 0)
    session.execute(
        insert(ResponseFlag).from_select(
            ["response_id", "code", "questionnaire_id"],
            new.add_columns(literal(code), literal(questionnaire_id)),
        )
    )
    # Counted, not added up: a file may have changed flags of checks meanwhile.
    number = (
        select(func.count())
        .select_from(ResponseFlag)
        .where(ResponseFlag.response_id == Response.id)
        .correlate(Response)
        .scalar_subquery()
    )
    of_rule = Response.id.in_(select(ResponseFlag.response_id).where(flagged))
    is_wrong = and_(of_rule, Response.flag_count != number)
    held = select(Response.id).where(is_wrong).order_by(Response.id).with_for_update(key_share=True).subquery()
    session.scalar(select(func.count()).select_from(held))
    session.execute(counted.where(is_wrong).values(flag_count=number))


def refresh_some_keys(session: Session, questionnaire: Questionnaire, after: str = "") -> str | None:
    """Draw the keys of duplicates of the questionnaire's next responses, those after the response `after`, by its `duplicate_keys`.

    Gives the last one that was looked at; None when there are no more. Some at a time, so that whoever commits in between keeps no
    push waiting for long: those of the questionnaire wait until then, and no document changes under this one's hands.
    """
    lock_comparison(session, questionnaire.id)
    keys = session.scalars(select(Questionnaire.duplicate_keys).where(Questionnaire.id == questionnaire.id)).one()
    rows = session.execute(
        select(Response.id, Response.place_id, Response.place_code, Response.duplicate_key, Revision.document)
        .join(Revision, and_(Revision.response_id == Response.id, Revision.number == Response.current_revision))
        .where(Response.questionnaire_id == questionnaire.id, Response.id > after)
        .order_by(Response.id)
        .limit(BATCH)
    ).all()
    for row in rows:
        answers = json.loads(row.document).get("answers", {})
        compared = duplicate_key(keys, row.place_code if row.place_id is None else row.place_id, answers)
        key = mark_value(keys_of_session(session), DUPLICATES, compared)
        if key != row.duplicate_key:
            session.execute(update(Response).where(Response.id == row.id).values(duplicate_key=key))
    return rows[-1].id if len(rows) == BATCH else None


def derive_missing(session: Session) -> int:
    """Draw from some of the responses from which nothing is drawn, as after an upgrade. Gives how many; 0 when all are done."""
    missing = select(Response.id).outerjoin(Measures, Measures.response_id == Response.id)
    ids = session.scalars(missing.where(Measures.response_id.is_(None)).order_by(Response.id).limit(BATCH)).all()
    lock_names(session, ids)
    derive_all(session, ids)
    drawn = set(session.scalars(select(Measures.response_id).where(Measures.response_id.in_(ids))))
    # A document that nothing can be read from is not tried again and again.
    bare = select(Response.id, Response.questionnaire_id, literal(0), literal(0), literal(0), literal(""))
    columns = ["response_id", "questionnaire_id", "answered", "unanswered_by_choice", "same_in_a_row", "answers_hash"]
    session.execute(insert(Measures).from_select(columns, bare.where(Response.id.in_(set(ids) - drawn))))
    return len(ids)


def batches(session: Session) -> Iterator[list[str]]:
    """The ids of all responses, some at a time. What is read between two of them may have been committed meanwhile."""
    after = ""
    while ids := list(
        session.scalars(select(Response.id).where(Response.id > after).order_by(Response.id).limit(BATCH))
    ):
        yield ids
        after = ids[-1]
