"""MQTT 3.1.1 as bytes (OASIS standard, 2014): what those need who write and read packets by the bunch. Pure.

Only QoS 0 and 1. Everything that talks to a broker now and then uses a client library; see docs/adr/0012.
"""

from collections.abc import Sequence
from struct import Struct

CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP = 2, 3, 4, 9, 13
PING, DISCONNECT = b"\xc0\0", b"\xe0\0"
DUP, QOS1, RETAIN = 0x08, 0x02, 0x01
#: What a broker says in a SUBACK of a subscription that it refuses.
REFUSED = 0x80
#: Packet ids go round from 1 to this.
MOST_IDS = 65_535
#: The longest packet that the standard allows has this many bytes behind its head.
MOST_BYTES = 268_435_455
_CONNECT, _SUBSCRIBE = 0x10, 0x82
_USER, _PASSWORD, _CLEAN = 0x80, 0x40, 0x02
_VERSION = 4
_PAIR, _ACK = Struct(">H"), Struct(">BBH")
#: Why a connection is refused, by the code in its CONNACK.
REFUSALS = {
    1: "it wants another version of MQTT",
    2: "it refuses our name",
    3: "it is not available",
    4: "bad user name or password",
    5: "not authorized",
}


def connect(client: str, user: str | None, password: str | None, keepalive_s: int, *, clean: bool) -> bytes:
    """Return CONNECT; ``clean`` False: the broker keeps the session of this client's name."""
    flags, fields = _CLEAN if clean else 0, _text(client)
    for bit, value in ((_USER, user), (_PASSWORD, password)):
        if value:
            flags |= bit
            fields += _text(value)
    return _packet(_CONNECT, _text("MQTT") + bytes((_VERSION, flags)) + _PAIR.pack(keepalive_s) + fields)


def subscribe(topics: Sequence[str], packet_id: int, qos: int) -> bytes:
    """Return SUBSCRIBE to these filters, all at one QoS."""
    wanted = b"".join(_text(topic) + bytes((qos,)) for topic in topics)
    return _packet(_SUBSCRIBE, _PAIR.pack(packet_id) + wanted)


def publish(topic: str, payload: bytes, packet_id: int | None = None, *, retain: bool = False) -> bytes:
    """Return PUBLISH at QoS 1 with a packet id (1 to MOST_IDS), at QoS 0 without."""
    head = PUBLISH << 4 | (RETAIN if retain else 0)
    if packet_id is None:
        return _packet(head, _text(topic) + payload)
    return _packet(head | QOS1, _text(topic) + _PAIR.pack(packet_id) + payload)


def puback(packet_id: int) -> bytes:
    """Return PUBACK."""
    return _ACK.pack(PUBACK << 4, 2, packet_id)


def body_at(data: bytes, at: int) -> tuple[int, int] | None:
    """Return where the packet that begins at ``at`` has its body, from and to; None: it is not whole.

    Raises ValueError where its length is none.
    """
    size = shift = 0
    for n in range(at + 1, min(at + 5, len(data))):
        byte = data[n]
        size |= (byte & 0x7F) << shift
        if byte < 0x80:
            end = n + 1 + size
            return (n + 1, end) if end <= len(data) else None
        shift += 7
    if len(data) >= at + 5:
        raise ValueError("A packet's length has more than four bytes.")
    return None


def _packet(first: int, rest: bytes) -> bytes:
    length, left = bytearray(), len(rest)
    while True:
        left, low = divmod(left, 128)
        length.append(low | (0x80 if left else 0))
        if not left:
            return bytes((first,)) + length + rest


def _text(text: str) -> bytes:
    data = text.encode()
    return _PAIR.pack(len(data)) + data
