"""The bytes of a detector's homes: they name their schema and model, so no other detector takes them for its own."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

import msgspec

from detectors.other_snapshot import OtherSnapshot

Home = TypeVar("Home")

#: msgspec's enc_hook and dec_hook.
Hook = Callable[[Any], Any] | None
ReadHook = Callable[[type, Any], Any] | None


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

    def __init__(self, home: type[Home], schema: int, whose: str, written: Hook = None, read: ReadHook = None) -> None:
        """``written``, ``read``: what part of a home that is no record is written as, and read from."""
        self._schema, self._whose = schema, whose
        self._encoder = msgspec.msgpack.Encoder(enc_hook=written)
        self._decoder = msgspec.msgpack.Decoder(cast(Any, _Snapshot)[home], dec_hook=read)

    def pack(self, model: str, now_us: int, homes: dict[str, Home]) -> bytes:
        """Return the platform's clock and the homes as bytes."""
        return self._encoder.encode(
            _Snapshot(self._schema, model, now_us, sorted(homes.items(), key=lambda each: each[0]))
        )

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
