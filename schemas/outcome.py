"""An institution's own word for what an alert was: finer than one of the base outcomes, and counted as that one."""

import msgspec

from schemas.alert import Outcome


class LocalOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """``zh`` and ``en`` are its words. ``retired``: not offered any more; alerts that were it still say so."""

    id: str
    base: Outcome
    zh: str
    en: str
    retired: bool = False
