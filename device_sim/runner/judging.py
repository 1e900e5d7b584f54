"""What was raised against what was expected. Pure: alerts as the API tells them in, verdicts out.

A finding counts for an expectation when it is of its kind, about its resident, and its event lies in the time given.
Home sensors cannot tell people apart, so what a home of several raises about any of them, or about the unit, counts for
each; only a wearable speaks for its wearer alone. One finding answers one expectation.

What the platform itself marks as mild (low from the beginning: to be looked at, not run to) is no false alarm and
breaks no must-not; it is told and counted apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from device_sim.platform import Json, from_iso
from device_sim.play import Expectation, Play
from device_sim.runner.names import Names
from device_sim.runner.record import Judged, Occurrence, Verdict
from device_sim.runner.saying import duration
from schemas.alert import Severity, StepKind
from schemas.finding import FindingKind

#: In an expectation that must not be: whatever is raised.
ANY = "any"
#: Kinds that a wearable finds, so that they speak for one person.
PERSONAL = frozenset({FindingKind.FALL, FindingKind.SOS})
#: Another finding of an open alert so soon after the last tells nobody anew (docs/alerts.md).
TOLD_AGAIN_US = 10 * 60 * 1_000_000
#: What the last second of a play completes may be told so long after it, on a live home too.
TAIL_US = 60 * 1_000_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of one play."""

    judged: tuple[Judged, ...]
    wrongly: tuple[Occurrence, ...]
    doubles: tuple[Occurrence, ...]
    mild: tuple[Occurrence, ...]


def occurrences(alerts: Iterable[Json], names: Names, *, driven: bool) -> list[Occurrence]:
    """Return all findings in the histories of a play's alerts (with ``steps``), in the order in which they were told.

    ``driven``: people could know when the message that completed it was heard; by a driven clock the desk may be
    behind, and that says nothing. On a live home it is when the alert was raised.
    """
    found: list[Occurrence] = []
    for alert in alerts:
        if alert["unit"] in names.units:
            found += _of_alert(alert, names, driven=driven)
    return sorted(found, key=lambda one: (one.told_us, one.event_us, one.finding))


def _of_alert(alert: Json, names: Names, *, driven: bool) -> list[Occurrence]:
    found: list[Occurrence] = []
    last_us: int | None = None
    for step in alert["steps"]:
        if step["kind"] not in (StepKind.RAISED, StepKind.RECURRED):
            continue
        data: dict[str, Any] = step["data"]
        event_us = from_iso(data["event_time"])
        heard_us = from_iso(data["heard_time"])
        one = Occurrence(
            alert=alert["id"],
            finding=data["finding"],
            kind=alert["kind"],
            unit=alert["unit"],
            resident=names.resident_key(alert["resident"]["id"]),
            event_us=event_us,
            told_us=heard_us if driven else from_iso(step["at"]),
            mild=data["severity"] == Severity.LOW,
            late=bool(data["late"]),
            again=step["kind"] == StepKind.RECURRED,
            rings=last_us is None or event_us - last_us > TOLD_AGAIN_US,
            model=data["model"],
        )
        last_us = max(last_us or 0, event_us)
        found.append(one)
    return found


@dataclass
class _Left:
    """What has been raised and answers nothing yet."""

    free: list[Occurrence]
    doubles: list[Occurrence] = field(default_factory=list)

    def take(self, one: Occurrence) -> None:
        self.free.remove(one)


def judge(play: Play, names: Names, found: Sequence[Occurrence], played_us: int) -> Judgement:
    """Return the verdict on each expectation in the order of the play, and what nobody expected.

    ``played_us`` is how far the play was played. What was told later than TAIL_US after the play's end is not of it:
    its devices had fallen silent.
    """
    left = _Left([one for one in found if one.told_us <= play.end_us + TAIL_US])
    verdicts: dict[int, Judged] = {}
    musts = [(n, one) for n, one in enumerate(play.expectations) if one.must]
    for n, expected in sorted(musts, key=lambda each: (each[1].event_us, each[0])):
        verdicts[n] = _empty(expected, play) or _must(expected, names, left, played_us)
    for n, expected in enumerate(play.expectations):
        if not expected.must:
            verdicts[n] = _empty(expected, play) or _must_not(expected, names, left, played_us)
    ringing = [one for one in left.free if one.rings]
    return Judgement(
        judged=tuple(verdicts[n] for n in sorted(verdicts)),
        wrongly=tuple(one for one in ringing if not one.mild),
        doubles=tuple(one for one in left.doubles if one.rings and not one.mild),
        mild=tuple(one for one in ringing if one.mild),
    )


def concerns(one: Occurrence, expected: Expectation, names: Names) -> bool:
    """Whether a finding is of the kind and about the person of an expectation, whenever it happened."""
    if expected.kind not in (ANY, one.kind):
        return False
    if one.resident == expected.resident:
        return True
    return one.kind not in PERSONAL and one.unit == names.unit_of.get(expected.resident)


def _empty(expected: Expectation, play: Play) -> Judged | None:
    """Return the verdict on an expectation of which no time lies in the play: nothing can keep or break it."""
    length_us = min(expected.until_us, play.end_us) - max(expected.from_us, play.start_us)
    if length_us > 0 or (expected.must and length_us == 0):
        return None
    said = {
        "en": "No moment of the play lies in its time, so nothing could be told of it; mend its from and until.",
        "zh": "其时段内没有情景中的任何时刻，无从判断；请改正起止时间。",
    }
    return _judged(expected, Verdict.EMPTY, (), said)


def _must(expected: Expectation, names: Names, left: _Left, played_us: int) -> Judged:
    about = [one for one in left.free if concerns(one, expected, names)]
    fitting = [one for one in about if expected.from_us <= one.event_us <= expected.until_us]
    if not fitting:
        if played_us < expected.event_us:
            return _judged(expected, Verdict.OPEN, (), _OPEN)
        return _judged(expected, Verdict.MISSED, (), _why_missed(about, expected))
    first = fitting[0]
    for one in fitting:
        left.take(one)
        if one is not first:
            left.doubles.append(one)
    wait_s = (first.told_us - expected.event_us) / 1e6
    if expected.within_s is not None and wait_s > expected.within_s:
        return _judged(expected, Verdict.LATE, fitting, _too_late(wait_s, expected.within_s))
    return _judged(expected, Verdict.RAISED, fitting, {})


def _must_not(expected: Expectation, names: Names, left: _Left, played_us: int) -> Judged:
    broken = [
        one
        for one in left.free
        if not one.mild and concerns(one, expected, names) and expected.from_us <= one.event_us <= expected.until_us
    ]
    if broken:
        said = {"en": "It was raised, and nothing had happened.", "zh": "没有发生任何事，却报警了。"}
        return _judged(expected, Verdict.WRONG, broken, said)
    if played_us < expected.from_us:
        return _judged(expected, Verdict.OPEN, (), _OPEN)
    return _judged(expected, Verdict.QUIET, (), {})


_OPEN = {"en": "The run was ended before it could be told.", "zh": "运行提前结束，无法判断。"}


def _why_missed(about: Sequence[Occurrence], expected: Expectation) -> dict[str, str]:
    if not about:
        return {"en": "Nothing of this kind was raised for this person.", "zh": "没有为此人发出这类警报。"}
    nearest = min(
        about, key=lambda one: min(abs(one.event_us - expected.from_us), abs(one.event_us - expected.until_us))
    )
    early = nearest.event_us < expected.from_us
    away_us = expected.from_us - nearest.event_us if early else nearest.event_us - expected.until_us
    return {
        "en": f"The nearest one lies {duration(away_us / 1e6)} {'before' if early else 'after'} its time.",
        "zh": f"最近的一次警报比应有的时间{'早' if early else '晚'} {duration(away_us / 1e6, 'zh')}。",
    }


def _too_late(wait_s: float, within_s: float) -> dict[str, str]:
    return {
        "en": f"It came after {duration(wait_s)}, and must come within {duration(within_s)}.",
        "zh": f"{duration(wait_s, 'zh')}后才报警，应在 {duration(within_s, 'zh')}之内。",
    }


def _judged(expected: Expectation, verdict: Verdict, raised: Sequence[Occurrence], reason: dict[str, str]) -> Judged:
    return Judged(
        key=expected.key,
        must=expected.must,
        kind=expected.kind,
        resident=expected.resident,
        event_us=expected.event_us,
        from_us=expected.from_us,
        until_us=expected.until_us,
        within_s=expected.within_s,
        why=expected.why,
        verdict=verdict,
        raised=tuple(raised),
        reason=reason,
    )
