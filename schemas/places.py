"""Residents, places, devices and who has a device when: what people set up, as it crosses boundaries."""

from enum import StrEnum

import msgspec

from schemas.decoding import decoded


class PlaceKind(StrEnum):
    """Levels of the place tree, and the rooms at its leaves."""

    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    INSTITUTION = "institution"
    FLOOR = "floor"
    WARD = "ward"
    HOME = "home"
    ROOM = "room"


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """A device worn by a resident, or standing at a place, for an interval of event time, in one watch unit.

    Exactly one of ``resident`` and ``place`` is set. ``end_us`` None: until further notice. ``position`` is where a
    wearable is worn (wrist, waist, hip, pocket, chest), None when not known.
    """

    device: str
    unit: str
    start_us: int
    end_us: int | None = None
    resident: str | None = None
    place: str | None = None
    position: str | None = None

    def covers(self, event_us: int) -> bool:
        """Whether the device was bound so at this event time."""
        return self.start_us <= event_us and (self.end_us is None or event_us < self.end_us)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Binding])


def encode_bindings(bindings: list[Binding]) -> bytes:
    """Return one device's bindings as the value of one key of BINDINGS."""
    return _encoder.encode(bindings)


def decode_bindings(data: bytes) -> list[Binding]:
    """Return one device's bindings from a value of BINDINGS."""
    return decoded(_decoder, data)


def binding_at(bindings: list[Binding], event_us: int) -> Binding | None:
    """Return who had the device at ``event_us``; intervals of one device never overlap."""
    return next((binding for binding in bindings if binding.covers(event_us)), None)


def holder(bindings: list[Binding], start_us: int, end_us: int) -> Binding | None:
    """Return whose a reading is that covers ``start_us`` to ``end_us``: who had the device at its end, else its start.

    A block of samples may begin before a device was handed over and end after it; a device that is put on and sends at
    once is its new wearer's, and the last seconds before it is given back are still the old one's.
    """
    return binding_at(bindings, max(start_us, end_us - 1)) or binding_at(bindings, start_us)
