"""Who listens at the broker through this process: few at a time, none for ever, and of whom they hear written down."""

from collections.abc import Iterable
from typing import Any

from fastapi import Request

from api import audited
from api.errors import Refusal
from api.interpreting import Hearing
from store import grants, people
from store.grants import Reach
from store.pool import Pool

#: Each is a connection to the broker and a reader of all that matches.
MOST_AT_ONCE = 4


class Listeners:
    """The open ears of this process."""

    def __init__(self) -> None:
        self._open: set[int] = set()

    def enter(self, hearing: Hearing) -> None:
        """Count an ear."""
        self._open.add(id(hearing))

    def leave(self, hearing: Hearing) -> None:
        """Hang it up."""
        self._open.discard(id(hearing))
        hearing.close()

    def refuse_when_full(self) -> None:
        """Raise a refusal when as many listen as may."""
        if len(self._open) >= MOST_AT_ONCE:
            sentence = f"{MOST_AT_ONCE} people listen already; somebody must stop first."
            raise Refusal(429, "too_many_listeners", sentence, headers={"Retry-After": "60"})


def own_device(topic_filter: str) -> str | None:
    """Return the device whose own messages alone a filter can match, None: it may match others' too."""
    levels = topic_filter.split("/")
    if levels[:2] != ["sw", "v1"] or len(levels) < 4 or levels[2] in ("+", "#"):
        return None
    return levels[2]


async def refuse_what_is_others(pool: Pool, reach: Reach, topic_filter: str) -> None:
    """Refuse a filter that may match what is not within ``reach``: foreign topics do not say whose they are."""
    if reach.everywhere:
        return
    device = own_device(topic_filter)
    subject = None if device is None else await grants.traced(pool, "device", device)
    if subject is None or not reach.covers(subject):
        sentence = (
            "With rights at some places only, one listens to wearables of those places: sw/v1/<device>/#. "
            "Of other topics nobody can tell whose they are."
        )
        raise Refusal(403, "listen_everywhere", sentence)


class LooksByEar:
    """Writes down of whom one person hears: one line a resident, as of a page that stays open."""

    def __init__(self, request: Request, pool: Pool, account: str, session: str) -> None:
        self._request, self._pool, self._account, self._session = request, pool, account, session
        self._known: set[str] = set()

    async def began(self, topic_filter: str) -> None:
        """Write down that somebody listens, and to what."""
        await audited.listened(self._request, self._pool, self._account, self._session, topic_filter)

    async def heard(self, messages: Iterable[dict[str, Any]]) -> None:
        """Write down of whom these messages are."""
        devices = {device for each in messages for device in each["said"]["why"].get("devices", ())}
        seen = [look for device in sorted(devices - self._known) if (look := await self._whose(device)) is not None]
        self._known |= devices
        if seen:
            await audited.look_at_many(self._request, self._pool, self._account, self._session, "heard", seen)

    async def _whose(self, device: str) -> tuple[str, str] | None:
        """Return the resident a device tells of, and where; a sensor of several people's room tells of nobody."""
        subject = await grants.traced(self._pool, "device", device)
        if subject is None or subject.unit is None:
            return None
        resident = subject.resident or await people.sole_resident(self._pool, subject.unit)
        return None if resident is None else (resident, subject.unit)
