"""The ladder of event_time for the frames of a whole fleet at once: each device's clock map in columns.

Only what is usual is done in columns: the boot that is known, one frame of each device. Whatever else comes (a new
boot, a clock that jumped or cannot be believed) goes rung by rung through event_time.resolve itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.decoders import boot_clock
from ingest.decoders.boot_clock import WINDOW_US, BootMap
from ingest.decoders.event_time import NEWEST_US, OLDEST_US, Claim, resolve

Ints = NDArray[np.int64]
#: A window before the present one that there was not.
_NONE = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Claims:
    """event_time.Claim in columns (k,); ``utc_us`` is 0 where the clock is not set."""

    boot: Ints
    device_us: Ints
    last_us: Ints
    utc_us: Ints
    live: NDArray[np.bool_]


class ClockColumns:
    """The clocks of ``devices`` devices, by number. ``alone``: frames that went through the ladder one by one."""

    def __init__(self, devices: int) -> None:
        self.alone = 0
        self._boot = np.full(devices, -1)
        self._window_us, self._low, self._previous = (np.full(devices, _NONE) for _ in range(3))
        self._others: dict[int, tuple[BootMap, ...]] = {}  # boots before the present one

    def event_us(self, device: Ints, claims: Claims, arrival_us: Ints) -> Ints:
        """Return when the first sample of each frame was; frames of one device in the order in which they came."""
        found = np.empty(len(device), np.int64)
        todo = np.arange(len(device))
        stamp = np.zeros(len(self._boot), np.int64)
        while len(todo):
            stamp[device[todo[::-1]]] = todo[::-1]
            first = stamp[device[todo]] == todo
            now, todo = todo[first], todo[~first]
            usual = now[self._usual(device[now], claims, now, arrival_us[now])]
            found[usual] = self._mapped(device[usual], claims, usual, arrival_us[usual])
            done = np.zeros(len(device), bool)
            done[usual] = True
            for i in now[~done[now]].tolist():
                found[i] = self._resolve(int(device[i]), claims, i, int(arrival_us[i]))
        return found

    def _usual(self, device: Ints, claims: Claims, at: Ints, arrival_us: Ints) -> NDArray[np.bool_]:
        """Return which are of the known boot, and believable by its map before and after them."""
        low = np.minimum(self._low[device], arrival_us - claims.last_us[at])
        offset_us = np.minimum(low, self._previous[device])
        mapped_us = claims.device_us[at] + offset_us
        utc_us = claims.utc_us[at]
        told = (utc_us == 0) | ((utc_us >= arrival_us - OLDEST_US) & (utc_us <= arrival_us + NEWEST_US))
        usual = (self._boot[device] == claims.boot[at]) & claims.live[at] & told
        # the second window is long enough for both: a map made new must be believable too
        newest_us = claims.device_us[at] + np.maximum(self._low[device], arrival_us - claims.last_us[at])
        usual &= (mapped_us >= arrival_us - OLDEST_US) & (newest_us <= arrival_us + NEWEST_US)
        return np.asarray(usual, bool)

    def _mapped(self, device: Ints, claims: Claims, at: Ints, arrival_us: Ints) -> Ints:
        difference = arrival_us - claims.last_us[at]
        turns = arrival_us - self._window_us[device] >= WINDOW_US
        self._previous[device] = np.where(turns, self._low[device], self._previous[device])
        self._low[device] = np.where(turns, difference, np.minimum(self._low[device], difference))
        self._window_us[device] = np.where(turns, arrival_us, self._window_us[device])
        offset_us = np.minimum(self._low[device], self._previous[device])
        span_us = claims.last_us[at] - claims.device_us[at]
        mapped_us = np.minimum(claims.device_us[at] + offset_us, arrival_us - span_us)
        return np.where(claims.utc_us[at] > 0, claims.utc_us[at], mapped_us)

    def _resolve(self, device: int, claims: Claims, at: int, arrival_us: int) -> int:
        self.alone += 1
        utc_us = int(claims.utc_us[at])
        claim = Claim(
            boot=int(claims.boot[at]),
            device_us=int(claims.device_us[at]),
            last_us=int(claims.last_us[at]),
            utc_us=utc_us or None,
            live=bool(claims.live[at]),
        )
        boots, when = resolve(self._boots(device), claim, arrival_us)
        self._others[device] = boots[1:]
        if not boots[1:]:
            del self._others[device]
        if boots:
            newest = boots[0]
            self._boot[device], self._window_us[device], self._low[device] = newest.boot, newest.window_us, newest.low
            self._previous[device] = _NONE if newest.previous is None else newest.previous
        return when.event_us

    def _boots(self, device: int) -> tuple[BootMap, ...]:
        boot = int(self._boot[device])
        if boot < 0:
            return ()
        previous = int(self._previous[device])
        newest = BootMap(
            boot, int(self._window_us[device]), int(self._low[device]), None if previous == _NONE else previous
        )
        return (newest, *self._others.get(device, ()))[: boot_clock.BOOTS_KEPT]
