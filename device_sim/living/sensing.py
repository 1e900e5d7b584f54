"""What the sensors of a home tell of the life in it, message by message, with the faults of a scenario.

A motion sensor holds, repeats while somebody moves, and is ended by its timer; all report now and then. How it is said
is the family's (device_sim.forms).
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import tee
from operator import attrgetter
from random import Random

from device_sim.forms.spoken import Cause, HomeSensor, Said, SensorKind, Stay
from device_sim.living.bridge import STARTS_S, Bridge
from device_sim.living.deeds import Deed, What
from device_sim.living.faults import Fault, FaultKind
from device_sim.living.glimpses import APPLIANCE_W, THINGS, Glimpse, glimpses
from device_sim.living.wiring import Wiring
from device_sim.play import Emission

_SECOND_US = 1_000_000
_HOUR_US = 3600 * _SECOND_US
_DAY_US = 24 * _HOUR_US
#: Charge of a sensor's battery when a scenario begins, %, and what a day costs: two AAA or a coin cell for two years.
CHARGE, CHARGE_A_DAY = (45.0, 100.0), 0.1
#: A battery that dies in a scenario runs down over so long; a sensor says so in its reports.
RUNS_DOWN_US = 4 * _DAY_US
#: Link quality: its middle, and how far it strays from message to message.
LINK_QUALITY, LINK_STRAYS = (60, 180), 12
#: A sensor stuck at motion tells it again so often.
STUCK_EACH_S = (70.0, 300.0)


class _Device:
    """One sensor and what it knows."""

    def __init__(self, sensor: HomeSensor, random: Random, start_us: int) -> None:
        self.sensor = sensor
        self.charge = random.uniform(*CHARGE)
        self.empty_us = 0  # when a dying battery is empty; 0: it is not dying
        self.start_us = start_us
        self.link = random.randint(*LINK_QUALITY)
        self.moved_us = self.told_us = -_DAY_US
        self.on = False
        self.watts = 0
        self.kwh = round(random.uniform(3, 300), 2)
        self.inside = 0  # how many lie on it: a bed

    def battery(self, at_us: int) -> int:
        """Return the charge, %."""
        if self.empty_us and at_us > self.empty_us - RUNS_DOWN_US:
            return max(1, round(self.charge * (self.empty_us - at_us) / RUNS_DOWN_US))
        return max(1, round(self.charge - CHARGE_A_DAY * (at_us - self.start_us) / _DAY_US))

    def said(self, at_us: int, cause: Cause, random: Random) -> Said:
        """Return what it tells now."""
        link = min(255, max(1, self.link + random.randint(-LINK_STRAYS, LINK_STRAYS)))
        heard_us = self.moved_us if cause is Cause.TIMER else at_us
        if self.sensor.kind is SensorKind.PLUG:
            return Said(at_us, self.sensor, cause, self.on, 0, link, self.watts, self.kwh, heard_us)
        return Said(at_us, self.sensor, cause, self.on, self.battery(at_us), link, heard_us=heard_us)


def sense(
    deeds: Iterable[Deed],
    wiring: Wiring,
    start_us: int,
    end_us: int,
    seed: int,
    faults: Sequence[Fault] = (),
) -> Iterator[Emission]:
    """Yield what the home's sensors publish from ``start_us`` to ``end_us``, in order of time.

    ``deeds`` are ordered by their beginning (life.live). The same arguments give the same bytes; another mark of the
    wiring changes topics and addresses alone, never a time.
    """
    home = _Home(wiring, start_us, end_us, seed, faults)
    bridge = Bridge(home.speaker, start_us, end_us, faults, seed)
    if home.speaker.worn_id("") is None:
        return bridge.publish(home.all_said(glimpses(deeds, seed)))
    seen, lived = tee(deeds)
    carried = (each for each in home.speaker.carried(_stays(lived, end_us)) if not bridge.is_out(each.at_us))
    return heapq.merge(bridge.publish(home.all_said(glimpses(seen, seed))), carried, key=attrgetter("at_us"))


def _stays(deeds: Iterable[Deed], end_us: int) -> Iterator[Stay]:
    """Yield where people are, not what they do to things."""
    for deed in deeds:
        if deed.what not in THINGS and deed.what is not What.OUT:
            yield Stay(deed.who, deed.where, deed.from_us, min(deed.to_us, end_us))


class _Home:
    """The sensors of one home in time: a heap of what they do by themselves beside what they notice."""

    def __init__(self, wiring: Wiring, start_us: int, end_us: int, seed: int, faults: Sequence[Fault]) -> None:
        self.speaker, self.end_us = wiring.speaker(seed), end_us
        self.hold_s = self.speaker.hold_s if wiring.hold_s is None else wiring.hold_s
        self.repeat_s = self.speaker.repeat_s if wiring.repeat_s is None else wiring.repeat_s
        self.report_h = self.speaker.report_h if wiring.report_h is None else wiring.report_h
        self.random = Random(f"sensors {seed}")
        self.devices = [_Device(sensor, self.random, start_us) for sensor in wiring.sensors]
        self.faults = [fault for fault in faults if fault.kind in (FaultKind.DIES, FaultKind.BATTERY, FaultKind.STUCK)]
        self.dated = wiring.last_seen or any(fault.kind is FaultKind.NETWORK for fault in faults)
        self.nearby: dict[str, list[int]] = {}  # room or sensor -> numbers of the sensors that notice something there
        for number, sensor in enumerate(wiring.sensors):
            for where in {sensor.room, sensor.name}:
                self.nearby.setdefault(where, []).append(number)
        self.agenda: list[tuple[int, int, str]] = []  # when, which sensor, what: remembered, report, off, stuck
        self._begin(start_us)

    def _begin(self, start_us: int) -> None:
        for number, device in enumerate(self.devices):
            heapq.heappush(self.agenda, (start_us + round(STARTS_S * _SECOND_US), number, "remembered"))
            first_us = start_us + round(self.random.uniform(0, self.report_h) * _HOUR_US)
            heapq.heappush(self.agenda, (first_us, number, "report"))
            for fault in self.faults:
                if fault.sensor not in (None, device.sensor.name):
                    continue
                if fault.kind is FaultKind.BATTERY:
                    device.empty_us = fault.from_us
                if fault.kind is FaultKind.STUCK and device.sensor.kind is SensorKind.MOTION:
                    heapq.heappush(self.agenda, (fault.from_us, number, "stuck"))

    def all_said(self, seen: Iterable[Glimpse]) -> Iterator[Said]:
        """Yield what the sensors tell while all goes well, in order of time."""
        for glimpse in seen:
            yield from self._until(min(glimpse.at_us, self.end_us))
            if glimpse.at_us >= self.end_us:
                break
            for number in self.nearby.get(glimpse.where, ()):
                yield from self._notice(number, self.devices[number], glimpse)
        yield from self._until(self.end_us)

    def _until(self, until_us: int) -> Iterator[Said]:
        while self.agenda and self.agenda[0][0] < until_us:
            at_us, number, what = heapq.heappop(self.agenda)
            yield from self._by_itself(at_us, number, what)

    def _by_itself(self, at_us: int, number: int, what: str) -> Iterator[Said]:
        device = self.devices[number]
        if what == "remembered":  # a bridge that starts tells what it knows of each sensor
            yield from self._say(device, at_us, Cause.REMEMBERED)
        elif what == "report":
            again_us = at_us + round(self.report_h * self.random.uniform(0.9, 1.1) * _HOUR_US)
            heapq.heappush(self.agenda, (again_us, number, "report"))
            yield from self._say(device, at_us, Cause.REPORT)
        elif what == "stuck":
            if any(fault.kind is FaultKind.STUCK and fault.hits(device.sensor.name, at_us) for fault in self.faults):
                again_us = at_us + round(self.random.uniform(*STUCK_EACH_S) * _SECOND_US)
                heapq.heappush(self.agenda, (again_us, number, "stuck"))
                yield from self._motion(number, device, at_us)
        elif device.on:  # the timer that ends motion; set anew by each motion
            off_us = device.moved_us + round(self.hold_s * _SECOND_US)
            if at_us < off_us:
                heapq.heappush(self.agenda, (off_us, number, "off"))
            else:
                device.on = False
                yield from self._say(device, at_us, Cause.TIMER)

    def _notice(self, number: int, device: _Device, glimpse: Glimpse) -> Iterator[Said]:
        kind, what, at_us = device.sensor.kind, glimpse.what, glimpse.at_us
        if kind is SensorKind.MOTION and what not in THINGS and glimpse.on:
            yield from self._motion(number, device, at_us)
        elif kind is SensorKind.CONTACT and _its(device.sensor, glimpse) and device.on is not glimpse.on:
            device.on = glimpse.on
            yield from self._say(device, at_us, _begins(device.on))
        elif kind is SensorKind.BED and glimpse.lying:
            device.inside = max(0, device.inside + (1 if glimpse.on else -1))
            if device.on is not (device.inside > 0):
                device.on = device.inside > 0
                yield from self._say(device, at_us, _begins(device.on))
        elif kind is SensorKind.PLUG and what is What.APPLIANCE:
            device.watts = APPLIANCE_W if glimpse.on else 0
            yield from self._say(device, at_us, _begins(glimpse.on))
        elif kind is SensorKind.BUTTON and what is What.BUTTON:
            yield from self._say(device, at_us, Cause.BEGINS)

    def _motion(self, number: int, device: _Device, at_us: int) -> Iterator[Said]:
        device.moved_us, cause = at_us, Cause.AGAIN
        if not device.on:
            cause = Cause.BEGINS
            device.on = True
            heapq.heappush(self.agenda, (at_us + round(self.hold_s * _SECOND_US), number, "off"))
        elif at_us - device.told_us < self.repeat_s * _SECOND_US:
            return
        device.told_us = at_us
        yield from self._say(device, at_us, cause)

    def _say(self, device: _Device, at_us: int, cause: Cause) -> Iterator[Said]:
        for fault in self.faults:
            if fault.kind in (FaultKind.DIES, FaultKind.BATTERY) and fault.hits(device.sensor.name, at_us):
                return
        yield replace(device.said(at_us, cause, self.random), dated=self.dated)


def _begins(on: bool) -> Cause:
    return Cause.BEGINS if on else Cause.ENDS


def _its(contact: HomeSensor, glimpse: Glimpse) -> bool:
    """Whether it is this contact's door or fridge that is opened or shut."""
    if glimpse.what is What.DOOR:
        return contact.name == glimpse.where
    return glimpse.what is What.FRIDGE and "fridge" in contact.name
