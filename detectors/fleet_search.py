"""Impacts of many wearables at once, and the windows around them, as detectors.impacts and fall_window find them.

Only for rows of a detectors.fleet_table.Table: frames that follow each other without a gap and without overlap.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.fall_stages import EARLY_S, EARLY_US, POST_US
from detectors.fall_window import BINS, GRID_HZ, POST_S, PRE, PRE_S, Windows
from detectors.fleet_table import Floats, Ints, Shape, Table
from detectors.impacts import APART_S, magnitude

_SECOND = 1_000_000
#: Bin edges around the impact in microseconds, and in seconds as fall_window has them.
_EDGES_S = (np.arange(BINS + 1) - PRE - 0.5) / GRID_HZ
_EDGES_US = np.round(_EDGES_S * _SECOND).astype(np.int64)
#: Beyond the data the signal is held; one far point carries it (fall_window).
_FAR_S = 2 * (PRE_S + POST_S)
#: Windows cut at once: their arrays stay in a core's cache.
_CHUNK = 64


@dataclass(frozen=True, slots=True, eq=False)
class Ripe:
    """What a new frame makes ripe. ``early_us`` and ``done_us`` (k, ring): up to where all is judged then.

    ``beyond`` (k,): rows in which something older than the frames searched is not judged yet.
    """

    early_us: Ints
    done_us: Ints
    beyond: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Impacts: ``row`` (m,) in the arrays that were asked with, ``place`` (m,) the sample counted from the oldest."""

    row: Ints
    place: Ints


class Search:
    """The newest frame's ripe impacts in ``rows`` (k,) of a table, each with its new frame in the free place."""

    def __init__(self, table: Table, rows: Ints, gate_g: float) -> None:
        self.table, self.rows, self.gate_g = table, rows, gate_g
        shape = table.shape
        self.order = table.order(rows)
        at = (rows[:, None], self.order)
        self.t0_us = table.t0_us[at]
        self._early_us, self._done_us = table.early_us[at], table.done_us[at]
        self.hot = table.peak[at] >= gate_g
        last_us = self.t0_us + shape.span_us
        self._until_early_us = np.minimum(last_us, last_us[:, -1:] - EARLY_US)
        self._until_us = np.minimum(last_us, last_us[:, -1:] - POST_US)
        self._ask_early = self.hot & (self._until_early_us > self._early_us)
        self._ask = self.hot & (self._until_us > self._done_us)

    def ripe(self) -> Ripe:
        """Return up to where the rows' frames are judged once this is done."""
        older = (self._ask_early | self._ask)[:, : self.table.ring - self.table.shape.searched]
        beyond: NDArray[np.bool_] = np.asarray(older.any(axis=1))
        return Ripe(
            np.where(self._ask_early, self._until_early_us, self._early_us),
            np.where(self._ask, self._until_us, self._done_us),
            beyond,
        )

    def hits(self) -> tuple[Hits, Hits]:
        """Return the impacts to be judged early, and those to be judged with all their seconds."""
        shape, k = self.table.shape, self.table.shape.searched
        some = np.flatnonzero((self._ask_early | self._ask)[:, -k:].any(axis=1))
        samples = k * shape.n
        order = self.order[some, -k:]
        acc = self.table.acc[self.rows[some][:, None], order].reshape(len(some), samples, 3)
        mag = magnitude(acc.astype(np.float64) * self.table.scale[self.rows[some]][:, None, None])
        t_us = (self.t0_us[some, -k:, None] + _offsets_us(shape)).reshape(len(some), samples)
        row, column = np.nonzero(_hills(mag) & (mag >= self.gate_g))
        of, at_us, first = some[row], t_us[row, column], self.table.ring - k
        frame = first + column // shape.n
        found: list[Hits] = []
        for ask, after_us, until_us, ahead_s in (
            (self._ask_early, self._early_us, self._until_early_us, EARLY_S),
            (self._ask, self._done_us, self._until_us, APART_S),
        ):
            ripe = ask[of, frame] & (at_us > after_us[of, frame]) & (at_us <= until_us[of, frame])
            mine = np.flatnonzero(ripe)
            mine = mine[largest_around(t_us, mag, row[mine], column[mine], shape, int(ahead_s * _SECOND))]
            found.append(Hits(of[mine], first * shape.n + column[mine]))
        return found[0], found[1]

    def windows(self, hits: Hits, *, early: bool) -> Windows:
        """Return the windows around impacts; an early one sees EARLY_S after it and no more."""
        parts = [
            self._windows(Hits(hits.row[a : a + _CHUNK], hits.place[a : a + _CHUNK]), early=early)
            for a in range(0, len(hits.row), _CHUNK)
        ]
        if len(parts) == 1:
            return parts[0]
        return Windows(
            *(
                np.concatenate(each)
                for each in zip(
                    *((part.acc, part.mag, part.peak, part.pre_s, part.post_s) for part in parts), strict=True
                )
            )
        )

    def _windows(self, hits: Hits, *, early: bool) -> Windows:
        shape, ring = self.table.shape, self.table.ring
        per_us = shape.period_ns / 1000
        seams = ring  # each may hold half a period less than it says
        back = int(-_EDGES_US[0] / per_us) + 2 + min(seams, int(PRE_S * _SECOND / shape.duration_us) + 2)
        on_us = EARLY_US if early else _EDGES_US[-1]
        on = int(on_us / per_us) + 2 + min(seams, int(on_us / shape.duration_us) + 2)
        place = hits.place[:, None] + np.arange(-back, on + 1)
        there = (place >= 0) & (place < ring * shape.n)
        frame, sample = np.divmod(np.clip(place, 0, ring * shape.n - 1), shape.n)
        row = hits.row[:, None]
        at = row * ring + frame
        t_us = self.t0_us.ravel().take(at) + _offsets_us(shape).take(sample)
        impact_us = t_us[:, back : back + 1]
        until_us = EARLY_US if early else _EDGES_US[-1] + _SECOND
        there &= t_us - impact_us <= until_us
        flat = ((self.rows[:, None] * ring + self.order).ravel().take(at)) * shape.n + sample
        counts = self.table.acc.reshape(-1, 3).take(flat, axis=0)
        acc_g = counts.astype(np.float64) * self.table.scale[self.rows[hits.row]][:, None, None]
        return cut_windows(t_us - impact_us, acc_g, there, back)


def _hills(mag: Floats) -> NDArray[np.bool_]:
    """Return which samples of ``mag`` (k, samples) are higher than the one before and not lower than the one after."""
    higher = np.ones(mag.shape, bool)
    higher[:, 1:] = mag[:, 1:] > mag[:, :-1]
    higher[:, :-1] &= mag[:, :-1] >= mag[:, 1:]
    return higher


def largest_around(t_us: Ints, mag: Floats, row: Ints, column: Ints, shape: Shape, ahead_us: int) -> NDArray[np.bool_]:
    """Return which of the samples at ``row`` and ``column`` (m,) of ``mag`` (k, samples) are the largest around them.

    That is from APART_S before to ``ahead_us`` after; of equal ones the first counts.
    """
    apart_us = int(APART_S * _SECOND)
    # a seam between two frames may hold half a period less than it says
    reach = apart_us * 1000 // shape.period_ns + 2 + apart_us // shape.duration_us + 1
    around = np.arange(-reach, reach + 1)
    place = column[:, None] + around
    inside = (place >= 0) & (place < mag.shape[1])
    flat = np.where(inside, place, 0) + (row * mag.shape[1])[:, None]
    apart = t_us.ravel()[flat] - t_us[row, column][:, None]
    inside &= (apart >= -apart_us) & (apart <= ahead_us)
    near, own = np.where(inside, mag.ravel()[flat], -1.0), mag[row, column][:, None]
    return np.asarray((near[:, :reach] < own).all(axis=1) & (near[:, reach:] <= own).all(axis=1))


def cut_windows(t_us: Ints, acc_g: Floats, there: NDArray[np.bool_], impact: int) -> Windows:
    """Return windows as fall_window.cut_window cuts each of them, to the last bit.

    ``t_us`` (k, samples) from the impact, which is sample ``impact`` of each row; ``acc_g`` (k, samples, 3) in g.
    ``there`` is False beyond the data, at either end of a row. Each row begins before the first bin.
    """
    k, samples = t_us.shape
    rows = np.arange(k)
    # what is not there stands at the last sample's time, so that it adds nothing
    last = samples - 1 - there[:, ::-1].argmax(axis=1)
    low = np.maximum((there & (t_us < _EDGES_US[0])).sum(axis=1) + (~there[:, :impact]).sum(axis=1) - 1, 0)
    columns = np.empty((k, samples, 4))
    columns[..., :3], columns[..., 3] = acc_g, magnitude(acc_g)
    t_s = np.empty((k, samples + 1))
    np.divide(t_us, 1e6, out=t_s[:, :samples])
    half_s = np.where(np.arange(samples - 1) < low[:, None], 0.0, np.diff(t_s[:, :samples], axis=1))
    half_s /= 2
    area = np.zeros((k, samples + 1, 4))
    steps = area[:, 1:samples]
    np.add(columns[:, 1:], columns[:, :-1], out=steps)
    for column in range(4):  # each by itself: a product over four at a time is slow
        steps[:, :, column] *= half_s
    np.cumsum(steps, axis=1, out=steps)
    # the far point on the right is written behind the last sample
    area[rows, last + 1] = area[rows, last] + _FAR_S * columns[rows, last]
    t_s[rows, last + 1] = t_s[rows, last] + _FAR_S
    at = rows[:, None] * (samples + 1) + _last_before(t_us, last)
    x0, x1 = t_s.ravel().take(at), t_s.ravel().take(at + 1)
    cut = area.reshape(-1, 4).take(at, axis=0)
    rise = area.reshape(-1, 4).take(at + 1, axis=0)
    rise -= cut
    rise /= (x1 - x0)[:, :, None]
    rise *= (_EDGES_S - x0)[:, :, None]
    cut += rise
    bins = np.diff(cut, axis=1)
    bins *= GRID_HZ
    return Windows(
        acc=np.ascontiguousarray(bins[..., :3]),
        mag=np.ascontiguousarray(bins[..., 3]),
        peak=columns[:, impact, 3],
        pre_s=np.minimum(PRE_S, -t_s[rows, low]),
        post_s=np.minimum(POST_S, t_s[rows, last]),
    )


def _last_before(t_us: Ints, last: Ints) -> Ints:
    """Return for each row and bin edge the last sample at or before it, at most ``last``: (k, BINS + 1)."""
    samples = t_us.shape[1]
    far = np.int64(2**40)
    rising = np.where(np.arange(samples) <= last[:, None], t_us, far - 1)  # what is not there lies beyond every edge
    base = np.arange(len(t_us))[:, None] * (2 * far)
    found = np.searchsorted((rising + base).ravel(), (_EDGES_US + base).ravel(), side="right")
    own: Ints = found.reshape(len(t_us), -1) - np.arange(len(t_us))[:, None] * samples - 1
    return np.minimum(own, last[:, None])


def _offsets_us(shape: Shape) -> Ints:
    return np.arange(shape.n, dtype=np.int64) * shape.period_ns // 1000
