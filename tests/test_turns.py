"""Turns: work that several threads want is done for all of them by one, each gets its own, and nobody's trouble is another's."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest

from collector import turns
from collector.errors import CollectorError
from collector.turns import Turns

FULL = "pushes_too_many"


class Desk:
    """Work that the test lets begin: each turn waits until `go` is set. `seen`: what each turn had; `alone`: what was done alone."""

    def __init__(self, *, most_size: int = 100, most: int = 10) -> None:
        self.seen: list[list[str]] = []
        self.alone: list[str] = []
        self.begun, self.go = Event(), Event()
        self.turns: Turns[str, str] = Turns(self.work, self.work_alone, most_size=most_size, most=most, full=FULL)

    def work(self, brought: Sequence[str]) -> list[str | None]:
        self.seen.append(list(brought))
        self.begun.set()
        assert self.go.wait(30)
        if "bad" in brought:
            raise ValueError("an answer")
        if "exit" in brought:
            raise SystemExit
        return [None if one == "slow" else one.upper() for one in brought]

    def work_alone(self, brought: str) -> str:
        self.alone.append(brought)
        if brought == "bad":
            raise ValueError("an answer")
        return brought.upper()

    def bring(self, brought: str, size: int = 1) -> str:
        return self.turns.bring(brought, size)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads that come to the desk."""
    with ThreadPoolExecutor(12) as pool:
        yield pool


@pytest.fixture(autouse=True)
def _no_gathering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for, so that turns are what the test makes them."""
    monkeypatch.setattr(turns, "GATHER_S", 0)


@pytest.fixture
def _long_gathering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is about to be back is waited for as long as it takes, however busy the machine is."""
    monkeypatch.setattr(turns, "GATHER_S", 30)


def held(desk: Desk, pool: ThreadPoolExecutor, first: str = "first") -> "Future[str]":
    """One whose turn has begun, and is held."""
    future = pool.submit(desk.bring, first)
    assert desk.begun.wait(30)
    return future


def come(desk: Desk, pool: ThreadPoolExecutor, *brought: str, size: int = 1) -> "list[Future[str]]":
    """More who come meanwhile, one after the other, until all are waiting."""
    futures = []
    for one in brought:
        waiting = len(desk.turns.waiting)
        futures.append(pool.submit(desk.bring, one, size))
        while len(desk.turns.waiting) == waiting:
            sleep(0.005)
    return futures


def test_what_gathers_meanwhile_is_done_in_one_turn_and_each_gets_its_own(pool: ThreadPoolExecutor) -> None:
    desk = Desk()
    first = held(desk, pool)
    others = come(desk, pool, "a", "b", "c")
    desk.go.set()
    assert [one.result(30) for one in (first, *others)] == ["FIRST", "A", "B", "C"]
    assert desk.seen == [["first"], ["a", "b", "c"]]
    assert (desk.turns.here, desk.turns.is_led, list(desk.turns.waiting)) == (0, False, [])


@pytest.mark.usefixtures("_long_gathering")
def test_who_was_here_just_now_is_waited_for(pool: ThreadPoolExecutor) -> None:
    """Else of four that come again and again, one would be alone in every other turn."""
    desk = Desk()
    first = held(desk, pool)
    others = come(desk, pool, "a", "b")
    desk.go.set()
    assert first.result(30) == "FIRST"
    again = pool.submit(desk.bring, "again")
    assert [one.result(30) for one in (*others, again)] == ["A", "B", "AGAIN"]
    assert desk.seen == [["first"], ["a", "b", "again"]]


@pytest.mark.usefixtures("_long_gathering")
def test_who_is_alone_waits_for_nobody(pool: ThreadPoolExecutor) -> None:
    desk = Desk()
    desk.go.set()
    for one in "abc":
        # With a wait it would take half a minute each.
        assert pool.submit(desk.bring, one).result(20) == one.upper()
    assert desk.seen == [["a"], ["b"], ["c"]]


def test_a_turn_takes_no_more_than_its_size(pool: ThreadPoolExecutor) -> None:
    desk = Desk(most_size=10)
    first = held(desk, pool)
    others = come(desk, pool, "a", "b", "c", size=4)
    others += come(desk, pool, "large", size=1000)
    others += come(desk, pool, "d", size=4)
    desk.go.set()
    assert [one.result(30) for one in others] == ["A", "B", "C", "LARGE", "D"]
    assert first.result(30) == "FIRST"
    assert desk.seen == [["first"], ["a", "b"], ["c"], ["large"], ["d"]]


def test_an_error_is_only_for_the_one_that_it_is_of(pool: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk()
    first = held(desk, pool)
    others = come(desk, pool, "a", "bad", "c")
    with caplog.at_level(logging.WARNING):
        desk.go.set()
        assert [first.result(30), others[0].result(30), others[2].result(30)] == ["FIRST", "A", "C"]
        with pytest.raises(ValueError, match="an answer"):
            others[1].result(30)
    assert desk.seen == [["first"], ["a", "bad", "c"]]
    assert sorted(desk.alone) == ["a", "bad", "c"]
    assert "ValueError" in caplog.text and "an answer" not in caplog.text
    assert desk.turns.here == 0 and pool.submit(desk.bring, "next").result(30) == "NEXT"


@pytest.mark.parametrize(("trouble", "error"), [("bad", ValueError), ("exit", SystemExit)])
def test_a_turn_that_ends_badly_hands_the_lead_on(
    pool: ThreadPoolExecutor, trouble: str, error: type[BaseException]
) -> None:
    desk = Desk()
    first = held(desk, pool, trouble)
    others = come(desk, pool, "a", "b")
    desk.go.set()
    with pytest.raises(error):
        first.result(30)
    assert [one.result(30) for one in others] == ["A", "B"]
    assert (desk.seen, desk.alone) == ([[trouble], ["a", "b"]], [])


@pytest.mark.parametrize("first", ["first", "slow"])
def test_what_takes_long_is_done_alone_after_the_turn(pool: ThreadPoolExecutor, first: str) -> None:
    desk = Desk()
    futures = [held(desk, pool, first), *come(desk, pool, "a", "slow", "c")]
    desk.go.set()
    assert [one.result(30) for one in futures] == [first.upper(), "A", "SLOW", "C"]
    assert desk.seen == [[first], ["a", "slow", "c"]]
    assert desk.alone == (["slow", "slow"] if first == "slow" else ["slow"])


def test_one_too_many_is_told_so_at_once(pool: ThreadPoolExecutor) -> None:
    desk = Desk(most=3)
    first = held(desk, pool)
    others = come(desk, pool, "a", "b")
    with pytest.raises(CollectorError) as refused:
        desk.bring("c")
    assert refused.value.code == FULL
    desk.go.set()
    for one in (first, *others):
        one.result(30)
    assert pool.submit(desk.bring, "c").result(30) == "C"
