"""Soft falls of many wearables at once: who may have slid down is looked at as detectors.fall looks, one by one."""

import numpy as np
from numpy.typing import NDArray

from detectors.fall_soft import MAY_COSINE, NINE_S, SHORT_US, SPAN_US, soft_fall, whole_seconds
from detectors.fleet_table import Ints, Shape, Table

_SECOND = 1_000_000
#: Two sums of squares differ by rounding alone less than this share.
_ROUNDING = 1e-9


def may_be_soft(table: Table, rows: Ints) -> NDArray[np.bool_]:
    """Return in which ``rows`` (k,) the frame in the free place may bring a soft fall to light, or more of them."""
    shape = table.shape
    order = table.order(rows)
    t0_us = table.t0_us[rows[:, None], order]
    newest_us = t0_us[:, -1] + shape.span_us
    at_us = newest_us // _SECOND * _SECOND
    told = at_us > t0_us[:, -2] + shape.span_us  # a whole second ended since the frame before
    if shape.duration_us > SHORT_US:
        return np.asarray(told)
    older = (t0_us <= at_us[:, None] - NINE_S * _SECOND).sum(axis=1)
    before = order[np.arange(len(rows)), np.maximum(older - 1, 0)]
    one = table.sums[rows, before].astype(np.float64)
    other = table.sums[rows, order[:, -1]].astype(np.float64)
    lengths = np.sqrt((one * one).sum(axis=1) * (other * other).sum(axis=1))
    told &= (one * other).sum(axis=1) < (MAY_COSINE + _ROUNDING) * lengths
    return np.asarray(told)


def is_soft(table: Table, row: int) -> bool:
    """Whether the frame in a row's free place does bring a soft fall to light."""
    shape = table.shape
    order = table.order(np.array([row]))[0]
    t0_us = table.t0_us[row, order]
    t_us = (t0_us[:, None] + _offsets_us(shape)).ravel()
    acc_g = table.acc[row, order].reshape(-1, 3).astype(np.float64) * table.scale[row]
    times = whole_seconds(int(t0_us[-2]) + shape.span_us, int(t_us[-1]))
    return any(soft_fall(t_us, acc_g, at_us) is not None for at_us in times if at_us - SPAN_US >= t0_us[0])


def _offsets_us(shape: Shape) -> Ints:
    return np.arange(shape.n, dtype=np.int64) * shape.period_ns // 1000
