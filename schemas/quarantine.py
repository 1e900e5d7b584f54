"""A quarantine entry: what came and could not be used as it stands, with the reason; and the batch it travels in.

Nothing undecoded is lost in silence: it is kept, counted and shown. ``kept`` says whether the reading itself went on
(an unbelievable clock) or stopped here (broken bytes).
"""

import msgspec

from schemas.decoding import decoded

#: A person needs the beginning to recognise the sender; a flood of whole megabytes would fill the stream.
KEPT_PAYLOAD_BYTES = 4096
#: MQTT allows topics of 64 KiB; ours have under 100 characters.
KEPT_TOPIC_CHARS = 512
KEPT_SENTENCE_CHARS = 500


class QuarantineEntry(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """One message that could not be used as it stands.

    ``reason`` is short and stable, for counting; ``sentence`` is for a person. ``payload`` holds at most
    KEPT_PAYLOAD_BYTES of the ``size`` bytes that came.
    """

    at_us: int
    topic: str
    reason: str
    sentence: str
    payload: bytes = b""
    size: int = 0
    retain: bool = False
    kept: bool = False


def entry(
    at_us: int, topic: str, reason: str, sentence: str, payload: bytes, *, retain: bool = False, kept: bool = False
) -> QuarantineEntry:
    """Return an entry cut to what is kept, its texts free of characters that a database or a page refuses."""
    return QuarantineEntry(
        at_us=at_us,
        topic=_shown(topic, KEPT_TOPIC_CHARS),
        reason=reason,
        sentence=_shown(sentence, KEPT_SENTENCE_CHARS),
        payload=bytes(payload[:KEPT_PAYLOAD_BYTES]),
        size=len(payload),
        retain=retain,
        kept=kept,
    )


def _shown(text: str, limit: int) -> str:
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(char if char.isprintable() else "\ufffd" for char in cut)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[QuarantineEntry])


def encode_batch(entries: list[QuarantineEntry]) -> bytes:
    """Return entries as the bytes of one JetStream message."""
    return _encoder.encode(entries)


def decode_batch(data: bytes) -> list[QuarantineEntry]:
    """Return the entries of one JetStream message. Raises msgspec.DecodeError on what is not a batch."""
    return decoded(_decoder, data)
