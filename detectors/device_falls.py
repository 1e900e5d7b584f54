"""A fall that a device tells of by itself, from its first suspicion to its last word, as one finding. Pure.

A radar warns, is sure some seconds later, and is calm again; a watch finds a fall, and its wearer presses that they are
well. All of it is of one claim for EPISODE_US. What ends it is not believed alike: the wearer's own press and a device
that saw the person get up end it; a radar that merely sees nobody lie any more ends a suspicion, but never a fall that
it was sure of: its timer ran out, or the person crept behind the bed.
"""

import msgspec

from detectors import device_events, reasons
from detectors.device_events import CANCELLED, ENDED, RECOVERED, Claim
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from schemas.ids import finding_id
from schemas.reading import Reading

#: Model of what a device found by itself.
DEVICE_MODEL = "device"
#: What a device says so long after its first word is of the same fall: radars confirm after half a minute or more, and
#: who lies on the floor and gets up does so within minutes, or is found.
EPISODE_US = 10 * 60 * 1_000_000
#: Alarms that a device repeats until somebody has seen them are one: LoRaWAN radars send each again and again.
REPEATS_US = 60 * 1_000_000
#: Falls of one unit's devices that are remembered.
KEPT = 16

_ENDS: dict[str, str] = {
    CANCELLED: reasons.WEARER_CANCELLED,
    RECOVERED: reasons.DEVICE_SAW_RISE,
    ENDED: reasons.DEVICE_SEES_NONE,
}


class Episode(msgspec.Struct, array_like=True):
    """One device's fall: its latest finding. A dict of them by device is kept for each unit, the latest last."""

    finding: Finding


def told(episodes: dict[str, Episode], reading: Reading) -> list[Finding]:
    """Return what a reading adds to its device's falls; ``episodes`` remembers it."""
    if reading.retain or reading.unit is None or device_events.OF_FALLS.isdisjoint(reading.events):
        return []
    known = episodes.get(reading.device)
    if known is not None and abs(reading.event_us - known.finding.event_us) > EPISODE_US:
        known = None
    claim = device_events.fall_claim(reading)
    found = _ended(known, reading) if claim is None else _claimed(known, reading, claim)
    if found is None:
        return []
    episodes.pop(reading.device, None)
    episodes[reading.device] = Episode(found)
    while len(episodes) > KEPT:
        del episodes[next(iter(episodes))]
    return [found]


def cancels_anothers(episodes: dict[str, Episode], reading: Reading) -> bool:
    """Whether a reading is its wearer's press that they are well, and its device itself has found no fall of late.

    Our own detector found it in the watch's movement, or a radar did: the desk knows which (alerts.joining.cancels).
    """
    if reading.retain or reading.unit is None or reading.resident is None or CANCELLED not in reading.events:
        return False
    known = episodes.get(reading.device)
    return known is None or abs(reading.event_us - known.finding.event_us) > EPISODE_US


def _claimed(known: Episode | None, reading: Reading, claim: Claim) -> Finding | None:
    """Return the fall that is found anew, or the suspicion that has become one; None: it is told already."""
    if known is not None and (known.finding.resident, known.finding.unit) == (claim.resident, claim.unit):
        if reading.event_us <= known.finding.decided_us:
            return None  # told again, or overtaken
        stage = known.finding.stage
        if claim.stage is Stage.POSSIBLE and stage in (Stage.POSSIBLE, Stage.CONFIRMED):
            return None
        if stage is Stage.CONFIRMED and reading.event_us - known.finding.decided_us <= REPEATS_US:
            return None
        if claim.stage is Stage.CONFIRMED and stage in (Stage.POSSIBLE, Stage.DISMISSED):
            return _moved(known.finding, reading, Stage.CONFIRMED, claim)
    at_us = reading.event_us
    return Finding(
        id=finding_id(claim.unit, claim.resident, FindingKind.FALL, reading.key),
        kind=FindingKind.FALL,
        stage=claim.stage,
        unit=claim.unit,
        resident=claim.resident,
        device=reading.device,
        event_us=at_us,
        start_us=at_us,
        end_us=max(at_us, reading.end_us),
        decided_us=at_us,
        score=claim.score,
        anchor=reading.key,
        model=DEVICE_MODEL,
        evidence=Evidence(
            phases=(Phase(reasons.PHASE_IMPACT, at_us, at_us),), reasons=(Reason(claim.code),), features=_sure(reading)
        ),
        place=reading.place,
    )


def _ended(known: Episode | None, reading: Reading) -> Finding | None:
    """Return what the device's last word makes of its fall; None where there is none, or it is over."""
    if known is None or reading.event_us <= known.finding.decided_us:
        return None
    finding = known.finding
    event = next(each for each in (CANCELLED, RECOVERED, ENDED) if each in reading.events)
    if finding.stage in (Stage.DISMISSED, Stage.RECOVERED):
        return None
    code = _ENDS[event]
    if finding.stage is Stage.POSSIBLE:
        return _moved(finding, reading, Stage.DISMISSED, None, code)
    if event != ENDED:
        return _moved(finding, reading, Stage.RECOVERED, None, code)
    if any(reason.code == code for reason in finding.evidence.reasons):
        return None
    return _moved(finding, reading, Stage.CONFIRMED, None, code)


def _moved(finding: Finding, reading: Reading, stage: Stage, claim: Claim | None, code: str = "") -> Finding:
    """Return the finding at its next stage, or with more to say at the one it has."""
    said = Reason(code if claim is None else claim.code)
    evidence = msgspec.structs.replace(
        finding.evidence,
        reasons=(said, *finding.evidence.reasons) if claim is not None else (*finding.evidence.reasons, said),
        features=finding.evidence.features | _sure(reading),
    )
    return msgspec.structs.replace(
        finding,
        stage=stage,
        update=finding.update + 1 if stage is finding.stage else 0,
        score=finding.score if claim is None else claim.score,
        end_us=max(finding.end_us, reading.end_us),
        decided_us=reading.event_us,
        heard_us=0,
        evidence=evidence,
    )


def _sure(reading: Reading) -> dict[str, float]:
    sure = device_events.certainty_of(reading)
    return {} if sure is None else {device_events.CERTAINTY: sure}
