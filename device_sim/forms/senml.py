"""Sensors behind a small gateway that writes SenML packs (RFC 8428): one topic a sensor, no convention, no last will.

A pack begins with base fields (``bn``: a device URN by RFC 9039, ``bt``: when the gateway made it), and its records'
times are relative to that. A report carries what was measured before, oldest first, and each state with the time of
its last change. Sent again where nobody acknowledged it, the very same pack. What could not be sent is kept and handed
in with its own times. After a start the gateway has no clock: its first pack of each sensor counts from its boot, which
by RFC 8428 (4.5.3) is relative to now. Packs are not remembered by the broker.
"""

import json
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, ClassVar

from device_sim.forms.spoken import Cause, HomeSensor, Said, SensorKind, Speaker, base_of, mac
from device_sim.play import Emission
from schemas import ids

#: What a sensor's truth is called.
_NAMES = {
    SensorKind.MOTION: "motion",
    SensorKind.CONTACT: "open",
    SensorKind.BED: "occupied",
    SensorKind.LEAK: "leak",
    SensorKind.BUTTON: "sos",
}
#: A button's record is true for so long, s.
_PRESSED_S = 2.0
#: Share of packs that nobody acknowledged in time, and when they are sent again, s.
_AGAIN_SHARE, _AGAIN_S = 0.1, (1.0, 3.0)
#: Measured so often between reports, s, and how many of them a report carries.
_EACH_S, _CARRIED = 600, 3
#: The gateway's seconds since boot in its first packs.
_BOOT_S = (4.0, 40.0)


class SenML(Speaker):
    """Sensors of no particular maker, as a project builds them: PIR, reed switch, bed mat, probe, plug, pull cord."""

    hold_s: ClassVar[float] = 60.0
    repeat_s: ClassVar[float] = 60.0
    report_h: ClassVar[float] = 0.5
    keeps: ClassVar[bool] = True

    def __init__(self, mark: str, sensors: Sequence[HomeSensor], seed: int) -> None:
        super().__init__(mark, sensors, seed)
        self.random = Random(f"senml {seed}")
        self.changed_us: dict[HomeSensor, int] = {}

    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a sensor: by its base name."""
        return ids.foreign_device("senml", self._base(sensor).rstrip("_"))

    def say(self, said: Said) -> Iterator[Emission]:
        """Yield a pack, once more where it was not acknowledged; a button's release is a pack of its own."""
        if said.cause in (Cause.BEGINS, Cause.ENDS, Cause.TIMER):
            self.changed_us[said.sensor] = said.at_us
        yield from self._sent(said.at_us, said.sensor, self._pack(said))
        if said.sensor.kind is SensorKind.BUTTON and said.cause is Cause.BEGINS:
            released_us = self.changed_us[said.sensor] = said.at_us + round(_PRESSED_S * 1e6)
            yield from self._sent(released_us, said.sensor, [
                {"bn": self._base(said.sensor), "bt": _seconds(released_us), "n": "sos", "vb": False},
            ])  # fmt: skip

    def _sent(self, at_us: int, sensor: HomeSensor, pack: list[dict[str, Any]]) -> Iterator[Emission]:
        payload = json.dumps(pack, ensure_ascii=False, separators=(",", ":")).encode()
        topic = f"{base_of(self.mark)}/senml/{sensor.name}"
        yield Emission(at_us, topic, payload)
        if self.random.random() < _AGAIN_SHARE:
            yield Emission(at_us + round(self.random.uniform(*_AGAIN_S) * 1e6), topic, payload)

    def _pack(self, said: Said) -> list[dict[str, Any]]:
        pack = [*self._state(said), *self._measured(said)]
        time = _seconds(said.at_us)
        if said.cause is Cause.REMEMBERED:
            time = round(self.random.uniform(*_BOOT_S), 1)
        pack[0] = {"bn": self._base(said.sensor), "bt": time, **pack[0]}
        return pack

    def _state(self, said: Said) -> list[dict[str, Any]]:
        """Return the truth that a sensor tells, with the time of its last change where it repeats it."""
        if said.sensor.kind is SensorKind.PLUG:
            return [{"n": "power", "u": "W", "v": said.watts}, {"n": "energy", "u": "kWh", "v": round(said.kwh, 3)}]
        on = said.on or (said.sensor.kind is SensorKind.BUTTON and said.cause is Cause.BEGINS)
        record: dict[str, Any] = {"n": _NAMES[said.sensor.kind], "vb": on}
        ago_us = said.at_us - self.changed_us.get(said.sensor, said.at_us)
        if said.cause in (Cause.REPORT, Cause.REMEMBERED) and ago_us:
            record["t"] = -round(ago_us / 1e6, 1)
        return [record]

    def _measured(self, said: Said) -> list[dict[str, Any]]:
        if said.cause is not Cause.REPORT or said.sensor.kind is SensorKind.PLUG:
            return []
        told: list[dict[str, Any]] = [{"n": "battery", "u": "%EL", "v": said.battery}]
        if said.sensor.kind is SensorKind.MOTION:
            for number in reversed(range(_CARRIED)):
                ago = {"t": -number * _EACH_S} if number else {}
                told.append({"n": "temperature", "u": "Cel", "v": round(self.random.uniform(19, 24), 1), **ago})
        return told

    def _base(self, sensor: HomeSensor) -> str:
        """Return a device's URN with what its names are joined by."""
        address = mac(self.mark, sensor.name)
        return f"urn:dev:mac:{address[:6]}fffe{address[6:]}_"


def _seconds(at_us: int) -> float:
    return round(at_us / 1e6, 3)
