"""How likely a fall is, by a weak finding and what meets it: a sum of log odds, less of what is not independent.

    log odds = the strongest teller's own
             + SECOND x (what each other teller adds to the prior)
             + DISCOUNT x log(how much likelier this silence is after a fall than without one)
             + DISCOUNT x log(the same of a wearable that does not move)

The tellers' scores are taken as probabilities. A sum would be right if, given a fall or none, each said what it says
without regard to the others. It is not so: who drops into bed makes a possible fall, and then lies still in a silent
home. So what follows counts half; and two devices that both saw somebody lie down count three quarters. These shares
are chosen, not measured: nobody has recorded homes, wearables and radars together with real falls in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, log

from detectors import reasons
from detectors.inactivity_model import Outlook
from detectors.routine import MINUTE_US
from detectors.routine_features import FIRST_MINUTES
from schemas.finding import Finding

#: So near each other two devices tell of one fall.
NEAR_US = 60 * 1_000_000
#: How likely a fall is before anybody says anything of a moment that one device took for one: one in ten.
PRIOR = 0.1
#: What the second teller, and what follows, count for (see above).
SECOND, DISCOUNT = 0.75, 0.5
#: Share of those who lie after a fall whom no motion sensor sees: of long lies about half were out of reach and sight
#: of everything (chosen; a person who moves on the floor ends the silence).
UNSEEN = 0.5
#: No silence counts as rarer than this (chosen): a model that learnt from 37 homes knows nothing of one in thousands.
RAREST = 0.002
#: How much likelier so many seconds without a movement are for one who lies helpless than for one who rests. A fifth of
#: seated hours hold 20 s of it (detectors.fall_followed), a nap holds minutes.
STILL = {20: 1.0, 60: 2.0, 300: 4.0}
#: What looks like a fall and has as likely a harmless cause (a dropped watch) counts for no more than a suspicion; and
#: that the watch lies still says nothing of its owner.
MILD = 0.35
#: Scores are kept off certainty, so that one teller never decides alone.
_LOWEST, _HIGHEST = 0.01, 0.99


@dataclass(frozen=True, slots=True)
class Silence:
    """A home in which nothing moved since ``last_us``; ``blind_us`` of it nobody could have been seen."""

    last_us: int
    blind_us: int
    outlook: Outlook

    def minutes(self, now_us: int) -> float:
        """Return how long it has lasted, without the time in which nobody could have been seen."""
        return max(0.0, (now_us - self.last_us - self.blind_us) / MINUTE_US)

    def chance(self, from_us: int, now_us: int) -> float:
        """Return how likely a silence that had lasted until ``from_us`` goes on until now where nobody fell."""
        whole, before = self.minutes(now_us), (from_us - self.last_us) / MINUTE_US
        if whole < FIRST_MINUTES:
            return 1.0
        had = self.outlook.chance(before) if before >= FIRST_MINUTES else 1.0
        return min(1.0, self.outlook.chance(whole) / max(had, 1e-9))


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely a fall is, and what each part added. ``met``: anything beside the weak finding itself spoke for it."""

    probability: float
    met: bool
    home: float  # log odds that the home's silence added
    still: float
    others: float
    chance: float  # of such a silence where nobody fell; 1: none
    quiet_min: float


def weigh(finding: Finding, others: Sequence[Finding], silence: Silence | None, now_us: int) -> Odds:
    """Return how likely a fall is by a weak finding, the others of the same minute, and the silence since."""
    own, *rest = sorted((_logit(_score(each)) for each in (finding, *others)), reverse=True)
    second = SECOND * sum(max(0.0, each - _logit(PRIOR)) for each in rest)
    still = DISCOUNT * log(max(_still(each) for each in (finding, *others)))
    chance, quiet_min = 1.0, 0.0
    if silence is not None:
        chance, quiet_min = silence.chance(finding.event_us, now_us), silence.minutes(now_us)
    home = DISCOUNT * log(UNSEEN / max(chance, RAREST)) if chance < 1.0 else 0.0
    total = own + second + still + home
    return Odds(1 / (1 + exp(-total)), second + still + max(0.0, home) > 0.0, home, still, second, chance, quiet_min)


def _score(finding: Finding) -> float:
    return min(finding.score, MILD) if finding.mild else finding.score


def _still(finding: Finding) -> float:
    if finding.mild:
        return 1.0
    seconds = [r.values.get("s", 0.0) for r in finding.evidence.reasons if r.code == reasons.NO_MOVEMENT]
    return max((ratio for s, ratio in STILL.items() if s <= max(seconds, default=0.0)), default=1.0)


def _logit(score: float) -> float:
    share = min(max(score, _LOWEST), _HIGHEST) if isfinite(score) else _LOWEST  # no number: not sure
    return log(share / (1 - share))
