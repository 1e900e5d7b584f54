"""Soft falls of many wearables at once: who may have slid down is looked at as detectors.fall looks, one by one."""

import numpy as np
from numpy.typing import NDArray

from detectors.fall_soft import (
    DOWN_S,
    MAY_COSINE,
    NINE_S,
    REST_S,
    SHORT_US,
    SPAN_US,
    TURNED_COSINE,
    soft_fall,
    whole_seconds,
)
from detectors.fleet_table import Ints, Table
from detectors.kernels.slides import may_slide
from detectors.trace import offsets_us

_SECOND = 1_000_000


def may_be_soft(table: Table, rows: Ints) -> NDArray[np.bool_]:
    """Return in which ``rows`` (k,) the frame in the free place may bring a soft fall to light, or more of them."""
    shape, maybe = table.shape, np.empty(len(rows), bool)
    may_slide(
        rows,
        table.state,
        table.frames,
        table.acc,
        shape.period_ns,
        shape.span_us,
        shape.duration_us <= SHORT_US,
        NINE_S * _SECOND,
        SPAN_US,
        (REST_S + DOWN_S) * _SECOND,
        REST_S * _SECOND,
        MAY_COSINE,
        TURNED_COSINE,
        maybe,
    )
    return maybe


def is_soft(table: Table, row: int) -> bool:
    """Whether the frame in a row's free place does bring a soft fall to light."""
    shape = table.shape
    order = table.order(np.array([row]))[0]
    t0_us = table.t0_us[row, order]
    t_us = (t0_us[:, None] + offsets_us(shape.n, shape.period_ns)).ravel()
    acc_g = table.acc[row, order].reshape(-1, 3).astype(np.float64) * table.scale[row]
    times = whole_seconds(int(t0_us[-2]) + shape.span_us, int(t_us[-1]))
    return any(soft_fall(t_us, acc_g, at_us) is not None for at_us in times if at_us - SPAN_US >= t0_us[0])
