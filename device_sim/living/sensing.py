"""What a home's Zigbee2MQTT bridge publishes of the life in it, message by message, with the faults of a scenario.

Each sensor repeats all it knows in every message, as the bridge's cache does; a motion sensor holds, repeats while
somebody moves, and is ended by its timer; all report now and then. The bridge announces itself at the beginning.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from random import Random

from device_sim.living.bridge import STARTS_S, Bridge
from device_sim.living.deeds import Deed, What
from device_sim.living.faults import Fault, FaultKind
from device_sim.living.glimpses import APPLIANCE_W, THINGS, Glimpse, glimpses
from device_sim.living.wiring import HomeSensor, SensorKind, Wiring
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
#: Volts of a coin cell in millivolts: full, and the least before it says nothing.
_MILLIVOLTS = (2500, 3100)


class _Device:
    """One sensor's cache, as the bridge keeps it."""

    def __init__(self, sensor: HomeSensor, topic: str, random: Random, start_us: int) -> None:
        self.sensor, self.topic = sensor, topic
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

    def said(self, at_us: int, random: Random, extra: str = "") -> str:
        """Return the sensor's state as JSON without its closing brace."""
        link = min(255, max(1, self.link + random.randint(-LINK_STRAYS, LINK_STRAYS)))
        kind = self.sensor.kind
        if kind is SensorKind.PLUG:
            return f'{{"energy":{self.kwh},"linkquality":{link},"power":{self.watts},"state":"ON"{extra}'
        battery = self.battery(at_us)
        volts = _MILLIVOLTS[0] + (_MILLIVOLTS[1] - _MILLIVOLTS[0]) * battery // 100
        head = f'{{"battery":{battery},"linkquality":{link},"voltage":{volts}'
        on = "true" if self.on else "false"
        if kind is SensorKind.CONTACT:
            return f'{head},"contact":{"false" if self.on else "true"},"tamper":false{extra}'
        if kind is SensorKind.LEAK:
            return f'{head},"water_leak":{on}{extra}'
        if kind is SensorKind.BUTTON:
            return f"{head}{extra}"
        return f'{head},"occupancy":{on}{extra}'


def sense(
    deeds: Iterable[Deed],
    wiring: Wiring,
    start_us: int,
    end_us: int,
    seed: int,
    faults: Sequence[Fault] = (),
) -> Iterator[Emission]:
    """Yield what the home's bridge publishes from ``start_us`` to ``end_us``, in order of time.

    ``deeds`` are ordered by their beginning (life.live). The same arguments give the same bytes; another mark of the
    wiring changes topics and addresses alone, never a time.
    """
    home = _Home(wiring, start_us, end_us, seed, faults)
    bridge = Bridge(wiring, start_us, end_us, faults, seed)
    return bridge.publish(home.messages(glimpses(deeds, seed)))


class _Home:
    """The sensors of one home in time: a heap of what they do by themselves beside what they notice."""

    def __init__(self, wiring: Wiring, start_us: int, end_us: int, seed: int, faults: Sequence[Fault]) -> None:
        self.wiring, self.end_us = wiring, end_us
        self.random = Random(f"sensors {seed}")
        self.devices = [_Device(s, wiring.topic(s), self.random, start_us) for s in wiring.sensors]
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
            first_us = start_us + round(self.random.uniform(0, self.wiring.report_h) * _HOUR_US)
            heapq.heappush(self.agenda, (first_us, number, "report"))
            for fault in self.faults:
                if fault.sensor not in (None, device.sensor.name):
                    continue
                if fault.kind is FaultKind.BATTERY:
                    device.empty_us = fault.from_us
                if fault.kind is FaultKind.STUCK and device.sensor.kind is SensorKind.MOTION:
                    heapq.heappush(self.agenda, (fault.from_us, number, "stuck"))

    def messages(self, seen: Iterable[Glimpse]) -> Iterator[tuple[Emission, str]]:
        """Yield each message with the name of its sensor, as it leaves the bridge while all goes well."""
        for glimpse in seen:
            yield from self._until(min(glimpse.at_us, self.end_us))
            if glimpse.at_us >= self.end_us:
                break
            for number in self.nearby.get(glimpse.where, ()):
                yield from self._notice(number, self.devices[number], glimpse)
        yield from self._until(self.end_us)

    def _until(self, until_us: int) -> Iterator[tuple[Emission, str]]:
        while self.agenda and self.agenda[0][0] < until_us:
            at_us, number, what = heapq.heappop(self.agenda)
            yield from self._by_itself(at_us, number, what)

    def _by_itself(self, at_us: int, number: int, what: str) -> Iterator[tuple[Emission, str]]:
        device = self.devices[number]
        if what == "remembered":  # a bridge that starts tells what it knows of each sensor
            yield from self._say(device, at_us)
        elif what == "report":
            again_us = at_us + round(self.wiring.report_h * self.random.uniform(0.9, 1.1) * _HOUR_US)
            heapq.heappush(self.agenda, (again_us, number, "report"))
            yield from self._say(device, at_us)
        elif what == "stuck":
            if any(fault.kind is FaultKind.STUCK and fault.hits(device.sensor.name, at_us) for fault in self.faults):
                again_us = at_us + round(self.random.uniform(*STUCK_EACH_S) * _SECOND_US)
                heapq.heappush(self.agenda, (again_us, number, "stuck"))
                yield from self._motion(number, device, at_us)
        elif device.on:  # the timer that ends motion; set anew by each motion
            off_us = device.moved_us + round(self.wiring.hold_s * _SECOND_US)
            if at_us < off_us:
                heapq.heappush(self.agenda, (off_us, number, "off"))
            else:
                device.on = False
                yield from self._say(device, at_us, heard_us=device.moved_us)

    def _notice(self, number: int, device: _Device, glimpse: Glimpse) -> Iterator[tuple[Emission, str]]:
        kind, what, at_us = device.sensor.kind, glimpse.what, glimpse.at_us
        if kind is SensorKind.MOTION and what not in THINGS and glimpse.on:
            yield from self._motion(number, device, at_us)
        elif kind is SensorKind.CONTACT and _its(device.sensor, glimpse) and device.on is not glimpse.on:
            device.on = glimpse.on
            yield from self._say(device, at_us)
        elif kind is SensorKind.BED and glimpse.lying:
            device.inside = max(0, device.inside + (1 if glimpse.on else -1))
            if device.on is not (device.inside > 0):
                device.on = device.inside > 0
                yield from self._say(device, at_us)
        elif kind is SensorKind.PLUG and what is What.APPLIANCE:
            device.watts = APPLIANCE_W if glimpse.on else 0
            yield from self._say(device, at_us)
        elif kind is SensorKind.BUTTON and what is What.BUTTON:
            yield from self._say(device, at_us, extra=',"action":"emergency"')

    def _motion(self, number: int, device: _Device, at_us: int) -> Iterator[tuple[Emission, str]]:
        device.moved_us = at_us
        if not device.on:
            device.on = True
            heapq.heappush(self.agenda, (at_us + round(self.wiring.hold_s * _SECOND_US), number, "off"))
        elif at_us - device.told_us < self.wiring.repeat_s * _SECOND_US:
            return
        device.told_us = at_us
        yield from self._say(device, at_us)

    def _say(
        self, device: _Device, at_us: int, *, heard_us: int | None = None, extra: str = ""
    ) -> Iterator[tuple[Emission, str]]:
        name = device.sensor.name
        for fault in self.faults:
            if fault.kind in (FaultKind.DIES, FaultKind.BATTERY) and fault.hits(name, at_us):
                return
        if self.dated:
            extra += f',"last_seen":"{_iso(at_us if heard_us is None else heard_us)}"'
        payload = f"{device.said(at_us, self.random, extra)}}}"
        yield Emission(at_us, device.topic, payload.encode()), name


def _its(contact: HomeSensor, glimpse: Glimpse) -> bool:
    """Whether it is this contact's door or fridge that is opened or shut."""
    if glimpse.what is What.DOOR:
        return contact.name == glimpse.where
    return glimpse.what is What.FRIDGE and "fridge" in contact.name


def _iso(at_us: int) -> str:
    return datetime.fromtimestamp(at_us / 1e6, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
