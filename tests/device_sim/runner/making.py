"""Plays and alerts as the tests want them."""

from collections.abc import Sequence
from typing import Any

from device_sim.platform import Json, iso
from device_sim.play import (
    Emission,
    Expectation,
    PlannedConfig,
    PlannedDevice,
    PlannedPlace,
    PlannedResident,
    Play,
)
from device_sim.runner.names import Names, names_of

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
#: A Monday, 2026-03-02 08:00 in Shanghai.
START = 1_772_409_600 * SECOND


def play(
    name: str = "one",
    *,
    start_us: int = START,
    lasts_us: int = HOUR,
    residents: Sequence[str] = ("wang",),
    emissions: Sequence[Emission] = (),
    ticks_us: Sequence[int] = (),
    configs: Sequence[PlannedConfig] = (),
    devices: Sequence[PlannedDevice] | None = None,
    expectations: Sequence[Expectation] = (),
    mark: str = "",
) -> Play:
    watch = PlannedDevice(f"{mark}watch", "wearable", "home", start_us, resident=residents[0], position="wrist")
    return Play(
        id=name,
        title={"en": name, "zh": name},
        seed=1,
        start_us=start_us,
        end_us=start_us + lasts_us,
        timezone="Asia/Shanghai",
        places=(PlannedPlace("home-bath", "bath", "room", "home"), PlannedPlace("home", "Home", "home")),
        residents=tuple(PlannedResident(each, each.title(), "home", {"birth_year": 1940}) for each in residents),
        devices=(watch,) if devices is None else tuple(devices),
        configs=tuple(configs),
        expectations=tuple(expectations),
        emissions=tuple(emissions),
        ticks_us=tuple(ticks_us),
    )


def said(at_us: int, text: str = "x", topic: str = "sim/bath motion") -> Emission:
    return Emission(at_us, topic, text.encode())


def expect(kind: str = "fall", *, must: bool = True, at_us: int = START + 10 * MINUTE, **more: Any) -> Expectation:
    given: dict[str, Any] = {
        "key": f"{'must' if must else 'never'}-{kind}",
        "resident": "wang",
        "from_us": at_us - 15 * SECOND,
        "until_us": at_us + 15 * SECOND,
        "within_s": 30.0 if must else None,
    } | more
    return Expectation(must=must, kind=kind, event_us=at_us, **given)


def names(of: Play | None = None) -> Names:
    return names_of(of or play(), "m1")


def alert(
    kind: str = "fall",
    *,
    at_us: int = START + 10 * MINUTE,
    heard_us: int | None = None,
    more_us: Sequence[int] = (),
    severity: str = "high",
    resident: str = "m1-r-wang",
    unit: str = "m1-p-home",
    name: str = "a1",
    raised_us: int | None = None,
) -> Json:
    """Return an alert with its history: raised at its first event, come to again at each of ``more_us``."""
    first_us = at_us + 4 * SECOND if heard_us is None else heard_us
    steps = [_step("raised", name, 0, at_us, first_us, severity, raised_us or first_us)]
    steps.append({"seq": 2, "kind": "claimed", "at": iso(first_us), "actor": "nurse", "data": {}})
    for n, event_us in enumerate(more_us, 1):
        steps.append(_step("recurred", name, n, event_us, event_us + 4 * SECOND, severity, event_us + 4 * SECOND))
    return {
        "id": name,
        "kind": kind,
        "state": "raised",
        "unit": unit,
        "resident": {"id": resident, "name": resident, "test": True},
        "raised_time": steps[0]["at"],
        "steps": steps,
    }


def _step(kind: str, name: str, n: int, event_us: int, heard_us: int, severity: str, at_us: int) -> Json:
    data = {
        "finding": f"{name}-{n}",
        "event_time": iso(event_us),
        "decided_time": iso(event_us + 3 * SECOND),
        "heard_time": iso(heard_us),
        "severity": severity,
        "late": False,
        "model": "fall-1",
    }
    return {"seq": n, "kind": kind, "at": iso(at_us), "actor": "platform", "data": data}
