"""The bytes of a detector's homes: they name their schema and model, so no other detector takes them for its own."""

from typing import Any, Generic, TypeVar, cast

import msgspec

from detectors.other_snapshot import OtherSnapshot

Home = TypeVar("Home")

_encoder = msgspec.msgpack.Encoder()


class _Head(msgspec.Struct, frozen=True):
    """What every version begins with."""

    schema: int
    model: str


class _Snapshot(msgspec.Struct, Generic[Home], frozen=True):
    schema: int
    model: str
    now_us: int
    homes: list[tuple[str, Home]]


_head_decoder = msgspec.msgpack.Decoder(_Head)


class HomeSnapshots(Generic[Home]):
    """Writes and reads the homes of ``whose``; ``schema`` rises with every change of what a home is."""

    def __init__(self, home: type[Home], schema: int, whose: str) -> None:
        self._schema, self._whose = schema, whose
        self._decoder = msgspec.msgpack.Decoder(cast(Any, _Snapshot)[home])

    def pack(self, model: str, now_us: int, homes: dict[str, Home]) -> bytes:
        """Return the platform's clock and the homes as bytes."""
        return _encoder.encode(_Snapshot(self._schema, model, now_us, sorted(homes.items(), key=lambda each: each[0])))

    def unpack(self, model: str, data: bytes) -> tuple[int, dict[str, Home]]:
        """Return the platform's clock and the homes of a snapshot.

        Raises OtherSnapshot when the bytes are none, or of another schema or model.
        """
        try:
            head = _head_decoder.decode(data)
        except msgspec.DecodeError as error:
            raise OtherSnapshot(f"This is no snapshot of {self._whose}: {error}.") from None
        if (head.schema, head.model) != (self._schema, model):
            raise OtherSnapshot(
                f"The snapshot is of schema {head.schema} and model {head.model}; "
                f"this detector has {self._schema} and {model}."
            )
        try:
            snapshot: _Snapshot[Home] = self._decoder.decode(data)
        except msgspec.DecodeError as error:
            raise OtherSnapshot(f"The snapshot is damaged: {error}.") from None
        return snapshot.now_us, dict(snapshot.homes)
