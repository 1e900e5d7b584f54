"""One run: plays set up, played in one order of time, waited for, judged.

What is sent, and in which order, is decided by the plays alone; speed only decides how long is waited between. So a
platform with a driven clock finds the same at every speed.
"""

import asyncio
import contextlib
import importlib.metadata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from device_sim.clock import Clock, wait, wall_clock
from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Json, Platform, Refused, from_iso
from device_sim.play import PlannedDevice
from device_sim.runner import cast, merge
from device_sim.runner.cast import Cast
from device_sim.runner.judging import judge, occurrences
from device_sim.runner.lanes import Lanes, step_s
from device_sim.runner.line import Line
from device_sim.runner.names import names_of
from device_sim.runner.pace import Pace, Speed
from device_sim.runner.record import Occurrence, Person, Run, Scenario, Told
from device_sim.runner.sentinel import Sentinel
from device_sim.runner.staging import Staged
from schemas.errors import Unavailable
from schemas.finding import FindingKind

#: How often the platform is asked how it is, wall seconds; its stages report every 5.
LOOK_S = 1.0
#: A stage with more unread messages than this is let catch up, and no longer than to the second.
LAG_HIGH, LAG_LOW = 6000, 2000
#: All that the API lists at once.
LISTED = 1000
#: On a live home alerts may come for so long after the last message: a detector that waits gives up after some 15 s.
GRACE_S = 20.0
#: A change by staff reaches the detectors' stream within milliseconds of its commit; what follows waits for it.
CHANGE_SETTLES_S = 1.0
#: The other stages hear of the driven time at once, and read it twice a second.
CLOCK_SETTLES_S = 10.0


@dataclass(frozen=True, slots=True)
class Options:
    """How to run. ``keep``: leave people, devices and open alerts as they are at the end."""

    speed: Speed
    driven: bool
    keep: bool = False
    grace_s: float = GRACE_S


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, for a progress bar."""

    at_us: int
    start_us: int
    end_us: int
    messages: int
    alerts: int
    phase: str


class Runner:
    """One run of staged plays against one platform."""

    def __init__(
        self,
        staged: Sequence[Staged],
        platform: Platform,
        mqtt: MqttAddress,
        options: Options,
        *,
        clock: Clock = wall_clock,
        tell: Callable[[Progress], None] = lambda _progress: None,
    ) -> None:
        self._staged, self._platform, self._options = list(staged), platform, options
        self._clock, self._tell = clock, tell
        plays = [each.play for each in staged]
        self._casts = [Cast(platform, each.play, names_of(each.play, each.staging.mark)) for each in staged]
        self._lanes = [Lanes(each.play, each.staging.base) for each in staged]
        self._start_us = min(play.start_us for play in plays)
        self._end_us = max(play.end_us for play in plays)
        self._at_us = self._start_us
        self._played_us = [play.start_us for play in plays]
        self._mark = staged[0].staging.mark
        self._line = Line(mqtt, f"sim-run-{self._mark}", driven=options.driven)
        self._sentinel = Sentinel(platform, self._line, self._mark)
        self._alerts: dict[str, Json] = {}
        self._room = asyncio.Event()
        self._room.set()
        self._phase, self._version = "setting up", ""

    async def run(self, stop: asyncio.Event) -> Run:
        """Play until the end or ``stop``. Raises Unavailable or Refused when it cannot be done."""
        began_us = self._clock()
        async with self._line:
            try:
                await self._set_up()
                set_up_us = self._clock()
                async with asyncio.TaskGroup() as tasks:
                    looking = tasks.create_task(self._look_often())
                    await self._play(stop)
                    complete = not stop.is_set()
                    await self._wait_for_the_last()
                    looking.cancel()
                await self._look()
                details = await self._details()
                return self._record(details, complete, began_us, set_up_us)
            finally:
                if not self._options.keep:
                    await self._leave()

    async def _set_up(self) -> None:
        self._say("setting up")
        now_us = self._start_us - cast.MARGIN_US
        await self._platform_time()
        if self._options.driven:
            await self._line.clock(now_us, tick=False)
            await self._line.settled()
            await self._platform_is_at(now_us)
        above = await cast.above(self._platform)
        for one in self._casts:
            await one.set_up(above, now_us)
        if self._options.driven:
            await self._sentinel.set_up(above, now_us)
        await asyncio.sleep(CHANGE_SETTLES_S)

    async def _platform_is_at(self, at_us: int) -> None:
        """Wait until the API has heard what time it is."""
        try:
            async with asyncio.timeout(CLOCK_SETTLES_S):
                while await self._platform_time() < at_us:  # noqa: ASYNC110 - it is another process
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise Unavailable(
                f"The platform has not taken over the simulated time within {CLOCK_SETTLES_S:g} s."
            ) from None

    async def _platform_time(self) -> int:
        overview = await self._platform.overview()
        self._version = str(overview.get("version", ""))
        return from_iso(overview["platform_time"])

    async def _play(self, stop: asyncio.Event) -> None:
        pace = Pace(self._options.speed, self._start_us, max(self._clock(), self._wall_start_us()), self._clock)
        self._phase = "playing"
        line, lanes, times = self._line, self._lanes, self._options.speed.times
        for step in merge.steps([each.play for each in self._staged]):
            self._at_us = step.at_us
            if times is not None:
                await pace.until(step.at_us, stop)
            if stop.is_set():
                break
            if isinstance(step, merge.Message):
                sent = step.emission
                lanes[step.play].see(sent)
                await line.send(sent.topic, sent.payload, qos=sent.qos, retain=sent.retain)
            elif isinstance(step, merge.Clock):
                if not self._room.is_set():
                    await self._room.wait()
                await line.clock(step.at_us, tick=step.tick)
            elif isinstance(step, merge.Change):
                await self._change(step)
            else:
                await self._end(step)
        for n, staged in enumerate(self._staged):
            self._played_us[n] = max(self._played_us[n], min(self._at_us, staged.play.end_us))

    def _wall_start_us(self) -> int:
        """On a live home plays are dated; a driven clock begins whenever it is begun."""
        return 0 if self._options.driven else self._start_us

    async def _change(self, step: merge.Change) -> None:
        """Let staff do something in its place: nothing else moves meanwhile, at any speed."""
        await self._line.settled()
        if self._options.driven:
            await self._platform_is_at(step.at_us)
        one = self._casts[step.play]
        if isinstance(step.what, PlannedDevice):
            await one.hand_over(step.what, step.at_us)
        else:
            await one.configure(step.what)
        await asyncio.sleep(CHANGE_SETTLES_S)

    async def _end(self, step: merge.End) -> None:
        """A play is over before others are: nobody waits for its people, or their silence would be told."""
        self._played_us[step.play] = step.at_us
        if step.at_us < self._end_us:
            await self._line.settled()
            await self._casts[step.play].leave(step.at_us)

    async def _wait_for_the_last(self) -> None:
        self._say("waiting for the last alerts")
        if self._options.driven:
            await self._sentinel.all_through(self._at_us + 1_000_000)
        else:
            await wait(asyncio.Event(), self._options.grace_s)

    async def _look_often(self) -> None:
        while True:
            with contextlib.suppress(Unavailable):  # a platform that is away is waited for; the line says when not
                await self._look()
                await self._hold_back()
            self._say(self._phase)
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        since_us = self._start_us - cast.MARGIN_US
        for alert in await self._platform.alerts(since_us=since_us, limit=LISTED):
            self._alerts[alert["id"]] = alert

    async def _hold_back(self) -> None:
        lags = {stage["name"]: stage["lag"] or 0 for stage in (await self._platform.overview())["stages"]}
        behind = max(lags, key=lambda name: lags[name], default="")
        if self._room.is_set() and lags.get(behind, 0) > LAG_HIGH:
            self._room.clear()
            self._phase = f"waiting for the {behind}"
        elif not self._room.is_set() and lags.get(behind, 0) < LAG_LOW:
            self._room.set()
            self._phase = "playing"

    async def _details(self) -> list[Json]:
        """Return the alerts of all plays with their history."""
        units = frozenset().union(*(one.names.units for one in self._casts))
        mine = [each["id"] for each in self._alerts.values() if each["unit"] in units]
        found: dict[str, Json] = {}

        async def fetch(alert: str) -> None:
            found[alert] = await self._platform.alert(alert)

        await cast.few_at_once(fetch(alert) for alert in mine)
        return [found[alert] for alert in sorted(found)]

    async def _leave(self) -> None:
        """Clear up; what cannot be cleared is left, for what went wrong before must not be hidden by it."""
        with contextlib.suppress(Unavailable, Refused, ExceptionGroup):
            for one in self._casts:
                await one.leave(self._at_us)
                await one.resolve(self._alerts.values())
            await self._sentinel.leave()

    def _record(self, alerts: list[Json], complete: bool, began_us: int, set_up_us: int) -> Run:
        scenarios, models = [], set()
        for n, staged in enumerate(self._staged):
            found = occurrences(alerts, self._casts[n].names, driven=self._options.driven)
            models |= {one.model for one in found}
            scenarios.append(self._scenario(n, staged, found))
        theirs = [each for each in self._alerts.values() if each["kind"] == FindingKind.PLATFORM]
        return Run(
            simulator=importlib.metadata.version("shouwang"),
            platform=self._version,
            models=tuple(sorted(models)),
            simulated=self._options.driven,
            speed=str(self._options.speed),
            wall_began_us=began_us,
            wall_s=round((self._clock() - began_us) / 1e6, 1),
            setting_up_s=round((set_up_us - began_us) / 1e6, 1),
            messages=self._line.messages,
            clock_messages=self._line.clock_messages,
            complete=complete,
            scenarios=tuple(scenarios),
            of_the_platform=tuple(sorted(str(each["resident"]["name"]) for each in theirs)),
        )

    def _scenario(self, n: int, staged: Staged, found: list[Occurrence]) -> Scenario:
        play = staged.play
        came = judge(play, self._casts[n].names, found, self._played_us[n])
        return Scenario(
            id=play.id,
            title=play.title,
            seed=play.seed,
            mark=staged.staging.mark,
            start_us=play.start_us,
            end_us=play.end_us,
            played_us=self._played_us[n],
            timezone=play.timezone,
            moved=staged.later_us != 0,
            later_us=staged.later_us,
            residents=tuple(Person(key=one.key, name=one.name, unit=one.unit) for one in play.residents),
            judged=came.judged,
            wrongly=came.wrongly,
            doubles=came.doubles,
            mild=came.mild,
            story=tuple(
                Told(resident=one.resident, from_us=one.from_us, until_us=one.until_us, said=one.said)
                for one in play.story
            ),
            step_s=step_s(play),
            lanes=self._lanes[n].kept(),
            notes=play.notes,
        )

    def _say(self, phase: str) -> None:
        self._phase = phase
        alerts = sum(each["kind"] != FindingKind.PLATFORM for each in self._alerts.values())
        self._tell(Progress(self._at_us, self._start_us, self._end_us, self._line.messages, alerts, self._phase))
