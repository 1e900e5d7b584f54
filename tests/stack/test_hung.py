"""What hangs is noticed by its silence and started again; what only waits, works or sleeps is left alone."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from stack.keeper import Child, Patience
from stack.pulse import Pipe, Silence, beat
from tests.stack.test_supervisor import Running, alive, place, wait_for

#: Seconds of silence after which these platforms kill, instead of 20 and 60.
HUNG_S = 2.0


def test_silence_is_counted_from_the_last_sign() -> None:
    silence = Silence(every_s=1.0)
    assert [silence.look(sign, 1.0) for sign in (False, False, True, False)] == [1.0, 2.0, 0.0, 1.0]


def test_a_machine_that_slept_for_an_hour_has_not_been_silent_for_an_hour() -> None:
    silence = Silence(every_s=1.0)
    silence.look(False, 1.0)
    assert silence.look(False, 3600.0) == 3.0


async def test_a_loop_that_turns_beats_and_one_that_is_blocked_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stack.pulse.BEAT_S", 0.01)
    pipe = Pipe()
    beating = asyncio.create_task(beat(pipe.write_end))
    try:
        await asyncio.sleep(0.05)
        assert pipe.sign()
        assert not pipe.sign()
        time.sleep(0.05)  # noqa: ASYNC251 - the very fault
        assert not pipe.sign()
        await asyncio.sleep(0.05)
        assert pipe.sign()
    finally:
        beating.cancel()
        pipe.close()


async def test_a_supervisor_that_does_not_listen_for_hours_holds_up_no_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stack.pulse.BEAT_S", 0)
    pipe = Pipe()
    while True:  # until the pipe is full
        try:
            os.write(pipe.write_end, b"." * 4096)
        except BlockingIOError:
            break
    beating = asyncio.create_task(beat(pipe.write_end))
    await asyncio.sleep(0.05)
    assert not beating.done()
    beating.cancel()
    pipe.close()


def _sleeper() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)


def _child(said: list[str], patience: Patience) -> Child:
    return Child("stage", _sleeper, lambda: True, signal.SIGKILL, lambda _: None, said.append, lambda: "", patience)


async def test_what_waits_for_its_servers_beats_and_is_left_alone_while_what_is_silent_is_killed() -> None:
    said: list[str] = []
    beats = True
    child = _child(said, Patience(lambda: beats, every_s=0.05, start_s=60, hung_s=0.4))
    keeping = asyncio.create_task(child.keep())
    await asyncio.sleep(1.0)
    assert (said, child.restarts) == ([], 0)
    beats = False
    async with asyncio.timeout(10):
        while not child.restarts:  # noqa: ASYNC110 - a child has no event for it
            await asyncio.sleep(0.02)
    assert said == ["stage gave no sign of life for 0.4 s and was killed; starting it again in 0.5 s"]
    assert child.hangs == 1
    await child.stop(1)
    keeping.cancel()


async def test_one_that_outgrows_its_memory_is_asked_to_end_and_begins_anew() -> None:
    said: list[str] = []
    child = _child(said, Patience(lambda: True, every_s=0.05, start_s=60, hung_s=60, most_bytes=1e12))
    keeping = asyncio.create_task(child.keep())
    await asyncio.sleep(0.5)
    assert (said, child.restarts) == ([], 0)
    child.patience = Patience(lambda: True, every_s=0.05, start_s=60, hung_s=60, most_bytes=1e6)
    assert child.process is not None
    child.process.kill()  # the next life is judged by the new measure
    async with asyncio.timeout(10):
        while child.restarts < 2:  # noqa: ASYNC110 - a child has no event for it
            await asyncio.sleep(0.02)
    assert "MB and was asked to end; starting it again" in said[1]
    assert child.hangs == 0
    await child.stop(1)
    keeping.cancel()


async def test_one_that_is_never_killed_is_told_of_once_and_again_when_it_answers() -> None:
    said: list[str] = []
    answers = False
    child = _child(said, Patience(lambda: answers, every_s=0.05, start_s=60, hung_s=None, tell_s=0.3))
    keeping = asyncio.create_task(child.keep())
    await asyncio.sleep(1.0)
    answers = True
    await asyncio.sleep(0.3)
    assert said == ["stage has not answered for 0 s; it is waited for", "stage answers again"]
    assert child.restarts == 0
    await child.stop(1)
    keeping.cancel()


@pytest.fixture(scope="module")
def platform() -> Iterator[Running]:
    """A platform that loses its patience quickly."""
    with place() as made:
        os.environ["HUNG_S"] = str(HUNG_S)
        try:
            running = Running(made).wait_ready()
        finally:
            del os.environ["HUNG_S"]
        yield running
        assert running.stop() == 0
        assert alive(made) == []


@pytest.mark.servers
def test_stages_and_servers_that_hang_are_started_again_and_the_database_is_waited_for(platform: Running) -> None:
    old = platform.pids()
    for name in ("gateway", "broker", "nats", "postgres"):
        os.kill(old[name], signal.SIGSTOP)
    (platform.home / "hang-api").touch()
    killed = ("gateway", "api", "broker", "nats")
    wait_for(lambda: all(platform.pids().get(name, old[name]) != old[name] for name in killed), 30, "new processes")
    for name in killed:
        assert f"SAID {name} gave no sign of life for {HUNG_S:g} s and was killed; starting it again" in platform.output
    wait_for(lambda: "SAID postgres has not answered for" in platform.output, 10, "a word about the database")
    os.kill(old["postgres"], signal.SIGCONT)
    wait_for(lambda: "SAID postgres answers again" in platform.output, 10, "an answer of the database")
    assert platform.pids()["postgres"] == old["postgres"]
    assert platform.state["restarts"] == {**dict.fromkeys(killed, 1), "postgres": 0}


@pytest.mark.servers
def test_a_machine_that_was_paused_as_a_whole_goes_on_with_the_same_processes(platform: Running) -> None:
    before = platform.pids()
    everything = [platform.process.pid, *before.values()]
    said = platform.output
    for pid in everything:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(2 * HUNG_S)
    for pid in everything:  # the supervisor first: it looks before the others can have said anything
        os.kill(pid, signal.SIGCONT)
    time.sleep(1.5)
    assert platform.pids() == before
    assert platform.output == said
