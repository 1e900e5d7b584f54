"""How it is told that a sensor has gone quiet (detectors.everyday_quiet): to be looked at, nobody to be run to."""

from detectors import reasons
from detectors.everyday_home import Home, Said
from detectors.everyday_quiet import SLOT_US, Quiet
from detectors.inactivity_signs import Sign
from detectors.routine import HOUR_US
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from schemas.ids import finding_id

#: How sure it is that the sensor does not see what it saw; counted on 33 homes (docs/detectors/everyday.md).
SCORE = 0.8


def quiet(unit: str, home: Home, gone: Quiet, sign: Sign) -> Said:
    """Return what is said of a sensor; it hangs on the ``sign`` of another one by which it is clear."""
    now_us = sign.event_us
    resident, heard = home.resident or unit, gone.heard
    hours = {"h": (now_us - heard.last_us) / HOUR_US, "others_h": gone.slots * SLOT_US / HOUR_US}
    return Said(
        id=finding_id(unit, resident, FindingKind.ROUTINE, f"{reasons.SENSOR_QUIET}:{gone.device}@{heard.last_us}"),
        resident=resident,
        device=gone.device,
        anchor=sign.key,
        place=heard.place,
        begun_us=heard.last_us,
        decided_us=now_us,
        score=SCORE,
        reason=Reason(reasons.SENSOR_QUIET, {name: round(value, 1) for name, value in hours.items()}),
    )


def finding(model: str, unit: str, said: Said, now_us: int, *, heard: bool = False) -> Finding:
    """Return the finding: that it is quiet, or that it was ``heard`` again."""
    now_us = max(now_us, said.decided_us)
    over = (Reason(reasons.SENSOR_HEARD, {"h": round((now_us - said.begun_us) / HOUR_US, 1)}),) if heard else ()
    return Finding(
        id=said.id,
        kind=FindingKind.ROUTINE,
        stage=Stage.RECOVERED if heard else Stage.CONFIRMED,
        unit=unit,
        resident=said.resident,
        device=said.device,
        event_us=said.begun_us,
        start_us=said.begun_us,
        end_us=now_us,
        decided_us=now_us,
        score=said.score,
        anchor=said.anchor,
        model=model,
        evidence=Evidence(phases=(Phase(reasons.PHASE_UNUSUAL, said.begun_us, now_us),), reasons=(said.reason, *over)),
        place=said.place,
        mild=True,
    )
