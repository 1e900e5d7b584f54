"""The five everyday watches: what each learns, which sensors it needs, when it looks, and how its findings hang.

Numbers of the table are chosen on 33 homes of people living with dementia (TIHM, Palermo et al., Sci Data 2023
10:606), half of the homes at a time; docs/detectors/everyday.md has what came out on the other half.
"""

from dataclasses import dataclass
from enum import IntEnum

from detectors import reasons
from detectors.everyday_day import DAY_ROOMS
from detectors.everyday_habit import Habit, Scale
from detectors.routine import Room
from schemas.finding import FindingKind


class Watch(IntEnum):
    """What is watched; the number is its place in stored state."""

    NOT_UP = 0
    BATHROOM = 1
    NOT_BACK = 2
    NO_MEAL = 3
    RESTLESS = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """One watch. ``rooms``: of each group one kind of room must be seen by a sensor that lives.

    ``residents``: with more in the home it cannot be told whose it is. ``lying``: somebody may lie there helpless.
    """

    code: str
    kind: FindingKind
    habit: Habit
    rooms: tuple[frozenset[int], ...]
    residents: int = 1
    lying: bool = True


_BED, _BATH, _KITCHEN = frozenset({Room.BEDROOM}), frozenset({Room.BATHROOM}), frozenset({Room.KITCHEN})
_BUT_BED = frozenset(Room) - _BED - {Room.OUTER_DOOR}
_BUT_KITCHEN = frozenset(Room) - _KITCHEN - {Room.OUTER_DOOR}

RULES: dict[Watch, Rule] = {
    Watch.NOT_UP: Rule(
        code=reasons.NOT_UP,
        kind=FindingKind.INACTIVITY,
        # Never sooner than three hours late: sleeping in on a Sunday is no emergency.
        habit=Habit(Scale.CLOCK, usual=190.0, usual_days=1.0, spread=60.0, spread_days=5.0, far=3.0, apart=180.0),
        rooms=(_BED, DAY_ROOMS),
        residents=2,  # that neither of two is up is as true of both
    ),
    Watch.BATHROOM: Rule(
        code=reasons.LONG_IN_BATHROOM,
        kind=FindingKind.INACTIVITY,
        # A bath or a shave takes 45 minutes anywhere. Over three hours, and the home's sensors lose people there.
        habit=Habit(
            Scale.LENGTH, usual=15.0, usual_days=3.0, spread=0.7, spread_days=5.0, far=3.0, least=45.0, most=180.0
        ),
        rooms=(_BATH, _BED, DAY_ROOMS),
    ),
    Watch.NOT_BACK: Rule(
        code=reasons.NOT_BACK_IN_BED,
        kind=FindingKind.INACTIVITY,
        # Over an hour and a half, and the bedroom's sensor does not see who comes back.
        habit=Habit(
            Scale.LENGTH, usual=5.0, usual_days=3.0, spread=0.9, spread_days=5.0, far=3.0, least=45.0, most=90.0
        ),
        rooms=(_BED, _BUT_BED),
    ),
    Watch.NO_MEAL: Rule(
        code=reasons.NO_MEAL,
        kind=FindingKind.ROUTINE,
        # Four waking hours without the kitchen are nothing in any home.
        habit=Habit(Scale.LENGTH, usual=150.0, usual_days=3.0, spread=0.35, spread_days=5.0, far=2.5, least=240.0),
        rooms=(_KITCHEN, _BUT_KITCHEN),
        lying=False,
    ),
    Watch.RESTLESS: Rule(
        code=reasons.RESTLESS_NIGHT,
        kind=FindingKind.ROUTINE,
        # More than ever is more than on any of four weeks, by a fifth.
        habit=Habit(
            Scale.COUNT, usual=6.0, usual_days=3.0, spread=2.5, spread_days=5.0, far=2.0, least=20.0, record=1.2
        ),
        rooms=(_BED, _BUT_BED),
        lying=False,
    ),
}
