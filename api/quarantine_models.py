"""What could not be understood, as the API says it (GET /quarantine)."""

from api.models import Said
from api.times import Time


class QuarantineReason(Said):
    """How often for one reason."""

    reason: str
    count: int


class QuarantineEntry(Said):
    """One message that could not be understood. ``kept``: its data were used all the same."""

    id: int
    at: Time
    topic: str
    reason: str
    sentence: str
    size: int
    head_hex: str
    kept: bool


class QuarantinedMessage(Said):
    """One of them as it came; ``payload_hex`` is the beginning of what had ``size`` bytes."""

    id: int
    at: Time
    topic: str
    reason: str
    sentence: str
    size: int
    payload_hex: str
    retain: bool
    kept: bool


class Quarantine(Said):
    """Counts over all time, and the latest entries."""

    total: int
    by_reason: list[QuarantineReason]
    entries: list[QuarantineEntry]
