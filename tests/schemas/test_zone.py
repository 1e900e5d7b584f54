"""What may be drawn as a zone."""

from math import cos, hypot, pi, radians, sin

import pytest

from schemas.errors import BrokenRule
from schemas.ground import Degrees, Metres, degrees, metres
from schemas.zone import area_m2, check_zone, on_ground

HOME: Degrees = (121.47, 31.23)


def drawn(*flat: Metres) -> list[Degrees]:
    return [degrees(HOME, each) for each in flat]


def square(side: float) -> list[Degrees]:
    return drawn((0, 0), (side, 0), (side, side), (0, side))


def ring(count: int, radius: float) -> list[Degrees]:
    return drawn(*((radius * cos(2 * pi * k / count), radius * sin(2 * pi * k / count)) for k in range(count)))


def code(corners: list[Degrees]) -> str | None:
    try:
        check_zone(corners)
    except BrokenRule as no:
        assert str(no).endswith(".")
        return no.code
    return None


@pytest.mark.parametrize(
    ("corners", "expected"),
    [
        ([], None),
        (square(300), None),
        (ring(32, 300), None),
        (drawn((0, 0), (300, 0), (300, 300), (150, 40), (0, 300)), None),  # a bay is no crossing
        (drawn((0, 0), (150, 0), (300, 0), (300, 300), (0, 300)), None),  # a corner in a straight line neither
        (square(300)[:2], "zone_corners"),
        (ring(33, 300), "zone_corners"),
        (drawn((0, 0), (300, 300), (300, 0), (0, 300)), "zone_crosses"),
        (drawn((0, 0), (300, 0), (100, 0), (100, 300)), "zone_crosses"),  # back along its own line
        (drawn((0, 0), (300, 0), (300, 0), (300, 300)), "zone_crosses"),  # the same corner twice
        (drawn((0, 0), (300, 0), (300, 300), (150, 0), (0, 300)), "zone_crosses"),  # touches itself
        (square(40), "zone_small"),
        (drawn((0, 0), (300, 0), (600, 1)), "zone_small"),
        (square(10_500), "zone_large"),
        ([(0.0, 0.0), (float("nan"), 0.0), (0.0, 0.01)], "zone_place"),
        ([(0.0, 89.0), (0.1, 89.0), (0.0, 89.1)], "zone_place"),
    ],
)
def test_a_zone_is_an_area_that_a_person_may_be_watched_in(corners: list[Degrees], expected: str | None) -> None:
    assert code(corners) == expected
    assert code(corners[::-1]) == expected


def test_an_area_is_as_large_as_it_is_drawn_also_across_the_date_line() -> None:
    assert area_m2(on_ground(square(300))) == pytest.approx(90_000, rel=1e-6)
    fiji: Degrees = (179.999, -17.0)
    corners = [degrees(fiji, each) for each in ((0, 0), (500, 0), (500, 500), (0, 500))]
    assert corners[1][0] < 0 < corners[0][0]
    assert area_m2(on_ground(corners)) == pytest.approx(250_000, rel=1e-3)
    assert code(corners) is None


def test_degrees_and_metres_are_each_others_way_back() -> None:
    for there in ((0.0, 0.0), (320.0, -75.5), (-9000.0, 4000.0)):
        back = metres(HOME, degrees(HOME, there))
        assert hypot(back[0] - there[0], back[1] - there[1]) < 1e-6
    north = metres(HOME, (HOME[0], HOME[1] + 0.01))
    assert north == pytest.approx((0.0, 1111.95), abs=0.01)
    assert metres(HOME, (HOME[0] + 0.01, HOME[1]))[0] == pytest.approx(1111.95 * cos(radians(31.23)), abs=0.01)
