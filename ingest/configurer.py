"""The one writer of config readings: how residents and devices stand in the database, into their units' streams.

Told by the outbox, in whose transaction the change was made; what is written is how things stand when it is written,
one at a time, so the last reading in the stream says the last state. Now and then all residents are said again: a
watcher that begins anew hears them within a minute, and a reading that got lost mends by itself.
"""

import asyncio
from collections.abc import Callable

from nats.js import JetStreamContext

from ingest.home_clock import home_clock
from schemas import ids, subjects
from schemas.config import Config, DeviceConfig, ResidentConfig, RoutineConfig, config_reading, with_clock
from schemas.effects import ConfigureDevice, ConfigureResident
from schemas.reading import encode_batch
from store import absences, people
from store.pool import Pool

#: Between two sayings of all residents, seconds; less than a watcher reads again when it begins anew (ingest.watcher).
SAY_ALL_SECONDS = 60.0


class Configurer:
    """Writes config readings. Ordered: the database is read and the stream written under one lock."""

    def __init__(self, pool: Pool, js: JetStreamContext, clock: Callable[[], int]) -> None:
        self._pool, self._js, self._clock = pool, js, clock
        self._one_at_a_time = asyncio.Lock()

    async def resident(self, effect: ConfigureResident, changed_us: int) -> None:
        """Say how a resident is watched over in a unit."""
        async with self._one_at_a_time:
            found = await people.resident(self._pool, effect.resident)
            if found is not None:
                await self._write(self._config(found, effect.unit), changed_us)

    async def absences(self, resident: str) -> None:
        """Carry out what a resident's calendar says by now; what comes of it is written by effects of its own."""
        await absences.settle(self._pool, resident, self._clock())

    async def device(self, effect: ConfigureDevice, changed_us: int) -> None:
        """Say who in a unit has a device."""
        async with self._one_at_a_time:
            bindings = await people.bindings_of(self._pool, effect.device)
            of_unit = tuple(binding for binding in bindings if binding.unit == effect.unit)
            await self._write(DeviceConfig(device=effect.device, unit=effect.unit, bindings=of_unit), changed_us)

    async def routine(self, config: RoutineConfig) -> None:
        """Say what was learnt of a unit's rhythm, to the detector that asked for it."""
        async with self._one_at_a_time:
            await self._write(config, self._clock())

    async def say_all(self) -> int:
        """Say again how every resident is watched over who is not as all are; return how many.

        Before it, carry out what is due in any calendar: an effect that got lost mends by itself too.
        """
        for each in await absences.turning(self._pool, self._clock()):
            await self.absences(each)
        async with self._one_at_a_time:
            found = await people.configured_residents(self._pool)
            for resident in found:
                await self._write(self._config(resident, resident.unit), self._clock())
        return len(found)

    def _config(self, resident: people.Resident, unit: str) -> ResidentConfig:
        return with_clock(resident.config(unit), home_clock(resident.timezone, self._clock()))

    async def _write(self, config: Config, changed_us: int) -> None:
        subject = subjects.readings(ids.partition_of(config.unit))
        await self._js.publish(subject, encode_batch([config_reading(config, changed_us, self._clock())]))
