"""What LoRaWAN devices of the usual makers say, once their network server has decoded their bytes. Pure.

A codec is free to choose names, so what is read is a whitelist of names with what each maker means by it
(lorawan_words); what is not in it is no data. Records of the past (``history``) are not read: what was then did not
happen now.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from ingest.decoders import event_time, once
from ingest.decoders import lorawan_words as words
from ingest.decoders.draft import Draft
from ingest.decoders.message import RawMessage
from ingest.decoders.told import device_id
from ingest.decoders.values import number, truth


class Root(msgspec.Struct, frozen=True, array_like=True):
    """Nothing must be known of the server: each message says which device it is of."""


#: A percentage beneath is "change it".
LOW_BATTERY = 10
#: Codecs nest (``data.temperature``); deeper is no codec of a sensor.
_DEPTH = 2
#: A battery of a sensor, volts; and from here on a number is of millivolts.
_VOLTS_MOST, _MILLIVOLTS = 5.0, 100.0
#: A device that told volts before may tell whole ones; more than this is no battery of a sensor.
_WHOLE_VOLTS = 4
#: A confirmed uplink that nobody answers is sent again for some minutes; a record of a radar for up to an hour.
_UPLINK_S, _RECORD_S = 900, 3600
#: A call that is still true after so long without a word is a new one: that it ended was lost on the way.
_CALL_PAUSE_US = 1_800_000_000
#: SHT2x without a bus reads 0, which is this temperature, °C.
_NO_SHT, _NO_SHT_WITHIN = -46.8, 0.06
#: A valve's sensor that is not there (Strega): both at once, °C and %.
_NO_PROBE = (125.0, 100.0)


def identity(message: RawMessage, eui: Any, *names: str) -> str:
    """Return a device's id: by its EUI-64, else by its names."""
    if isinstance(eui, str) and len(eui) == 16 and all(char in "0123456789abcdefABCDEF" for char in eui):
        return f"lora-{eui.lower()}"
    return device_id(message, "lora", *(names or (str(eui)[:64],)))


def fresh(draft: Draft, mark: str) -> bool:
    """Whether an uplink is not one that was told: confirmed ones are repeated, and heard by several gateways."""
    draft.again = once.again(draft, "uplink", mark, _UPLINK_S)
    return not draft.again


def server_time(draft: Draft, told_us: int | None) -> None:
    """Take the network's time: it is set, and good to a millisecond; what is of another week did not happen now.

    A time to come is a wrong clock, and what it is of happened just now.
    """
    if told_us is not None:
        draft.claimed_us = told_us // 1000 * 1000
        draft.history = draft.claimed_us < draft.arrival_us - event_time.OLDEST_US


def take(draft: Draft, decoded: Mapping[str, Any], port: Any = None) -> None:
    """Take a decoded object into a device's draft. ``port`` is LoRaWAN's FPort, which some codecs do not repeat."""
    _take(draft, decoded, port, _DEPTH)


def _take(draft: Draft, decoded: Mapping[str, Any], port: Any, depth: int) -> None:
    told = {str(name).lower(): value for name, value in decoded.items()}
    if (number(told.get("temperature")), number(told.get("hygrometry"))) == _NO_PROBE:
        draft.implausible += ["temperature", "humidity"]
        told = {name: value for name, value in told.items() if name not in ("temperature", "hygrometry")}
    for key, value in told.items():
        if isinstance(value, dict):
            if "value" in value:  # Sensative: each value in an object of its own
                _one(draft, key, value["value"], told)
            elif key in words.BUTTONS:
                _press(draft, value.get("status"))
            elif key in words.LPP or key in words.LPP_PRESENCE or key == "gpslocation":
                _channels(draft, key, value)
            elif depth and (key in words.HOLDERS or words.LPP_PLACE.fullmatch(key)):
                _take(draft, value, port, depth - 1)
        else:
            _one(draft, key, value, told)
    if words.BROWAN_MARK in told:
        _browan(draft, port, truth(told.get("status")))
    _place(draft, told)


def _one(draft: Draft, key: str, value: Any, told: Mapping[str, Any]) -> None:
    """Take one value by its name; ``told`` are those beside it."""
    channel = words.CHANNEL.fullmatch(key)
    name = channel[1] if channel else key
    if name in ("battery", "bat"):
        _battery(draft, name, value, told)
    elif name in words.NUMBERS:
        _number(draft, *words.NUMBERS[name], value)
    elif name in words.EVENTS:
        kind, meant = words.EVENTS[name]
        draft.event(kind, _truth(value, meant, kind), key=key)
    elif name in words.CALLS:
        if name != "alarm_status" or not words.NO_CALL & told.keys():
            _call(draft, key, truth(value))
    elif name == "alarm" and words.PUSH_BUTTON in told:
        if truth(value) is True:
            draft.press("pressed", kind="sos")
    elif name in words.STATES:
        kind, meant = words.STATES[name]
        draft.state(kind, _truth(value, meant), key=key)
    elif name in words.BUTTONS:
        _press(draft, value)
    else:
        _rarer(draft, name, value, told)


def _rarer(draft: Draft, name: str, value: Any, told: Mapping[str, Any]) -> None:
    if name == "motion":
        _motion(draft, value)
    elif name == "events" and isinstance(value, list):
        for each in value[:20]:
            _alarm_record(draft, each)
    elif name == "occupancy":
        _occupancy(draft, value, told)
    elif name == "detection_status" and (isinstance(value, str) or "target_status" in told):
        _radar(draft, _radars_word(value, words.RADAR_NUMBERS))
    elif name in words.SOCKET_NUMBERS and words.SOCKET in told:
        _number(draft, *words.SOCKET_NUMBERS[name], value)
    elif name == "geofence_status":
        _fence(draft, value)
    elif name == "event" and told.get("type") == "smoke sensor":
        if isinstance(value, str) and value in words.SMOKE_EVENTS:
            draft.event("smoke", words.SMOKE_EVENTS[value])
    elif pressed := words.KEY.fullmatch(name):
        if truth(value) is True:
            draft.press(f"{pressed[1]}_single", button=pressed[1])
    elif found := words.LPP_CHANNEL.fullmatch(name):
        _channels(draft, found[1], {name: value})


def _truth(value: Any, meant: Mapping[str, bool], kind: str = "") -> bool | None:
    if isinstance(value, str) and value.strip().lower() in meant:
        return meant[value.strip().lower()]
    count = number(value)
    if kind == "water_leak" and count is not None and 0 <= count <= 255:  # ELSYS: how much of its cable is wet
        return count > 0
    return truth(value)


def _number(draft: Draft, kind: str, factor: float, value: Any) -> None:
    told = number(value)
    if kind == "temperature" and told is not None and abs(told - _NO_SHT) <= _NO_SHT_WITHIN:
        draft.implausible.append(kind)
        return
    if kind == "battery_voltage" and factor == 1.0 and told is not None and told >= _MILLIVOLTS:
        factor = 0.001
    draft.number(kind, value, factor=factor)


def _battery(draft: Draft, key: str, value: Any, told: Mapping[str, Any]) -> None:
    """Take a battery: some codecs mean a percentage by it, Browan's and Dragino's volts; 3 V is no 3 %."""
    level = number(value)
    if level is not None and 0 < level <= _VOLTS_MOST:
        volts = level != int(level) or key == "bat" or words.BROWAN_MARK in told
        if volts or (level <= _WHOLE_VOLTS and draft.values.get("battery_in_volts") is True):
            if draft.live:
                draft.change("battery_in_volts", True)
            draft.number("battery_voltage", level)
            return
    found = draft.number("battery", value)
    if found is not None and found < LOW_BATTERY:
        draft.technical = "low_battery"


def _call(draft: Draft, key: str, on: bool | None) -> None:
    """Take a call for help that is true as long as the device is in alarm."""
    heard_us = draft.values.get(f"heard:{key}")
    draft.event("sos", on, key=key)
    if on and draft.live:
        if isinstance(heard_us, int | float) and draft.arrival_us - heard_us > _CALL_PAUSE_US:
            draft.happen("sos", True)
        draft.change(f"heard:{key}", draft.arrival_us)


def _press(draft: Draft, value: Any) -> None:
    if isinstance(value, str):
        told = value.lower().removesuffix(" press")
        if told != "unknown":
            draft.press(words.PRESSES.get(told, told))


def _motion(draft: Draft, value: Any) -> None:
    """Take motion: a truth, or (ELSYS) how often something moved since the message before."""
    if isinstance(value, bool | str):
        draft.event("motion", _truth(value, words.SEEN))
        return
    count = draft.number("motion_count", value)
    if count and draft.live:
        draft.happen("motion_count", count)


def _occupancy(draft: Draft, value: Any, told: Mapping[str, Any]) -> None:
    """Take occupancy: a truth or a word; of ELSYS 0 nobody, 1 not sure, 2 somebody."""
    on = _truth(value, {"occupied": True, "vacant": False, "unoccupied": False})
    if value == 2 or ("vdd" in told and value == 1 and not isinstance(value, bool)):
        on = True if value == 2 else None
    draft.state("presence", on, key="occupancy")


def _radars_word(value: Any, numbers: tuple[str, ...]) -> str:
    """Return a word of a radar as its present codec writes it: older ones had blanks in it, one the device's number."""
    if isinstance(value, str):
        return value.lower().replace(" ", "_")
    told = number(value)
    return numbers[int(told)] if told is not None and told == int(told) and 0 <= told < len(numbers) else ""


def _radar(draft: Draft, word: str) -> None:
    """Take what a radar sees as it stands: a fall that it shows and whose record was lost is one too."""
    if word not in words.SEEN_BY_RADAR:
        draft.unknown.append("presence")
        return
    present, in_bed = words.SEEN_BY_RADAR[word]
    draft.state("presence", present, key="detection_status")
    if in_bed is not None:
        draft.state("in_bed", in_bed)
    if word == "fall":
        draft.event("fall", True)
    else:
        draft.change("fall", False)


def _alarm_record(draft: Draft, record: Any) -> None:
    """Take one record of a radar: what began or ended now."""
    if not isinstance(record, dict):
        return
    told = _radars_word(record.get("alarm_type"), words.ALARM_TYPE_NUMBERS)
    kind = words.ALARM_TYPES.get(told)
    state = words.ALARM_STATES.get(
        _radars_word(record.get("alarm_status"), words.ALARM_STATE_NUMBERS).removeprefix("alarm_")
    )
    if kind is None or state is None or not draft.live:
        return
    mark = f"{record.get('alarm_id')}:{told}:{state}"[:60]
    if once.again(draft, "record", mark, _RECORD_S):
        return
    if kind == "fall":
        draft.change("fall", state)
        draft.happen("fall", state)
    elif state:
        draft.state(kind, told == "occupied", key="in_bed" if kind == "in_bed" else "detection_status")


def _fence(draft: Draft, value: Any) -> None:
    """Take on which side of its own fence a tracker is; where it was first heard it went nowhere."""
    inside = {"inside": True, "outside": False}.get(str(value))
    if inside is None:
        return
    known = draft.values.get("geofence")
    if draft.change("geofence", inside) and known is not None:
        draft.happen("zone_enter" if inside else "zone_leave", "geofence")


def _browan(draft: Draft, port: Any, on: bool | None) -> None:
    """Take the one bit of a Browan tab; which sensor it is of only its port says."""
    if on is None or not isinstance(port, int):
        return
    if port in words.BROWAN:
        draft.event(words.BROWAN[port], on)
    elif port == words.BROWAN_BUTTON and on:
        draft.press("single")


def _channels(draft: Draft, key: str, channels: Mapping[str, Any]) -> None:
    """Take Cayenne LPP's channels of one kind."""
    for channel, value in list(channels.items())[:20]:
        if key in words.LPP_PRESENCE:
            draft.state("presence", truth(value), key=f"presence:{str(channel)[:16]}")
        elif key == "gpslocation":
            if isinstance(value, dict):
                _place(draft, value)
        else:
            draft.number(words.LPP[key], value)


def _place(draft: Draft, told: Mapping[str, Any]) -> None:
    if "date" in told and "time" in told:  # Dragino's data log: where it was then
        return
    for first, second in words.PLACES:
        lat, lon = number(told.get(first)), number(told.get(second))
        if lat is not None and lon is not None:
            draft.place(lat, lon)
            return


def signal(draft: Draft, receptions: Any) -> None:
    """Take how well the best gateway heard the device."""
    told = (
        [number(each.get("rssi")) for each in receptions[:50] if isinstance(each, dict)]
        if isinstance(receptions, list)
        else []
    )
    heard = [each for each in told if each is not None]
    if heard:
        draft.number("rssi", max(heard))
