"""What the API says of where somebody is: places in metres east (x) and north (y) of one origin, ready to be drawn."""

from typing import Literal

from pydantic import Field

from api.models import Heard, Said
from api.times import Time
from schemas.config import MAX_CORNERS

Corner = tuple[float, float]


class Degrees(Said):
    """A place on earth, WGS 84."""

    lat: float
    lon: float


class UsualPlace(Said):
    """Where they usually are."""

    x: float
    y: float
    radius: float
    home: bool
    days: int = Field(description="On how many of the last 30 days.")
    share: float = Field(description="Of the time whose place is known, 0 to 1.")


class Tiles(Said):
    """Background maps, where an administrator set where they come from."""

    address: str = Field(examples=["https://tiles.example.org/{z}/{x}/{y}.png"])
    credit: str


class Ground(Said):
    """What stands still on the map."""

    origin: Degrees | None = Field(description="Null: metres of a building, which lies nowhere on earth.")
    at_home: bool = Field(description="The origin is home.")
    places: list[UsualPlace]
    zone: list[Corner] = Field(description="Corners of the zone drawn for them; none: no zone.")
    tiles: Tiles | None


class Doubted(Said):
    """A later position that is not believed: it would have been a jump."""

    time: Time
    x: float
    y: float
    error: float


class LastPlace(Said):
    """The last trustworthy place. Metres; ``error``: radius of 68 %."""

    time: Time
    x: float
    y: float
    error: float
    where: Degrees | None
    moves: str = Field(description="still, walks, rides, unknown")
    heading: float | None = Field(description="Degrees clockwise from north.")
    speed: float | None = Field(description="Metres a second.")
    area: float | None = Field(description="Radius within which nine of ten would be by now; null: of a building.")
    beyond_zone: float | None = Field(description="Metres outside the zone; below 0: inside; null: no zone.")
    doubted: Doubted | None


class WayPoint(Said):
    """A place on the way, there from ``t`` until ``until``; ``passes``: how often the way came by here."""

    t: Time
    until: Time
    x: float
    y: float
    error: float
    passes: int
    rides: bool = Field(description="Came here faster than on foot.")
    silent: bool = Field(description="Came here after a long silence.")


class LeftOut(Said):
    """Positions of that time which are not drawn, and why."""

    inexact: int
    jumps: int
    standing: int
    thinned: int
    older: int = Field(description="1: there were more positions than are read; the oldest are missing.")


class Visit(Said):
    """Somebody was seen in a room, from the first sign to the last before another room."""

    room: str = Field(description="A kind (`kitchen`, ...), or the room's own name.")
    start: Time
    end: Time


class AlertWay(Said):
    """The way around an alert of wandering."""

    start: Time
    began: Time
    until: Time = Field(description="Now while it lasts; else when it was over.")
    lasts: bool
    utc_offset_min: int = Field(examples=[480])
    ground: Ground | None = Field(description="Null: no positions are stored of that time.")
    points: list[WayPoint]
    left_out: LeftOut
    last: LastPlace | None
    door: Time | None = Field(description="When the outer door was opened, of alerts about that.")
    visits: list[Visit] = Field(description="In order: of the beacon they wear, else of the home's own sensors.")
    by_beacon: bool
    shared: bool = Field(description="Others live there too: the home's own sensors do not say who it was.")


class Whereabouts(Said):
    """Where a resident is now. ``home``: at home, and no more is said; ``none``: nothing tells where they are."""

    state: Literal["none", "home", "out"]
    time: Time | None = Field(description="The last trustworthy position.")
    last: LastPlace | None
    ground: Ground | None


class Zone(Heard):
    """A zone as it is drawn: longitude and latitude of each corner, not closed; none: no zone."""

    corners: list[Corner] = Field(
        max_length=4 * MAX_CORNERS, examples=[[[121.47, 31.23], [121.48, 31.23], [121.48, 31.24]]]
    )


class ZoneDrawn(Said):
    """The zone and what is there to draw it by."""

    corners: list[Corner]
    ground: Ground | None = Field(description="Null: nothing tells yet where they are.")


class Spell(Said):
    """A time outside the zone. ``m``: how far at most."""

    start: Time
    end: Time
    m: float


class ZonePreview(Said):
    """How often stored positions left a zone."""

    days: float = Field(description="Days with positions, of the last 30.")
    positions: int
    left: list[Spell] = Field(description="Newest first.")
    seen: list[Corner] = Field(description="Where they were: longitude and latitude, thinned, each spot once.")
