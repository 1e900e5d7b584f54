"""A night shift around a browser: leak sensors that all speak at once, ears for the sounds, a line to cut."""

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page

from tests.half_open import Line, line
from tests.system.device import Device
from tests.system.platform import Platform

#: Notes each tone that the page begins, by its hertz and the wall's milliseconds. A tone has three parts (sound.ts);
#: only the fundamental is counted.
EARS = """(() => {
  window.heard = [];
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    const tone = make.call(this), begin = tone.start.bind(tone), context = this;
    tone.start = (at) => {
      window.heard.push({hz: tone.frequency.value, at: Date.now() + 1000 * (at - context.currentTime)});
      begin(at);
    };
    return tone;
  };
})()"""
#: sound.ts: the fundamentals of high and of medium.
HIGH_HZ, MEDIUM_HZ = (523, 659, 784, 784, 1047), (523, 587, 659)


class Leaks:
    """So many water sensors, each under a sink of a home of its own; medium alarms, as a flood of devices is."""

    def __init__(self, platform: Platform, count: int) -> None:
        self._platform = platform
        self._names = {f"0x00158d00f{index:07x}": f"leak {index}" for index in range(count)}
        for address, name in self._names.items():
            unit = platform.post("/places", {"name": f"Kitchen of {name}", "kind": "home"})["id"]
            platform.post("/residents", {"name": f"Somebody by {name}", "unit": unit})
            platform.post("/devices", {"id": f"z2m-{address}", "kind": "water_leak"})
            platform.post(f"/devices/z2m-{address}/binding", {"unit": unit, "place": unit})

    def all_at_once(self) -> None:
        """Let every sensor say that it stands in water."""
        with Device(self._platform.state["mqtt"], "zigbee-bridge") as bridge:
            _tell(bridge, self._names, {"water_leak": False}, {"water_leak": True})


def speak(platform: Platform, address: str, *states: dict[str, Any]) -> None:
    """Let one home sensor say this, one after the other; a first value is no event, so that two make one."""
    with Device(platform.state["mqtt"], f"bridge-{address}") as bridge:
        _tell(bridge, {address: address}, *states)


def _tell(bridge: Device, names: dict[str, str], *states: dict[str, Any]) -> None:
    inventory = [
        {"ieee_address": address, "friendly_name": name, "type": "EndDevice", "supported": True,
         "definition": {"model": "SJCGQ11LM", "vendor": "Aqara", "exposes": []}}
        for address, name in names.items()
    ]  # fmt: skip
    told = [bridge.publish("zigbee2mqtt/bridge/devices", json.dumps(inventory).encode())]
    for state in states:
        told += [bridge.publish(f"zigbee2mqtt/{name}", json.dumps(state).encode()) for name in names.values()]
    for each in told:
        each.wait_for_publish(20)


def bursts(page: Page) -> list[tuple[float, tuple[int, ...]]]:
    """Return what was heard: when each run of tones began (ms), and its fundamentals; 600 ms of silence end a run."""
    heard: list[dict[str, float]] = page.evaluate("() => window.heard")
    fundamental = sorted((each["at"], round(each["hz"])) for each in heard[::3])
    runs: list[list[tuple[float, int]]] = []
    for tone in fundamental:
        if runs and tone[0] - runs[-1][-1][0] < 600:
            runs[-1].append(tone)
        else:
            runs.append([tone])
    return [(run[0][0], tuple(hz for _, hz in run)) for run in runs]


class CutLine:
    """A line that a test in another thread cuts and mends."""

    def __init__(self, made: Line, loop: asyncio.AbstractEventLoop) -> None:
        self._made, self._loop, self.port = made, loop, made.port

    def cut(self) -> None:
        """Swallow everything from now on."""
        self._loop.call_soon_threadsafe(self._made.cut)

    def mend(self) -> None:
        """Let new connections through."""
        self._loop.call_soon_threadsafe(self._made.mend)


@contextmanager
def line_to(port: int) -> Iterator[CutLine]:
    """Yield a line to a port of this machine, served by a thread of its own."""
    opened: Future[CutLine] = Future()
    ended = threading.Event()

    async def serve() -> None:
        async with line(port) as made:
            opened.set_result(CutLine(made, asyncio.get_running_loop()))
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield opened.result(20)
    finally:
        ended.set()
        thread.join()


def open_alerts(platform: Platform) -> dict[str, dict[str, Any]]:
    """Return the platform's open alerts by id."""
    return {alert["id"]: alert for alert in platform.get("/alerts", status="open", limit=1000)["alerts"]}
