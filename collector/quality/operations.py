"""Changing the rules of quality of a questionnaire."""

from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.intake.refresh import refresh_rules
from collector.intake.rules import settings_of
from collector.journal import record
from collector.quality.inputs import TypedRules
from collector.store import Questionnaire


def change_rules(session: Session, form_id: str, typed: TypedRules, *, by: str) -> list[str]:
    """Set the rules of a questionnaire and flag its responses by them. Gives the codes of the rules that changed.

    Raises CollectorError `not_found`.
    """
    # Not against those who only refer to it: a push that is stored meanwhile ends before the rules change.
    query = session.query(Questionnaire).filter_by(form_id=form_id).with_for_update(key_share=True)
    questionnaire = query.one_or_none()
    if questionnaire is None:
        raise CollectorError("not_found")
    before = {setting.rule.code: (setting.is_on, setting.limit) for setting in settings_of(questionnaire.quality_rules)}
    changed = [
        setting.rule.code for setting in typed.settings if before[setting.rule.code] != (setting.is_on, setting.limit)
    ]
    if changed:
        questionnaire.quality_rules = typed.as_column()
        session.flush()
        refresh_rules(session, questionnaire, changed)
        record(session, "questionnaire.quality_rules", form_id, user_id=by, rules=typed.as_column(), changed=changed)
    return changed
