"""How an everyday watch tells: what was expected, what was seen, and why it speaks, as one reason with its numbers."""

from detectors import reasons
from detectors.everyday_day import DAWN_US, Anchor, dawn_of
from detectors.everyday_expected import expected
from detectors.everyday_home import Home, Said
from detectors.everyday_watches import RULES, Watch
from detectors.home_clocks import HomeClocks
from detectors.routine import DAY_US, HOUR_US, MINUTE_US
from schemas.finding import Evidence, Finding, Phase, Reason, Stage
from schemas.ids import finding_id
from schemas.watch import HabitKnown, Watched

#: How sure a watch is that something is wrong. Not measured: real emergencies are not in the recordings. Its limits are
#: passed once in months, and behind most of that is nothing.
SCORES = {
    Watch.NOT_UP: 0.6, Watch.BATHROOM: 0.6, Watch.NOT_BACK: 0.6, Watch.NO_MEAL: 0.4, Watch.RESTLESS: 0.9
}  # fmt: skip


def told(unit: str, home: Home, watch: Watch, when_us: int, clocks: HomeClocks) -> Said:
    """Return what is said at ``when_us`` (UTC) of a home with one of ``clocks``."""
    ahead_us = clocks.ahead_us(unit)
    local_us = when_us + ahead_us
    begun_us, anchor = _begun(home, watch)
    by_the_clock = watch in (Watch.NOT_UP, Watch.RESTLESS)  # an hour; the others begin with a sign
    since_us = clocks.utc_us(unit, begun_us) if by_the_clock else begun_us - ahead_us
    rule, resident = RULES[watch], home.resident or unit
    return Said(
        id=finding_id(unit, resident, rule.kind, f"{rule.code}:{anchor.key}@{anchor.at_us}"),
        resident=resident,
        device=anchor.device,
        anchor=anchor.key,
        place=anchor.place,
        begun_us=min(since_us, when_us),
        decided_us=when_us,
        score=SCORES[watch],
        reason=Reason(rule.code, _values(home, watch, begun_us, local_us)),
        expected=expected(home, watch, begun_us, local_us, ahead_us),
    )


def known(home: Home, watch: Watch, *, off: bool) -> HabitKnown:
    """Return whether a watch is on in a home, and what it expects of today."""
    rule = RULES[watch]
    if off:
        return HabitKnown(watch=rule.code, state=Watched.LEFT_OFF)
    if not home.can_see(watch, home.heard_us) or len(home.people) > rule.residents:
        return HabitKnown(watch=rule.code, state=Watched.OFF)
    if home.limits[watch] is None:
        return HabitKnown(watch=rule.code, state=Watched.LEARNING)
    limit = home.limit(watch)
    if limit is None:
        return HabitKnown(watch=rule.code, state=Watched.OFF)
    since = DAWN_US // MINUTE_US if watch is Watch.NOT_UP else 0
    return HabitKnown(
        watch=rule.code, state=Watched.ON, usual=round(limit.usual) + since, limit=round(limit.limit) + since
    )


def finding(
    model: str, unit: str, watch: Watch, said: Said, stage: Stage, end_us: int, over: Reason | None = None
) -> Finding:
    """Return the finding of an episode at one of its stages; ``over``: why it ended."""
    told = (said.reason,) if over is None else (said.reason, over)
    rule = RULES[watch]
    return Finding(
        id=said.id,
        kind=rule.kind,
        stage=stage,
        unit=unit,
        resident=said.resident,
        device=said.device,
        event_us=said.begun_us,
        start_us=said.begun_us,
        end_us=end_us,
        decided_us=end_us,
        score=said.score,
        anchor=said.anchor,
        model=model,
        evidence=Evidence(
            phases=(Phase(reasons.PHASE_UNUSUAL, said.begun_us, end_us),), reasons=told, expected=said.expected
        ),
        place=said.place,
    )


def ended(said: Said, now_us: int, code: str) -> Reason:
    """Return why an episode is over."""
    hours = {"h": round((now_us - said.begun_us) / HOUR_US, 2)}
    return Reason(code, hours if reasons.REASONS[code] else {})


def _begun(home: Home, watch: Watch) -> tuple[int, Anchor]:
    """Return since when (local) what is told lasts, and on which sign it hangs."""
    day = home.day
    if watch is Watch.RESTLESS:
        assert home.night is not None  # noqa: S101  # else nothing is due
        return home.night.begun_us, home.night.anchor
    if watch is Watch.NO_MEAL:
        assert home.last is not None  # noqa: S101
        return home.fed_us, home.last
    if watch is Watch.NOT_UP:
        known = home.limit(watch)
        assert day.seen is not None and known is not None  # noqa: S101
        # Who is not up is missed from the usual hour on.
        return dawn_of(day.number) + round(known.usual * MINUTE_US), day.seen
    anchor = day.bath if watch is Watch.BATHROOM else day.out
    assert anchor is not None  # noqa: S101
    return anchor.at_us, anchor


def _values(home: Home, watch: Watch, begun_us: int, now_us: int) -> dict[str, float]:
    """Return the numbers of a watch's reason, as detectors.reasons has them."""
    if watch is Watch.RESTLESS:
        assert home.night is not None  # noqa: S101
        night = home.night
        return {"min": float(night.count), "usual_min": float(round(night.usual)), "most_min": float(night.most)}
    known = home.limit(watch)
    assert known is not None  # noqa: S101
    if watch is Watch.NOT_UP:
        return {"usual_at": _hour(known.usual), "late_at": _hour(known.limit), "now_at": _clock(now_us)}
    if watch is Watch.NO_MEAL:
        return {"h": round(home.day.hungry_us / HOUR_US, 1), "usual_h": round(known.usual / 60, 1)}
    return {
        "since_at": _clock(begun_us),
        "min": float(round((now_us - begun_us) / MINUTE_US)),
        "usual_min": float(round(known.usual)),
    }


def _hour(minutes: float) -> float:
    """Return the hour of the day, 0 to 24, so many minutes after dawn."""
    return _clock(round(minutes * MINUTE_US) + DAWN_US)


def _clock(local_us: int) -> float:
    return round(local_us % DAY_US / HOUR_US, 3)
