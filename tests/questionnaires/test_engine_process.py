"""V8 in a process of its own: what happens when it dies, and what it has of ours."""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collector.questionnaires import engine_pipe
from collector.questionnaires.engine import TURN_SECONDS, Asked, Checked, Engine, _Name
from collector.questionnaires.engine_pipe import EngineProcess, FairLock, ProcessDied, ScriptError
from tests.questionnaires.test_engine import NOON_MS, codes, model, question

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

ROOT = Path(__file__).resolve().parents[2]
PLAIN = model(question("a", type="int", constraint=". < 5"))
#: Backtracks for ages where the answer is many times `a`.
ENDLESS = model(question("a", constraint="regex(., '(a+)+b')"))
#: Makes a list of 300 million characters of an answer of a million.
BOMB = model(
    question("a"),
    question("n", calculate=f"string-length(concat({', '.join(['/data/a'] * 300)}))", readonly="true()"),
)
GOOD, BROKEN, LATE, FAILED = [], [("constraint_broken", "/data/a")], [("check_timed_out", "")], [("check_failed", "")]


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    if engine._process is not None:
        engine._process.end()


def asked(text: str, **answers: str) -> Asked:
    return Asked(str(hash(text)), text, answers, NOON_MS, None)


def told(checked: list[Checked]) -> list[list[tuple[str, str]]]:
    return [codes(one.flags) for one in checked]


def pid_of(engine: Engine) -> int:
    assert engine._process is not None
    return engine._process.pid


def is_there(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "did not come about"
        time.sleep(0.01)


def cpu_s(pid: int) -> float:
    return time.clock_gettime((~pid << 3) | 2)


def test_an_endless_check_takes_nothing_from_those_beside_it(engine: Engine) -> None:
    many = [asked(PLAIN, a=str(number)) for number in range(10)]
    many[3] = many[7] = asked(ENDLESS, a="a" * 60)
    many.append(asked(ENDLESS, a="aab"))
    expected = [GOOD] * 5 + [BROKEN] * 5 + [GOOD]
    expected[3] = expected[7] = LATE
    assert told(engine.check_all(many)) == expected


def test_a_check_that_takes_all_memory_takes_nothing_from_those_beside_it(engine: Engine) -> None:
    bomb = asked(BOMB, a="x" * 1_000_000, n="1")
    many = [asked(PLAIN, a="1"), bomb, asked(PLAIN, a="9"), asked(PLAIN, a="2")]
    assert told(engine.check_all(many)) == [GOOD, FAILED, BROKEN, GOOD]
    assert told(engine.check_all([bomb])) == [FAILED]
    assert told(engine.check_all([asked(PLAIN, a="9")])) == [BROKEN]


def test_memory_beside_the_heap_is_bounded_too() -> None:
    process = EngineProcess()
    beside = "var all = []; for (let at = 0; at < 2000; at++) all.push(new Uint8Array(1 << 20).fill(7)); ''"
    with pytest.raises(ProcessDied) as died:
        process.run(beside, 20)
    assert not died.value.is_late


def test_a_process_killed_in_the_middle_of_a_check_costs_nothing_but_time(engine: Engine) -> None:
    engine.check_all([asked(PLAIN, a="1")])
    first = pid_of(engine)
    begun = cpu_s(first)

    def kill() -> None:
        wait_for(lambda: cpu_s(first) > begun + 0.5)
        os.kill(first, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    many = [asked(PLAIN, a="1"), asked(ENDLESS, a="a" * 60), asked(PLAIN, a="9")]
    assert told(engine.check_all(many)) == [GOOD, LATE, BROKEN]
    killer.join()
    assert not is_there(first)


def test_a_process_that_dies_at_a_response_twice_leaves_it_flagged(engine: Engine) -> None:
    """It is killed between the messages about one response, once and then always."""
    killed = []

    def one(times: int) -> Asked:
        plain = json.loads(PLAIN)
        plain["lists"] = {"people": {"file": "people.csv", "sha256": f"people {times}", "size": 100}}

        def read_list(_sha256: str) -> str:
            if len(killed) < times:
                killed.append(pid_of(engine))
                os.kill(pid_of(engine), signal.SIGKILL)
            return '{"columns":["name"],"rows":[]}'

        return Asked(f"with {times}", json.dumps(plain), {"a": "9"}, NOON_MS, None, read_list=read_list)

    assert told(engine.check_all([one(1)])) == [BROKEN]
    assert told(engine.check_all([asked(PLAIN, a="1"), one(2), asked(PLAIN, a="9")])) == [GOOD, BROKEN, BROKEN]
    assert told(engine.check_all([asked(PLAIN, a="1"), one(99), asked(PLAIN, a="9")])) == [GOOD, FAILED, BROKEN]
    assert len(set(killed)) == len(killed) == 4


def test_one_that_died_meanwhile_is_begun_again(engine: Engine) -> None:
    engine.check_all([asked(PLAIN, a="1")])
    first = pid_of(engine)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not is_there(first))
    assert told(engine.check_all([asked(PLAIN, a="9")])) == [BROKEN]
    assert engine.check_model(PLAIN) == []
    os.kill(pid_of(engine), signal.SIGKILL)
    assert engine.check_model(PLAIN) == []
    os.kill(pid_of(engine), signal.SIGKILL)
    found = engine.consequences("h", PLAIN, {"a": "1"}, now_ms=NOON_MS, tz=None)
    assert found.calculated == {} and found.unasked == frozenset()


def test_one_that_says_nothing_is_given_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that stands still uses no CPU time, so that the kernel does not end it."""
    engine.check_all([asked(PLAIN, a="1")])
    first = pid_of(engine)
    os.kill(first, signal.SIGSTOP)
    monkeypatch.setattr(engine_pipe, "PATIENCE", 0.2)
    assert told(engine.check_all([asked(PLAIN, a="1")])) == [LATE]
    monkeypatch.undo()
    assert not is_there(first)
    assert told(engine.check_all([asked(PLAIN, a="9")])) == [BROKEN]


def test_where_no_process_can_be_begun_responses_are_flagged(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert told(engine.check_all([asked(PLAIN, a="1"), asked(PLAIN, a="9")])) == [FAILED, FAILED]
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert told(engine.check_all([asked(PLAIN, a="1"), asked(PLAIN, a="9")])) == [FAILED, FAILED]
    monkeypatch.undo()
    assert told(engine.check_all([asked(PLAIN, a="1"), asked(PLAIN, a="9")])) == [GOOD, BROKEN]


@pytest.mark.parametrize(
    "answer", ["'); throw 1; ('", '");`${1}', "\\", "\u2028\n\0*/", "</script>", "文字 🙂", "\udfff"]
)
def test_an_answer_is_never_a_script(engine: Engine, answer: str) -> None:
    """The answer arrives as it is: the questionnaire asks for this very text."""
    text = model(question("b"), question("a", constraint=". = /data/b"))
    assert told(engine.check_all([asked(text, a=answer, b=answer)])) == [GOOD]
    assert told(engine.check_all([asked(text, a=answer, b=answer + "x")])) == [BROKEN]


def test_a_script_that_throws_tells_the_kind_alone() -> None:
    process = EngineProcess()
    for script, kind in (
        ("null.secret", "TypeError"),
        ("secret RangeError(", "SyntaxError"),
        ("throw 'secret'", "Error"),
    ):
        with pytest.raises(ScriptError) as thrown:
            process.run(script, 2)
        assert thrown.value.kind == kind and str(thrown.value) == kind
    assert process.run("String(1 + 1)", 2) == "2"


def test_the_process_holds_nothing_of_ours(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    with socket.create_server(("127.0.0.1", 0)) as listener, (tmp_path / "lock").open("w") as lock:
        # As gunicorn's ports, which a new server of the same port is to inherit.
        listener.set_inheritable(True)
        os.set_inheritable(lock.fileno(), True)
        engine.check_all([asked(PLAIN, a="1")])
        pid = pid_of(engine)
        held = {str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()}
        ours = {str(Path(f"/proc/self/fd/{number}").readlink()) for number in (listener.fileno(), lock.fileno())}
    assert not held & ours
    assert {link for link in held if link.startswith("/")} == {"/dev/null"}
    assert b"secret" not in Path(f"/proc/{pid}/environ").read_bytes()
    libraries = Path(f"/proc/{pid}/maps").read_text()
    assert "libmini_racer" in libraries
    assert "sqlite" not in libraries and "libpq" not in libraries


def test_the_process_is_bound(engine: Engine) -> None:
    engine.check_all([asked(PLAIN, a="1")])
    lines = Path(f"/proc/{pid_of(engine)}/limits").read_text().splitlines()
    limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
    assert set(limits["Max core file size"]) <= {"0", "1"}
    assert limits["Max file size"] == ["0", "0"]
    assert limits["Max data size"][0] != "unlimited"
    assert int(Path(f"/proc/{pid_of(engine)}/oom_score_adj").read_text()) >= 500


def test_signals_for_the_whole_group_do_not_end_it(engine: Engine) -> None:
    engine.check_all([asked(PLAIN, a="1")])
    first = pid_of(engine)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        os.kill(first, number)
    assert told(engine.check_all([asked(PLAIN, a="9")])) == [BROKEN]
    assert pid_of(engine) == first


def test_it_ends_with_the_engine() -> None:
    engine = Engine()
    engine.check_all([asked(PLAIN, a="1")])
    pid = pid_of(engine)
    del engine
    gc.collect()
    assert not Path(f"/proc/{pid}").exists()


ORPHAN = """
import os, sys, time
from collector.questionnaires.engine import Engine
engine = Engine()
engine.check("h", sys.argv[1], {"a": "1"}, now_ms=0, tz=None)
keeper = os.fork()
if keeper == 0:
    time.sleep(600)
print(engine._process.pid, keeper, flush=True)
if sys.argv[2] == "ends":
    sys.exit()
if sys.argv[2] == "is killed at rest":
    time.sleep(600)
engine.check("e", sys.argv[3], {"a": "a" * 60}, now_ms=0, tz=None)
"""


@pytest.mark.parametrize("how", ["ends", "is killed at rest", "is killed at work"])
def test_it_ends_when_its_parent_is_gone(how: str) -> None:
    """Even in the middle of a check that never ends, and while a process lives that the parent forked."""
    command = [sys.executable, "-c", ORPHAN, PLAIN, how, ENDLESS]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid, keeper = map(int, parent.stdout.readline().split())
        try:
            if how == "is killed at work":
                begun = cpu_s(pid)
                wait_for(lambda: cpu_s(pid) > begun + 0.2)
            if how != "ends":
                parent.kill()
            parent.wait()
            wait_for(lambda: not is_there(pid))
            assert is_there(keeper)
        finally:
            os.kill(keeper, signal.SIGKILL)


def test_a_process_that_was_forked_in_somebodys_turn_begins_its_own(engine: Engine) -> None:
    engine.check_all([asked(PLAIN, a="1")])
    first = pid_of(engine)
    with engine._turn:
        child = os.fork()
        if child == 0:
            # Where it waits for a turn that nobody ends, it is ended.
            signal.alarm(60)
            is_well = told(engine.check_all([asked(PLAIN, a="9")])) == [BROKEN] and pid_of(engine) != first
            os._exit(0 if is_well else 1)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert told(engine.check_all([asked(PLAIN, a="9")])) == [BROKEN]
    assert pid_of(engine) == first


def test_turns_are_taken_in_the_order_of_coming() -> None:
    turns, order = FairLock(), []

    def take(number: int) -> None:
        with turns:
            order.append(number)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(5)]
    with turns:
        for number, thread in enumerate(threads, 1):
            thread.start()
            wait_for(lambda number=number: len(turns._waiting) == number)  # type: ignore[misc]
    take(9)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, 9]


@pytest.mark.parametrize("slow", ["checking", "reading"])
def test_a_push_leaves_the_engine_to_others_between_its_turns(engine: Engine, slow: str) -> None:
    """Each response, or reading its model, takes longer than a turn, so that the other thread comes between the first and the last."""
    order: list[str] = []
    begun = threading.Event()

    def text(name: str) -> Callable[[], str]:
        def read() -> str:
            order.append(name)
            begun.set()
            if slow == "reading":
                time.sleep(1.5 * TURN_SECONDS)
            return ENDLESS

        return read

    def other() -> None:
        begun.wait()
        engine.check("other", text("other"), {"a": "b"}, now_ms=NOON_MS, tz=None)

    thread = threading.Thread(target=other)
    thread.start()
    length = 25 if slow == "checking" else 5
    found = engine.check_all([Asked(f"{n}", text(f"{n}"), {"a": "a" * length}, NOON_MS, None) for n in range(6)])
    thread.join()
    assert told(found) == [BROKEN] * 6
    assert order.index("other") < order.index("5")


def test_v8_gives_back_what_it_has_when_the_turn_is_over(engine: Engine) -> None:
    engine.check("h", PLAIN, {"a": "1"}, now_ms=NOON_MS, tz=None)
    asks = json.dumps([["h", NOON_MS, "offset 0", False]] * 3)
    for turn_ms, count in ((-1, 1), (60_000, 3)):
        said = engine.call("serverEach", _Name("check"), turn_ms, asks, *['{"a": "9"}'] * 3)
        assert len(said["found"]) == count and said["wants"] is None


def test_what_is_not_reached_by_the_deadline_is_flagged(engine: Engine) -> None:
    assert told(engine.check_all([asked(PLAIN, a="1")] * 3, time.monotonic() - 1)) == [LATE] * 3
