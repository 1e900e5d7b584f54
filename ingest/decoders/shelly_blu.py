"""Shelly as a gateway: Bluetooth sensors (BLU) that are bound to it, or that its maker's script tells. Pure.

Source: Shelly's Gen2+ API documentation (BTHome components), its BLE documentation, and shelly-script-examples
(``blu-gateway-bthome-to-mqtt``). What a ``bthomesensor:N`` measures (a BTHome object id) and whose it is (an address)
stands in the gateway's configuration, and only there. Each address is a device of its own, ``ble-<MAC>``, as other
gateways tell it too; what has none yet is a device by the component's name, never the gateway itself. From firmware 1.6
on a ``bthomedevice:N`` is pressed, with the button's index, before a ``bthomesensor:N`` was.
"""

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from ingest.decoders import bthome
from ingest.decoders.draft import Draft
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import IGNORED, Telling, Told, device_id
from ingest.decoders.values import number, object_of, time_of, word

#: Components that are Bluetooth devices behind this one.
KINDS = frozenset({"bthomedevice", "bthomesensor", "blu"})
_SCRIPTS = "blu"
#: What the script calls objects: their BTHome ids.
_OBJECTS_OF_SCRIPT = {
    "battery": 0x01, "temperature": 0x02, "humidity": 0x03, "illuminance": 0x05, "motion": 0x21, "vibration": 0x2C,
    "window": 0x2D,
}  # fmt: skip
#: Bound components remembered of one gateway, devices that one message of a script tells of, values of one object.
_MOST_OBJECTS, _MOST_TOLD, _MOST_VALUES = 200, 20, 8
_ADDRESS = re.compile(r"[0-9a-f]{12}")
#: In the memory of a device: a gateway of this family tells of it.
_BOUND = "bound"
#: No time of a message before the first Gen2 device was sold: seconds since its start instead.
_FIRST_CLOCK_S = 1_500_000_000


class Root(msgspec.Struct, frozen=True, array_like=True):
    """What is known below one prefix: the device's own id, and of each bound component what it measures, and whose.

    ``objects`` are BTHome object ids, ``addresses`` twelve hexadecimal digits.
    """

    source: str = ""
    objects: dict[str, int] = {}
    addresses: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Gateway:
    """A message of a Shelly while it is put together: its own draft, and those of the devices behind it."""

    telling: Telling
    root: Root
    device: str

    @property
    def own(self) -> Draft:
        """The draft of the Shelly itself."""
        return self.telling.of(self.device)

    def bound(self, name: str, address: str | None = None) -> Draft:
        """Return the draft of the device behind component ``name``, at ``address`` or where the configuration says."""
        address = address or self.root.addresses.get(name)
        message = self.telling.message
        draft = self.telling.of(f"ble-{address}" if address else device_id(message, "shelly", self.device, name))
        draft.values[_BOUND] = True
        if draft.memory.available is False and draft.live and draft.available is None:
            draft.reachable(True)
        return draft


def clock_us(told: Any) -> int | None:
    """Return a device's time in microseconds; None where its clock was not set yet (seconds since its start)."""
    seconds = number(told)
    return None if seconds is None or seconds < _FIRST_CLOCK_S else time_of(seconds)


def is_bound(memory: Memory) -> bool:
    """Whether a device is one behind a gateway."""
    return memory.values.get(_BOUND) is True


def component(gateway: Gateway, name: str, body: dict[str, Any]) -> None:
    """Take the status of a bound component, or what the script tells of all that it heard."""
    if name == _SCRIPTS:
        for each in list(body.values())[:_MOST_TOLD]:
            _told_by_script(gateway, each)
        return
    if name.startswith("bthomesensor") and name not in gateway.root.objects:
        if "value" in body:
            gateway.own.unknown.append(name)
        return
    draft = gateway.bound(name)
    draft.claimed_us = clock_us(body.get("last_updated_ts")) or gateway.own.claimed_us
    for key, kind in (("battery", "battery"), ("rssi", "rssi")):
        if number(body.get(key)) is not None:
            draft.number(kind, body[key])
    if name in gateway.root.objects and "value" in body:
        bthome.observe(draft, gateway.root.objects[name], body["value"], part=f":{name}")


def _told_by_script(gateway: Gateway, told: Any) -> None:
    address = _address(told.get("addr")) if isinstance(told, dict) else None
    if address is None:
        return
    draft = gateway.bound(_SCRIPTS, address)
    for key, value in told.items():
        if key == "rssi" and number(value) is not None:
            draft.number("rssi", value)
        elif key in _OBJECTS_OF_SCRIPT:
            for nth, each in enumerate(_values(value)):  # several of a kind are told as a list
                bthome.observe(draft, _OBJECTS_OF_SCRIPT[key], each, part=f":{nth}" if nth else "")


def script_event(gateway: Gateway, event: dict[str, Any]) -> None:
    """Take a button that the script tells; its time is of whole seconds and no number of the press."""
    data = event.get("data")
    if event.get("event") != "button" or not isinstance(data, dict):
        return
    address = _address(str(data.get("device")).rpartition("-")[2])
    codes = _values(data.get("value"))
    if address is None:
        return
    draft = gateway.bound(_SCRIPTS, address)
    for nth, code in enumerate(codes, 1):
        if isinstance(code, int) and not isinstance(code, bool):
            bthome.buttons(draft, code, nth if len(codes) > 1 else 0, "")


def _values(value: Any) -> list[Any]:
    return value[:_MOST_VALUES] if isinstance(value, list) else [value]


def _address(told: Any) -> str | None:
    digits = told.replace(":", "").lower() if isinstance(told, str) else ""
    return digits if _ADDRESS.fullmatch(digits) else None


def answer(root: Root, message: RawMessage) -> Told:
    """Take what a device answers somebody else: data for nobody, but what its bound sensors are stands there."""
    body = object_of(message.payload)
    result = body.get("result") if body is not None else None
    components = result.get("components") if isinstance(result, dict) else None
    objects, addresses = dict(root.objects), dict(root.addresses)
    for each in components[:_MOST_OBJECTS] if isinstance(components, list) else []:
        name = word(each.get("key")) if isinstance(each, dict) else None
        config = each.get("config") if name is not None else None
        if name is None or name.partition(":")[0] not in KINDS or not isinstance(config, dict):
            continue
        told, address = config.get("obj_id"), _address(config.get("addr"))
        if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 256:
            objects[name] = told
        if address is not None:
            addresses[name] = address
    if (objects, addresses) == (root.objects, root.addresses):
        return IGNORED
    learnt = msgspec.structs.replace(root, objects=_last(objects), addresses=_last(addresses))
    return Told(IGNORED.meaning, root=learnt)


def _last(known: dict[str, Any]) -> dict[str, Any]:
    return dict(list(known.items())[-_MOST_OBJECTS:])
