"""What a home tells that should be empty: whether somebody is there is asked, and who lies there is called for.

The rule is in detectors.inactivity_stir; here it meets the home, and its findings.
"""

from detectors import inactivity_findings as tell
from detectors import reasons
from detectors.household import left_off
from detectors.inactivity_home import Home
from detectors.inactivity_signs import Sign
from detectors.inactivity_stir import Stir
from detectors.routine import HOUR_US
from schemas.finding import Finding, Stage
from schemas.watch import Watchable

#: Who comes home so soon before the calendar says so is expected: the home is watched again in as long at most.
EXPECTED_US = HOUR_US


def stirs(model: str, home: Home, sign: Sign) -> list[Finding]:
    """Take a sign of life in an empty home; return the question whether somebody is back."""
    home.stir = home.stir or Stir(sign.event_us)
    if left_off(home.people, Watchable.INACTIVITY) or 0 <= home.back_us <= sign.event_us + EXPECTED_US:
        home.stir.due_us = -1  # whoever came in before moves
        return []
    asks = home.stir.take(sign.event_us, sign.room)
    home.device, home.anchor, home.place = sign.device, sign.key, sign.place
    if not asks:
        return []
    home.said = tell.stirred(sign.unit, home, sign.event_us)
    return [tell.finding(model, sign.unit, home.said, Stage.CONFIRMED, sign.event_us)]


def due_us(home: Home) -> int:
    """Return what an empty home waits for: the end of its absence, or whoever came in having been still too long."""
    until_us = home.back_us if home.back_us >= 0 else home.due_us  # read again from before they were back
    still_us = -1 if home.stir is None else home.stir.due_us
    return min(still_us, until_us) if still_us >= 0 else until_us


def still(model: str, unit: str, home: Home) -> list[Finding] | None:
    """Tell that whoever came in has not moved for hours, and did not leave; None: the absence ends before.

    Nothing where it was left off meanwhile.
    """
    stir = home.stir
    if stir is None or not 0 <= stir.due_us < home.back_us:
        return None
    when_us, stir.due_us = stir.due_us, -1
    if left_off(home.people, Watchable.INACTIVITY):
        return []
    found = tell.over(model, unit, home, when_us, reasons.STILL_WHILE_AWAY)
    home.said = tell.still(unit, home, when_us)
    return [*found, tell.finding(model, unit, home.said, Stage.CONFIRMED, when_us)]
