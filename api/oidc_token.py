"""What an identity server says of somebody, believed only when all of it fits. Pure.

OpenID Connect Core 1.0, section 3.1.3.7.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

#: Signatures that need the server's private key. Neither ``none`` nor HMAC, whose "key" could be a public one.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
#: Between its clock and ours.
SKEW_S = 60
#: Whoever signs in comes back within minutes; an older token is somebody's copy.
OLDEST_S = 10 * 60
#: Longest that a token may be: some kB are usual.
LONGEST = 32 * 1024


class Disbelieved(ValueError):
    """A token that does not prove what it says. The message is for the log; it never holds the token."""


class UnknownKey(Disbelieved):
    """Signed with a key that is not among those known: there may be newer ones."""


def claims_of(
    token: str, keys: Mapping[str, Any], *, issuer: str, client: str, nonce: str, now_s: float
) -> dict[str, Any]:
    """Return the claims of an ID token. Raises Disbelieved, UnknownKey.

    ``keys``: the server's key set as it publishes it. ``nonce``: of this sign-in. ``now_s``: Unix time.
    """
    if len(token) > LONGEST:
        raise Disbelieved("it is too long")
    claims = _signed(token, keys)
    if claims.get("iss") != issuer:
        raise Disbelieved("it is of another issuer")
    _meant_for(claims, client)
    _in_time(claims, now_s)
    if claims.get("nonce") != nonce:
        raise Disbelieved("it answers another sign-in")
    if not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255:
        raise Disbelieved("it names nobody")
    return claims


def _signed(token: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    try:
        known = KeySet.import_key_set(_verifying(keys))
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Disbelieved(f"its keys cannot be read ({type(error).__name__})") from error
    try:
        return dict(jwt.decode(token, known, algorithms=list(ALGORITHMS)).claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        # By name: the library raises a plain ValueError for a key id that is not in the set.
        kind = UnknownKey if _names_a_stranger(token, keys) else Disbelieved
        raise kind(f"its signature does not hold ({type(error).__name__})") from error


def _verifying(keys: Mapping[str, Any]) -> Any:
    """Return the keys that may sign: never one that both sides could know."""
    listed = keys.get("keys")
    if not isinstance(listed, list):
        raise TypeError("no list of keys")
    usable = [
        key
        for key in listed
        if isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"
    ]
    return {"keys": usable}


def _names_a_stranger(token: str, keys: Mapping[str, Any]) -> bool:
    try:
        named = jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError, KeyError, TypeError):
        return False
    listed = keys.get("keys")
    there = {key.get("kid") for key in listed if isinstance(key, dict)} if isinstance(listed, list) else set()
    return named not in there


def _meant_for(claims: Mapping[str, Any], client: str) -> None:
    audience = claims.get("aud")
    meant = audience if isinstance(audience, list) else [audience]
    if client not in meant:
        raise Disbelieved("it is meant for somebody else")
    azp = claims.get("azp")
    if (len(meant) > 1 and azp is None) or azp not in (None, client):
        raise Disbelieved("it was given to somebody else")


def _in_time(claims: Mapping[str, Any], now_s: float) -> None:
    expires, issued, begins = (_number(claims.get(name)) for name in ("exp", "iat", "nbf"))
    if expires is None or issued is None:
        raise Disbelieved("it does not say until when it holds")
    if now_s > expires + SKEW_S:
        raise Disbelieved(f"it expired {now_s - expires:.0f} s ago")
    if max(issued, begins or 0.0) > now_s + SKEW_S:
        raise Disbelieved(f"it is of the future, by {max(issued, begins or 0.0) - now_s:.0f} s: compare the clocks")
    if now_s - issued > OLDEST_S + SKEW_S:
        raise Disbelieved("it is too old")


def _number(value: Any) -> float | None:
    is_one = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    return float(value) if is_one else None
