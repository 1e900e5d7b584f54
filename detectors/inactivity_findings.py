"""How a silence is told: the finding when it is too long, and the one that ends it."""

from detectors import reasons
from detectors.inactivity_home import Home
from detectors.inactivity_said import Said
from detectors.routine import DAY_US, HOUR_US, Room
from schemas.finding import Evidence, Expected, Finding, FindingKind, Phase, Reason, Stage
from schemas.ids import finding_id

#: How sure it is that whoever moves in an empty home is the resident: nobody measured it, and it may well be another.
STIR_SCORE = 0.5


def silence(unit: str, home: Home, when_us: int, expected: Expected) -> Said:
    """Return what is said of a home's silence at ``when_us``, and why: silent, left by the door, or out of sight."""
    code, mild = reasons.SILENT, False
    if home.cut_off(when_us):
        code, mild = reasons.SENSORS_DEAD, True
    elif home.routine.room == Room.OUTER_DOOR and not home.routine.stays_in():
        code, mild = reasons.AWAY, True
    resident = home.resident or unit
    values = {"h": round((when_us - home.last_us) / HOUR_US, 2), "usual_h": round(home.usual_minutes / 60, 2)}
    return Said(
        # the time too: what a foreign device sends has no number of its own to tell two messages apart
        id=finding_id(unit, resident, FindingKind.INACTIVITY, f"{home.anchor}@{home.last_us}"),
        resident=resident,
        device=home.device,
        anchor=home.anchor,
        place=home.place,
        begun_us=home.last_us,
        decided_us=when_us,
        score=home.score,
        mild=mild,
        dead=code == reasons.SENSORS_DEAD,
        reason=Reason(code, {name: values[name] for name in reasons.REASONS[code]}),
        expected=expected,
    )


def stirred(unit: str, home: Home, when_us: int) -> Said:
    """Return what is said of the last sign of life in a home that should be empty: mildly; nothing is over by it."""
    return _empty(unit, home, when_us, when_us, Reason(reasons.STIRS_WHILE_AWAY))


def still(unit: str, home: Home, when_us: int) -> Said:
    """Return what is said of whoever came into such a home and has not moved since its last sign: as loud as a silence.

    ``when_us``: when that is too long.
    """
    hours = {"h": round((when_us - home.last_us) / HOUR_US, 2)}
    return _empty(unit, home, home.last_us, when_us, Reason(reasons.STILL_WHILE_AWAY, hours))


def _empty(unit: str, home: Home, begun_us: int, when_us: int, reason: Reason) -> Said:
    resident = home.resident or unit
    return Said(
        id=finding_id(unit, resident, FindingKind.INACTIVITY, f"{reason.code}:{home.anchor}@{home.last_us}"),
        resident=resident,
        device=home.device,
        anchor=home.anchor,
        place=home.place,
        begun_us=begun_us,
        decided_us=when_us,
        score=STIR_SCORE,
        mild=reason.code == reasons.STIRS_WHILE_AWAY,
        dead=False,
        reason=reason,
    )


def over(model: str, unit: str, home: Home, now_us: int, code: str) -> list[Finding]:
    """Return the recovery of what was told of a home, if something was; ``code``: why it is over."""
    said = home.said
    if said is None:
        return []
    hours = {"h": round((now_us - said.begun_us) / HOUR_US, 2)}
    told = [Reason(code, hours if reasons.REASONS[code] else {})]
    if now_us - said.begun_us > DAY_US and not home.empty:  # of an empty home no silence is told
        told.append(Reason(reasons.LONG_GAP, hours))
    return [finding(model, unit, said, Stage.RECOVERED, now_us, tuple(told))]


def finding(model: str, unit: str, said: Said, stage: Stage, end_us: int, over: tuple[Reason, ...] = ()) -> Finding:
    """Return a silence's finding at one of its stages; ``over``: why it ended. Why it rang stays with it."""
    told = over if said.reason is None else (said.reason, *over)
    return Finding(
        id=said.id,
        kind=FindingKind.INACTIVITY,
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
            phases=(Phase(reasons.PHASE_SILENCE, said.begun_us, end_us),), reasons=told, expected=said.expected
        ),
        place=said.place,
        mild=said.mild,
    )
