"""The findings on whereabouts: one an episode, from when it is told until it is over, with all its causes."""

from collections.abc import Sequence
from enum import IntEnum

import msgspec

from detectors import reasons
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from schemas.ids import finding_id

_MINUTE_US = 60_000_000
#: Scores by how loud it is told; not calibrated: nobody has counted yet how often each is right.
_SCORE = {0: 0.2, 1: 0.4, 2: 0.7}


class Level(IntEnum):
    """How loud a cause is: a thought, to be looked at, to be run to."""

    POSSIBLE = 0
    MILD = 1
    FULL = 2


class Claim(msgspec.Struct, frozen=True, array_like=True):
    """One cause for speaking, as it stands now: its reason says which."""

    level: Level
    reason: Reason
    since_us: int


class Episode(msgspec.Struct, array_like=True):
    """What was told and is not over. ``level``: the loudest so far; ``codes``: the causes told."""

    id: str
    device: str
    place: str | None
    anchor: str
    start_us: int
    level: Level
    update: int
    codes: list[str]


class At(msgspec.Struct, frozen=True, array_like=True):
    """Where and when something is decided: degrees, metres, microseconds."""

    lon: float
    lat: float
    error_m: float
    at_us: int


def why_over(codes: Sequence[str], *, out: bool) -> str:
    """Return the reason with which an episode of these causes ends; ``out``: they are not at home."""
    if reasons.LEFT_ZONE in codes:
        return reasons.BACK_IN_ZONE
    if list(codes) == [reasons.NO_POSITION] and out:
        return reasons.POSITION_AGAIN
    return reasons.BACK_AT_KNOWN if out else reasons.BACK_HOME


def open_episode(
    model: str, unit: str, resident: str, device: str, place: str | None, anchor: str, claims: Sequence[Claim], at: At
) -> tuple[Episode, Finding]:
    """Return the episode that these causes begin, and its finding."""
    start_us = min(*(claim.since_us for claim in claims), at.at_us)
    episode = Episode(
        finding_id(unit, resident, FindingKind.WANDERING, f"whereabouts:{anchor}"), device, place, anchor, start_us,
        max(claim.level for claim in claims), 0, [claim.reason.code for claim in claims],
    )  # fmt: skip
    return episode, _finding(model, unit, resident, episode, claims, at)


def go_on(model: str, unit: str, resident: str, episode: Episode, claims: Sequence[Claim], at: At) -> Finding | None:
    """Return what is told anew of an episode: it is louder now, or has another cause; None: nothing is new.

    A cause that is only possible adds nothing to what was told.
    """
    loudest = max(claim.level for claim in claims)
    new = [c.reason.code for c in claims if c.reason.code not in episode.codes and c.level > Level.POSSIBLE]
    if loudest <= episode.level and not new:
        return None
    confirmed_before = episode.level > Level.POSSIBLE
    episode.level = max(episode.level, loudest)
    episode.codes += new or [c.reason.code for c in claims if c.reason.code not in episode.codes]
    # Another stage is another message by itself; within one stage the number tells them apart.
    episode.update = episode.update + 1 if confirmed_before else 0
    return _finding(model, unit, resident, episode, claims, at)


def over(model: str, unit: str, resident: str, episode: Episode, at: At, code: str) -> Finding | None:
    """Return the last stage of an episode's finding; None where it was never more than possible."""
    if episode.level is Level.POSSIBLE:
        return None
    values = {"min": _minutes(episode.start_us, at.at_us)} if reasons.REASONS[code] else {}
    found = _finding(model, unit, resident, episode, [Claim(episode.level, Reason(code, values), at.at_us)], at)
    return msgspec.structs.replace(found, stage=Stage.RECOVERED, mild=False, update=0)


def _finding(model: str, unit: str, resident: str, episode: Episode, claims: Sequence[Claim], at: At) -> Finding:
    told = tuple(claim.reason for claim in sorted(claims, key=lambda claim: -claim.level))
    end_us = max(at.at_us, episode.start_us)
    return Finding(
        id=episode.id,
        kind=FindingKind.WANDERING,
        stage=Stage.POSSIBLE if episode.level is Level.POSSIBLE else Stage.CONFIRMED,
        unit=unit,
        resident=resident,
        device=episode.device,
        event_us=episode.start_us,
        start_us=episode.start_us,
        end_us=end_us,
        decided_us=end_us,
        score=_SCORE[episode.level],
        anchor=episode.anchor,
        model=model,
        evidence=Evidence(
            phases=(Phase(reasons.PHASE_OUTSIDE, episode.start_us, end_us),),
            reasons=told,
            features={"lat": round(at.lat, 6), "lon": round(at.lon, 6), "accuracy_m": round(at.error_m, 1)},
        ),
        place=episode.place,
        update=episode.update,
        mild=episode.level is Level.MILD,
    )


def _minutes(start_us: int, end_us: int) -> float:
    return max(0.0, round((end_us - start_us) / _MINUTE_US, 1))
