"""The questionnaires that a volunteer's phone gets, and how far each is in each place."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from collector.languages import timestamp
from collector.questionnaires.assigned import open_to
from collector.store import Questionnaire, ResponseCount, Target, Version
from collector.store.responses import REJECTED
from collector.sync.phone_places import PhonePlaces


def published_forms(session: Session, user_id: str) -> list[dict[str, Any]]:
    """The newest published version of each questionnaire that the volunteer is to fill in."""
    query = (
        select(Questionnaire, Version)
        .join(Version, Questionnaire.current_version_id == Version.id)
        .where(*open_to(session, user_id))
        .order_by(Questionnaire.id)
    )
    return [form_entry(questionnaire, version) for questionnaire, version in session.execute(query)]


def published_version(session: Session, form_id: str, user_id: str) -> Version | None:
    """The newest published version of a questionnaire; None where there is none that the volunteer is to fill in."""
    query = select(Version).join(Questionnaire, Questionnaire.current_version_id == Version.id)
    return session.scalar(query.where(Questionnaire.form_id == form_id, *open_to(session, user_id)))


def form_entry(questionnaire: Questionnaire, version: Version) -> dict[str, Any]:
    """A questionnaire as the phone's lists show it."""
    return {
        "id": questionnaire.form_id,
        "title": version.title,
        "titles": version.titles,
        "version": version.version,
        "model": version.model_hash,
        "size_bytes": version.model_bytes,
        "opens_at": timestamp(questionnaire.opens_at) if questionnaire.opens_at else None,
        "closes_at": timestamp(questionnaire.closes_at) if questionnaire.closes_at else None,
        "testing": questionnaire.is_testing,
    }


def progress(session: Session, places: PhonePlaces, forms: list[str]) -> list[dict[str, Any]]:
    """Target and received number of each of `forms` (their ids) in each of the volunteer's communities that has either.

    What was given to a place that has ended counts where its responses count now. Tests and rejected responses do not count.
    """
    names = dict(
        session.execute(select(Questionnaire.id, Questionnaire.form_id).where(Questionnaire.form_id.in_(forms))).all()
    )
    mine = {node.id: node.code for node in places.mine}
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for key, query in (("target", targets()), ("received", received())):
        for questionnaire_id, place_id, number in session.execute(in_places(query, places)):
            standing = places.order.counts_for.get(place_id)
            # Nothing is left where as much went as came.
            if questionnaire_id not in names or standing not in mine or (key == "received" and not number):
                continue
            empty = {"form": names[questionnaire_id], "place": mine[standing], "target": None, "received": 0}
            row = rows.setdefault((questionnaire_id, standing), empty)
            row[key] = (row[key] or 0) + int(number)
    return [rows[key] for key in sorted(rows)]


def targets() -> Select[*tuple[Any, ...]]:
    """Questionnaire, place and expected number."""
    return select(Target.questionnaire_id, Target.place_id, Target.expected)


def received() -> Select[*tuple[Any, ...]]:
    """Questionnaire, place and number of responses that count."""
    return (
        select(ResponseCount.questionnaire_id, ResponseCount.place_id, func.sum(ResponseCount.number))
        .where(ResponseCount.state != REJECTED, ResponseCount.is_test.is_(False), ResponseCount.place_id.is_not(None))
        .group_by(ResponseCount.questionnaire_id, ResponseCount.place_id)
    )


def in_places(query: Select[*tuple[Any, ...]], places: PhonePlaces) -> Select[*tuple[Any, ...]]:
    """The query for the volunteer's places only."""
    column = query.selected_columns["place_id"]
    return query if places.place_ids is None else query.where(column.in_(places.place_ids))
