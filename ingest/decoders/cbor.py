"""CBOR (RFC 8949) as far as measurements need it: a bounded reader without a dependency. Pure.

Numbers, texts, bytes, arrays, maps, true, false, null; decimal fractions and bignums by their tags (4, 2, 3). No
payload makes more than MOST_ITEMS values or nests deeper than DEEPEST, so none takes more than some milliseconds.
"""

import math
import struct
from typing import Any

MOST_ITEMS = 2500
DEEPEST = 6
_BREAK = object()
#: Exponents of decimal fractions beyond it are no measurement, and 10 to its power would take long.
_LARGEST_EXPONENT = 300
_FLOATS = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}


class Malformed(ValueError):
    """The bytes are no CBOR, or more of it than is looked at."""


def decode(data: bytes) -> Any:
    """Return the value in ``data``. Raises Malformed."""
    reader = _Reader(data)
    value = reader.item(DEEPEST)
    if reader.at != len(data) or value is _BREAK:
        raise Malformed
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0
        self._left = MOST_ITEMS

    def item(self, depth: int) -> Any:
        """Return the next value; at most ``depth`` more levels."""
        self._left -= 1
        if self._left < 0 or depth < 0:
            raise Malformed
        first = self._take(1)[0]
        major, low = first >> 5, first & 0x1F
        if major == 7:
            return self._simple(low)
        length = None if low == 31 else self._length(low)
        if major in (0, 1):
            if length is None:
                raise Malformed
            return length if major == 0 else -1 - length
        if major in (2, 3):
            return self._string(major, length, depth)
        if major == 6:
            return self._tagged(length, self.item(depth - 1))
        return self._array(length, depth) if major == 4 else self._map(length, depth)

    def _take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self._data):
            raise Malformed
        part, self.at = self._data[self.at : end], end
        return part

    def _length(self, low: int) -> int:
        if low < 24:
            return low
        if low > 27:
            raise Malformed
        return int.from_bytes(self._take(1 << (low - 24)), "big")

    def _simple(self, low: int) -> Any:
        if low in _FLOATS:
            form, size = _FLOATS[low]
            return struct.unpack(form, self._take(size))[0]
        if low == 31:
            return _BREAK
        return {20: False, 21: True, 22: None, 23: None}.get(low)

    def _string(self, major: int, length: int | None, depth: int) -> bytes | str:
        if length is None:
            parts = self._array(None, depth)
            if not all(isinstance(part, str if major == 3 else bytes) for part in parts):
                raise Malformed
            return "".join(parts) if major == 3 else b"".join(parts)
        raw = self._take(length)
        if major == 2:
            return raw
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise Malformed from None

    def _array(self, length: int | None, depth: int) -> list[Any]:
        found: list[Any] = []
        while length is None or len(found) < length:
            value = self.item(depth - 1)
            if value is _BREAK:
                if length is not None:
                    raise Malformed
                break
            found.append(value)
        return found

    def _map(self, length: int | None, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        pairs = 0
        while length is None or pairs < length:
            key = self.item(depth - 1)
            if key is _BREAK:
                if length is not None:
                    raise Malformed
                break
            value = self.item(depth - 1)
            if value is _BREAK or not isinstance(key, int | str):
                raise Malformed
            found[key] = value
            pairs += 1
        return found

    def _tagged(self, tag: int | None, value: Any) -> Any:
        if value is _BREAK:
            raise Malformed
        if tag in (2, 3) and isinstance(value, bytes):
            whole = int.from_bytes(value[:64], "big")
            return whole if tag == 2 else -1 - whole
        if tag == 4 and isinstance(value, list) and [type(part) for part in value] == [int, int]:
            exponent, mantissa = value
            if abs(exponent) > _LARGEST_EXPONENT or mantissa.bit_length() > 64:
                raise Malformed
            fraction = mantissa * math.pow(10, exponent)
            return round(fraction, -exponent) if -15 <= exponent < 0 else fraction
        return value
