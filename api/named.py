"""What a call names: residents, places, alerts, devices by their ids, wherever in the request they stand.

By the name of the parameter, so that a call that is added is covered by the names it uses. One that is not known here
is refused to whoever does not see everything, and a test fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from api.runtime import runtime_of
from store import grants
from store.grants import Reach, Subject
from store.pool import Pool

#: Parameters of a path, and what kind of thing they name.
IN_PATH = {
    "resident_id": "resident",
    "alert_id": "alert",
    "device_id": "device",
    "place_id": "place",
    "proposal_id": "proposal",
    "missed_id": "missed",
    "absence_id": "absence",
    "shift_id": "shift",
}
#: Parameters that name nothing with a place: the call itself looks whose they are. A note is one of the resident's
#: that stands before it.
ELSEWHERE = frozenset(
    {"account_id", "session_id", "outcome_id", "template_id", "test_id", "note_id", "entry_id", "path"}
)
#: Fields of a query or a body that name something too: a resident must not be moved where one may do nothing.
BESIDE = {"resident": "resident", "unit": "place", "place": "place", "parent": "place"}
#: What stands at the top of the tree unless a field says where: it takes a right everywhere.
_AT_THE_TOP = {"add_place": "parent"}
#: What is of all places alike takes a right everywhere too.
_OF_ALL = frozenset({"add_outcome", "retire_outcome", "set_message_template", "reset_message_template"})
#: A body whose ``id`` may be of something that is there already, and would be changed.
_PERHAPS_THERE = {"add_device": "device"}
#: Calls whose body is a file: nothing in it is a name, however much it looks like JSON.
FILES = frozenset({"set_plan_drawing"})
_METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


@dataclass(slots=True)
class Named:
    """Things by kind and id. Looked up once, and only when somebody must be asked about who does not see all."""

    pool: Pool
    things: list[tuple[str, str]]
    own: int = 0  # how many of them stand in the path: what the call is about
    top: bool = False
    maybe: tuple[str, str] | None = None
    _found: dict[tuple[str, str], Subject | None] = field(default_factory=dict)

    async def outside(self, reach: Reach) -> str | None:
        """Return the kind of the first thing that is not there or not within ``reach``, None when all are."""
        if reach.everywhere:
            return None
        for kind, key in self.things:
            subject = await self.subject(kind, key)
            if subject is None or not reach.covers(subject):
                return kind
        if self.maybe is not None:
            subject = await self.subject(*self.maybe)
            if subject is not None and not reach.covers(subject):
                return self.maybe[0]
        return None

    async def within(self, reach: Reach) -> bool:
        """Whether all is within ``reach``."""
        if reach.everywhere:
            return True
        return not (reach.nothing or self.top) and await self.outside(reach) is None

    async def subject(self, kind: str, key: str) -> Subject | None:
        """Return whom and where a thing is about, None when there is none."""
        if (kind, key) not in self._found:
            known = kind in grants.KINDS and "\0" not in key
            self._found[kind, key] = await grants.traced(self.pool, kind, key) if known else None
        return self._found[kind, key]

    async def about(self) -> Subject | None:
        """Return whom and where the call is about: the first thing of its path, else of its body."""
        return await self.subject(*self.things[0]) if self.things else None


async def named_in(request: Request, call: str) -> Named:
    """Return what a request names."""
    path: Mapping[str, Any] = request.path_params
    things = [(IN_PATH.get(name, name), str(key)) for name, key in path.items() if name not in ELSEWHERE]
    own = len(things)
    body = {} if call in FILES else await _body(request)
    for fields in (request.query_params, body):
        things += [(BESIDE[name], key) for name, key in fields.items() if name in BESIDE and isinstance(key, str)]
    maybe = body.get("id") if call in _PERHAPS_THERE else None
    return Named(
        pool=await runtime_of(request).database.pool(),
        things=things,
        own=own,
        top=call in _OF_ALL or (call in _AT_THE_TOP and not body.get(_AT_THE_TOP[call])),
        maybe=(_PERHAPS_THERE[call], maybe) if isinstance(maybe, str) else None,
    )


async def _body(request: Request) -> dict[str, Any]:
    if request.method not in _METHODS_WITH_BODY:
        return {}
    try:
        read = await request.json()
    except ValueError:
        return {}  # the framework refuses it with better words
    return read if isinstance(read, dict) else {}
