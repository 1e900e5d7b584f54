"""MQTT 3.1.1 as bytes (OASIS standard, 2014): so little of it that a load can be encoded before it is sent."""

import struct

_CONNECT, _PUBLISH, PUBACK, CONNACK = 0x10, 0x30, 0x40, 0x20
_QOS1, _RETAIN = 0x02, 0x01
#: User name, password, clean session.
_FLAGS = 0x80 | 0x40 | 0x02
_KEEP_ALIVE_S = 600
#: Packet ids go round from 1 to this.
MOST_IDS = 65_535
#: A PUBACK and a CONNACK have four bytes each.
ANSWER_BYTES = 4


def connect(client: str, user: str, password: str) -> bytes:
    """Return CONNECT for a clean session."""
    head = b"\x00\x04MQTT\x04" + struct.pack(">BH", _FLAGS, _KEEP_ALIVE_S)
    return _packet(_CONNECT, head + b"".join(_text(each) for each in (client, user, password)))


def publish(topic: str, payload: bytes, packet_id: int, *, retain: bool = False) -> bytes:
    """Return PUBLISH at QoS 1; ``packet_id`` from 1 to MOST_IDS."""
    flags = _PUBLISH | _QOS1 | (_RETAIN if retain else 0)
    return _packet(flags, _text(topic) + struct.pack(">H", packet_id) + payload)


def _packet(first: int, rest: bytes) -> bytes:
    length, left = b"", len(rest)
    while True:
        left, digit = left >> 7, left & 0x7F
        length += bytes((digit | (0x80 if left else 0),))
        if not left:
            return bytes((first,)) + length + rest


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data
