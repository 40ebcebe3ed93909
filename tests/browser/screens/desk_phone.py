"""What comes from the supervisor's desk to the phone: a returned response, doors of a list, a questionnaire that is tried out."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Decision, ListEntry, Place, Questionnaire, Response, User, VisitList
from collector.store.responses import RECEIVED, RETURNED
from tests.browser.screens.stage import PLACE, Stage, Tour
from tests.browser.screens.steps import begin, send_twenty


def desk(stage: Stage) -> Tour:
    """A response comes back and is corrected; the doors of a list; a questionnaire under test."""
    page = stage.new_phone()
    name = stage.say("孙丽华", "Sun Lihua")
    stage.enrol(name)
    stage.ready_for_offline()
    send_twenty(stage)
    expect(page.locator("[data-state=safe]")).to_be_visible()
    with store(stage) as session:
        send_back(stage, session, name)
        draw_up(stage, session, name)
        set_testing(session, True)
    stage.go("/app/")
    expect(page.locator("[data-returned]")).to_be_visible()
    yield "home-returned"
    stage.go("/app/responses")
    yield "responses-returned"
    page.locator("[data-returned]").click()
    expect(page.locator("[data-banner=returned]")).to_be_visible()
    yield "fill-returned"
    stage.go(f"/app/place/{PLACE}")
    expect(page.locator("[data-door]").first).to_be_visible()
    yield "place-with-a-list"
    stage.go("/app/place/-")
    expect(page.locator(".row__mark").first).to_be_visible()
    yield "place-test"
    begin(stage, "every_kind")
    expect(page.locator("[data-banner=test]")).to_be_visible()
    yield "fill-test"
    stage.go("/app/doors")
    expect(page.locator("[data-door]").first).to_be_visible()
    yield "doors-of-a-list"
    page.context.set_offline(True)
    page.locator("[data-door]").first.click()
    expect(page.locator("[data-visits='0']")).to_be_visible()
    yield "door-of-a-list"
    page.locator("[data-outcome=moved]").click()
    expect(page.locator("[data-visits='1']")).to_be_visible()
    yield "door-visit-waits"
    with store(stage) as session:
        set_testing(session, False)
    stage.close_phone()


@contextmanager
def store(stage: Stage) -> Iterator[Session]:
    """The server's database; what was changed is committed."""
    engine = stage.server.app.extensions["collector_engine"]
    with Session(engine) as session, session.begin():
        yield session
    engine.dispose()


def send_back(stage: Stage, session: Session, name: str) -> None:
    """Return the volunteer's response."""
    query = select(Response).join(User, User.id == Response.author_id).where(User.name == name)
    found = session.scalars(query.order_by(Response.received_at.desc()).limit(1)).one()
    found.state = RETURNED
    reason = stage.say(
        "第 2 题和第 5 题对不上：请再问一次家里住几口人。",
        "Questions 2 and 5 do not fit: please ask again how many people live here.",
    )
    session.add(
        Decision(
            batch_id=found.id,
            response_id=found.id,
            revision=1,
            from_state=RECEIVED,
            to_state=RETURNED,
            reason=reason,
        )
    )


def draw_up(stage: Stage, session: Session, name: str) -> None:
    """A list of doors for the volunteer."""
    volunteer = session.scalars(select(User.id).where(User.name == name).order_by(User.created_at.desc())).first()
    made = VisitList(name=stage.say("春季入户名单", "Households, spring"))
    session.add(made)
    session.flush()
    place = session.scalars(select(Place.id).where(Place.code == PLACE)).one()
    labels = [
        stage.say(f"建邺路 {number} 号 5 单元 601 室", f"{number} Jianye Road, unit 5, flat 601")
        for number in (98, 100, 102)
    ]
    for position, label in enumerate(labels):
        entry = ListEntry(list_id=made.id, key=f"H{position}", place_id=place, label=label, position=position)
        entry.note = stage.say("院子里，从后门进", "In the yard, by the back door")
        entry.state, entry.attempts = ("nobody_home", 2) if position == 1 else ("open", 0)
        entry.assigned_to = volunteer
        session.add(entry)


def set_testing(session: Session, is_testing: bool) -> None:
    """Try a questionnaire out, or no longer."""
    session.scalars(select(Questionnaire).where(Questionnaire.form_id == "every_kind")).one().is_testing = is_testing
