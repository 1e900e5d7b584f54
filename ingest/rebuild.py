"""Rhythms learnt over months, read again from the database for detectors that lost them.

The watcher writes what it asks for to the bucket ROUTINES and goes on; it never waits for the database. Here, beside
the desk's outbox, one unit after the other is read: its sensors' messages of the last weeks in the order in which they
came, through the detector's own code, half of the time at most, so that alerts go first. What was learnt is written
into the unit's stream as config, in which every replay finds it at the same place.

It is read only once the recorder has passed the end that the stream had when the ask was looked at: all that came
before the asking is then in the database, and what comes later the asking detector has noted.
"""

import asyncio
import time
from collections.abc import Callable

import msgspec
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from detectors.everyday_state import HABITS
from detectors.inactivity_replay import Relearner
from detectors.inactivity_state import RHYTHM
from ingest import buckets
from ingest.configurer import Configurer
from ingest.health import Health, stopped_within
from ingest.home_clock import unit_clock
from schemas import subjects
from schemas.config import ResidentConfig, RoutineAsk, RoutineConfig, config_reading, with_clock
from schemas.local_time import LocalTime
from schemas.reading import Reading
from store import history, people
from store.pool import Pool

#: Between looks at the bucket, seconds.
LOOK_SECONDS = 2.0
#: How long the recorder is waited for before the next look, seconds; behind by more, it has other things to do.
RECORDER_SECONDS = 10.0
#: What is read of a unit. Rests are remembered for four weeks and shares of the day fade over two; twice the first.
WEEKS_US = 8 * 7 * 86_400 * 1_000_000

_ask_decoder = msgspec.msgpack.Decoder(RoutineAsk)


class Rebuilder:
    """Answers what detectors ask for; ``look`` is called again and again."""

    def __init__(
        self,
        pool: Pool,
        js: JetStreamContext,
        configurer: Configurer,
        clock: Callable[[], int],
        health: Health,
        stop: asyncio.Event,
    ) -> None:
        self._pool, self._js, self._configurer, self._clock = pool, js, configurer, clock
        self._health, self._stop = health, stop

    async def look(self) -> int:
        """Answer what is asked for now; return how many. Raises what database and JetStream raise: try again later."""
        asked = await buckets.read(self._js, subjects.ROUTINES)
        if not asked or not await self._recorded():
            return 0
        answered = 0
        read: tuple[str, Relearner] | None = None  # rhythm and habits of a unit stand beside each other: read once
        for key, (value, revision) in sorted(asked.items()):
            if self._stop.is_set():
                break
            try:
                ask = _ask_decoder.decode(value)
            except msgspec.DecodeError:
                continue
            if ask.model in (RHYTHM, HABITS):  # else another version of this platform is about to take over
                if read is None or read[0] != ask.unit:
                    read = (ask.unit, await self.relearnt(ask.unit))
                await self._answer(ask, read[1])
                await self._forget(key, revision)
                answered += 1
        return answered

    async def _recorded(self) -> bool:
        """Wait until the recorder has stored all that READINGS holds now; False when it takes too long."""
        last_seq = (await self._js.stream_info(subjects.READINGS)).state.last_seq
        deadline = time.monotonic() + RECORDER_SECONDS
        while time.monotonic() < deadline:
            try:
                reader = await self._js.consumer_info(subjects.READINGS, subjects.RECORDER)
            except NotFoundError:
                return False
            idle = not reader.num_pending and not reader.num_ack_pending
            if idle or (reader.ack_floor is not None and reader.ack_floor.stream_seq >= last_seq):
                return True
            if await stopped_within(self._stop, 0.2):
                return False
        return False

    async def _answer(self, ask: RoutineAsk, relearner: Relearner) -> None:
        state, through_us = relearner.habits() if ask.model == HABITS else relearner.learnt()
        await self._configurer.routine(
            RoutineConfig(unit=ask.unit, model=ask.model, asked=ask.token, through_us=through_us, state=state)
        )
        self._health.counts["routines_rebuilt" if through_us >= 0 else "routines_new"] += 1

    async def relearnt(self, unit: str) -> Relearner:
        """Return who knows what the database has to say about a unit's rhythm and habits."""
        began = time.monotonic()
        relearner = Relearner(unit)
        clock, first = await self._clock_of(unit)
        settings = [
            config_reading(with_clock(setting.config, clock), setting.changed_us, setting.changed_us)
            for setting in await history.settings(self._pool, unit)
        ]
        devices = await history.devices_of(self._pool, unit)
        async for chunk in history.messages(self._pool, unit, devices, self._clock() - WEEKS_US):
            if clock is not None:
                hung = ResidentConfig(resident=first, unit=unit, version=0, clock=clock)
                settings = [config_reading(hung, chunk[0].arrival_us, chunk[0].arrival_us), *settings]
                clock = None
            last_us = chunk[-1].arrival_us
            told = [setting for setting in settings if setting.arrival_us <= last_us]
            settings = settings[len(told) :]
            await self._at_half_speed(relearner, sorted([*told, *chunk], key=_arrival))
        await self._at_half_speed(relearner, settings)
        for key, error in relearner.errors():
            self._health.log.warning("The rhythm of %s was read without %s: %s", unit, key, error)
        self._health.log.info("What is stored of %s was read again in %.1f s.", unit, time.monotonic() - began)
        return relearner

    async def _clock_of(self, unit: str) -> tuple[LocalTime | None, str]:
        """Return the clock on the wall of a unit as it is known today, and whose it is: all is read by that one."""
        found = await people.residents_of(self._pool, unit)
        return unit_clock(found, self._clock()), min((each.id for each in found), default="")

    async def _at_half_speed(self, relearner: Relearner, readings: list[Reading]) -> None:
        began = time.monotonic()
        await asyncio.to_thread(relearner.update, readings)
        await stopped_within(self._stop, time.monotonic() - began)

    async def _forget(self, key: str, revision: int) -> None:
        """Take the ask away, unless it was asked again meanwhile."""
        subject = f"$KV.{subjects.ROUTINES}.{key}"
        await self._js.purge_stream(f"KV_{subjects.ROUTINES}", seq=revision + 1, subject=subject)


def _arrival(reading: Reading) -> int:
    return reading.arrival_us
