"""The form engine on the server: the files of `static/engine/`, run in V8.

The phone and the server run the same files, so that they never judge a response differently (docs/engine.md). V8 ends its process
when it is out of memory, so that it has one of its own (docs/decisions/0032-v8-in-a-process.md).
"""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from collector.questionnaires.engine_pipe import EngineProcess, FairLock, ProcessDied, ScriptError
from collector.questionnaires.engine_source import engine_source
from collector.questionnaires.zones import zone_table

Flag = dict[str, str]
Fault = dict[str, Any]
Given = TypeVar("Given")

TIME_LIMIT_SECONDS = 2
#: How long one push may keep the engine from the others, beyond the check of one response.
TURN_SECONDS = 0.1
#: Compiling a large form's model and checking its expressions is done once a version, and may take longer.
MODEL_TIME_LIMIT_SECONDS = 20
#: Responses that go to the engine in one message, and characters of them beyond which no further one goes along.
TOGETHER, TOGETHER_CHARACTERS = 50, 1_000_000
#: What is said in place of an error's name where the time was over.
LATE = "late"


class EngineError(Exception):
    """A model that the engine cannot read, or an engine that stopped. Carries no answer."""


class ListsTooLarge(Exception):
    """A model whose lists from files do not fit into the engine's memory."""


@dataclass(frozen=True)
class Checked:
    """What a check finds: flags, `[{"code", "path", "message"}]`, and the questions that were asked and have neither answer nor reason.

    `unanswered`: positional paths (`/data/members[2]/age`); None where the check could not be done.
    """

    flags: list[Flag]
    unanswered: list[str] | None = None


#: What is said of a response for whose check there was no time.
NO_TIME = Checked([{"code": "check_timed_out", "path": "", "message": "There was no time left for the check."}])


@dataclass(frozen=True)
class Asked:
    """A response that is to be checked: the arguments of `Engine.check`."""

    model_hash: str
    model_json: str | Callable[[], str]
    answers: dict[str, Any] | str
    now_ms: int
    tz: str | None
    offset_minutes: int = 0
    read_list: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Consequences:
    """What answers lead to: calculated values that stand there otherwise, and questions that the form does not ask; by positional path."""

    calculated: dict[str, str]
    unasked: frozenset[str]


class Engine:
    """The engine of one worker process. Any thread may call it.

    V8 runs in a process beside this one, begun when it is first needed, and again when it has died; see engine_process.py.
    """

    def __init__(self, extra: Sequence[Path] = ()) -> None:
        """`extra`: further scripts that are joined behind the host, for tests."""
        self._extra = tuple(extra)
        self._turn = FairLock()
        self._process: EngineProcess | None = None
        _engines.add(self)

    def check(
        self,
        model_hash: str,
        model_json: str | Callable[[], str],
        answers: dict[str, Any] | str,
        *,
        now_ms: int,
        tz: str | None,
        offset_minutes: int = 0,
        read_list: Callable[[str], str] | None = None,
    ) -> Checked:
        """Check a finished response; without flags all is well.

        `model_json` is called only when the engine does not hold the model yet, and `read_list` with the SHA-256 of each
        list from a file that it does not hold: it gives the list as JSON. `now_ms` is the moment of finishing,
        `tz` the phone's zone; `offset_minutes` east of UTC holds where that zone is unknown. Never raises: what goes
        wrong is a flag too, `check_timed_out`, `lists_too_large` or `check_failed`, without any answer in it.
        """
        return self.check_all([Asked(model_hash, model_json, answers, now_ms, tz, offset_minutes, read_list)])[0]

    def check_all(self, asked: Sequence[Asked], deadline: float = inf) -> list[Checked]:
        """The same for many responses, many in one message, which spares most of what a message costs.

        Those that are not reached by `deadline` (`monotonic`) are flagged `check_timed_out`. Where V8's process dies, each of the
        responses that it was given is sent by itself to another, so that the one of which it dies is known; the others are checked.
        """
        found: list[Checked] = []
        alone_until = 0
        while (at := len(found)) < len(asked):
            if monotonic() >= deadline:
                return found + [NO_TIME] * (len(asked) - at)
            some = asked[at : at + (1 if at < alone_until else TOGETHER)]
            try:
                found += [_checked(one) for one in self._each("check", some)]
            except ProcessDied as death:
                if at < alone_until or (death.is_late and len(some) == 1):
                    found.append(Checked([_flag(_kind(death))]))
                else:
                    alone_until = at + len(some)
            except Exception as error:
                found.append(Checked([_flag(_kind(error))]))
        return found

    def consequences(
        self,
        model_hash: str,
        model_json: str | Callable[[], str],
        answers: dict[str, Any],
        *,
        now_ms: int,
        tz: str | None,
        offset_minutes: int = 0,
        read_list: Callable[[str], str] | None = None,
    ) -> Consequences:
        """Give what the answers lead to; the arguments are those of `check`. Nothing where the engine cannot tell."""
        asked = Asked(model_hash, model_json, answers, now_ms, tz, offset_minutes, read_list)
        try:
            (found,) = _insist(lambda: self._each("consequences", [asked]))
            return Consequences(found["calculated"], frozenset(found["unasked"]))
        except Exception:
            return Consequences({}, frozenset())

    def check_model(self, model_json: str) -> list[Fault]:
        """Give the faults of a model's expressions: `[{"path", "key", "code", "message"}]`; a circle has
        the `paths` of its members too.

        Raises EngineError where the model cannot be read at all.
        """
        try:
            faults: list[Fault] = self.call("serverCheckModel", model_json)
            return faults
        except Exception as error:
            raise EngineError(_flag(_kind(error))["message"]) from None

    def call(self, name: str, *args: Any) -> Any:
        """Call one of the joined scripts' functions that gives JSON, and give what it says.

        Raises: ScriptError where it throws; ProcessDied where it takes too long or too much memory.
        """

        def work() -> Any:
            with self._turn:
                return json.loads(_run(self._ready_process(), name, *args))

        return _insist(work)

    def _each(self, work: str, asked: Sequence[Asked]) -> list[dict[str, Any]]:
        """What `work`, a function of the engine, gives of the first of these: as many as can be done before somebody else has a
        turn, and one at least. What could not be done is `{"error": the kind of error}`.
        """
        sent = _pack(asked)
        seconds = TIME_LIMIT_SECONDS + (TURN_SECONDS if len(sent) > 1 else 0)
        found: list[dict[str, Any]] = []
        added: set[tuple[Any, ...]] = set()
        with self._turn:
            process = self._ready_process()
            until = monotonic() + TURN_SECONDS
            while len(found) < len(sent):
                if found and monotonic() >= until:
                    break
                left = sent[len(found) :]
                asks, answers = json.dumps([one.ask for one in left]), [one.answers for one in left]
                said = json.loads(
                    _run(process, "serverEach", _Name(work), TURN_SECONDS * 1000, asks, *answers, seconds=seconds)
                )
                found += said["found"]
                if said["wants"] is None:
                    break
                want = (len(found), *said["wants"])
                try:
                    if want in added:
                        # Once more the same would go on for ever.
                        raise EngineError
                    added.add(want)
                    _add(process, asked[len(found)], sent[len(found)].zone, said["wants"])
                except ProcessDied:
                    raise
                except Exception as error:
                    found.append({"error": _kind(error)})
        return found

    def _ready_process(self) -> EngineProcess:
        if self._process is None or self._process.has_ended():
            self._process = None
            process = EngineProcess()
            process.run(engine_source(self._extra), MODEL_TIME_LIMIT_SECONDS)
            self._process = process
        return self._process

    def _forget(self) -> None:
        """In a process that was forked: the parent's process is not ours, and whoever had its turn is not here."""
        if self._process is not None:
            self._process.forget()
        self._process, self._turn = None, FairLock()


#: All engines of this process.
_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


def _forget_all() -> None:
    for engine in list(_engines):
        engine._forget()


os.register_at_fork(after_in_child=_forget_all)


class _Name(str):
    """The name of a function in a script."""

    __slots__ = ()


def _run(process: EngineProcess, name: str, *args: Any, seconds: float = MODEL_TIME_LIMIT_SECONDS) -> str:
    """Call a function in V8."""
    given = ",".join(arg if isinstance(arg, _Name) else json.dumps(arg) for arg in args)
    return process.run(f"{name}({given})", seconds)


def _add(process: EngineProcess, asked: Asked, zone: str, wants: list[str]) -> None:
    """Give V8 what it says that it wants for a response (serverEach in engine_host.js)."""
    match wants[0], asked.read_list:
        case "model", _:
            text = asked.model_json if isinstance(asked.model_json, str) else asked.model_json()
            _run(process, "serverAddModel", asked.model_hash, text)
        case "zone", _:
            table = (zone_table(asked.tz) if asked.tz else None) or [[0, asked.offset_minutes]]
            _run(process, "serverAddZone", zone, json.dumps(table))
        case "lists", read_list if read_list is not None:
            for sha256 in wants[1:]:
                _run(process, "serverAddList", sha256, read_list(sha256))
        case _:
            raise ListsTooLarge


@dataclass(frozen=True)
class _Sent:
    """A response as V8 is asked about it: `ask` is what serverEach wants to know, `answers` JSON."""

    ask: list[Any]
    answers: str
    zone: str


def _pack(asked: Sequence[Asked]) -> list[_Sent]:
    """Make the first of them ready. Raises what is wrong with the very first; before any other, it ends."""
    sent: list[_Sent] = []
    room = TOGETHER_CHARACTERS
    for one in asked:
        try:
            answers = one.answers if isinstance(one.answers, str) else json.dumps(one.answers)
            zone = one.tz if one.tz and zone_table(one.tz) else f"offset {one.offset_minutes}"
        except Exception:
            if not sent:
                raise
            break
        sent.append(_Sent([one.model_hash, one.now_ms, zone, one.read_list is not None], answers, zone))
        room -= len(answers)
        if room < 0:
            break
    return sent


def _insist(work: Callable[[], Given]) -> Given:
    """Do something once more where V8's process died of it, since it may have died of something else; not where it was too slow."""
    try:
        return work()
    except ProcessDied as death:
        if death.is_late:
            raise
        return work()


def _checked(found: dict[str, Any]) -> Checked:
    return Checked([_flag(found["error"])]) if "error" in found else Checked(found["flags"], found["unanswered"])


def _kind(error: Exception) -> str:
    """What is said of an error. Its text may quote an answer; its kind does not."""
    if isinstance(error, ScriptError):
        return error.kind
    if isinstance(error, ProcessDied):
        return LATE if error.is_late else "EngineStopped"
    return type(error).__name__


def _flag(kind: str) -> Flag:
    """The flag for a check that could not be done."""
    if kind == ListsTooLarge.__name__:
        return {
            "code": "lists_too_large",
            "path": "",
            "message": "The questionnaire's lists are too large for the check.",
        }
    if kind == LATE:
        return {"code": "check_timed_out", "path": "", "message": "The check took too long and was stopped."}
    return {"code": "check_failed", "path": "", "message": f"The check could not be done ({kind})."}


@lru_cache(maxsize=1)
def shared_engine() -> Engine:
    """The engine of this process."""
    return Engine()
