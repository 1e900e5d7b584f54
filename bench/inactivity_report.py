"""The text report on inactivity: false alarms a home-week and hours to the alarm, each setting and rule on one line."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.homes import HomeRecord
from bench.inactivity_rules import RULES, judge
from bench.intervals import rate_interval
from bench.outages import Outage, lost_days
from bench.play_homes import WAIT_US, PlayedHome, begin_us, rings
from detectors.inactivity_judging import PRICES
from detectors.routine import HOUR_US, MINUTE_US
from schemas.config import Sensitivity
from schemas.finding import Stage

#: Prices of the curve, hours of waiting for one false alarm.
CURVE = (50, 100, 200, 400, 800, 1200, 1600, 2000, 2400, 3200, 4800, 6400)
_DAY_MINUTES = 1440.0
_WAIT_H = WAIT_US / HOUR_US
_HEAD = (
    f"{'':22}  false alarms a home-week  (of a day or more)  without outages"
    "   hours to the alarm: mean  median   p90  within 12 h"
)
#: A silence that rang: when it began, us, and its minutes.
Silence = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Watched:
    """How long homes were judged: ``weeks`` in all, ``heard`` without ``outages``, in which no home at all was."""

    weeks: float
    heard: float
    outages: Sequence[Outage] = ()


def watched(played: Sequence[PlayedHome], outages: Sequence[Outage] = ()) -> Watched:
    """Return how long played homes were judged."""
    days = sum(home.days for home in played)
    lost = sum(
        lost_days(began, minutes, outages)
        for home in played
        for began, minutes in zip(home.began, home.gaps, strict=True)
    )
    return Watched(days / 7, (days - lost) / 7, outages)


def point(name: str, false: Sequence[Silence], time: Watched, hours: Sequence[float]) -> dict[str, float | str]:
    """Return one line of the table as numbers: ``false`` are the silences that rang."""
    weeks = time.weeks
    delays = np.array(hours, dtype=np.float64) if len(hours) else np.full(1, np.nan)
    low, high = rate_interval(len(false), weeks)
    persons = sum(not lost_days(began, minutes, time.outages) for began, minutes in false)
    return {
        "name": name,
        "false_alarms_per_home_week": len(false) / weeks if weeks else 0.0,
        "low": low,
        "high": high,
        "day_or_more": sum(minutes >= _DAY_MINUTES for _, minutes in false) / weeks if weeks else 0.0,
        "without_outages": persons / time.heard if time.heard else 0.0,
        "mean_h": float(delays.mean()),
        "median_h": float(np.median(delays)),
        "p90_h": float(np.quantile(delays, 0.9)),
        "within_12_h": float((delays <= 12).mean()),
    }


def at_price(
    name: str, played: Sequence[PlayedHome], price_h: float, outages: Sequence[Outage] = ()
) -> dict[str, float | str]:
    """Return what the detector would do at another price."""
    false: list[Silence] = []
    hours: list[float] = []
    for home in played:
        rang = np.array(home.gaps) > rings(home.outlooks, price_h)
        false += [each for each, was in zip(zip(home.began, home.gaps, strict=True), rang, strict=True) if was]
        late = rings(home.stop_outlooks, price_h) - np.array(home.stop_since)
        hours += np.clip(late / 60, 0.0, _WAIT_H).tolist()
    return point(name, false, watched(played, outages), hours)


def by_rule(
    name: str, homes: Sequence[tuple[HomeRecord, PlayedHome]], outages: Sequence[Outage] = ()
) -> dict[str, float | str]:
    """Return what a published rule would do on the same homes and stops."""
    false: list[Silence] = []
    hours: list[float] = []
    for record, played in homes:
        rang, late = judge(RULES[name], record, [t_ms for t_ms, _ in played.injected])
        false += rang
        hours += late
    return point(name, false, watched([played for _, played in homes], outages), hours)


def as_played(homes: Sequence[tuple[HomeRecord, PlayedHome]], outages: Sequence[Outage] = ()) -> dict[str, float | str]:
    """Return what the detector did, alarm by alarm, at its default setting."""
    false: list[Silence] = []
    hours: list[float] = []
    for record, played in homes:
        ends = {f.id: f.end_us for f in played.found if f.stage is Stage.RECOVERED}
        told = [f for f in played.found if f.stage is Stage.CONFIRMED and f.decided_us >= begin_us(record)]
        false += [(f.start_us, (ends.get(f.id, f.end_us) - f.start_us) / MINUTE_US) for f in told]
        hours += [_WAIT_H if delay is None else min(delay / 3600, _WAIT_H) for _, delay in played.injected]
    return point("as played (normal)", false, watched([played for _, played in homes], outages), hours)


def operating_points(played: Sequence[PlayedHome], outages: Sequence[Outage] = ()) -> list[dict[str, float | str]]:
    """Return the curve."""
    return [at_price(f"price {price} h", played, price, outages) for price in CURVE]


def inactivity_report(
    homes: Sequence[tuple[HomeRecord, PlayedHome]], outages: Sequence[Outage] = (), *, curve: bool = True
) -> str:
    """Return the report of played homes; ``outages``: when nothing at all was heard."""
    played = [each for _, each in homes]
    stops = sum(len(each.injected) for each in played)
    judged = sum(each.days > 0 for each in played)
    time = watched(played, outages)
    lines = [f"{len(played)} homes, {judged} of them judged for {time.weeks:.1f} home-weeks; {stops} stops"]
    lines += [f"no home at all was heard for {(end - begin) / HOUR_US:.1f} h" for begin, end in outages]
    lines += [_HEAD, _line(as_played(homes, outages))]
    lines += [
        _line(at_price(f"{setting}, price {PRICES[setting]:g} h", played, PRICES[setting], outages))
        for setting in _order()
    ]
    if curve:
        lines += ["the curve", *(_line(each) for each in operating_points(played, outages))]
    lines += ["published rules", *(_line(by_rule(name, homes, outages)) for name in RULES)]
    told = [f.evidence.reasons[0].code for each in played for f in each.found if f.stage is Stage.CONFIRMED]
    lines.append("said as: " + ", ".join(f"{code} {told.count(code)}" for code in sorted(set(told))))
    return "\n".join(lines)


def _order() -> tuple[Sensitivity, ...]:
    return (Sensitivity.CALMER, Sensitivity.NORMAL, Sensitivity.KEENER)


def _line(told: dict[str, float | str]) -> str:
    rate = f"{told['false_alarms_per_home_week']:.2f} [{told['low']:.2f}, {told['high']:.2f}]"
    share = 100 * float(told["within_12_h"])
    return (
        f"{told['name']:22}  {rate:24}  ({told['day_or_more']:.2f})  {'':12}{told['without_outages']:.2f}  {'':26}"
        f"{told['mean_h']:5.2f}  {told['median_h']:6.2f} {told['p90_h']:5.2f}  {share:6.1f} %"
    )
