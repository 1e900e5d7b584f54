"""The life of one fall event: what each judgement of an impact adds to what was told of it. Pure.

An impact is judged twice: EARLY_S after it, for ``possible``, and when all its seconds are in, for ``confirmed``. All
impacts of one wearer close together are one event with one id, so a knee and then a shoulder, or two devices on one
person, are never two alarms; and while a confirmed fall is fresh (``apart_us``) another blow belongs to its alarm,
unless the person was up again. A possible one that no impact of its event confirms is ``dismissed`` once the data
have come without a gap; where they have not come it stays possible, for nobody knows. A dismissed one may be confirmed
yet, by data that come late or by a harder impact, still under its id.
"""

from dataclasses import dataclass

import msgspec

from detectors.fall_evidence import fall_finding
from detectors.fall_followed import Fallen, fallen, fallen_softly
from detectors.fall_soft import Soft, soft_finding
from detectors.fall_window import POST_S, Window
from detectors.impacts import APART_S
from detectors.trace import Event
from detectors.wearable import WornFrame
from schemas.finding import Finding, Stage
from schemas.mobility import Mobility

_SECOND = 1_000_000
#: Seconds after the impact that the first judgement sees: the issue's promise for ``possible``.
EARLY_S = 1.0
EARLY_US = int(EARLY_S * _SECOND)
POST_US = int(POST_S * _SECOND)
#: So long after an impact every impact that may be the event's hardest has been judged with all its seconds.
CLOSES_US = int((APART_S + POST_S) * _SECOND)
#: Events of one wearer that are remembered; a stream that catches up brings old ones among the new.
EVENTS_KEPT = 16
#: Falls of one wearer that are followed at once.
FOLLOWED = 4
#: Impacts so close to one that nothing confirmed are of its event: knees, then hands, then the shoulder. Seconds.
BEGUN_S = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """An impact that was judged: ``impact_us`` on the device's clock, ``early`` with EARLY_S after it and no more."""

    frame: WornFrame
    impact_us: int
    window: Window
    score: float
    threshold: float
    early: bool

    @property
    def event_us(self) -> int:
        """When it was, on the event clock."""
        return event_time(self.frame, self.impact_us)


@dataclass(frozen=True, slots=True)
class Terms:
    """What else a telling depends on: how far apart blows are one fall, the model's name, how the person gets about."""

    apart_us: int
    model: str
    mobility: Mobility = Mobility.UNKNOWN


def event_time(frame: WornFrame, device_us: int) -> int:
    """Return a moment of the device's clock on the event clock, by the frame that holds it."""
    return frame.event_us + device_us - frame.t0_us


def wants(events: list[Event], event_us: int, apart_us: int, *, early: bool) -> bool:
    """Whether judging an impact could tell anything: not once its event is confirmed, nor early once dismissed."""
    known = _known(events, event_us, apart_us)
    return known is None or known.stage is Stage.POSSIBLE or (known.stage is Stage.DISMISSED and not early)


def decide(events: list[Event], followed: list[Fallen], judged: Judged, terms: Terms) -> Finding | None:
    """Return what the judgement of an impact tells, None where it is nothing new; ``events`` and ``followed`` move on.

    ``followed`` are the wearer's falls whose later course is looked at.
    """
    if not wants(events, judged.event_us, terms.apart_us, early=judged.early):
        return None
    known = _known(events, judged.event_us, terms.apart_us)
    if judged.score < judged.threshold:
        if known is not None and not judged.early:
            _refresh(followed, known, judged, terms)
        return None
    if known is not None and judged.early:
        _keep_open(followed, known, judged)
        return None
    stage = Stage.POSSIBLE if judged.early else Stage.CONFIRMED
    anchor = judged.frame.key if known is None else known.anchor
    told = _finding(judged, terms, stage, anchor)
    seen = fallen(told, judged.frame, judged.impact_us, judged.window)
    if known is not None:
        events.remove(known)
    _remember(events, followed, Event(judged.event_us, anchor, stage), seen)
    return told


def slide(events: list[Event], followed: list[Fallen], soft: Soft, frame: WornFrame, terms: Terms) -> Finding | None:
    """Return the possible fall that a slide whose touch lies in ``frame`` is, None where its event is known already."""
    event_us = event_time(frame, soft.touch_us)
    if _known(events, event_us, terms.apart_us) is not None:
        return None
    told = soft_finding(soft, frame, terms.model, terms.mobility)
    _remember(events, followed, Event(event_us, frame.key, Stage.POSSIBLE), fallen_softly(told, frame, soft))
    return told


def recover(events: list[Event], found: list[Finding]) -> None:
    """Remember who is up again: what comes after that is another fall."""
    for told in found:
        for each in events:
            if told.stage is Stage.RECOVERED and each.anchor == told.anchor:
                each.stage, each.over_us = Stage.RECOVERED, told.decided_us


def dismiss(
    events: list[Event], followed: list[Fallen], device: str, boot: int, begin_us: int, last_us: int
) -> list[Finding]:
    """Return the possible falls that a run of samples without a gap, ``begin_us`` to ``last_us``, closes unconfirmed.

    A dismissed fall is followed no more.
    """
    found: list[Finding] = []
    for one in list(followed):
        mine = one.finding.stage is Stage.POSSIBLE and (one.finding.device, one.boot) == (device, boot)
        if not mine or one.soft or one.open_us < begin_us or last_us < one.open_us + CLOSES_US:
            continue
        for each in events:
            if each.anchor == one.finding.anchor:
                each.stage = Stage.DISMISSED
        closed_us = one.finding.event_us + one.open_us - one.impact_us + CLOSES_US
        found.append(
            msgspec.structs.replace(one.finding, stage=Stage.DISMISSED, end_us=closed_us, decided_us=closed_us)
        )
        followed.remove(one)
    return found


def _finding(judged: Judged, terms: Terms, stage: Stage, anchor: str) -> Finding:
    return fall_finding(
        judged.frame, judged.event_us, judged.window, judged.score, terms.model, stage, anchor, terms.mobility
    )


def _remember(events: list[Event], followed: list[Fallen], event: Event, seen: Fallen) -> None:
    events.append(event)
    del events[:-EVENTS_KEPT]
    followed[:] = [one for one in followed if one.finding.id != seen.finding.id]
    followed.append(seen)
    del followed[:-FOLLOWED]


def _known(events: list[Event], event_us: int, apart_us: int) -> Event | None:
    """Return the event that an impact at ``event_us`` belongs to: the nearest that is near enough."""
    near = [each for each in events if _binds(each, event_us, apart_us)]
    return min(near, key=lambda each: abs(event_us - each.event_us), default=None)


def _binds(event: Event, at_us: int, apart_us: int) -> bool:
    if event.stage in (Stage.POSSIBLE, Stage.DISMISSED):
        apart_us = min(apart_us, int(BEGUN_S * _SECOND))
    return abs(at_us - event.event_us) <= apart_us and (event.over_us is None or at_us < event.over_us)


def _of(followed: list[Fallen], event: Event) -> Fallen | None:
    return next((one for one in followed if one.finding.anchor == event.anchor), None)


def _refresh(followed: list[Fallen], event: Event, judged: Judged, terms: Terms) -> None:
    """Let a possible fall speak by what its event looks like with all its seconds: the reasons why it is none.

    Of several impacts the likeliest speaks; the first one judged in full takes the place of the early judgement.
    """
    one = _of(followed, event)
    if one is None or one.soft or one.finding.stage is not Stage.POSSIBLE or one.window:
        return
    if (one.finding.device, one.boot) != (judged.frame.device, judged.frame.boot):
        return
    early = one.finding.evidence.features["post_s"] <= EARLY_S
    if not early and judged.score <= one.finding.score:
        return
    seen = _finding(judged, terms, Stage.POSSIBLE, event.anchor)
    again = fallen(seen, judged.frame, judged.impact_us, judged.window)
    again.open_us = max(one.open_us, judged.impact_us)
    followed[followed.index(one)] = again


def _keep_open(followed: list[Fallen], event: Event, judged: Judged) -> None:
    """Wait for the full judgement of a later impact of the same event too."""
    one = _of(followed, event)
    if one is not None and (one.finding.device, one.boot) == (judged.frame.device, judged.frame.boot):
        one.open_us = max(one.open_us, judged.impact_us)
