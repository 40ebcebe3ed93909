"""Putting the sample survey into an empty installation: places, the three instruments, targets, a volunteer."""

import csv
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.accounts.operations import create_user
from collector.places.acts import Act, put_place
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.sample.population import members
from collector.store import Place, Questionnaire, Target, User
from collector.store.people import VOLUNTEER

FOLDER = Path(__file__).parent
FORMS = ("community_profile", "member_questionnaire", "meeting_record")
DISTRICT = {"code": "320102", "zh": "玄武区", "en": "Xuanwu District"}
VOLUNTEER_NAME = "示例志愿者"


def is_empty(session: Session) -> bool:
    """Tell whether nothing was put into this installation yet."""
    return not session.scalar(select(func.count()).select_from(User)) and not session.scalar(
        select(func.count()).select_from(Questionnaire)
    )


def load_sample(session: Session) -> User:
    """Load the sample survey. Gives the sample's volunteer."""
    load_places(session)
    for form_id in FORMS:
        publish_sample_form(session, form_id)
    load_targets(session)
    return create_user(session, name=VOLUNTEER_NAME, role=VOLUNTEER)


def load_places(session: Session) -> None:
    """Load the district, its 8 subdistricts and 66 communities from places.csv."""
    # Nobody made them in the office, so that nobody takes them back there.
    act = Act(id="")
    district = put_place(
        session,
        act,
        code=DISTRICT["code"],
        names={"zh": DISTRICT["zh"], "en": DISTRICT["en"]},
        note="2006 study",
        position=0,
    )
    subdistricts: dict[str, Place] = {}
    for position, row in enumerate(read_places()):
        code = row["code"][:9]
        if code not in subdistricts:
            names = {"zh": row["subdistrict_zh"], "en": row["subdistrict_en"]}
            subdistricts[code] = put_place(session, act, code=code, names=names, parent=district, position=position)
        put_place(
            session,
            act,
            code=row["code"],
            names={"zh": row["name_zh"], "en": row["name_en"]},
            parent=subdistricts[code],
            note=row["note"],
            position=position,
        )


def read_places() -> list[dict[str, str]]:
    """The rows of places.csv: code, name_zh, name_en, subdistrict_zh, subdistrict_en, note."""
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def publish_sample_form(session: Session, form_id: str) -> None:
    """Compile and publish one of the instruments."""
    path = FOLDER / "forms" / f"{form_id}.xlsx"
    content = path.read_bytes()
    compiled = compile_workbook(content, path.name)
    if compiled.errors:
        raise RuntimeError(f"{path.name}: {compiled.errors[0].message}")
    publish_version(session, add_draft(session, compiled, Workbook(path.name, content), by=None), by=None)


def load_targets(session: Session) -> None:
    """Expect one profile and one meeting record of each community, and a questionnaire of each of its members."""
    places = dict(session.execute(select(Place.code, Place.id)).all())
    forms = dict(session.execute(select(Questionnaire.form_id, Questionnaire.id)).all())
    in_community = Counter(member["place"] for member in members())
    for row in read_places():
        expected = {"community_profile": 1, "meeting_record": 1, "member_questionnaire": in_community[row["code"]]}
        for form_id, number in expected.items():
            session.add(Target(questionnaire_id=forms[form_id], place_id=places[row["code"]], expected=number))
    session.flush()
