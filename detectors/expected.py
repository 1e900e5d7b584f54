"""What a family may expect of each setting: false alarms and delay, as measured on homes the detectors had not seen.

The only place in code where these numbers stand. They are read off the tables of docs/detectors/inactivity.md and
everyday.md; tests/detectors/test_expected.py holds the two equal, and fails when a new model's table is written and
this is not. They are of 33 British homes of people living with dementia (TIHM, Palermo et al., Sci Data 2023 10:606),
most with a carer nobody recorded: what other homes had, no promise for one.
"""

from dataclasses import dataclass

from schemas.config import Sensitivity

#: The models that the numbers are of.
SILENCE_MODEL, EVERYDAY_MODEL = "inactivity-3", "everyday-1"
#: Homes that were long enough, and weeks of them, after two weeks of learning.
HOMES, HOME_WEEKS = 33, 200


@dataclass(frozen=True, slots=True)
class Expected:
    """Of one setting. False alarms a home-week; hours from the last sign of life until it is told.

    ``silence_*``: plain silence, normal days played and then stopped at random moments. ``everyday_week``: all five
    everyday watches together, whatever they told counted as false.
    """

    silence_week: float
    mean_h: float
    median_h: float
    p90_h: float
    everyday_week: float


EXPECTED: dict[Sensitivity, Expected] = {
    Sensitivity.CALMER: Expected(silence_week=0.45, mean_h=6.27, median_h=4.49, p90_h=12.01, everyday_week=0.10),
    Sensitivity.NORMAL: Expected(silence_week=0.56, mean_h=5.30, median_h=3.94, p90_h=11.77, everyday_week=0.22),
    Sensitivity.KEENER: Expected(silence_week=1.02, mean_h=3.57, median_h=2.67, p90_h=6.75, everyday_week=0.36),
}
