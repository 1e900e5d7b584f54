"""How a stage is doing: what it writes every few seconds to the STATUS bucket, and the API shows."""

import msgspec


class StageStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One stage's own account of itself.

    ``lag`` is the number of messages that wait for it (-1: not known). ``counts`` are since its start. ``note`` is one
    sentence when something is wrong, else empty; ``troubles`` names all that is wrong, by short keys (``mqtt``,
    ``database``). A reader judges by ``at_us`` too: a dead stage writes nothing.
    """

    at_us: int
    ok: bool
    lag: int = -1
    counts: dict[str, int] = {}
    note: str = ""
    troubles: tuple[str, ...] = ()


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(StageStatus)


def encode(status: StageStatus) -> bytes:
    """Return the status as the JSON value of one key of STATUS."""
    return _encoder.encode(status)


def decode(data: bytes) -> StageStatus:
    """Return the status in a value of STATUS."""
    return _decoder.decode(data)
