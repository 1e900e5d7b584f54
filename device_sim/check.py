"""A smoke test of a running platform: test residents fall, wander, fall silent, and the alarms for it are waited for.

Only public ways are used: the HTTP API, and messages of devices over MQTT (device_sim.check_scenes).
Each scenario has a new home, so that nothing that was there before can answer for it; no ladder leads there.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any

import aiomqtt

from device_sim import check_scenes
from device_sim.check_scenes import SILENT_US
from device_sim.clock import Clock, wall_clock
from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Json, Platform, Refused
from device_sim.replay import BINDING_SETTLE_S, MARGIN_US
from schemas.alert import OPEN_STATES
from schemas.errors import Unavailable

#: From a scenario's first message on; the fall itself takes 21 s, and a check at most 3 minutes with its own platform.
PATIENCE_S = 60.0
#: Stages report every 5 s and count as silent after 15: one that has just begun is given as long.
REPORTS_S = 20.0
POLL_S = 1.0
#: A home that is out of use is forgotten after five weeks; its resident is away until long after.
AWAY_US = 365 * 86_400 * 1_000_000
#: What is written on the alerts and residents of a check.
OUTCOME, NOTE = "test", "shouwang check"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one scenario: kinds of alert expected and raised (None: none), seconds from its beginning."""

    id: str
    expected: str
    raised: str | None
    seconds: float
    ok: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a check. ``reason`` is one sentence when it is not ok."""

    ok: bool
    reason: str | None
    scenarios: tuple[Outcome, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the report, ready for JSON."""
        return {"ok": self.ok, "reason": self.reason, "scenarios": [asdict(each) for each in self.scenarios]}


@dataclass(frozen=True, slots=True)
class _Home:
    """A scenario's own home: ``devices`` by the room where they stand, or by ``worn``."""

    unit: str
    resident: str
    devices: dict[str, str]


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one platform; ``base`` is a Zigbee2MQTT base that its gateway listens to."""

    platform: Platform
    mqtt: MqttAddress
    base: str
    patience_s: float = PATIENCE_S
    reports_s: float = REPORTS_S
    clock: Clock = wall_clock

    async def run(self) -> Report:
        """Play all scenarios at once. Raises Unavailable or Refused where none could even begin."""
        if trouble := await self._stage_trouble(self.reports_s):
            return Report(ok=False, reason=trouble)
        await self._sweep()
        async with asyncio.TaskGroup() as tasks:
            playing = [
                tasks.create_task(self._scenario("fall", ("worn",), self._fall)),
                tasks.create_task(self._scenario("wandering", ("bedroom", "kitchen"), self._pace)),
                tasks.create_task(self._scenario("inactivity", ("bedroom",), self._fall_silent)),
            ]
        outcomes = tuple(task.result() for task in playing)
        failed = [each for each in outcomes if not each.ok]
        if not failed:
            return Report(ok=True, reason=None, scenarios=outcomes)
        try:
            trouble = await self._stage_trouble(patience_s=0.0)
        except (Unavailable, Refused) as error:
            trouble = str(error)
        return Report(ok=False, reason=trouble or f"{failed[0].id}: {failed[0].reason}", scenarios=outcomes)

    async def _stage_trouble(self, patience_s: float) -> str | None:
        """Return what the first stage that stays unwell says, None when all are well."""
        until_us = self.clock() + round(patience_s * 1e6)
        while True:
            stages = (await self.platform.overview())["stages"]
            ill = next((stage for stage in stages if not stage["ok"]), None)
            if ill is None:
                return None
            if self.clock() >= until_us:
                return f"The stage {ill['name']} is not well: {ill['note']}"
            await asyncio.sleep(POLL_S)

    async def _scenario(self, kind: str, where: tuple[str, ...], play: Callable[[_Home], Awaitable[None]]) -> Outcome:
        began_us, raised, trouble, home = self.clock(), None, None, None
        try:
            home = await self._move_in(kind, where)
            await asyncio.sleep(BINDING_SETTLE_S)
            async with asyncio.timeout(self.patience_s):
                raised = await self._watch(home, kind, began_us, play)
        except TimeoutError:
            trouble = f"no alert within {self.patience_s:g} s."
        except aiomqtt.MqttError as error:
            trouble = f"the broker was lost ({error})."
        except (Unavailable, Refused) as error:
            trouble = str(error)
        finally:
            seconds = round((self.clock() - began_us) / 1e6, 1)
            left = None if home is None else await self._clean_up(home, began_us)
        if raised is not None and raised != kind:
            trouble = f"the alert is of another kind: {raised}."
        trouble = trouble or left
        return Outcome(kind, kind, raised, seconds, trouble is None, trouble)

    async def _watch(self, home: _Home, kind: str, since_us: int, play: Callable[[_Home], Awaitable[None]]) -> str:
        """Play until an alert of this home is raised, and return its kind."""
        playing = asyncio.ensure_future(play(home))
        try:
            while True:
                if playing.done():
                    playing.result()  # what went wrong is the scenario's trouble
                kinds = [alert["kind"] for alert in await self._alerts(home, since_us)]
                if kinds:
                    return kind if kind in kinds else str(kinds[0])
                await asyncio.sleep(POLL_S)
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)

    async def _alerts(self, home: _Home, since_us: int) -> list[Json]:
        mine = (home.unit, home.resident)
        found = await self.platform.alerts(since_us=since_us - MARGIN_US)
        return [alert for alert in found if alert["unit"] in mine or alert["resident"]["id"] in mine]

    async def _move_in(self, name: str, where: tuple[str, ...]) -> _Home:
        run, start_us = secrets.token_hex(4), self.clock() - SILENT_US - MARGIN_US
        unit = await self.platform.new_place(f"Check {name} {run}", "home")
        resident = await self.platform.new_resident(f"Check {name} {run}", unit, test=True, note=NOTE)
        devices = {}
        for room in where:
            if room == "worn":
                devices[room] = f"check-{run}"
                await self.platform.new_device(devices[room], "waist")
                await self.platform.bind(devices[room], resident, unit, "waist", start_us)
            else:  # the platform knows a sensor by its Zigbee address
                devices[room] = f"{check_scenes.ZIGBEE}0x{secrets.token_hex(8)}"
                place = await self.platform.new_place(room, "room", unit)
                await self.platform.stand(devices[room], place, unit, start_us)
        return _Home(unit, resident, devices)

    async def _clean_up(self, home: _Home, since_us: int) -> str | None:
        """Take the devices back, let nobody be waited for, resolve the alerts; return what could not be done."""
        try:
            for device in home.devices.values():
                await self.platform.take_back(device)
            await self.platform.away(home.resident, self.clock() + AWAY_US)
            await self._resolve(await self._alerts(home, since_us))
        except (Unavailable, Refused) as error:
            return f"it could not be cleaned up: {error}"
        return None

    async def _sweep(self) -> None:
        """Resolve what came too late for the checks before, on a platform that stood still meanwhile."""
        mine = {each["id"] for each in await self.platform.residents() if each["test"] and each["note"] == NOTE}
        found = await self.platform.alerts(since_us=0, status="open")
        await self._resolve([alert for alert in found if alert["resident"]["id"] in mine])

    async def _resolve(self, alerts: list[Json]) -> None:
        for alert in alerts:
            if alert["state"] in OPEN_STATES:  # somebody may have been quicker
                await self.platform.resolve(alert["id"], OUTCOME, NOTE)

    async def _fall(self, home: _Home) -> None:
        await check_scenes.fall_down(self.mqtt, home.devices["worn"])

    async def _pace(self, home: _Home) -> None:
        await check_scenes.pace(self.mqtt, self.base, list(home.devices.values()), self.clock())

    async def _fall_silent(self, home: _Home) -> None:
        await check_scenes.fall_silent(self.mqtt, self.base, list(home.devices.values()), self.clock())
