"""Falls of a simulated body: loss of balance, impact, lying. Synthetic; the figures' sources stand beside them."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from device_sim.body import Body
from device_sim.postures import LYING, Array, Posture, direction, smooth, tilted, turn, unit

#: From the loss of balance to the impact, s; real falls show a lowered |a| rather than a clean free fall (Bagala 2012).
DESCENT_S = (0.32, 0.60)
#: How light the body gets on the way down, and largest |a| at the impact, g. The acted falls of SisFall at the waist
#: (Sucerquia 2017; 900 of them measured) have their middle halves at 0.22-0.50 g and 4.1-7.9 g.
LIGHTEST_G, IMPACT_G = (0.25, 0.55), (3.2, 7.5)
#: A soft fall (sliding from a chair, sinking along a wall) has a long slow descent and hardly an impact.
SOFT_DESCENT_S, SOFT_LIGHTEST_G, SOFT_IMPACT_G = (0.9, 1.4), (0.80, 0.92), (1.5, 2.0)
#: Width of the impact's half sine, s: hips and shoulders on a floor, longer than a heel strike.
IMPACT_WIDTH_S = (0.05, 0.09)
#: An arm reaches for a hold on the way down, g, and is knocked about: how often, from so long before the impact to so
#: long after it, s, and how hard against it. Chosen so that the time above 1.6 g and the roughness come near the acted
#: falls at the wrist of WEDA-FALL (224 measured, 3 s around: middle halves 0.33-0.53 s and 9.5-13.9 g/s).
REACH_G, TRUNK_REACH_G = 0.8, 0.08
KNOCKS, KNOCKS_S, KNOCK_SHARE, KNOCK_WIDTH_S = (6, 11), (0.35, 0.55), (0.15, 0.5), (0.03, 0.07)
#: Moving a little after the impact until the body lies still, s.
SETTLING_S = 1.5


#: Somebody who faints sinks as a heap: knees first, then the trunk.
FAINT_DESCENT_S, FAINT_LIGHTEST_G, FAINT_IMPACT_G = (0.6, 0.9), (0.45, 0.7), (2.4, 4.5)
#: Out of bed: half a metre, so a third of a second, and mostly onto the side.
BED_DESCENT_S, BED_LIGHTEST_G, BED_IMPACT_G = (0.28, 0.38), (0.3, 0.6), (2.8, 5.0)
#: On stairs one hits several steps, this far apart, s, the last and hardest at the bottom.
STEPS, STEP_EACH_S, STEP_G = (2, 4), (0.28, 0.45), (1.8, 3.2)


class FallKind(StrEnum):
    """Ways to fall: by direction, by where from, by what happened to the person."""

    FORWARD = "forward"
    BACKWARD = "backward"
    SIDEWAYS = "sideways"
    CHAIR = "chair"  # slides from it
    BED = "bed"
    FAINT = "faint"
    STAIRS = "stairs"


@dataclass(frozen=True)
class Fall:
    """A fall as samples (n, 3) in g, with the index of its impact: the truth to judge a detector by."""

    samples: Array
    impact: int


@dataclass(frozen=True, slots=True)
class _Way:
    """How a fall goes: ranges to draw from, and how the body comes to lie (empty: any way)."""

    descent_s: tuple[float, float] = DESCENT_S
    lightest_g: tuple[float, float] = LIGHTEST_G
    impact_g: tuple[float, float] = IMPACT_G
    onto: tuple[Posture, ...] = ()


_HARD = _Way()
_SOFT = _Way(SOFT_DESCENT_S, SOFT_LIGHTEST_G, SOFT_IMPACT_G)
_SIDES = (Posture.LEFT, Posture.RIGHT)
_WAYS = {
    FallKind.FORWARD: _Way(onto=(Posture.FRONT,)),
    FallKind.BACKWARD: _Way(onto=(Posture.BACK,)),
    FallKind.SIDEWAYS: _Way(onto=_SIDES),
    FallKind.CHAIR: _Way(SOFT_DESCENT_S, SOFT_LIGHTEST_G, SOFT_IMPACT_G, (Posture.BACK, *_SIDES)),
    FallKind.BED: _Way(BED_DESCENT_S, BED_LIGHTEST_G, BED_IMPACT_G, (*_SIDES, Posture.FRONT)),
    FallKind.FAINT: _Way(FAINT_DESCENT_S, FAINT_LIGHTEST_G, FAINT_IMPACT_G),
    FallKind.STAIRS: _HARD,
}


def fall(body: Body, *, soft: bool = False, impact_g: float | None = None, kind: FallKind | None = None) -> Fall:
    """Let the body fall from where it is, and lie on the floor; ``impact_g`` overrides the drawn peak.

    ``kind`` says how; ``soft`` is the same as sliding from a chair, onto any side.
    """
    rng = body.rng
    way = _WAYS[kind] if kind is not None else (_SOFT if soft else _HARD)
    descent_s = rng.uniform(*way.descent_s)
    lightest = rng.uniform(*way.lightest_g)
    peak = impact_g or rng.uniform(*way.impact_g)
    before, descent = body.count(STEPS[1] * STEP_EACH_S[1] if kind is FallKind.STAIRS else 0.3), body.count(descent_s)
    impact = before + descent
    n = impact + body.count(SETTLING_S)
    target, posture = _floor(body, way.onto)
    path = turn(body.gravity, target, _turning(n, before, impact + body.count(0.12)))
    weight = np.ones(n)
    weight[before:impact] = 1 - (1 - lightest) * np.sin(np.pi * smooth(descent)) ** 0.7
    motion = _flailing(body, n, before, impact)
    along = unit(target + rng.normal(0, 0.35, 3))
    # The pulse is added to gravity, which has nearly its full length along the same line again.
    body.strike(motion, impact, peak - float(along @ path[impact]), along, rng.uniform(*IMPACT_WIDTH_S))
    if kind is FallKind.STAIRS:
        _steps(body, motion, impact)
    if body.on_wrist and kind is not FallKind.CHAIR and not soft:
        _knocks(body, motion, impact, peak)
    bounce = impact + body.count(rng.uniform(0.18, 0.32))
    body.strike(motion, min(bounce, n - 1), 0.2 * peak, along, IMPACT_WIDTH_S[1])
    body.posture, body.gravity = posture, target
    return Fall(body.felt(path * weight[:, None], motion), impact)


def _floor(body: Body, onto: tuple[Posture, ...] = ()) -> tuple[Array, Posture]:
    """Where the body comes to lie: at least some 60 degrees from where it stood, also for an arm, if it can be."""
    among = onto or LYING
    order = body.rng.permutation(len(among))
    choices = [among[int(i)] for i in order]
    for posture in choices:
        target = tilted(direction(posture, body.position), abs(body.rng.normal(0.0, 10.0)), body.rng)
        if float(target @ body.gravity) < 0.5:
            return target, posture
    return target, posture


def _steps(body: Body, motion: Array, impact: int) -> None:
    """Hit the edges of some steps on the way down, before the impact at the bottom."""
    at = impact
    for _ in range(int(body.rng.integers(STEPS[0], STEPS[1] + 1))):
        at -= body.count(body.rng.uniform(*STEP_EACH_S))
        if at > 0:
            along = unit(body.gravity + body.rng.normal(0, 0.5, 3))
            body.strike(motion, at, body.rng.uniform(*STEP_G), along, IMPACT_WIDTH_S[1])


def _knocks(body: Body, motion: Array, impact: int, peak: float) -> None:
    """Knock the arm about: a hand on the furniture and the floor, before and after the body hits."""
    knocks = np.zeros_like(motion)
    for _ in range(int(body.rng.integers(*KNOCKS))):
        at = impact + round(body.rng.uniform(-KNOCKS_S[0], KNOCKS_S[1]) * body.rate_hz)
        size = peak * body.rng.uniform(*KNOCK_SHARE)
        body.strike(knocks, min(at, len(motion) - 1), size, body.rng.normal(size=3), body.rng.uniform(*KNOCK_WIDTH_S))
    # The impact itself stays what was drawn; and two knocks at one moment must not outdo it.
    knocks[max(0, impact - body.count(0.06)) : impact + body.count(0.06)] = 0.0
    hardest = float(np.linalg.norm(knocks, axis=1).max())
    motion += knocks * min(1.0, KNOCK_SHARE[1] * peak / max(hardest, 1e-9))


def _turning(n: int, start: int, end: int) -> Array:
    """Progress of the turn (n,): 0 until ``start``, 1 from ``end`` on."""
    progress = np.ones(n)
    progress[:start] = 0.0
    progress[start:end] = smooth(end - start)
    return progress


def _flailing(body: Body, n: int, start: int, end: int) -> Array:
    """Arms that reach for a hold on the way down, and the small movements after."""
    motion = np.zeros((n, 3))
    t = np.arange(n) / body.rate_hz
    size = REACH_G if body.on_wrist else TRUNK_REACH_G
    for _ in range(2):
        wave = np.sin(2 * np.pi * body.rng.uniform(2, 4) * t + body.rng.uniform(0, 2 * np.pi))
        motion += size * np.outer(wave, unit(body.rng.normal(size=3)))
    window = np.zeros(n)
    window[start:end] = np.sin(np.linspace(0, np.pi, end - start))
    window[end:] = 0.25 * np.exp(-(t[end:] - t[end]) / 0.5)
    return motion * window[:, None]
