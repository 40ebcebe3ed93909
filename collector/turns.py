"""Work of one kind that many threads want done, done for all who wait by the one whose turn it is: what it costs once is paid once.

Whoever comes while nobody works, and was alone lately, begins at once. Meanwhile others gather, and the first of them does the work of all
of them next. Where there were several just now, they are about to be back: they are waited for, for some thousandths of a second.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Generic, TypeVar

from collector.errors import CollectorError

log = logging.getLogger(__name__)

#: Seconds that those are waited for who were here just now.
GATHER_S = 0.005

Brought = TypeVar("Brought")
Given = TypeVar("Given")


@dataclass(eq=False)
class Waiting(Generic[Brought, Given]):
    """One who waits, with what it brought, and its size. Woken once it `is_settled`, or else to do the next work.

    `given`: what the work gave; None where it is to be done again, for this one alone.
    """

    brought: Brought
    size: int
    woken: Event = field(default_factory=Event)
    is_settled: bool = False
    given: Given | None = None


class Turns(Generic[Brought, Given]):
    """The turns of one process.

    `work` does what was brought by all of a turn, be it one, and gives for each what came of it, or None where that takes too long for the
    others: `alone` does it then, while they go on. What `work` raises for several is nobody's yet, and `alone` finds out whose it is.
    `most_size`: of how much together a turn is, unless the first alone is more. `most`: how many may be here at a time; `full`: the code of
    the error for one more.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Brought]], Sequence[Given | None]],
        alone: Callable[[Brought], Given],
        *,
        most_size: int,
        most: int,
        full: str,
    ) -> None:
        self.work, self.alone = work, alone
        self.most_size, self.most, self.full = most_size, most, full
        self.lock = Lock()
        self.waiting: deque[Waiting[Brought, Given]] = deque()
        #: How many are here, how many there were at most since the last turn began, and whether somebody leads.
        self.here, self.peak, self.is_led = 0, 0, False
        self.are_gathered = Event()

    def bring(self, brought: Brought, size: int) -> Given:
        """What the work gives for `brought`. Raises what it raises for it, and CollectorError `full`, without a wait."""
        mine: Waiting[Brought, Given] = Waiting(brought, size)
        with self.lock:
            if self.here >= self.most:
                raise CollectorError(self.full)
            self.here += 1
            self.peak = max(self.peak, self.here)
            self.waiting.append(mine)
            if self._is_enough():
                self.are_gathered.set()
            leads, self.is_led = not self.is_led, True
        try:
            if not leads:
                mine.woken.wait()
            if not mine.is_settled:
                self._lead()
            return self.alone(brought) if mine.given is None else mine.given
        finally:
            with self.lock:
                self.here -= 1

    def _lead(self) -> None:
        """Do the work of the first who wait, of whom this thread's is one, and hand the lead on. Raises what it raises for one alone."""
        group = self._take()
        try:
            for one, given in zip(group, self.work([one.brought for one in group]), strict=True):
                one.given = given
        except Exception as error:
            if len(group) == 1:
                raise
            # Its message may hold answers.
            log.warning("%s: what %s brought together is done for each alone", type(error).__name__, len(group))
        finally:
            self._hand_on(group)

    def _is_enough(self) -> bool:
        return len(self.waiting) >= self.peak or sum(one.size for one in self.waiting) >= self.most_size

    def _take(self) -> list[Waiting[Brought, Given]]:
        with self.lock:
            is_enough = self._is_enough()
            if not is_enough:
                self.are_gathered.clear()
        if not is_enough:
            self.are_gathered.wait(GATHER_S)
        with self.lock:
            self.peak = self.here
            group = [self.waiting.popleft()]
            size = group[0].size
            while self.waiting and size + self.waiting[0].size <= self.most_size:
                size += self.waiting[0].size
                group.append(self.waiting.popleft())
            return group

    def _hand_on(self, group: list[Waiting[Brought, Given]]) -> None:
        for one in group:
            one.is_settled = True
        with self.lock:
            following = self.waiting[0] if self.waiting else None
            self.is_led = following is not None
        if following is not None:
            following.woken.set()
        for one in group:
            one.woken.set()
