"""Findings and alerts as the tests of the rules want them."""

from alerts.intake import intake
from schemas.alert import Alert
from schemas.finding import Evidence, Finding, FindingKind, Stage

SECOND = 1_000_000
NOW = 1_790_000_000 * SECOND


def finding(
    name: str = "a", *, kind: FindingKind = FindingKind.FALL, stage: Stage = Stage.CONFIRMED, at_us: int = NOW
) -> Finding:
    return Finding(
        id=name * 32,
        kind=kind,
        stage=stage,
        unit="pl_1",
        resident="re_1",
        device="w1",
        event_us=at_us,
        start_us=at_us,
        end_us=at_us + 20 * SECOND,
        decided_us=at_us + 20 * SECOND,
        heard_us=at_us + 21 * SECOND,
        score=0.9,
        anchor="w1:1:7:frame",
        model="fall-1",
        evidence=Evidence(features={"stage": float(list(Stage).index(stage))}),
    )


def raised(name: str = "a") -> Alert:
    change = intake(finding(name), None, NOW + 22 * SECOND)
    assert change is not None
    return change.alert
