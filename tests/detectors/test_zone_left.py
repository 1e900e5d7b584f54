"""How often a zone would have told: errors are priced, a doubted jump leaves nothing, and each leaving counts once."""

from detectors.tracks import Fix
from detectors.zone_left import times_left
from schemas.ground import degrees
from tests.detectors.wanders import EAST, HOME, NOON_US, NORTH

MINUTE_US = 60_000_000
ORIGIN = (HOME[1], HOME[0])
#: 600 m by 600 m around home.
ZONE = [degrees(ORIGIN, each) for each in ((-300, -300), (300, -300), (300, 300), (-300, 300))]


def fix(minute: int, east_m: float, accuracy: float | None = 10.0) -> Fix:
    return Fix(NOON_US + minute * MINUTE_US, HOME[1] + east_m * EAST, HOME[0] + 0.0 * NORTH, accuracy, True)


def trip(start: int, to_m: float, accuracy: float | None = 10.0) -> list[Fix]:
    """Return a walk east and back at 60 m a minute, a position each minute."""
    steps = int(to_m // 60)
    return [fix(start + k, 60.0 * (steps - abs(k - steps)), accuracy) for k in range(2 * steps + 1)]


def test_each_leaving_counts_once_with_when_and_how_far() -> None:
    left = times_left([*trip(0, 600), *trip(100, 240), *trip(200, 480)], ZONE)
    assert [(each.start_us - NOON_US) // MINUTE_US for each in left] == [6, 206]
    assert [round(each.most_m) for each in left] == [300, 180]
    assert (left[0].end_us - left[0].start_us) // MINUTE_US == 8
    assert times_left([], ZONE) == []


def test_who_walks_along_the_line_with_an_inexact_phone_leaves_nothing() -> None:
    assert times_left([fix(k, 310.0 + 8 * (-1) ** k) for k in range(60)], ZONE) == []
    assert times_left(trip(0, 360, accuracy=60.0), ZONE) == []
    assert len(times_left(trip(0, 900, accuracy=60.0), ZONE)) == 1


def test_a_jump_and_one_position_alone_leave_nothing() -> None:
    still = [fix(k, 0.0) for k in range(60)]
    assert times_left([*still[:30], fix(30, 5000.0), *still[31:]], ZONE) == []
    wrong_mast = [fix(k, 5000.0) for k in (30, 31, 32)]
    assert times_left([*still[:30], *wrong_mast, *still[33:]], ZONE) == []
    assert times_left([*still[:30], fix(60, 340.0), fix(65, 0.0)], ZONE) == []
    assert times_left([*still[:30], fix(31, 200.0, 2000.0)], ZONE) == []


def test_who_is_still_outside_has_left_once_however_long_they_stay() -> None:
    out = [fix(k, 60.0 * k) for k in range(11)]
    (left,) = times_left(out, ZONE)
    assert round(left.most_m) == 300
    again = times_left([*out, *(fix(600 + k, 600.0) for k in range(3))], ZONE)
    assert len(again) == 1
    assert again[0].end_us == NOON_US + 602 * MINUTE_US
