"""A small identity server: discovery, keys, codes bound to a PKCE challenge, tokens really signed. It can lie."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.api.listening import serving

CLIENT, SECRET = "shouwang", "a secret, with: signs/&"


@dataclass
class IdentityServer:
    """Who signs in there, and what is wrong with what it says of them."""

    now_s: int
    issuer: str = ""
    said: dict[str, Any] = field(default_factory=lambda: {"sub": "u-1", "preferred_username": "li.mei"})
    #: Over the claims of the next tokens; None takes one away.
    lies: dict[str, Any] = field(default_factory=dict)
    #: Left for userinfo.
    apart: tuple[str, ...] = ()
    userinfo: dict[str, Any] = field(default_factory=dict)
    alg: str = "RS256"
    broken: str | None = None
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = [RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})]
        self.published = list(self.keys)

    def rotate(self, *, published: bool = True) -> None:
        """Sign with another key from now on; the old one is gone."""
        self.keys = [RSAKey.generate_key(2048, {"kid": f"k-{secrets.token_hex(4)}", "use": "sig"})]
        if published:
            self.published = list(self.keys)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._describes),
                Route("/keys", self._gives_keys),
                Route("/authorize", self._asks),
                Route("/token", self._gives_token, methods=["POST"]),
                Route("/userinfo", self._tells),
            ]
        )

    async def _describes(self, request: Request) -> Response:
        self.asked.append("description")
        if self.broken == "description":
            return Response("down", 503)
        return JSONResponse(
            {
                "issuer": "https://somebody.else" if self.broken == "issuer" else self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": "http://plain.example/token" if self.broken == "plain" else f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
            }
        )

    async def _gives_keys(self, request: Request) -> Response:
        self.asked.append("keys")
        return JSONResponse(KeySet(list[Any](self.published)).as_dict(private=False))

    async def _asks(self, request: Request) -> Response:
        """Whoever comes has signed in already, in this little world."""
        query = request.query_params
        assert (query["response_type"], query["code_challenge_method"], query["prompt"]) == ("code", "S256", "login")
        assert query["client_id"] == CLIENT
        code = secrets.token_hex(8)
        self._codes[code] = dict(query)
        if self.broken == "consent":
            return RedirectResponse(f"{query['redirect_uri']}?{urlencode({'error': 'access_denied'})}")
        back = {"code": code, "state": query["state"], "iss": self.issuer}
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(back)}")

    async def _gives_token(self, request: Request) -> Response:
        self.asked.append("token")
        if self.broken == "token":
            return Response("", 500)
        form = {key: values[0] for key, values in parse_qs((await request.body()).decode()).items()}
        begun = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        shown = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
        right = f"{CLIENT}:{urlencode({'': SECRET})[1:]}"
        if begun is None or challenge != begun["code_challenge"] or form["redirect_uri"] != begun["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if shown != right:
            return JSONResponse({"error": "invalid_client"}, 401)
        return JSONResponse({"access_token": "let-me-in", "token_type": "Bearer", "id_token": self._token(begun)})

    def _token(self, begun: dict[str, str]) -> str:
        told = {key: value for key, value in self.said.items() if key not in self.apart}
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": self.now_s, "exp": self.now_s + 300, "nonce": begun["nonce"],
        } | told | self.lies  # fmt: skip
        claims = {key: value for key, value in claims.items() if value is not None}
        if self.alg == "none":
            return f"{_encoded({'alg': 'none', 'kid': self.keys[0].kid})}.{_encoded(claims)}."
        if self.alg == "HS256":  # signed with what everybody knows: the public key
            head = _encoded({"alg": "HS256", "kid": self.keys[0].kid})
            signed = f"{head}.{_encoded(claims)}"
            proof = hmac.digest(self.keys[0].as_pem(private=False), signed.encode(), "sha256")
            return f"{signed}.{base64.urlsafe_b64encode(proof).rstrip(b'=').decode()}"
        return jwt.encode({"alg": self.alg, "kid": self.keys[0].kid}, claims, self.keys[0], algorithms=[self.alg])

    async def _tells(self, request: Request) -> Response:
        self.asked.append("userinfo")
        assert request.headers["authorization"] == "Bearer let-me-in"
        return JSONResponse(self.said | self.userinfo)


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@asynccontextmanager
async def identity_server(now_s: int) -> AsyncIterator[IdentityServer]:
    """Yield one that listens on this machine."""
    server = IdentityServer(now_s)
    async with serving(server.app()) as address:
        server.issuer = address
        yield server


async def go_there(client: httpx.AsyncClient, begun: httpx.Response) -> str:
    """Be the browser at the identity server; return where it sends one back to, without the host."""
    async with httpx.AsyncClient() as other:
        back = await other.get(begun.headers["location"])
    parts = urlsplit(back.headers["location"])
    return f"{parts.path}?{parts.query}"
