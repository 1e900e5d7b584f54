"""Impacts of many wearables at once, and the windows around them, as detectors.impacts and fall_window find them.

Only for rows of a detectors.fleet_table.Table: frames that follow each other without a gap and without overlap.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.fall_stages import EARLY_S, EARLY_US, POST_US
from detectors.fall_window import BINS, Windows
from detectors.fleet_table import Floats, Ints, Shape, Table
from detectors.impacts import APART_S, magnitude
from detectors.kernels.cutting import cut_of_rings

_SECOND = 1_000_000
#: Past all that a window looks at: nothing after the impact is left out.
LATER_US = 60 * _SECOND


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
        table, count = self.table, len(hits.row)
        acc, mag, told = np.empty((count, BINS, 3)), np.empty((count, BINS)), np.empty((count, 3))
        cut_of_rings(
            table.acc,
            table.scale,
            table.t0_us,
            table.head,
            table.shape.period_ns,
            self.rows[hits.row],
            hits.place,
            EARLY_US if early else LATER_US,
            acc,
            mag,
            told,
        )
        return Windows(acc, mag, told[:, 0], told[:, 1], told[:, 2])


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


def _offsets_us(shape: Shape) -> Ints:
    return np.arange(shape.n, dtype=np.int64) * shape.period_ns // 1000
