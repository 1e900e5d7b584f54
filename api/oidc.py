"""Signing in by an organisation's own identity server: authorization code flow with PKCE (docs/adr/0029).

What is begun here is finished here: a state that nobody was given, or that was used, opens nothing. The server is asked
when somebody presses the button, never before; while it is away, names and passwords work as ever.
"""

import asyncio
import base64
import hashlib
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from api.oidc_token import Disbelieved, UnknownKey, claims_of
from api.settings import OidcSettings
from api.times import MINUTE_US, SECOND_US

log = logging.getLogger("api.oidc")

#: From the press of the button to coming back, with a second factor.
PENDING_US = 10 * MINUTE_US
#: So many may be on their way; then the oldest is forgotten.
MOST_PENDING = 1_000
#: What the server says of itself is asked for again after this long.
KNOWN_US = 60 * MINUTE_US
#: Keys are asked for again because of an unknown one at most so often: a flood of forged tokens asks nobody anything.
KEYS_AGAIN_US = 10 * SECOND_US
#: A server that is away is not asked again at once.
AWAY_US = 5 * SECOND_US
#: Somebody waits; and how much we read of an answer.
ANSWER_SECONDS = 5.0
LONGEST_ANSWER = 512 * 1024
RETURN_PATH = "/api/v1/session/oidc/return"


class Trouble(Exception):
    """Why nobody was signed in, by a code that the sign-in page has words for."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way. ``browser``: a secret that only the browser it began in has."""

    state: str
    browser: str
    nonce: str
    verifier: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Proven:
    """Who somebody is at the identity server: for ever (``subject``), and as the claim says it now."""

    issuer: str
    subject: str
    said: str


class Oidc:
    """One identity server. ``wall`` is wall time, microseconds since 1970."""

    def __init__(
        self, settings: OidcSettings, wall: Callable[[], int], transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.settings = settings
        self._wall = wall
        self._transport = transport
        self._pending: OrderedDict[str, Begun] = OrderedDict()
        self._asking = asyncio.Lock()
        self._said: Mapping[str, Any] | None = None
        self._said_us = 0
        self._keys: Mapping[str, Any] | None = None
        self._keys_us = 0
        self._away_us: int | None = None

    async def begin(self) -> tuple[str, Begun]:
        """Return where the browser is to go, and what must come back with it. Trouble ``oidc_away``."""
        server = await self._server()
        now_us = self._wall()
        begun = Begun(_secret(), _secret(), _secret(), _secret(), now_us)
        while self._pending and (
            len(self._pending) >= MOST_PENDING or now_us - next(iter(self._pending.values())).at_us > PENDING_US
        ):
            self._pending.popitem(last=False)
        self._pending[begun.state] = begun
        digest = hashlib.sha256(begun.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.settings.client,
            "redirect_uri": self._return_to(),
            "scope": self.settings.scopes,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            # A ward's screen is many people's: whoever signs in is whoever stands there, not who did so last.
            "prompt": "login",
        }
        address = str(server["authorization_endpoint"])
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(query)}", begun

    async def finish(self, state: str, browser: str, code: str, issuer: str | None) -> Proven:
        """Return who came back. Trouble ``oidc_stale``, ``oidc_away``, ``oidc_invalid``, ``oidc_no_claim``.

        ``issuer``: what came back as ``iss`` (RFC 9207), None when nothing did.
        """
        begun = self._pending.get(state)
        if begun is None or not secrets.compare_digest(begun.browser.encode(), browser.encode()):
            raise Trouble("oidc_stale")
        del self._pending[state]  # once, whatever comes of it
        if self._wall() - begun.at_us > PENDING_US:
            raise Trouble("oidc_stale")
        if issuer is not None and issuer != self.settings.issuer:
            raise self._disbelieved("the answer is of another issuer")
        server = await self._server()
        tokens = await self._tokens(server, code, begun)
        claims = await self._claims(server, str(tokens.get("id_token", "")), begun.nonce)
        return Proven(self.settings.issuer, claims["sub"], await self._name(server, tokens, claims))

    async def _tokens(self, server: Mapping[str, Any], code: str, begun: Begun) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._return_to(),
            "client_id": self.settings.client,
            "code_verifier": begun.verifier,
        }
        auth = None
        if self.settings.secret is not None:
            ways = server.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
            if "client_secret_basic" in ways:
                auth = httpx.BasicAuth(_escaped(self.settings.client), _escaped(self.settings.secret))
            else:
                form["client_secret"] = self.settings.secret
        return await self._ask("POST", str(server["token_endpoint"]), data=form, auth=auth)

    async def _claims(self, server: Mapping[str, Any], token: str, nonce: str) -> dict[str, Any]:
        for fresh in (False, True):
            keys = await self._key_set(server, fresh=fresh)
            try:
                return claims_of(
                    token,
                    keys,
                    issuer=self.settings.issuer,
                    client=self.settings.client,
                    nonce=nonce,
                    now_s=self._wall() / SECOND_US,
                )
            except UnknownKey as error:
                if fresh or self._wall() - self._keys_us < KEYS_AGAIN_US:
                    raise self._disbelieved(str(error)) from error
            except Disbelieved as error:
                raise self._disbelieved(str(error)) from error
        raise AssertionError  # pragma: no cover - the second turn returns or raises

    async def _name(self, server: Mapping[str, Any], tokens: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        """Return what the claim says that accounts are known by; not every server puts it into the token."""
        said = claims
        if self.settings.claim not in said and server.get("userinfo_endpoint") and tokens.get("access_token"):
            said = await self._ask(
                "GET",
                str(server["userinfo_endpoint"]),
                headers={"Authorization": f"Bearer {tokens['access_token']}"},
            )
            if said.get("sub") != claims["sub"]:
                raise self._disbelieved("userinfo is of somebody else")
        name = said.get(self.settings.claim)
        if self.settings.claim == "email" and said.get("email_verified") not in (True, "true"):
            name = None  # anybody could have written anybody's
        if not isinstance(name, str) or not name.strip() or len(name) > 255 or "\0" in name:
            log.warning("the identity server did not say %r of somebody", self.settings.claim)
            raise Trouble("oidc_no_claim")
        return name.strip()

    async def _server(self) -> Mapping[str, Any]:
        """Return what the server says of itself, as of at most KNOWN_US ago."""
        async with self._asking:
            now_us = self._wall()
            if self._said is not None and 0 <= now_us - self._said_us < KNOWN_US:
                return self._said
            if self._away_us is not None and 0 <= now_us - self._away_us < AWAY_US:
                raise Trouble("oidc_away")
            said = await self._ask("GET", f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            if said.get("issuer") != self.settings.issuer:
                raise self._disbelieved("its own description names another issuer: compare the setting oidc_issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not is_safe(str(said.get(name, ""))):
                    raise self._disbelieved(f"its {name} is no https address")
            self._said, self._said_us, self._away_us = said, now_us, None
            return said

    async def _key_set(self, server: Mapping[str, Any], *, fresh: bool) -> Mapping[str, Any]:
        async with self._asking:
            if self._keys is None or fresh or self._wall() - self._keys_us >= KNOWN_US:
                self._keys = await self._ask("GET", str(server["jwks_uri"]))
                self._keys_us = self._wall()
            return self._keys

    async def _ask(self, method: str, address: str, **how: Any) -> Mapping[str, Any]:
        """Return the JSON object that the server answers. Trouble ``oidc_away``, and ``oidc_invalid`` for a refusal."""
        try:
            async with (
                asyncio.timeout(ANSWER_SECONDS),
                httpx.AsyncClient(transport=self._transport, timeout=ANSWER_SECONDS) as client,
                client.stream(method, address, **how) as answer,
            ):
                body = b""
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > LONGEST_ANSWER:
                        raise self._away(address, "its answer has no end")
        except (httpx.HTTPError, OSError, httpx.InvalidURL) as error:
            raise self._away(address, type(error).__name__) from error
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise self._away(address, str(answer.status_code))
        if not answer.is_success:
            raise self._disbelieved(f"{urlsplit(address).path} answered {answer.status_code}")
        try:
            said = httpx.Response(200, content=body).json()
        except ValueError as error:
            raise self._away(address, "no JSON") from error
        if not isinstance(said, dict):
            raise self._away(address, "no JSON object")
        return said

    def _return_to(self) -> str:
        return f"{self.settings.console_url.rstrip('/')}{RETURN_PATH}"

    def _away(self, address: str, why: str) -> Trouble:
        self._away_us = self._wall()
        log.warning("the identity server cannot be asked (%s): %s", urlsplit(address).netloc, why)
        return Trouble("oidc_away")

    def _disbelieved(self, why: str) -> Trouble:
        log.warning("the identity server's answer was not believed: %s", why)
        return Trouble("oidc_invalid")


def _secret() -> str:
    # 43 signs, 256 bits: what RFC 7636 asks of a verifier at least.
    return secrets.token_urlsafe(32)


def is_safe(address: str) -> bool:
    """Whether nobody on the way could read or change what goes there: https, or this machine itself."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"))


def _escaped(text: str) -> str:
    # RFC 6749, 2.3.1: form-encoded before they are put together.
    return urlencode({"": text})[1:]
