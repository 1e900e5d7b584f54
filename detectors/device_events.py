"""What a device's event claims by itself: a call for help, a fall it found, smoke, gas, water. Pure.

Somebody is always told. What hangs at a place and is nobody's own speaks for its unit, whose id then stands for the
person (the desk puts the resident there where only one lives in it). A device that nobody has bound is watched for a
call for help, smoke and gas only, since somebody stands at it then; it speaks for itself.
"""

from dataclasses import dataclass

from detectors import reasons
from schemas.finding import FindingKind
from schemas.reading import Reading

#: How far a device's own fall detection is believed: more likely a fall than not, no more. A watch on the market found
#: 4.7 % of staged wheelchair falls (Assist Technol 2022), an app 77 % of induced falls (JMIR Form Res 2022 e30121).
DEVICE_FALL_SCORE = 0.7
#: The unit under which devices that nobody has are heard.
UNBOUND = "unbound"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that an event claims, for whom; ``code`` is of detectors.reasons."""

    kind: FindingKind
    score: float
    code: str
    unit: str
    resident: str


#: Event -> kind, score, reason. Smoke and water are measured: the sensor may be wrong, which costs a look.
_CLAIMS: dict[str, tuple[FindingKind, float, str]] = {
    "sos": (FindingKind.SOS, 1.0, reasons.SOS_PRESSED),
    "fall": (FindingKind.FALL, DEVICE_FALL_SCORE, reasons.DEVICE_SAYS_FALL),
    "smoke": (FindingKind.SMOKE, 1.0, reasons.SMOKE_SENSED),
    "gas": (FindingKind.GAS, 1.0, reasons.GAS_SENSED),
    "carbon_monoxide": (FindingKind.GAS, 1.0, reasons.CARBON_MONOXIDE_SENSED),
    "water_leak": (FindingKind.WATER_LEAK, 1.0, reasons.WATER_SENSED),
}
_OF_NOBODY = frozenset({FindingKind.SOS, FindingKind.SMOKE, FindingKind.GAS})


def claims(reading: Reading) -> list[Claim]:
    """Return what a reading's events claim; a retained one claims nothing about now."""
    if reading.retain:
        return []
    unit = reading.unit or UNBOUND
    subject = reading.resident or reading.unit or reading.device
    found = [_CLAIMS[event] for event in reading.events if event in _CLAIMS]
    return [
        Claim(kind, score, code, unit, subject)
        for kind, score, code in found
        if reading.unit is not None or kind in _OF_NOBODY
    ]
