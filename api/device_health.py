"""What is the matter with a device, for whoever looks after them. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from api.plan_now import SENSOR_DEAD_US, WEARABLE, WEARABLE_SILENT_US
from store.people import Device

#: Percent: below it a watch does not last the night (the console has the same for a resident's devices).
LOW_BATTERY = 20.0
#: Of 255: about where Zigbee begins to repeat itself (as its users say; not measured by us).
WEAK_LINK = 50.0


class Trouble(StrEnum):
    """From the worst down. Not worn is none: the device is well."""

    SILENT = "silent"
    NOT_UNDERSTOOD = "not_understood"
    BATTERY = "battery"
    WEAK_LINK = "weak_link"


def silent_after_us(device: Device) -> int:
    """Return how long one of its kind goes without a word, microseconds."""
    return WEARABLE_SILENT_US if device.kind == WEARABLE else SENSOR_DEAD_US


def troubles(device: Device, link: float | None, quarantined: Mapping[str, int], now_us: int) -> list[Trouble]:
    """Return what is the matter, the worst first. A device that nobody has may be silent: it lies in a drawer."""
    found = []
    if device.binding is not None:
        heard_us = device.seen_us if device.seen_us is not None else device.binding.start_us
        if now_us - heard_us > silent_after_us(device):
            found.append(Trouble.SILENT)
    if quarantined:
        found.append(Trouble.NOT_UNDERSTOOD)
    if device.battery is not None and device.battery < LOW_BATTERY:
        found.append(Trouble.BATTERY)
    if link is not None and link < WEAK_LINK:
        found.append(Trouble.WEAK_LINK)
    return found
