"""A finding of the platform's own, about a part, a ward or its telephones: no device tells of it, nothing is scored.

The part or the place stands where a resident would. One trouble is one finding, by its anchor, for as long as it lasts.
"""

from schemas.finding import Evidence, Finding, FindingKind, Reason, Stage
from schemas.ids import finding_id


def platform_finding(
    *, under: str, unit: str, about: str, anchor: str, model: str, reason: Reason,
    since_us: int, event_us: int, now_us: int, mild: bool = False,
) -> Finding:  # fmt: skip
    """Return what has been so since ``since_us``; its id is of ``under``, ``about`` and ``anchor``."""
    return Finding(
        id=finding_id(under, about, FindingKind.PLATFORM, anchor),
        kind=FindingKind.PLATFORM,
        stage=Stage.CONFIRMED,
        unit=unit,
        resident=about,
        device="",
        event_us=event_us,
        start_us=since_us,
        end_us=now_us,
        decided_us=now_us,
        heard_us=now_us,
        score=1.0,
        anchor=anchor,
        model=model,
        evidence=Evidence(reasons=(reason,)),
        mild=mild,
    )
