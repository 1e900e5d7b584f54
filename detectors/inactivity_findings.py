"""How a silence is told: the finding when it is too long, and the one that ends it."""

from detectors import reasons
from detectors.inactivity_home import Home, Said
from detectors.routine import DAY_US, HOUR_US, Room
from schemas.finding import Evidence, Expected, Finding, FindingKind, Phase, Reason, Stage
from schemas.ids import finding_id


def silence(unit: str, home: Home, when_us: int, expected: Expected) -> Said:
    """Return what is said of a home's silence at ``when_us``, and why: silent, left by the door, or out of sight."""
    code, mild = reasons.SILENT, False
    if home.cut_off(when_us):
        code, mild = reasons.SENSORS_DEAD, True
    elif home.routine.room == Room.OUTER_DOOR:
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


def ended(said: Said, now_us: int, code: str) -> tuple[Reason, ...]:
    """Return why a silence that was told is over."""
    hours = {"h": round((now_us - said.begun_us) / HOUR_US, 2)}
    told = [Reason(code, hours if reasons.REASONS[code] else {})]
    if now_us - said.begun_us > DAY_US:
        told.append(Reason(reasons.LONG_GAP, hours))
    return tuple(told)


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
