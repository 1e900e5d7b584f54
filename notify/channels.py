"""The channels: how one delivery leaves the house. Here a POST of JSON to a URL; notify.apprises has all others."""

from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from schemas.address import Channel, is_http, is_loopback
from schemas.alert import Severity

#: A gateway on the same network answers in well under a second; a person waits behind this.
ANSWER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a send. ``unknown``: it may have arrived, nobody can tell."""

    ok: bool
    unknown: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is told: ``body`` for a program, ``title`` and ``text`` for a person.

    ``thread`` is the same for all that is said of one alert. ``link`` stands in the text too, at its end.
    """

    body: dict[str, Any]
    title: str
    text: str
    severity: Severity
    thread: str
    link: str | None = None


class TextChannel(Protocol):
    """A channel to a person."""

    async def send(self, address: str, told: Told) -> Outcome:
        """Send once; raises nothing."""


class Channels:
    """Both channels behind one call."""

    def __init__(self, http: "HttpChannel", text: TextChannel) -> None:
        self._http, self._text = http, text

    async def send(self, channel: Channel, address: str, told: Told, key: str) -> Outcome:
        """Send once; raises nothing."""
        if channel is Channel.HTTP:
            return await self._http.send(address, told.body, key)
        return await self._text.send(address, told)


class HttpChannel:
    """Posts JSON; 2xx is delivered. No proxy from the environment, and a redirect is never followed."""

    def __init__(self, *, loopback_only: bool) -> None:
        self._loopback_only = loopback_only
        self._client = httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False, follow_redirects=False)

    async def send(self, address: str, body: dict[str, Any], key: str) -> Outcome:
        """Send once; raises nothing. ``key`` is the same for each repetition, so that a receiver can know it again."""
        if not is_http(address):
            return Outcome(ok=False, error="not an http address")
        if self._loopback_only and not is_loopback(address):
            return Outcome(ok=False, error="a simulated home rings only this machine")
        try:
            answer = await self._client.post(address, json=body, headers={"Idempotency-Key": key})
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Outcome(ok=False, error=f"not reached: {type(error).__name__}")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return Outcome(ok=False, unknown=True, error=f"no answer: {type(error).__name__}")
        return Outcome(ok=answer.is_success, error="" if answer.is_success else f"answered {answer.status_code}")

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()
