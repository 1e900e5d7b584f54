"""Somebody is with a resident: their alerts rest meanwhile."""

import msgspec


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """``by`` is with ``resident`` from ``since_us`` on, and at most until ``until_us``."""

    resident: str
    by: str
    since_us: int
    until_us: int
