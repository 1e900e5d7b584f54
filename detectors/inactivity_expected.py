"""What was expected when a silence rang, for its alert's picture: until when such silences last, who is about when."""

import numpy as np

from detectors.inactivity_model import USUAL_SHARE, Outlook
from detectors.routine import MINUTE_US, SLOT_GAIN, Routine
from detectors.routine_features import EDGES
from schemas.finding import Expected

#: A silence that all but one in a hundred of its like have ended by now hardly ever lasts longer.
RARE_SHARE = 0.01
#: So many days each half hour must have been seen for its share to say anything: the detector's own first week.
KNOWN_DAYS = 7
#: The share a half hour begins with in Routine.slots, before any day was seen.
_FRESH_SHARE = 0.5


def expected(routine: Routine, outlook: Outlook, since_us: int, when_us: int, offset_us: int) -> Expected:
    """Return what was expected of the silence since ``since_us`` that rings at ``when_us`` (both UTC).

    ``since_us`` leaves out the time in which nobody could have been heard; ``offset_us`` is local time minus UTC.
    """
    return Expected(
        start_us=since_us,
        rang_us=when_us,
        utc_offset_min=offset_us // MINUTE_US,
        usual=_over_by(outlook, USUAL_SHARE),
        limit=_over_by(outlook, RARE_SHARE),
        lively=lively(routine),
        days=int(routine.days),
    )


def lively(routine: Routine) -> tuple[int, ...]:
    """Return on how many days, percent, somebody was about in each half hour; none of a home hardly known.

    What is left in the decaying share of where it began is taken out: else a half hour in which nobody ever moves
    would look as if somebody did on every sixth day, two weeks long.
    """
    if routine.days < KNOWN_DAYS:
        return ()
    left = (1.0 - SLOT_GAIN) ** routine.days
    shares = (np.array(routine.slots) - _FRESH_SHARE * left) / (1.0 - left)
    return tuple(np.clip(np.round(100.0 * shares), 0, 100).astype(int).tolist())


def _over_by(outlook: Outlook, share: float) -> int | None:
    """Return after how many minutes all but ``share`` of the silences of half an hour that began so have ended."""
    ended = np.flatnonzero(outlook.reach <= share * outlook.reach[0])
    return int(EDGES[ended[0]]) if len(ended) else None
