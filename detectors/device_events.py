"""What a device's event claims by itself: a call for help, a fall it found, smoke, gas, water. Pure.

Somebody is always told. What hangs at a place and is nobody's own speaks for its unit, whose id then stands for the
person (the desk puts the resident there where only one lives in it). A device that nobody has bound is watched for a
call for help, smoke and gas only, since somebody stands at it then; it speaks for itself.

How far each is believed is one table, TRUST (docs/adr/0016-trust-and-meeting.md). What a device says of a fall later
is of the same claim: detectors.device_falls.
"""

from dataclasses import dataclass
from typing import Final

from detectors import reasons
from schemas.finding import FindingKind, Stage
from schemas.reading import Reading

#: The unit under which devices that nobody has are heard.
UNBOUND = "unbound"
#: A device's own word for how sure it is of a fall, 0 to 1, beside the event.
CERTAINTY = "certainty"
#: Below this a device that says how sure it is says itself that it is not: a suspicion, whatever it calls it.
SURE = 0.5
#: By who says it and what it says: the score, a probability as far as anybody can know, and why.
TRUST: Final[dict[str, float]] = {
    # A person decided to press, or sat on the button: somebody goes either way.
    "press": 1.0,
    # A sensor that measures: it may be wrong, which costs a look.
    "measured": 1.0,
    # More likely a fall than not, no more: a watch on the market found 4.7 % of staged wheelchair falls (Assist Technol
    # 2022), an app 77 % of induced falls (JMIR Form Res 2022 e30121); of false alarms nothing is published.
    "worn": 0.7,
    # A radar sees who lies on the floor, and takes a dog, a carer who kneels and a curtain for one: its makers give no
    # figures for a lived-in home, its users tell of false alarms (everything-presence-one#19, #164).
    "room": 0.7,
    # What the device itself calls a warning or a maybe: a third is what odds of 1 to 2 are. It raises no alert alone.
    "suspects": 0.33,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that an event claims, for whom; ``code`` is of detectors.reasons."""

    kind: FindingKind
    score: float
    code: str
    unit: str
    resident: str
    stage: Stage = Stage.CONFIRMED


#: Event -> kind, score, reason.
_CLAIMS: dict[str, tuple[FindingKind, float, str]] = {
    "sos": (FindingKind.SOS, TRUST["press"], reasons.SOS_PRESSED),
    "smoke": (FindingKind.SMOKE, TRUST["measured"], reasons.SMOKE_SENSED),
    "gas": (FindingKind.GAS, TRUST["measured"], reasons.GAS_SENSED),
    "carbon_monoxide": (FindingKind.GAS, TRUST["measured"], reasons.CARBON_MONOXIDE_SENSED),
    "water_leak": (FindingKind.WATER_LEAK, TRUST["measured"], reasons.WATER_SENSED),
}
_OF_NOBODY = frozenset({FindingKind.SOS, FindingKind.SMOKE, FindingKind.GAS})
#: What a device says of a fall: that it found one, that it may have, and what came of it.
FALL, SUSPECTED, RECOVERED, CANCELLED, ENDED = (
    "fall", "fall_suspected", "fall_recovered", "fall_cancelled", "fall_ended",
)  # fmt: skip
OF_FALLS = frozenset({FALL, SUSPECTED, RECOVERED, CANCELLED, ENDED})


def subject_of(reading: Reading) -> tuple[str, str]:
    """Return the unit and the person that a reading speaks for; a device of nobody speaks for itself."""
    return reading.unit or UNBOUND, reading.resident or reading.unit or reading.device


def claims(reading: Reading) -> list[Claim]:
    """Return what a reading's events claim; a retained one claims nothing about now. Of falls see ``fall_claim``."""
    if reading.retain:
        return []
    unit, subject = subject_of(reading)
    found = [_CLAIMS[event] for event in reading.events if event in _CLAIMS]
    return [
        Claim(kind, score, code, unit, subject)
        for kind, score, code in found
        if reading.unit is not None or kind in _OF_NOBODY
    ]


def speaks(reading: Reading) -> bool:
    """Whether a reading may claim anything by itself, or say more of a fall."""
    return any(event in _CLAIMS or event in OF_FALLS for event in reading.events)


def fall_claim(reading: Reading) -> Claim | None:
    """Return the fall that a reading says was found or may have been; None: it says none, or is nobody's."""
    if reading.retain or reading.unit is None:
        return None
    worn = reading.resident is not None
    trust, sure = TRUST["worn" if worn else "room"], certainty_of(reading)
    unit, subject = subject_of(reading)
    if FALL in reading.events and (sure is None or sure >= SURE):
        code = reasons.DEVICE_SAYS_FALL if worn else reasons.RADAR_SAYS_FALL
        return Claim(FindingKind.FALL, trust if sure is None else min(trust, sure), code, unit, subject)
    if FALL in reading.events or SUSPECTED in reading.events:
        code = reasons.DEVICE_SUSPECTS_FALL if worn else reasons.RADAR_SUSPECTS_FALL
        score = TRUST["suspects"] if sure is None else min(TRUST["suspects"], sure)
        return Claim(FindingKind.FALL, score, code, unit, subject, Stage.POSSIBLE)
    return None


def cancel_claim(reading: Reading) -> Claim:
    """Return the wearer's own press that they are well, about a fall that another found: over as soon as it is told."""
    unit, subject = subject_of(reading)
    return Claim(FindingKind.FALL, TRUST["press"], reasons.WEARER_CANCELLED, unit, subject, Stage.RECOVERED)


def certainty_of(reading: Reading) -> float | None:
    """Return how sure the device says it is, 0 to 1; None where it says nothing or nothing sensible."""
    for seen in reading.observations:
        if seen.type == CERTAINTY and isinstance(seen.value, int | float) and 0.0 <= seen.value <= 1.0:
            return float(seen.value)
    return None
