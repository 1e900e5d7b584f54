"""A client of the platform's public HTTP API: what a person would click, the simulator asks for here.

Setting up is idempotent by name: what is there already is found and used, so a demo can be started again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import httpx

from schemas.errors import Unavailable

API_PATH = "/api/v1"
#: The platform answers in milliseconds; a machine that starts twelve things at once may take seconds.
TIMEOUT_S = 20.0
#: How many alerts are asked for at once; whoever polls keeps those seen before.
ALERTS_AT_ONCE = 200

Json = dict[str, Any]


class Refused(Exception):
    """The platform understood and said no; the message is its sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def iso(us: int) -> str:
    """Return microseconds UTC as the API writes times."""
    return datetime.fromtimestamp(us / 1e6, UTC).isoformat().replace("+00:00", "Z")


def from_iso(text: str) -> int:
    """Return a time of the API as microseconds UTC."""
    when = datetime.fromisoformat(text)
    return int(when.timestamp()) * 1_000_000 + when.microsecond


@dataclass
class Platform:
    """One signed-in user of the API at ``url`` (with or without /api/v1). Use as an async context manager.

    Raises Unavailable when the platform cannot be reached, Refused with its sentence when it says no.
    """

    url: str
    user: str
    password: str
    transport: httpx.AsyncBaseTransport | None = None
    _token: str | None = field(default=None, repr=False)

    async def __aenter__(self) -> Self:
        base = self.url.rstrip("/").removesuffix(API_PATH) + API_PATH
        self._http = httpx.AsyncClient(base_url=base, timeout=TIMEOUT_S, transport=self.transport, trust_env=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def place(self, name: str, kind: str, parent: str | None = None) -> str:
        """Return the id of the place with this name under ``parent``, made if it is not there."""
        for place in await self.places():
            if place["name"] == name and place["parent"] == parent:
                return str(place["id"])
        return await self.new_place(name, kind, parent)

    async def places(self) -> list[Json]:
        """Return all places, as the API says them."""
        found: list[Json] = (await self._call("GET", "/places"))["places"]
        return found

    async def new_place(self, name: str, kind: str, parent: str | None = None, place_id: str | None = None) -> str:
        """Make a place, with this id or one of the platform's choice, and return its id."""
        chosen = {} if place_id is None else {"id": place_id}
        made = await self._call("POST", "/places", {"name": name, "kind": kind, "parent": parent, **chosen})
        return str(made["id"])

    async def resident(self, name: str, unit: str, **facts: Any) -> str:
        """Return the id of the resident of this name in this unit, made with ``facts`` if not there."""
        for resident in (await self._call("GET", "/residents"))["residents"]:
            if resident["name"] == name and resident["unit"] == unit:
                return str(resident["id"])
        return await self.new_resident(name, unit, **facts)

    async def residents(self) -> list[Json]:
        """Return all residents, as the API says them."""
        found: list[Json] = (await self._call("GET", "/residents"))["residents"]
        return found

    async def new_resident(self, name: str, unit: str, **facts: Any) -> str:
        """Make a resident, and return the id; ``facts`` are fields of the API (birth_year, room, test, ...)."""
        return str((await self._call("POST", "/residents", {"name": name, "unit": unit, **facts}))["id"])

    async def wear(self, device: str, resident: str, unit: str, position: str | None, start_us: int) -> None:
        """See to it that ``resident`` wears ``device``: known to the platform, and bound from ``start_us`` on."""
        known = {one["id"]: one for one in (await self._call("GET", "/devices"))["devices"]}
        if device not in known:
            await self.new_device(device, position)
        bound = (known.get(device) or {}).get("binding")
        if bound is None or bound["resident"] != resident or bound["unit"] != unit:
            await self.bind(device, resident, unit, position, start_us)

    async def new_device(self, device: str, position: str | None) -> None:
        """Make a wearable known."""
        body = {"id": device, "kind": "wearable", "label": "simulated wearable", "position": position}
        await self._call("POST", "/devices", body)

    async def bind(self, device: str, resident: str, unit: str, position: str | None, start_us: int) -> None:
        """Let ``resident`` wear ``device`` from ``start_us`` on."""
        body = {"resident": resident, "unit": unit, "position": position, "start": iso(start_us)}
        await self._call("POST", f"/devices/{device}/binding", body)

    async def stand(self, device: str, place: str, unit: str, start_us: int) -> None:
        """Make a sensor known that stands at ``place`` and is watched in ``unit`` from ``start_us`` on."""
        await self._call("POST", "/devices", {"id": device, "kind": "sensor", "label": "simulated sensor"})
        await self._call("POST", f"/devices/{device}/binding", {"place": place, "unit": unit, "start": iso(start_us)})

    async def devices(self) -> list[Json]:
        """Return all devices, as the API says them."""
        found: list[Json] = (await self._call("GET", "/devices"))["devices"]
        return found

    async def known(self, device: str, kind: str, label: str, position: str | None = None) -> None:
        """Make a device of any kind known."""
        await self._call("POST", "/devices", {"id": device, "kind": kind, "label": label, "position": position})

    async def put(self, device: str, place: str, unit: str, start_us: int) -> None:
        """Let a device that is known stand at ``place``, watched in ``unit``, from ``start_us`` on."""
        await self._call("POST", f"/devices/{device}/binding", {"place": place, "unit": unit, "start": iso(start_us)})

    async def take_back(self, device: str) -> None:
        """End the device's binding."""
        await self._call("DELETE", f"/devices/{device}/binding")

    async def away(self, resident: str, until_us: int) -> None:
        """Say that the resident is away until then: their silence is expected."""
        await self._call("PATCH", f"/residents/{resident}", {"absent_until": iso(until_us)})

    async def change(self, resident: str, changes: Json) -> None:
        """Change fields of a resident, as the API takes them."""
        await self._call("PATCH", f"/residents/{resident}", changes)

    async def draw_zone(self, resident: str, corners: Sequence[tuple[float, float]]) -> None:
        """Draw the area that a resident is not to leave unnoticed: longitude and latitude of each corner."""
        await self._call("PUT", f"/residents/{resident}/zone", {"corners": [list(corner) for corner in corners]})

    async def resolve(self, alert: str, outcome: str, note: str) -> None:
        """Resolve an alert, saying what it was."""
        await self._call("POST", f"/alerts/{alert}/resolve", {"outcome": outcome, "note": note})

    async def overview(self) -> Json:
        """Return the platform in one glance; ``stages`` says how each is."""
        return await self._call("GET", "/overview")

    async def alerts(self, *, since_us: int, status: str = "all", limit: int = ALERTS_AT_ONCE) -> list[Json]:
        """Return the alerts raised since then, as the API says them, the loudest ``limit``."""
        query = {"status": status, "since": iso(since_us), "limit": str(limit)}
        found: list[Json] = (await self._call("GET", "/alerts", query=query))["alerts"]
        return found

    async def alert(self, alert: str) -> Json:
        """Return one alert with its history, ``steps``."""
        return await self._call("GET", f"/alerts/{alert}")

    async def day(self, alert: str) -> Json:
        """Return the hours of the home around an alert of its rhythm."""
        return await self._call("GET", f"/alerts/{alert}/day")

    async def trace(self, alert: str) -> Json:
        """Return the acceleration around an alert."""
        return await self._call("GET", f"/alerts/{alert}/trace")

    async def _call(
        self, method: str, path: str, body: Json | None = None, *, query: dict[str, str] | None = None
    ) -> Json:
        if self._token is None:
            await self._sign_in()
        answer = await self._send(method, path, body, query)
        if answer.status_code == httpx.codes.UNAUTHORIZED:  # the session has ended, or the platform is a new one
            await self._sign_in()
            answer = await self._send(method, path, body, query)
        return _said(answer)

    async def _sign_in(self) -> None:
        self._token = None
        answer = await self._send("POST", "/session", {"user": self.user, "password": self.password}, None)
        self._token = str(_said(answer)["token"])

    async def _send(self, method: str, path: str, body: Json | None, query: dict[str, str] | None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            return await self._http.request(method, path, json=body, params=query, headers=headers)
        except httpx.HTTPError as error:
            raise Unavailable(
                f"The platform at {self._http.base_url} does not answer ({type(error).__name__}); is it up?"
            ) from None


def _said(answer: httpx.Response) -> Json:
    try:
        body: Json = answer.json() if answer.content else {}
    except ValueError:
        body = {}
    if answer.is_success:
        return body
    sentence = str(body.get("error", {}).get("message") or f"The platform answered {answer.status_code}.")
    if answer.is_server_error:
        raise Unavailable(sentence)
    raise Refused(answer.status_code, sentence)
