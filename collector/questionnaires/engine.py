"""The form engine on the server: the files of `static/engine/`, run in QuickJS.

The phone and the server run the same files, so that they never judge a response differently (docs/engine.md).
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import quickjs

Flag = dict[str, str]
Fault = dict[str, Any]

ENGINE_FOLDER = Path(__file__).resolve().parents[2] / "static" / "engine"
HOST_FILE = Path(__file__).with_name("engine_host.js")
#: What the host calls; everything these import is joined before them.
ENTRY_FILES = ("functions/rare.js", "check.js", "expressions.js")

MEMORY_LIMIT_BYTES = 256 * 1024 * 1024
TIME_LIMIT_SECONDS = 2
#: How long one push may keep the engine from the others, beyond the check of one response.
TURN_SECONDS = 0.1
#: Compiling a large form's model and checking its expressions is done once a version, and may take longer.
MODEL_TIME_LIMIT_SECONDS = 20
THREAD_STACK_BYTES = 8 * 1024 * 1024
JS_STACK_BYTES = 4 * 1024 * 1024

_IMPORT = re.compile(r"^import\s[^'\"]*['\"]([^'\"]+)['\"];?[^\S\n]*$", re.MULTILINE)
_EXPORT = re.compile(r"^export\s+(?=(?:async\s+)?(?:function|class|const|let)\b)", re.MULTILINE)
_ERROR_NAME = re.compile(r"\s*(\w*Error)\b")


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


def engine_files(entries: Sequence[str] = ENTRY_FILES, folder: Path = ENGINE_FOLDER) -> list[Path]:
    """Give the engine's files in import order: each after all that it imports."""
    ordered: list[Path] = []
    seen: set[Path] = set()

    def visit(path: Path) -> None:
        if path in seen:
            return
        seen.add(path)
        for name in _IMPORT.findall(path.read_text(encoding="utf-8")):
            visit((path.parent / name).resolve())
        ordered.append(path)

    for entry in entries:
        visit((folder / entry).resolve())
    return ordered


@lru_cache(maxsize=4)
def engine_source(extra: tuple[Path, ...] = ()) -> str:
    """Give the engine as one script: QuickJS's binding loads no modules, so import and export words are taken out."""
    parts = [path.read_text(encoding="utf-8") for path in (*engine_files(), HOST_FILE, *extra)]
    return "'use strict';\n" + "\n".join(_EXPORT.sub("", _IMPORT.sub("", part)) for part in parts)


@lru_cache(maxsize=64)
def zone_table(name: str) -> tuple[tuple[int, int], ...] | None:
    """Give the offsets of a time zone, None where there is no such zone.

    Shape: `((from_ms, minutes_east), …)`, ascending, for 1900 to 2100; the first holds before its moment too.
    """
    try:
        zone = ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None

    def offset(moment: datetime) -> timedelta:
        return moment.astimezone(zone).utcoffset() or timedelta()

    # No zone has kept an offset for less than two weeks since 1900 but in a handful of war-time cases.
    step, moment, end = timedelta(days=14), datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    table = [(_milliseconds(moment), _minutes(offset(moment)))]
    while moment < end:
        later = moment + step
        if offset(moment) != offset(later):
            low, high = moment, later
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset(middle) == offset(moment) else (low, middle)
            table.append((_milliseconds(high.replace(microsecond=0)), _minutes(offset(later))))
        moment = later
    return tuple(table)


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _minutes(offset: timedelta) -> int:
    return round(offset.total_seconds() / 60)


class Engine:
    """The engine of one worker process. Any thread may call it.

    QuickJS measures its stack from the thread that it was made in, so everything runs on one thread of its own.
    """

    def __init__(self, extra: Sequence[Path] = ()) -> None:
        """`extra`: further scripts that are joined behind the host, for tests."""
        self._extra = tuple(extra)
        self._lock = threading.Lock()
        self._pid: int | None = None
        self._executor: ThreadPoolExecutor | None = None
        self._context: quickjs.Context | None = None

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
        asked = Asked(model_hash, model_json, answers, now_ms, tz, offset_minutes, read_list)
        checked: Checked = self._run(lambda: self._check(asked))
        return checked

    def check_all(self, asked: Sequence[Asked], deadline: float = inf) -> list[Checked]:
        """The same for many responses, several at a time, which spares waiting for the engine's thread for each of them.

        Those that are not reached by `deadline` (`monotonic`) are flagged `check_timed_out`.
        """
        found: list[Checked] = []
        while len(found) < len(asked):
            if monotonic() >= deadline:
                return found + [NO_TIME] * (len(asked) - len(found))
            found += self._run(partial(self._check_some, asked[len(found) :]))
        return found

    def _check_some(self, asked: Sequence[Asked]) -> list[Checked]:
        """The first of them: as many as can be done before somebody else has a turn, and one at least."""
        until, found = monotonic() + TURN_SECONDS, []
        for one in asked:
            found.append(self._check(one))
            if monotonic() >= until:
                break
        return found

    def _check(self, asked: Asked) -> Checked:
        try:
            answers = asked.answers if isinstance(asked.answers, str) else json.dumps(asked.answers)
            found = self._ask(
                "serverCheck",
                asked.model_hash,
                asked.model_json,
                answers,
                asked.now_ms,
                asked.tz,
                asked.offset_minutes,
                asked.read_list,
            )
        except Exception as error:
            return Checked([_failure(error)])
        return Checked(found["flags"], found["unanswered"])

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
        try:
            found = self._run(
                lambda: self._ask(
                    "serverConsequences",
                    model_hash,
                    model_json,
                    json.dumps(answers),
                    now_ms,
                    tz,
                    offset_minutes,
                    read_list,
                )
            )
        except Exception:
            return Consequences({}, frozenset())
        return Consequences(found["calculated"], frozenset(found["unasked"]))

    def check_model(self, model_json: str) -> list[Fault]:
        """Give the faults of a model's expressions: `[{"path", "key", "code", "message"}]`; a circle has
        the `paths` of its members too.

        Raises EngineError where the model cannot be read at all.
        """
        try:
            faults: list[Fault] = self._run(
                lambda: self._call("serverCheckModel", model_json, limit=MODEL_TIME_LIMIT_SECONDS)
            )
            return faults
        except Exception as error:
            raise EngineError(_failure(error)["message"]) from None

    def call(self, name: str, *args: Any) -> Any:
        """Call one of the joined scripts' functions that gives JSON, and give what it says. For tests."""
        return self._run(lambda: self._call(name, *args, limit=MODEL_TIME_LIMIT_SECONDS))

    def _ask(
        self,
        name: str,
        model_hash: str,
        model_json: str | Callable[[], str],
        answers: str,
        now_ms: int,
        tz: str | None,
        offset_minutes: int,
        read_list: Callable[[str], str] | None,
    ) -> Any:
        """What one of the host's functions says of answers to a form, which is given to it first."""
        context = self._ready_context()
        if not context.get("serverHasModel")(model_hash):
            text = model_json if isinstance(model_json, str) else model_json()
            self._limit(context, MODEL_TIME_LIMIT_SECONDS)
            context.get("serverAddModel")(model_hash, text)
        if read_list is not None:
            self._add_lists(model_hash, read_list)
        # The binding cuts whole numbers to 32 bits; a moment goes as a float.
        return self._call(name, model_hash, answers, float(now_ms), self._zone(context, tz, offset_minutes))

    def _add_lists(self, model_hash: str, read_list: Callable[[str], str]) -> None:
        missing = self._call("serverMissingLists", model_hash)
        if missing is None:
            raise ListsTooLarge
        for sha256 in missing:
            self._call("serverAddList", sha256, read_list(sha256), limit=MODEL_TIME_LIMIT_SECONDS)

    def _zone(self, context: Any, tz: str | None, offset_minutes: int) -> str:
        table = zone_table(tz) if tz else None
        name = tz if tz and table else f"offset {offset_minutes}"
        if not context.get("serverHasZone")(name):
            context.get("serverAddZone")(name, json.dumps(table or [[0, offset_minutes]]))
        return name

    def _call(self, name: str, *args: Any, limit: int = TIME_LIMIT_SECONDS) -> Any:
        context = self._ready_context()
        self._limit(context, limit)
        try:
            return json.loads(context.get(name)(*args))
        except Exception as error:
            # Whatever ran out of time or memory may have left things half done.
            if not _is_plain(error):
                self._context = None
            raise

    def _limit(self, context: Any, seconds: int) -> None:
        context.set_time_limit(seconds)

    def _ready_context(self) -> Any:
        if self._context is None:
            context = quickjs.Context()
            context.set_memory_limit(MEMORY_LIMIT_BYTES)
            context.set_max_stack_size(JS_STACK_BYTES)
            context.eval(engine_source(self._extra))
            self._context = context
        return self._context

    def _run(self, work: Callable[[], Any]) -> Any:
        with self._lock:
            executor = self._executor
            # After a fork the parent's thread is gone and its context is not ours to touch.
            if executor is None or self._pid != os.getpid():
                executor = _new_executor()
                self._executor, self._pid, self._context = executor, os.getpid(), None
        return executor.submit(work).result()


def _new_executor() -> ThreadPoolExecutor:
    before = threading.stack_size(THREAD_STACK_BYTES)
    try:
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="form-engine")
        executor.submit(int).result()
        return executor
    finally:
        threading.stack_size(before)


def _is_plain(error: Exception) -> bool:
    """Say whether the engine is still sound after an error: an ordinary exception of the script."""
    name = _ERROR_NAME.match(str(error))
    return isinstance(error, quickjs.JSException) and name is not None and name[1] not in ("InternalError", "Error")


def _failure(error: Exception) -> Flag:
    if isinstance(error, ListsTooLarge):
        return {
            "code": "lists_too_large",
            "path": "",
            "message": "The questionnaire's lists are too large for the check.",
        }
    # The text of an error may quote an answer; its kind does not.
    name = _ERROR_NAME.match(str(error))
    kind = name[1] if isinstance(error, quickjs.JSException) and name is not None else type(error).__name__
    if "interrupted" in str(error):
        return {"code": "check_timed_out", "path": "", "message": "The check took too long and was stopped."}
    return {"code": "check_failed", "path": "", "message": f"The check could not be done ({kind})."}


@lru_cache(maxsize=1)
def shared_engine() -> Engine:
    """The engine of this process."""
    return Engine()
