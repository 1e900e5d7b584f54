"""The findings on wandering: one an episode, from when it is told until it is over."""

import msgspec

from detectors import reasons
from detectors.wandering_door import Door, from_outside, habit, unseen_s, visited, watched
from detectors.wandering_exit import AtDoor
from detectors.wandering_home import HomeConfig
from detectors.wandering_rooms import Order, Paced
from detectors.wandering_signs import Sign
from detectors.wandering_walk import Wandered
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from schemas.ids import finding_id

_SECOND = 1_000_000
#: Scores, not calibrated: nobody has counted yet how often each is right.
LEFT_SCORE, LEFT_UNWATCHED_SCORE, LEFT_VISITOR_SCORE = 0.7, 0.4, 0.2


class Episode(msgspec.Struct, array_like=True):
    """Wandering that was told and is not over. ``last_us``: when it was last seen; the rest names its finding."""

    id: str
    resident: str
    device: str
    place: str | None
    anchor: str
    start_us: int
    last_us: int
    stage: Stage
    score: float


def walking(model: str, sign: Sign, resident: str, seen: Wandered) -> Finding:
    """Return the finding of a way that is wandering, decided by the position in ``sign``."""
    form = seen.shape
    values = {
        "m": float(round(form.way_m)),
        "extent_m": round(form.extent_m, 1),
        "times": round(seen.passes, 1),
        "min": _minutes(form.since_us, sign.event_us),
    }
    features = {"ratio": form.ratio, "passes": seen.passes, "excess": seen.excess, "speed": form.way_m / form.seconds}
    return _finding(
        model, sign.unit, resident, sign.device, sign.place, sign.anchor, (form.since_us, sign.event_us),
        score_of(seen.excess), reasons.PHASE_WANDERING, (Reason(seen.code, values),), features,
    )  # fmt: skip


def between_rooms(model: str, sign: Sign, resident: str, seen: Paced) -> Finding:
    """Return the finding of pacing between rooms, decided by the room in ``sign``."""
    minutes = _minutes(seen.since_us, sign.event_us)
    values = {"changes": float(seen.changes), "rooms": float(seen.rooms), "min": minutes}
    told = [Reason(reasons.ROOM_PACING, values)]
    if seen.order is not Order.NONE:
        told.append(Reason(reasons.ROOMS_AROUND if seen.order is Order.AROUND else reasons.ROOMS_TO_AND_FRO))
    if seen.usual is not None:
        told.append(Reason(reasons.ROOMS_USUAL, {"times": round(seen.times, 1), "usual_times": round(seen.usual, 1)}))
    return _finding(
        model, sign.unit, resident, sign.device, sign.place, sign.anchor, (seen.since_us, sign.event_us),
        score_of(seen.excess), reasons.PHASE_WANDERING, tuple(told), values,
    )  # fmt: skip


def at_door(model: str, sign: Sign, resident: str, seen: AtDoor) -> Finding:
    """Return the finding of somebody at an outer door who does not go: to be looked at, not to be run to."""
    minutes = _minutes(seen.since_us, sign.event_us)  # the same message may tell of leaving too: another id
    tried = Reason(reasons.AT_EXIT_DOOR, {"times": float(seen.tries), "min": minutes})
    told = tried if seen.tries else Reason(reasons.STANDS_AT_DOOR, {"min": minutes})
    found = _finding(
        model, sign.unit, resident, sign.device, sign.place, f"{sign.anchor}:at_door", (seen.since_us, sign.event_us),
        score_of(seen.excess), reasons.PHASE_AT_DOOR, (told,), {},
    )  # fmt: skip
    return msgspec.structs.replace(found, mild=True)


def left_by(model: str, unit: str, resident: str, door: Door, config: HomeConfig) -> Finding:
    """Return the finding that somebody left at night whose beacon was near the door, and is in no room since."""
    decided_us = door.near_until_us
    values = {"hour": round(config.hour(door.opened_us), 2), "min": _minutes(door.opened_us, decided_us)}
    return _finding(
        model, unit, resident, door.device, door.place, door.anchor, (door.opened_us, decided_us),
        LEFT_SCORE, reasons.PHASE_OUTSIDE,
        (Reason(reasons.LEFT_AT_NIGHT, values), Reason(reasons.BEACON_AT_DOOR)), {},
    )  # fmt: skip


def left(model: str, unit: str, resident: str, door: Door, decided_us: int, config: HomeConfig) -> Finding:
    """Return the finding that somebody left at night; only possible where it may well have been harmless."""
    minutes = _minutes(door.opened_us, decided_us)
    told = [Reason(reasons.LEFT_AT_NIGHT, {"hour": round(config.hour(door.opened_us), 2), "min": minutes})]
    stage, score = Stage.CONFIRMED, LEFT_SCORE
    if not watched(door, config):
        score = LEFT_UNWATCHED_SCORE
        told.append(Reason(reasons.ROOMS_UNWATCHED))
    harmless = _harmless(door, decided_us, config)
    if harmless:
        stage, score = Stage.POSSIBLE, LEFT_VISITOR_SCORE
    found = _finding(
        model, unit, resident, door.device, door.place, door.anchor, (door.opened_us, decided_us),
        score, reasons.PHASE_OUTSIDE, (*told, *harmless), {},
    )  # fmt: skip
    return msgspec.structs.replace(found, stage=stage, mild=not watched(door, config))


def _harmless(door: Door, decided_us: int, config: HomeConfig) -> list[Reason]:
    """Return what else the opened door may well have been."""
    told = []
    nights, long_s = habit(door, config)
    if visited(door, config) and (nights > 0 or not config.deep(door.opened_us)):  # who visits at three?
        told.append(Reason(reasons.VISITOR_BEFORE, {"min": _minutes(door.before_us, door.opened_us)}))
    deep, unseen = config.deep(door.opened_us), from_outside(door, config)
    if unseen and not deep:  # who sleeps beside the door passes no sensor on the way, and hardly anybody comes at three
        told.append(Reason(reasons.NOBODY_BEFORE, {"min": round(unseen_s(door) / 60, 1)}))
    longer = long_s <= config.habit_most_s and decided_us - door.opened_us >= long_s * _SECOND
    if nights >= config.nights_of_habit(door.opened_us) and not longer and (unseen or not deep):
        told.append(Reason(reasons.DOOR_HABIT, {"nights": float(nights)}))
    return told


def over(
    model: str, unit: str, episode: Episode, at_us: int, code: str, phase: str = reasons.PHASE_WANDERING
) -> Finding:
    """Return the last stage of an episode's finding: it is over, seen at ``at_us``."""
    until_us = max(at_us, episode.start_us)
    phase = reasons.PHASE_OUTSIDE if code == reasons.BACK_INSIDE else phase
    seen_us = until_us if code == reasons.BACK_INSIDE else episode.last_us
    found = _finding(
        model, unit, episode.resident, episode.device, episode.place, episode.anchor, (episode.start_us, until_us),
        episode.score, phase, (Reason(code, {"min": _minutes(episode.start_us, seen_us)}),), {},
    )  # fmt: skip
    return msgspec.structs.replace(found, id=episode.id, stage=Stage.RECOVERED)


def episode_of(found: Finding) -> Episode:
    """Return the episode that a finding begins."""
    return Episode(
        found.id, found.resident, found.device, found.place, found.anchor, found.start_us, found.decided_us,
        found.stage, found.score,
    )  # fmt: skip


def score_of(excess: float) -> float:
    """Return a score between 0.5, at the threshold, and 1."""
    return excess / (1 + excess)


def _finding(
    model: str, unit: str, resident: str, device: str, place: str | None, anchor: str, span_us: tuple[int, int],
    score: float, phase: str, told: tuple[Reason, ...], features: dict[str, float],
) -> Finding:  # fmt: skip
    start_us, end_us = span_us
    return Finding(
        id=finding_id(unit, resident, FindingKind.WANDERING, anchor),
        kind=FindingKind.WANDERING,
        stage=Stage.CONFIRMED,
        unit=unit,
        resident=resident,
        device=device,
        event_us=start_us,
        start_us=start_us,
        end_us=end_us,
        decided_us=end_us,
        score=round(score, 4),
        anchor=anchor,
        model=model,
        evidence=Evidence(
            phases=(Phase(phase, start_us, end_us),),
            reasons=told,
            features={name: round(float(value), 4) for name, value in features.items()},
        ),
        place=place,
    )


def _minutes(start_us: int, end_us: int) -> float:
    return round((end_us - start_us) / (60 * _SECOND), 1)
