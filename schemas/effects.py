"""What a decision asks the world to do; imperative. Written to the outbox in the transaction that decided it."""

import msgspec


class Notify(msgspec.Struct, frozen=True, tag="notify"):
    """Tell the people on duty for a unit about an alert's step."""

    alert: str
    unit: str
    step: str


class KeepEvidence(msgspec.Struct, frozen=True, tag="keep_evidence"):
    """Keep the trace around an event beyond the retention of raw frames, once its end has passed."""

    alert: str
    resident: str
    device: str
    start_us: int
    end_us: int


class MirrorBindings(msgspec.Struct, frozen=True, tag="mirror_bindings"):
    """Write a device's bindings to the BINDINGS bucket, where the gateway reads them."""

    device: str


class MirrorContacts(msgspec.Struct, frozen=True, tag="mirror_contacts"):
    """Write whom to tell about a place and all below it to the CONTACTS bucket, where notify reads it."""

    place: str


class MirrorTemplates(msgspec.Struct, frozen=True, tag="mirror_templates"):
    """Write what messages say to the TEMPLATES bucket, where notify reads it."""


class TestReach(msgspec.Struct, frozen=True, tag="test_reach"):
    """Send a test to one way of one person, and write down what became of it."""

    test: str


class ConfigureResident(msgspec.Struct, frozen=True, tag="configure_resident"):
    """Write how a resident is watched over into the stream of ``unit``, where its detectors read it."""

    resident: str
    unit: str


class SettleAbsences(msgspec.Struct, frozen=True, tag="settle_absences"):
    """Carry out what a resident's calendar of absences says by now: somebody has left, or is back."""

    resident: str


class ConfigureDevice(msgspec.Struct, frozen=True, tag="configure_device"):
    """Write who has a device into the stream of ``unit``, so that nothing is judged across a change of wearer."""

    device: str
    unit: str


Effect = (
    Notify
    | KeepEvidence
    | MirrorBindings
    | MirrorContacts
    | MirrorTemplates
    | TestReach
    | ConfigureResident
    | ConfigureDevice
    | SettleAbsences
)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Effect)


def encode(effect: Effect) -> bytes:
    """Return the effect as JSON, tagged with its type, for the outbox."""
    return _encoder.encode(effect)


def decode(data: bytes | str) -> Effect:
    """Return the effect in an outbox row."""
    effect: Effect = _decoder.decode(data)
    return effect
