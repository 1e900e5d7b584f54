"""When each sensor of a play told of something, for the picture in the report: a bit for each step of time."""

import base64
import zlib

from device_sim.play import Emission, Play
from device_sim.runner.record import Lane
from schemas import topics

#: A play of up to three hours is drawn by 5 s, a longer one by the minute: a day is then 1,440 steps, a screen's width.
SHORT_US, FINE_S, COARSE_S = 3 * 3600 * 1_000_000, 5, 60
#: What says that nothing happens: the end of a motion, a closed door, a plug that is off.
_NOTHING = (b'"occupancy":false', b'"occupancy": false', b'"presence":false', b'"presence": false')
#: Leaves that tell of the device and not of the person.
_PLUMBING = (f"/{topics.STATUS}", f"/{topics.STATE}", "/availability", "/lwt")
#: Roots of topics that tell nothing; what follows names the bridge and sensor, or the user and phone.
_ROOTS = frozenset({"owntracks", "sim"})


def step_s(play: Play) -> int:
    """Return how fine a play is drawn, seconds."""
    return FINE_S if play.end_us - play.start_us <= SHORT_US else COARSE_S


class Lanes:
    """The lanes of one play, filled while it is played."""

    def __init__(self, play: Play, base: str) -> None:
        self._start_us, self._base = play.start_us, f"{base}/"
        self._step_us = step_s(play) * 1_000_000
        self._size = (play.end_us - play.start_us) // self._step_us + 1
        self._lanes: dict[str, bytearray] = {}
        self._names: dict[str, str | None] = {}

    def see(self, emission: Emission) -> None:
        """Note a message, unless it says that nothing happens."""
        name = self._names.get(emission.topic, "")
        if name == "":
            name = self._names[emission.topic] = _lane(emission.topic, self._base)
        if name is None or any(word in emission.payload for word in _NOTHING):
            return
        at = (emission.at_us - self._start_us) // self._step_us
        if 0 <= at < self._size:
            self._lanes.setdefault(name, bytearray((self._size + 7) // 8))[at >> 3] |= 1 << (at & 7)

    def kept(self) -> tuple[Lane, ...]:
        """Return the lanes by name."""
        return tuple(Lane(name=name, bits=pack(bits)) for name, bits in sorted(self._lanes.items()))


def pack(bits: bytes | bytearray) -> str:
    """Return bits as text."""
    return base64.b64encode(zlib.compress(bytes(bits), 9)).decode()


def on(lane: Lane) -> list[int]:
    """Return the steps in which the sensor told of something, rising."""
    bits = zlib.decompress(base64.b64decode(lane.bits))
    return [at * 8 + bit for at, byte in enumerate(bits) if byte for bit in range(8) if byte >> bit & 1]


def _lane(topic: str, base: str) -> str | None:
    """Return the name of the sensor that publishes here; None for what is no sensor's word."""
    if topic.startswith(base):
        rest = topic.removeprefix(base)
        return None if rest.startswith("bridge/") or rest.endswith(_PLUMBING) else rest
    if topic.endswith(_PLUMBING) or "/bridge/" in topic:
        return None
    if topic.startswith(topics.OURS):
        return topic.split("/")[2]
    levels = topic.split("/")
    return "/".join(levels[1:3]) if levels[0] in _ROOTS and len(levels) > 1 else topic
