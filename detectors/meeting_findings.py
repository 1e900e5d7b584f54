"""A weak fall as it is remembered, and how it is told that it has met something."""

import msgspec

from detectors import reasons
from detectors.meeting_odds import NEAR_US, Odds
from detectors.routine import HOUR_US
from schemas import finding as wire
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from schemas.ids import finding_id

#: Name and version; a snapshot of another one is refused.
MODEL = "meeting-1"
#: A sum of odds shows how a silence stands out only where it is rare; less than one in two is told.
_RARE = 0.5


class Weak(msgspec.Struct, array_like=True):
    """A fall that nobody was sure of, at its latest telling. ``heard_us``: when the first one was complete.

    ``said``: what was told when it met something; ``told`` also of one that was only named in it.
    """

    finding: Finding
    heard_us: int
    due_us: int
    moved_s: float = 0.0
    told: bool = False
    said: Finding | None = None

    @property
    def event_us(self) -> int:
        """When it was."""
        return self.finding.event_us

    def renewed(self, finding: Finding) -> "Weak":
        """Return it with what is told of it now."""
        return msgspec.structs.replace(self, finding=_plain(finding))

    def same_event(self, finding: Finding) -> bool:
        """Whether a finding is this one, or of the same person in the same minute."""
        near = abs(finding.event_us - self.event_us) <= NEAR_US
        return finding.id == self.finding.id or (near and _one_person(self.finding, finding))

    def met_by(self, other: "Weak") -> bool:
        """Whether another weak fall is one that another device saw of the same person in the same minute."""
        mine, theirs = self.finding, other.finding
        near = abs(theirs.event_us - mine.event_us) <= NEAR_US
        return near and theirs.device != mine.device and _one_person(mine, theirs)


def weak(finding: Finding, first_us: int) -> Weak:
    """Return a finding to remember; the home's silence is first weighed ``first_us`` after it."""
    return Weak(_plain(finding), finding.heard_us, finding.event_us + first_us)


def met(one: Weak, others: list[Weak], person: str, odds: Odds, now_us: int) -> Finding:
    """Return the finding that a weak fall and what it has met are together; its id is of the weak one alone."""
    speaks = one.finding
    told = [Reason(reasons.WEAK_FALL, {"percent": float(round(100 * speaks.score))}), *speaks.evidence.reasons]
    told += [reason for other in others for reason in other.finding.evidence.reasons[:1]]
    phases = list(speaks.evidence.phases)
    if odds.chance < _RARE:
        values = {"min": float(round(odds.quiet_min)), "one_in": float(round(1 / max(odds.chance, 0.001)))}
        told.append(Reason(reasons.QUIET_HOME, values))
        phases.append(Phase(reasons.PHASE_SILENCE, speaks.event_us, now_us))
    parts = {"odds_home": odds.home, "odds_still": odds.still, "odds_others": odds.others, "chance": odds.chance}
    return _plain(
        msgspec.structs.replace(
            speaks,
            id=finding_id(speaks.unit, speaks.resident, FindingKind.FALL, f"meeting:{speaks.id}"),
            stage=Stage.CONFIRMED,
            resident=person,
            end_us=max(now_us, speaks.end_us),
            decided_us=max(now_us, speaks.decided_us),
            heard_us=0,
            score=odds.probability,
            model=MODEL,
            update=0,
            mild=False,
            evidence=Evidence(tuple(phases), tuple(told), speaks.evidence.features | parts),
        )
    )


def over(said: Finding, at_us: int) -> Finding:
    """Return the last stage of what was told: somebody moves again."""
    hours = {"h": round((at_us - said.event_us) / HOUR_US, 2)}
    evidence = msgspec.structs.replace(
        said.evidence, reasons=(*said.evidence.reasons, Reason(reasons.ACTIVE_AGAIN, hours))
    )
    return msgspec.structs.replace(
        said, stage=Stage.RECOVERED, end_us=at_us, decided_us=at_us, heard_us=0, evidence=evidence
    )


def _plain(finding: Finding) -> Finding:
    # Through its bytes: a number that was written as 76 comes back as 76.0, and a restart must change nothing.
    return wire.decode(wire.encode(finding))


def _one_person(one: Finding, other: Finding) -> bool:
    """Whether two findings of a unit may be of one person: a radar does not know whom it sees."""
    nameless = one.unit in (one.resident, other.resident)
    return one.unit == other.unit and (one.resident == other.resident or nameless)
