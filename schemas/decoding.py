"""Decoding msgpack so that whatever is wrong with the bytes is one kind of error.

msgspec raises UnicodeDecodeError, which is none of its own, where a text inside is not UTF-8. A stage that caught only
msgspec's was ended by one such message, and by the same one again after each restart.
"""

from typing import TypeVar

import msgspec

T = TypeVar("T")


def decoded(decoder: msgspec.msgpack.Decoder[T], data: bytes) -> T:
    """Return the record in ``data``. Raises msgspec.DecodeError (or its ValidationError) and nothing else."""
    try:
        return decoder.decode(data)
    except (UnicodeDecodeError, RecursionError, OverflowError) as error:
        raise msgspec.DecodeError(f"broken inside: {error}") from None
