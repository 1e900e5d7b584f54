"""What happens to a body that a scenario speaks of: falls of several kinds, near-falls, and what only looks like one.

Each act begins from what one does before it (walking, sitting, lying), and knows the sample at which it truly happened:
the impact of a fall, the thud of a chair. Synthetic, as the rest of the body: figures are chosen unless a source stands
beside them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from device_sim.body import Body
from device_sim.falling import FallKind, fall
from device_sim.postures import LYING, Array, Posture, unit

#: Steps taken before something happens on foot, s.
WALK_S = (6.0, 12.0)
#: A watch that slips from the hand falls so deep, m: off a table, out of a hand; and hits a hard floor, g.
DROP_M, DROP_G = (0.6, 1.1), (7.0, 14.0)
#: Claps: how many, how far apart, s, and how hard they reach the wrist, g.
CLAPS, CLAP_EACH_S, CLAP_G = (6, 14), (0.28, 0.5), (1.8, 4.5)
_GRAVITY = 9.81


class Act(StrEnum):
    """What can happen; the names are those of scenario files."""

    FALL_FORWARD = "fall-forward"
    FALL_BACKWARD = "fall-backward"
    FALL_SIDEWAYS = "fall-sideways"
    FALL_FROM_CHAIR = "fall-from-chair"
    FALL_FROM_BED = "fall-from-bed"
    FAINT = "faint"
    FALL_ON_STAIRS = "fall-on-stairs"
    STUMBLE = "stumble"
    CATCH = "catch-oneself"
    SIT_HARD = "sit-down-hard"
    LIE_QUICKLY = "lie-down-quickly"
    PICK_UP = "pick-up"
    CLAP = "clap"
    DROP = "drop-device"
    TAKE_OFF = "take-off"


FALLS = frozenset(
    {
        Act.FALL_FORWARD, Act.FALL_BACKWARD, Act.FALL_SIDEWAYS, Act.FALL_FROM_CHAIR, Act.FALL_FROM_BED, Act.FAINT,
        Act.FALL_ON_STAIRS,
    }
)  # fmt: skip
#: After these the device lies somewhere, and is not worn until it is put on again.
OFF = frozenset({Act.DROP, Act.TAKE_OFF})
_KIND = {
    Act.FALL_FORWARD: FallKind.FORWARD, Act.FALL_BACKWARD: FallKind.BACKWARD, Act.FALL_SIDEWAYS: FallKind.SIDEWAYS,
    Act.FALL_FROM_CHAIR: FallKind.CHAIR, Act.FALL_FROM_BED: FallKind.BED, Act.FAINT: FallKind.FAINT,
    Act.FALL_ON_STAIRS: FallKind.STAIRS,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Acted:
    """An act as samples (n, 3) in g; ``moment`` is the sample at which it happened."""

    samples: Array
    moment: int


def act(body: Body, what: Act) -> Acted:
    """Let it happen to the body, from whatever it did, with what one does just before. Leaves it where that ends."""
    return _ACTS.get(what, _fall)(body, what)


def ready(body: Body, posture: Posture) -> Array:
    """Bring the body into a posture as people do it, by way of sitting; nothing where it is there already."""
    parts: list[Array] = []
    lies, shall_lie = body.posture in LYING, posture in LYING
    if body.posture is posture or (lies and shall_lie):
        return np.zeros((0, 3))
    if (lies or shall_lie or body.posture is Posture.TABLE) and posture is not Posture.SITTING:
        parts.append(body.move_to(Posture.SITTING))
    if body.posture is not posture:
        parts.append(body.move_to(posture))
    return np.concatenate(parts)


def _on_foot(body: Body) -> Array:
    return np.concatenate([ready(body, Posture.STANDING), body.walk(body.rng.uniform(*WALK_S))])


def _fall(body: Body, what: Act) -> Acted:
    if what is Act.FALL_FROM_CHAIR:
        before = np.concatenate([ready(body, Posture.SITTING), body.rest(5.0)])
    elif what is Act.FALL_FROM_BED:
        before = np.concatenate([ready(body, Posture.BACK), body.rest(20.0, restless=0.0)])
    elif what is Act.FAINT:
        before = np.concatenate([ready(body, Posture.STANDING), body.stand(body.rng.uniform(*WALK_S))])
    else:
        before = _on_foot(body)
    fallen = fall(body, kind=_KIND[what])
    return Acted(np.concatenate([before, fallen.samples]), len(before) + fallen.impact)


def _strongest(before: Array, happens: Array, after: Array | None = None) -> Acted:
    """Join: it happened where the part that happens is strongest."""
    moment = len(before) + int(np.argmax(np.linalg.norm(happens, axis=1)))
    return Acted(np.concatenate([before, happens] if after is None else [before, happens, after]), moment)


def _stumble(body: Body, _: Act) -> Acted:
    before = _on_foot(body)
    return _strongest(before, body.stumble(), body.walk(body.rng.uniform(*WALK_S)))


def _catch(body: Body, _: Act) -> Acted:
    """Lose one's balance, get light for a moment, and hold on: a jerk, no floor."""
    before = _on_foot(body)
    n, drop = body.count(1.6), body.count(body.rng.uniform(0.2, 0.35))
    jerk = body.count(0.8)
    weight = np.ones(n)
    weight[jerk - drop : jerk] -= body.rng.uniform(0.25, 0.45) * np.sin(np.linspace(0, np.pi, drop))
    motion = np.zeros((n, 3))
    body.strike(motion, jerk, body.rng.uniform(0.8, 1.6), unit(body.gravity + body.rng.normal(0, 0.5, 3)), width_s=0.15)
    happens = body.felt(np.tile(body.gravity, (n, 1)) * weight[:, None], motion)
    return _strongest(before, happens, body.stand(8.0))


def _sit_hard(body: Body, _: Act) -> Acted:
    return _strongest(_on_foot(body), body.sit_down(hard=True))


def _lie_quickly(body: Body, _: Act) -> Acted:
    """Throw oneself onto the bed: quick turns, and a mattress."""
    before = np.concatenate([_on_foot(body), body.sit_down(hard=True)])
    turn = body.move_to(Posture.BACK, body.rng.uniform(0.6, 0.9))
    motion = np.zeros_like(turn)
    body.strike(motion, len(turn) - body.count(0.1), body.rng.uniform(0.3, 0.8), body.gravity, width_s=0.2)
    return _strongest(before, turn + motion)


def _pick_up(body: Body, _: Act) -> Acted:
    return _strongest(_on_foot(body), body.pick_up())


def _clap(body: Body, _: Act) -> Acted:
    """Applaud, sitting: at the wrist one hard knock after the other, hardly anything at the trunk."""
    before = np.concatenate([ready(body, Posture.SITTING), body.rest(5.0)])
    times = np.cumsum(body.rng.uniform(*CLAP_EACH_S, int(body.rng.integers(*CLAPS))))
    n = body.count(float(times[-1]) + 1.0)
    motion = np.zeros((n, 3))
    across = unit(body.rng.normal(size=3))
    for at in times:
        size = body.rng.uniform(*CLAP_G) * (1.0 if body.on_wrist else 0.05)
        body.strike(motion, body.count(float(at)), size, unit(across + body.rng.normal(0, 0.2, 3)), width_s=0.03)
    return _strongest(before, body.felt(np.tile(body.gravity, (n, 1)), motion), body.rest(5.0))


def _drop(body: Body, _: Act) -> Acted:
    """Take the device off, let it slip: true free fall, one or two hard short knocks, and it lies."""
    before = np.concatenate([ready(body, Posture.SITTING), body.rest(4.0, restless=3.0)])
    falls_s = float(np.sqrt(2 * body.rng.uniform(*DROP_M) / _GRAVITY))
    free = body.count(falls_s)
    n = free + body.count(1.5)
    path = np.tile(body.gravity, (n, 1))
    path[:free] *= 0.03
    body.posture, body.gravity = Posture.TABLE, unit(body.rng.normal(size=3))
    path[free:] = body.gravity
    motion = np.zeros((n, 3))
    for at, size in ((free, 1.0), (free + body.count(0.28), 0.35), (free + body.count(0.42), 0.15)):
        body.strike(motion, at, size * body.rng.uniform(*DROP_G), unit(body.rng.normal(size=3)), width_s=0.02)
    return Acted(np.concatenate([before, body.felt(path, motion)]), len(before) + free)


def _take_off(body: Body, _: Act) -> Acted:
    before = np.concatenate([ready(body, Posture.SITTING), body.rest(3.0, restless=3.0)])
    laid = body.move_to(Posture.TABLE, 1.0)
    return Acted(np.concatenate([before, laid]), len(before) + len(laid) - 1)


_ACTS: dict[Act, Callable[[Body, Act], Acted]] = {
    Act.STUMBLE: _stumble,
    Act.CATCH: _catch,
    Act.SIT_HARD: _sit_hard,
    Act.LIE_QUICKLY: _lie_quickly,
    Act.PICK_UP: _pick_up,
    Act.CLAP: _clap,
    Act.DROP: _drop,
    Act.TAKE_OFF: _take_off,
}
