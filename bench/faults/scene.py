"""What a fault is put on: the platform with its people, their devices, and a seeded choice of moments."""

import asyncio
import contextlib
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.faults.account import Person
from bench.faults.platform import Platform
from bench.faults.wearers import IEEE, Counts, Crowd, bridge, looped, movements
from device_sim.clock import wall_clock
from device_sim.platform import Platform as Api
from device_sim.platform import Refused
from schemas.errors import Unavailable

SITE = "Faults"
#: Steady wearers: with a frame a second each, the load under which everything happens.
STEADY = 24
#: Bindings reach back this far, so that a device's backlog is its wearer's.
BOUND_SINCE_US = 2 * 3600 * 1_000_000
#: How long the API may take to come back before the next fault.
SETUP_S = 120.0


@dataclass
class Scene:
    """Everything a fault may touch."""

    platform: Platform
    api: Api
    crowd: Crowd
    seed: int
    rng: random.Random
    people: list[Person] = field(default_factory=list)
    #: Devices whose frames the database was made to refuse: they must be in quarantine instead.
    refused: set[str] = field(default_factory=set)
    #: What a fault has to say beside the counts.
    remarks: list[str] = field(default_factory=list)
    round: int = 0
    _site: str = ""

    async def open(self) -> None:
        """Set up the load: steady wearers, each with a home of its own, and a bridge's sensors in one."""
        self._site = await self.api.place(SITE, "institution")
        self.moves = movements(self.seed)
        for number in range(STEADY):
            device = f"steady-{number:02d}"
            self.people.append(Person(await self.resident(device), device))
            self.steady(device, self.moves[number % len(self.moves)])
        unit = await self.api.new_place("Home of sensors", "home", self._site)
        room = await self.api.new_place("Room of sensors", "room", unit)
        for ieee in IEEE:
            await self.api.stand(f"z2m-{ieee}", room, unit, wall_clock() - BOUND_SINCE_US)
        self.people.append(Person(unit, "bridge"))
        self.crowd.add(bridge(self.crowd.mqtt, self.crowd.stop))

    def steady(self, device: str, moves: Counts) -> None:
        """Let a device play ordinary movement from now on."""
        start_us = wall_clock() + self.rng.randrange(1_000_000)
        self.crowd.wear(device, looped(moves, self.rng.randrange(len(moves))), start_us)

    async def resident(self, device: str) -> str:
        """Make a test resident in a home of its own who wears ``device``; return its id."""
        unit = await self.api.new_place(f"Home of {device}", "home", self._site)
        resident = await self.api.new_resident(device, unit, test=True)
        with contextlib.suppress(Refused):  # there since an attempt that had no answer
            await self.api.new_device(device, "waist")
        await self.api.bind(device, resident, unit, "waist", wall_clock() - BOUND_SINCE_US)
        return resident

    async def residents(self, names: Sequence[str]) -> dict[str, str]:
        """Make a resident for each name of this round; return their ids. Patient with an API that is coming back."""
        until = time.monotonic() + SETUP_S
        while True:
            try:
                return {name: await self.resident(self.named(name)) for name in names}
            except (Unavailable, Refused):
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(1)

    def named(self, what: str) -> str:
        """Return a device's name of this round."""
        return f"r{self.round:02d}-{what}"
