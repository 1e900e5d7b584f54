"""The wearables of a scenario as the simulated world takes them: what happens to whom, and how devices fail."""

import dataclasses
import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter

from device_sim.acts import Act
from device_sim.forms.families import USUAL_WEARABLE
from device_sim.living.worn import BodyEvent, Worn, worn
from device_sim.play import Emission, PlannedDevice
from device_sim.scenarios import words
from device_sim.scenarios.check import lasting_us
from device_sim.scenarios.form import Device, Fault, Scenario
from device_sim.scenarios.homes import seed_of
from device_sim.scenarios.moments import HOUR_US, SECOND_US, Span
from schemas import frame, topics
from schemas.frame import FrameFlag

_FALLS = {
    "forwards": Act.FALL_FORWARD,
    "backwards": Act.FALL_BACKWARD,
    "sideways": Act.FALL_SIDEWAYS,
    "from a chair": Act.FALL_FROM_CHAIR,
    "from bed": Act.FALL_FROM_BED,
    "faints": Act.FAINT,
    "on stairs": Act.FALL_ON_STAIRS,
}
_ACTS = {
    "stumbles": Act.STUMBLE,
    "catches hold": Act.CATCH,
    "sits down hard": Act.SIT_HARD,
    "lies down quickly": Act.LIE_QUICKLY,
    "picks something up": Act.PICK_UP,
    "claps": Act.CLAP,
    "drops the device": Act.DROP,
    "takes the device off": Act.TAKE_OFF,
}
#: A battery that dies in a scenario runs down over so long, told in the state messages.
RUNS_DOWN_US = 6 * HOUR_US
#: The broker gives a silent device up after one and a half of its keep-alive of 60 s, and publishes its last will.
WILL_AFTER_US = 90 * SECOND_US
#: A repeated message comes again so much later.
AGAIN_AFTER_US = SECOND_US
#: A device that is back sends what it kept so fast: a message each.
BACKLOG_EACH_US = 20_000

Source = Callable[[], Iterator[Emission]]


def worn_device(device: Device, mark: str) -> Worn:
    """Return a wearable by its names in a run."""
    name = f"sim-{mark}-{device.key}" if mark else f"sim-{device.key}"
    family = device.speaks or USUAL_WEARABLE
    return Worn(name, device.position, device.rate_hz, device.range_g, synced=device.synced, family=family)


def planned(scenario: Scenario, device: Device, mark: str, span: Span) -> PlannedDevice:
    """Return a device that somebody wears, to be set up."""
    wearer = next(each for each in scenario.residents if each.key == device.worn_by)
    return PlannedDevice(
        worn_device(device, mark).id,
        device.kind,
        wearer.home,
        span.start_us,
        resident=wearer.key,
        position=device.position if device.kind == words.WEARABLE else None,
    )


def wearable(scenario: Scenario, device: Device, mark: str, span: Span, anchors: Mapping[str, int]) -> Source:
    """Return what a wearable sends, as something that can be gone through again and again."""
    thing = worn_device(device, mark)
    events = [
        BodyEvent(
            span.resolve(each.at, anchors),
            _FALLS[each.how or ""] if each.what == "falls" else _ACTS[each.what],
            up_after_s=lasting_us(each) / SECOND_US if each.what == "falls" else None,
            lasts_s=lasting_us(each) / SECOND_US,
        )
        for each in scenario.happens
        if each.who == device.worn_by and (each.what == "falls" or each.what in _ACTS)
    ]
    seed = seed_of(scenario, device.key)
    return lambda: worn(events, thing, span.start_us, span.end_us, seed)


def failing(scenario: Scenario, device: Device, source: Source, span: Span, anchors: Mapping[str, int]) -> Source:
    """Return what reaches the broker of what a worn device sends: the faults of the scenario between them."""
    for fault in (each for each in scenario.faults if each.device == device.key):
        from_us = span.resolve(fault.at, anchors)
        until_us = span.end_us + 1 if fault.lasts_us is None else from_us + fault.lasts_us
        source = _failed(fault, source, from_us, until_us)
    return source


def _failed(fault: Fault, source: Source, from_us: int, until_us: int) -> Source:
    if fault.what == "repeats":
        return lambda: heapq.merge(source(), _again(source(), from_us, until_us), key=attrgetter("at_us"))
    if fault.what == "network away":
        return lambda: _kept(source(), from_us, until_us)
    runs_down = fault.what == "battery dies"
    return lambda: _silent(source(), from_us, until_us, runs_down=runs_down)


def _again(sent: Iterable[Emission], from_us: int, until_us: int) -> Iterator[Emission]:
    for each in sent:
        if from_us <= each.at_us < until_us:
            yield dataclasses.replace(each, at_us=each.at_us + AGAIN_AFTER_US)


def _silent(sent: Iterable[Emission], from_us: int, until_us: int, *, runs_down: bool) -> Iterator[Emission]:
    for each in sent:
        if runs_down and from_us - RUNS_DOWN_US < each.at_us < from_us and each.topic.endswith(f"/{topics.STATE}"):
            left = 1 + 14 * (from_us - each.at_us) // RUNS_DOWN_US
            said = json.loads(each.payload)
            yield dataclasses.replace(each, payload=json.dumps({**said, "battery": left}).encode())
        elif not from_us <= each.at_us < until_us:
            yield each


def _kept(sent: Iterable[Emission], from_us: int, until_us: int) -> Iterator[Emission]:
    """Yield what a device sends that keeps all while the network is away, and hands it in, oldest first."""
    kept: list[Emission] = []
    online: Emission | None = None
    gone, behind_us = False, -1
    for each in sent:
        if behind_us < 0 and each.at_us >= until_us:
            if gone and online is not None:
                yield dataclasses.replace(online, at_us=until_us)
            yield from _handed_in(kept, until_us)
            behind_us = until_us + len(kept) * BACKLOG_EACH_US
        if from_us <= each.at_us < until_us:
            if online is not None and not gone and each.at_us >= from_us + WILL_AFTER_US:
                gone = True
                yield _last_will(each.topic, each.at_us)
            kept.append(each)
        else:
            if each.topic.endswith(f"/{topics.STATUS}"):
                online = each
            yield dataclasses.replace(each, at_us=max(each.at_us, behind_us))


def _handed_in(kept: list[Emission], at_us: int) -> Iterator[Emission]:
    for number, each in enumerate(kept):
        payload = each.payload
        if each.topic.endswith(f"/{topics.IMU}"):
            said = frame.decode(payload)
            payload = frame.encode(dataclasses.replace(said, flags=said.flags | FrameFlag.BUFFERED))
        yield dataclasses.replace(each, at_us=at_us + number * BACKLOG_EACH_US, payload=payload)


def _last_will(topic: str, at_us: int) -> Emission:
    device = topic.split("/")[2]
    return Emission(at_us, topics.of(device, topics.STATUS), b'{"online":false}', retain=True)
