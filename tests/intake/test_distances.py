"""The middle of a place's points is remembered for a while, and no longer than it is that place's."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from collector.intake import distances as module
from collector.intake.distances import ENOUGH_POINTS, KEPT_S
from collector.store import Place, Response
from tests.documents import fresh
from tests.intake.test_derived import send, survey

__all__ = ["send", "survey"]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Nothing is remembered, and time passes where a test says so: seconds of `monotonic`, in a list of one."""
    now = [1000.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    module._middles.clear()
    yield now
    module._middles.clear()


def away(session: Session, *places: Place) -> list[int | None]:
    """How far a point is from each of the places, as the server sees it now."""
    spots = [(place.id, 32.06, 118.05) for place in places]
    found = module.distances(fresh(session), spots)
    return [found.get(spot) for spot in spots]


@pytest.fixture
def sent(send: Callable[..., str]) -> list[str]:
    """Ids of as many responses in C01 as a middle takes, the latest last, at 32.05."""
    return [send({"at": f"32.05{number:02} 118.05 0 0", "head": str(number)}) for number in range(ENOUGH_POINTS)]


def test_a_middle_is_kept_for_a_minute(
    sent: list[str], send: Callable[..., str], session: Session, places: dict[str, Place], clock: list[float]
) -> None:
    before = away(session, places["C01"])
    assert before != [None]
    send({"at": "32.0509 118.05 0 0"})
    assert away(session, places["C01"]) == before
    clock[0] += KEPT_S
    assert away(session, places["C01"]) != before


def test_it_is_not_used_once_its_responses_belong_to_another_place(
    sent: list[str], session: Session, places: dict[str, Place]
) -> None:
    one, other = places["C01"], places["C02"]
    [distance, nothing] = away(session, one, other)
    assert distance is not None and nothing is None
    for id_ in sent:
        session.get_one(Response, id_).place_id = other.id
    session.commit()
    assert away(session, one, other) == [None, distance]


def test_one_that_another_thread_forgets_meanwhile_is_made_anew(
    sent: list[str], session: Session, places: dict[str, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forgetful(dict[Any, Any]):
        """Holds a key when it is asked whether it does, and has been emptied when the value is asked for."""

        def __contains__(self, _key: object) -> bool:
            return True

    monkeypatch.setattr(module, "_middles", Forgetful())
    assert away(session, places["C01"]) != [None]
