"""The people, places and devices of a play, made known to a platform as a person would; and taken away after it."""

import asyncio
from collections.abc import Awaitable, Iterable

from device_sim.platform import Json, Platform, iso
from device_sim.play import PlannedConfig, PlannedDevice, PlannedPlace, PlannedResident, Play
from device_sim.runner.merge import at_the_start
from device_sim.runner.names import Names
from schemas.alert import OPEN_STATES, Outcome
from schemas.places import PlaceKind

#: Calls at a time; more would only queue in the platform.
AT_ONCE = 6
#: Bindings begin so long before a play, so that no rounding leaves its first message outside.
MARGIN_US = 60_000_000
#: Whose play is over is away for so long: longer than detectors wait for a home that fell silent.
AWAY_US = 365 * 86_400 * 1_000_000
#: What stands above the homes of a play in the place tree.
ABOVE = "Scenarios"


class Cast:
    """One play on one platform."""

    def __init__(self, platform: Platform, play: Play, names: Names) -> None:
        self.play, self.names = play, names
        self._platform = platform
        self._here: set[str] = set()  # ids of the residents that were made and have not left

    async def set_up(self, above: str, now_us: int) -> None:
        """Make places below ``above``, residents, and the devices that somebody has when the play begins.

        They have them from ``now_us`` on, though the play may begin days later: until then nothing is heard of them.
        """
        for place in _parents_first(self.play.places):
            parent = above if place.parent is None else self.names.places[place.parent]
            await self._platform.new_place(place.name, place.kind, parent, self.names.places[place.key])
        await few_at_once(self._meet(person) for person in self.play.residents)
        await few_at_once(
            self._platform.known(device.device, device.kind, self.play.id, device.position)
            for device in self.play.devices
        )
        await few_at_once(self.hand_over(device, now_us) for device in at_the_start(self.play))
        for config in self.play.configs:
            if config.at_us <= self.play.start_us:
                await self.configure(config)

    async def _meet(self, person: PlannedResident) -> None:
        facts = {**person.facts, "id": self.names.residents[person.key], "test": True, "note": self._note()}
        self._here.add(await self._platform.new_resident(person.name, self.names.unit_of[person.key], **facts))

    async def hand_over(self, device: PlannedDevice, start_us: int) -> None:
        """Let a device be with whom or where it is from ``start_us`` on."""
        unit = self.names.places[device.unit]
        if device.resident is not None:
            resident = self.names.residents[device.resident]
            await self._platform.bind(device.device, resident, unit, device.position, start_us)
        else:
            await self._platform.put(device.device, self.names.places[device.place or device.unit], unit, start_us)

    async def configure(self, config: PlannedConfig) -> None:
        """Set what staff set of a resident; a zone is drawn by a call of its own."""
        resident, changes = self.names.residents[config.resident], dict(config.changes)
        zone = changes.pop("zone", None)
        if isinstance(zone, tuple):
            await self._platform.draw_zone(resident, zone)
        if changes:
            await self._platform.change(resident, _as_api(changes))

    async def leave(self, at_us: int) -> None:
        """Let nobody be waited for any more: devices are taken back, the residents are away. Twice does nothing."""
        leaving, self._here = sorted(self._here), set()
        if not leaving:
            return
        away = {"absent_until": iso(at_us + AWAY_US)}
        await few_at_once(self._platform.change(each, away) for each in leaving)
        bound = {device["id"] for device in await self._platform.devices() if device["binding"]}
        mine = {device.device for device in self.play.devices} & bound
        await few_at_once(self._platform.take_back(device) for device in sorted(mine))

    async def resolve(self, alerts: Iterable[Json]) -> None:
        """Resolve what is still open of the play's alerts: nobody need look at them."""
        mine = [each for each in alerts if each["unit"] in self.names.units and each["state"] in OPEN_STATES]
        await few_at_once(self._platform.resolve(each["id"], Outcome.TEST, self._note()) for each in mine)

    def _note(self) -> str:
        return f"scenario {self.play.id}"


async def above(platform: Platform) -> str:
    """Return the place that stands above all homes of plays."""
    return await platform.place(ABOVE, PlaceKind.INSTITUTION)


async def few_at_once(calls: Iterable[Awaitable[object]]) -> None:
    """Await all, AT_ONCE at a time; the first that fails ends it."""
    waiting = iter(calls)

    async def work() -> None:
        for call in waiting:
            await call

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(work())


def _parents_first(places: Iterable[PlannedPlace]) -> list[PlannedPlace]:
    left, made = list(places), []
    known: set[str | None] = {None}
    while left:
        ready = [place for place in left if place.parent in known]
        if not ready:
            raise ValueError(f"Places that stand in each other: {', '.join(place.key for place in left)}.")
        made += ready
        known |= {place.key for place in ready}
        left = [place for place in left if place.key not in known]
    return made


def _as_api(changes: dict[str, object]) -> Json:
    """Return changes as the API hears them: times in ISO 8601."""
    said = dict(changes)
    if "absent_until" in said:
        until = said["absent_until"]
        said["absent_until"] = iso(until) if isinstance(until, int) else None
    return said
