"""A stand-in for the HTTP API, as an httpx transport: keeps what is set up, and lists the alerts a test puts in."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

Json = dict[str, Any]


@dataclass
class FakePlatform(httpx.AsyncBaseTransport):
    """The calls that the simulator makes, with the shapes of docs/architecture.md."""

    user: str = "admin"
    password: str = "correct"
    places: list[Json] = field(default_factory=list)
    residents: list[Json] = field(default_factory=list)
    devices: list[Json] = field(default_factory=list)
    alerts: list[Json] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    down: bool = False

    def __post_init__(self) -> None:
        self._ids: Iterator[int] = count(1)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one call."""
        if self.down:
            raise httpx.ConnectError("down", request=request)
        path = request.url.path.removeprefix("/api/v1")
        self.calls.append(f"{request.method} {path}")
        body = json.loads(request.content) if request.content else {}
        if path == "/session":
            return self._sign_in(body)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _error(401, "Sign in first.")
        return self._answer(request.method, path, body)

    def _sign_in(self, body: Json) -> httpx.Response:
        if (body["user"], body["password"]) != (self.user, self.password):
            return _error(401, "The name or the password is wrong.")
        token = f"token{next(self._ids)}"
        self.tokens.add(token)
        return httpx.Response(201, json={"token": token})

    def _answer(self, method: str, path: str, body: Json) -> httpx.Response:
        kind = path.split("/")[1]
        things: list[Json] = getattr(self, kind)
        if method == "GET":
            return httpx.Response(200, json={kind: things})
        if path.endswith("/binding"):
            device = next(one for one in self.devices if one["id"] == path.split("/")[2])
            device["binding"] = body
            return httpx.Response(201, json=body)
        made = {"id": f"{kind}{next(self._ids)}", "binding": None, "parent": None, **body}
        things.append(made)
        return httpx.Response(201, json=made)

    def raise_fall(self, resident: str, *, alert: str, decided: str, raised: str, state: str = "raised") -> None:
        """Put a fall alert of a resident into the list."""
        self.alerts.append(
            {
                "id": alert,
                "kind": "fall",
                "state": state,
                "stage": "confirmed",
                "resident": {"id": resident, "name": ""},
                "event_time": decided,
                "decided_time": decided,
                "raised_time": raised,
                "version": 1,
            }
        )


def _error(status: int, message: str) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": "x", "message": message}})
