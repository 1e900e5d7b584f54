"""Whether an address can be called, asked before it is kept: by our list, then by Apprise's own reading of it.

A refusal names the step and the way, and never repeats the address: it is made of secrets, and errors are logged.
"""

import asyncio
import logging

from api.errors import Refusal
from schemas.address import SCHEMES, Channel, channel_of, forbidden_in, is_loopback, refused

_SENTENCES = {
    "no_address": "This is no address: it begins with http://, https:// or with one of the kinds of Apprise.",
    "scheme_not_allowed": "This kind of address is not allowed here.",
    "parameter_not_allowed": "The address has a parameter that is not allowed here.",
    "address_incomplete": "This kind is known, but the address is not complete or not in its form.",
    "not_loopback": "A home of simulated residents rings nobody beyond this machine.",
}


async def check(address: str, step: int, way: int, *, loopback_only: bool) -> None:
    """Raise a refusal for an address that could never be called. ``step`` and ``way`` count from 1."""
    code = refused(address)
    if code is None and loopback_only and not is_loopback(address):
        raise Refusal(409, "not_loopback", _SENTENCES["not_loopback"], beside={"step": step, "way": way})
    if code is None and channel_of(address) is Channel.APPRISE and not await asyncio.to_thread(_readable, address):
        code = "address_incomplete"
    if code is None:
        return
    beside = {"step": step, "way": way}
    if code == "scheme_not_allowed":
        raise Refusal(422, code, _SENTENCES[code], beside=beside | {"allowed": sorted(SCHEMES)})
    if code == "parameter_not_allowed":
        raise Refusal(422, code, _SENTENCES[code], beside=beside | {"parameters": forbidden_in(address)})
    raise Refusal(422, code, _SENTENCES[code], beside=beside)


def _readable(address: str) -> bool:
    import apprise  # noqa: PLC0415  # 0.3 s of processor and 35 MB, for who saves such an address

    log = logging.getLogger("apprise")  # it would write the address into our log
    log.propagate, log.disabled = False, True
    return apprise.Apprise.instantiate(address) is not None
