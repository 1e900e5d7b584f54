"""What consoles say of themselves, and how wards are watched, over HTTP."""

from pydantic import Field

from alerts.attendance import Lack
from api.models import Heard, Said
from api.people_models import StaffedHours
from api.times import Time
from schemas.attendance import Sound


class NewPresence(Heard):
    """An open console: a name that it draws when it is opened, and whether it can be heard."""

    console: str = Field(pattern=r"^[0-9a-zA-Z_-]{8,64}$")
    sound: Sound


class Ward(Said):
    """How a place that must be watched is watched now."""

    place: str
    name: str
    hours: StaffedHours
    timezone: str
    staffed: bool = Field(description="Whether somebody must be there now.")
    consoles: int = Field(description="Open consoles that show it.")
    armed: int = Field(description="Those of them that can be heard.")
    lack: Lack | None
    since: Time | None = Field(description="Since when it lacks that.")


class Wards(Said):
    """The places that one sees and that must be watched."""

    wards: list[Ward]
