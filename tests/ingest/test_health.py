"""Troubles are said once, patience has no end but a stop, and one sentence comes out of a stage that fails."""

import asyncio
import logging

import pytest

from ingest.health import Health, StoppedError, together
from schemas.errors import Unavailable


def health() -> Health:
    return Health("stage", logging.getLogger("test"))


class Flaky:
    """Fails a number of times, then answers."""

    def __init__(self, failures: int) -> None:
        self.left = failures

    async def __call__(self) -> str:
        if self.left:
            self.left -= 1
            raise OSError("away\nand more")
        return "stored"


async def test_it_is_tried_until_it_works_and_said_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.health.FIRST_WAIT", 0.001)
    caplog.set_level("WARNING")
    own, stop = health(), asyncio.Event()
    result = await own.persist(Flaky(4), errors=(OSError,), key="disk", sentence="Waiting for the disk.", stop=stop)
    assert result == "stored"
    assert [record.message for record in caplog.records] == [
        "Waiting for the disk. (OSError: away)", "stage: disk works again.",
    ]  # fmt: skip
    assert own.counts["disk_retries"] == 4
    assert own.status(1).ok


async def test_one_that_passes_does_not_say_that_all_is_well_while_another_waits() -> None:
    own, stop = health(), asyncio.Event()
    waiting = asyncio.ensure_future(
        own.persist(Flaky(10**6), errors=(OSError,), key="disk", sentence="Waiting.", stop=stop)
    )
    await asyncio.sleep(0.01)
    await own.persist(Flaky(0), errors=(OSError,), key="disk", sentence="Waiting.", stop=stop)
    assert not own.status(1).ok
    assert own.status(1).note.startswith("Waiting.")
    stop.set()
    with pytest.raises(StoppedError):
        await waiting


async def test_what_waiting_cannot_mend_comes_out_at_once() -> None:
    with pytest.raises(OSError, match="away"):
        await health().persist(Flaky(1), errors=(KeyError,), key="k", sentence="s", stop=asyncio.Event())


async def test_of_tasks_that_fail_together_the_one_sentence_comes_out() -> None:
    async def fail() -> None:
        raise Unavailable("The reader is gone.")

    with pytest.raises(Unavailable, match="The reader is gone"):
        async with together() as tasks:
            tasks.create_task(fail())
            await asyncio.sleep(10)


async def test_stopping_is_no_failure() -> None:
    async def stopped() -> None:
        raise StoppedError

    async with together() as tasks:
        tasks.create_task(stopped())
        await asyncio.sleep(10)


async def test_a_mistake_of_ours_is_not_hidden() -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup):
        async with together() as tasks:
            tasks.create_task(broken())
