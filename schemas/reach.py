"""Whether a telephone can be reached: one test of one way to one person; and what messages say."""

from enum import StrEnum

import msgspec

from schemas.address import Channel
from schemas.ladder import Lang


class Templates(msgspec.Struct, frozen=True):
    """What administrators have written for messages to say, by key (alerts.wording.key_of)."""

    own: dict[str, str] = {}


class TriedState(StrEnum):
    """``sending``: somebody is sending it, or died doing so."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class ReachTest(msgspec.Struct, frozen=True, kw_only=True):
    """One test. ``place`` is where the ladder was set; ``confirmed_us``: when its link was pressed at the telephone."""

    id: str
    place: str
    recipient: str
    channel: Channel
    address: str
    lang: Lang
    asked_by: str
    asked_us: int
    state: TriedState = TriedState.WAITING
    ended_us: int | None = None
    took_ms: int | None = None
    error: str = ""
    confirmed_us: int | None = None
