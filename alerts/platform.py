"""The platform watches itself: from the stages' own reports to a finding about a stage, and to its end.

A trouble must last before it is one, and its end must last before it is over: a stage that is killed is back within
seconds, and a platform that starts has everything to catch up. So a restart raises nothing.
"""

import msgspec

from alerts.platform_finding import platform_finding
from schemas.finding import Finding, Reason
from schemas.status import StageStatus

_SECOND_US = 1_000_000
#: The unit of what concerns nobody's home, only us; each part stands in it as a resident would.
INSTALLATION = "platform"
#: Stages report every 5 s: three reports missing are no accident.
SILENT_US = 15 * _SECOND_US
#: So many messages that wait are minutes of an institution's readings: people are told late. Less is a burst.
LAGGING = 2_000
#: How long a trouble must last: a server that is started again, or a backlog after an outage, passes meanwhile.
RAISE_AFTER_US = 20 * _SECOND_US
LAG_RAISE_AFTER_US = 60 * _SECOND_US
#: A part that ends so often in so long a time is not well, though it is there again each time somebody looks: five is
#: more than any mending needs, and a part that falls over at once gets there in a quarter of a minute.
RESTARTS_MANY, RESTARTS_WITHIN_US = 5, 600 * _SECOND_US
#: How long it must have been well before nobody need look any more.
MEND_AFTER_US = 15 * _SECOND_US
#: Since our own start, when every stage may be starting too.
GRACE_US = 30 * _SECOND_US


class Trouble(msgspec.Struct, frozen=True):
    """What is wrong with a part: a code that both languages can say, with its numbers."""

    code: str
    values: dict[str, float] = {}


class Watched(msgspec.Struct, frozen=True):
    """One part as it was seen: its trouble and since when it lasts, or since when it is well."""

    since_us: int
    trouble: Trouble | None = None


class Restarts(msgspec.Struct, frozen=True):
    """How often a part was started again: ``count`` by its supervisor, and when we saw it rise, newest last."""

    count: int
    seen_us: tuple[int, ...] = ()


def restarted(before: Restarts | None, count: int, now_us: int) -> Restarts:
    """Return the restarts as they are known now. A count that fell is another supervisor's, and begins anew.

    What had happened when we first looked is no news: nobody knows when.
    """
    if before is None or count < before.count:
        return Restarts(count)
    rose = before.seen_us + (now_us,) * min(count - before.count, RESTARTS_MANY)
    return Restarts(count, tuple(at for at in rose if abs(now_us - at) <= RESTARTS_WITHIN_US)[-RESTARTS_MANY:])


def keeps_ending(known: Restarts) -> Trouble | None:
    """Return the trouble of a part that ends again and again, None where it does not."""
    if len(known.seen_us) < RESTARTS_MANY:
        return None
    return Trouble("part_restarts", {"n": float(RESTARTS_MANY), "min": float(RESTARTS_WITHIN_US // _SECOND_US // 60)})


def trouble_of(said: StageStatus | None, now_us: int) -> Trouble | None:
    """Return what a stage's report (None: there is none) says is wrong at ``now_us``, None when it is well."""
    if said is None:
        return Trouble("stage_missing")
    # Both ways: after a clock was set back, the last word of a stage that died before lies in the future for long.
    silent_us = abs(now_us - said.at_us)
    if silent_us > SILENT_US:
        return Trouble("stage_silent", {"s": float(silent_us // _SECOND_US)})
    if not said.ok:
        return Trouble("stage_unwell")
    if said.lag > LAGGING:
        return Trouble("stage_lags", {"n": float(said.lag)})
    return None


def follow(before: Watched | None, trouble: Trouble | None, now_us: int) -> Watched:
    """Return a part as it is seen now; a trouble that turns into another one lasts on.

    A clock that was set back makes nothing begin in the future: it would last for ever without being told.
    """
    if before is None or (before.trouble is None) != (trouble is None):
        return Watched(now_us, trouble)
    return Watched(min(before.since_us, now_us), trouble)


def must_be_told(part: Watched, started_us: int, now_us: int) -> bool:
    """Whether a part's trouble has lasted so long that somebody must look."""
    if part.trouble is None or 0 <= now_us - started_us < GRACE_US:
        return False
    patience_us = LAG_RAISE_AFTER_US if part.trouble.code == "stage_lags" else RAISE_AFTER_US
    return now_us - part.since_us >= patience_us


def is_over(part: Watched, now_us: int) -> bool:
    """Whether a part has been well for so long that nobody need look any more."""
    return part.trouble is None and now_us - part.since_us >= MEND_AFTER_US


def finding_of(name: str, part: Watched, now_us: int) -> Finding:
    """Return the finding about a part in trouble: the same one for as long as the trouble lasts."""
    assert part.trouble is not None  # noqa: S101  # asked only then
    return platform_finding(
        under=INSTALLATION,
        unit=INSTALLATION,
        about=name,
        anchor=f"{name}:{part.since_us}",
        model="platform-1",
        reason=Reason(part.trouble.code, part.trouble.values),
        since_us=part.since_us,
        event_us=part.since_us,
        now_us=now_us,
    )
