"""Metres on the ground around a place: a plane good to a thousandth over the ten kilometres that a person walks."""

from math import cos, radians

#: Metres of one degree of latitude (mean meridian, WGS 84).
DEGREE_M = 111_195.0
#: Within half a degree of a pole a degree of longitude is nothing; nobody is watched over there.
_MOST_LATITUDE = 89.5

#: Longitude and latitude in degrees (WGS 84), the order in which corners and GeoJSON have them.
Degrees = tuple[float, float]
#: Metres to the east and to the north.
Metres = tuple[float, float]


def metres(origin: Degrees, there: Degrees) -> Metres:
    """Return where a place lies from the origin, the short way around the earth."""
    east = (there[0] - origin[0] + 180.0) % 360.0 - 180.0
    return east * _of_longitude(origin), (there[1] - origin[1]) * DEGREE_M


def degrees(origin: Degrees, there: Metres) -> Degrees:
    """Return a place that lies so from the origin: what ``metres`` took apart."""
    east = origin[0] + there[0] / _of_longitude(origin)
    return (east + 180.0) % 360.0 - 180.0, origin[1] + there[1] / DEGREE_M


def _of_longitude(origin: Degrees) -> float:
    latitude = max(-_MOST_LATITUDE, min(_MOST_LATITUDE, origin[1]))
    return DEGREE_M * cos(radians(latitude))
