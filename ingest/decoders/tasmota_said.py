"""One message of one Tasmota device: what it came to, by its last level. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ingest.decoders import tasmota_time
from ingest.decoders.memory import NEW, Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.tasmota_body import result, sensors, state, switch
from ingest.decoders.tasmota_cards import Card
from ingest.decoders.tasmota_parts import NAME, Parts
from ingest.decoders.tasmota_place import Gate, Place, Root
from ingest.decoders.told import IGNORED, Told, device_id, refused
from ingest.decoders.values import iso_of, json_of, number, text_of

#: Gateways and their devices remembered in one home.
_MOST_GATES, _MOST_BEHIND = 200, 250
#: Level of Bluetooth sensors that have a topic each, whoever heard them.
BLUETOOTH_TOPIC = "tasmota_ble"
#: In a device's memory: it sleeps deeply, and until when it said so, microseconds since 1970.
_SLEEPS, _ASLEEP_UNTIL = "deep_sleep", "asleep_until_us"
#: The year 10000, seconds since 1970.
_YEAR_10000_S = 253_402_300_800


class Said:
    """One message of one device, while it is read."""

    def __init__(self, root: Root, memories: Mapping[str, Memory], message: RawMessage, place: Place) -> None:
        self._root = root
        self._memories = memories
        self._message = message
        self._place = place
        self._device = device_id(message, NAME, *place.names)
        self._parts = self._new()
        self._facts: dict[str, Any] = {}

    def _new(self, *, history: bool = False) -> Parts:
        parts = Parts(self._message, self._memories, self._device, self._place.names, history=history)
        if self._place.card is not None and self._place.card.name:
            parts.label = self._place.card.name
        return parts

    def told(self) -> Told:
        """Return what the message came to."""
        rest = self._place.rest
        if rest == "LWT":
            return self._reachable()
        if rest in ("UPTIME", "LOGGING", "HASS_STATE", "INFO1", "INFO2"):
            return IGNORED
        body = json_of(self._message.payload)
        if body is None:
            return refused(self._message, "not-json", "The payload is neither a JSON object nor a word.")
        if not isinstance(body, dict):
            return self._plain(body)
        return self._object(body)

    def _plain(self, body: Any) -> Told:
        """Take what is said in a word: relays, and inputs that a rule publishes (tasmota/docs PIR-Motion-Sensors)."""
        rest, card = self._place.rest, self._place.card
        if rest in ("SENSOR", "STATE", "RESULT"):
            return refused(self._message, "bad-field", "This topic carries one JSON object.")
        if rest.startswith("POWER"):
            result(self._parts, {rest: body}, card)
        elif rest.startswith(("PIR", "MOTION")):
            self._parts.own().event("motion", switch(body, card), key=rest)
        elif rest.startswith(("SWITCH", "BUTTON")):
            result(self._parts, {rest.rstrip("T").capitalize(): {"Action": body}}, card)
        return IGNORED if self._parts.empty else self._done()

    def _object(self, body: dict[str, Any]) -> Told:
        rest, card = self._place.rest, self._place.card
        asleep = body.get("DeepSleep")
        if isinstance(asleep, dict):
            return self._falls_asleep(asleep)
        polled = body.get("StatusSNS", body.get("StatusSTS"))
        if isinstance(polled, dict):
            self._parts = self._new(history=True)
            self._timed(polled)
            if isinstance(body.get("StatusSNS"), dict):
                sensors(self._parts, body["StatusSNS"], card, self._place.sub)
            if isinstance(body.get("StatusSTS"), dict):
                state(self._parts, body["StatusSTS"], card)
        elif rest.startswith("STATUS"):
            return IGNORED
        elif rest == "INFO3":
            return self._restarted(body)
        else:
            self._timed(body)
            self._live(rest, body, card)
        if self._parts.empty:
            if rest not in ("SENSOR", "STATE"):
                return IGNORED  # an answer to a setting
            self._parts.own(status=True)
        return self._done()

    def _live(self, rest: str, body: dict[str, Any], card: Card | None) -> None:
        if rest in ("SENSOR", "ZbReceived", "LwReceived") or self._place.names[-1:] == (BLUETOOTH_TOPIC,):
            wrapped = body if rest == "SENSOR" or rest not in ("ZbReceived", "LwReceived") else {rest: body}
            sensors(self._parts, wrapped, card, self._place.sub or rest)
        elif rest == "STATE":
            state(self._parts, body, card)
            wifi = body.get("Wifi")
            if "DeepSleep" in body or (isinstance(wifi, dict) and "DeepSleep" in wifi):
                self._parts.own().change(_SLEEPS, True)
        elif rest.startswith(("SWITCH", "BUTTON")):
            told = {key.upper(): value for key, value in body.items()}
            action = told.get("ACTION", told.get("STATE", told.get("TRIG")))
            result(self._parts, {rest.rstrip("T").capitalize(): {"Action": action}}, card)
        else:
            result(self._parts, body, card)

    def _timed(self, body: dict[str, Any]) -> None:
        self._parts.claimed_us, local = tasmota_time.claimed(
            body, self._message.arrival_us, retain=self._message.retain
        )
        if local is not None:
            self._facts["time_local"] = local

    def _falls_asleep(self, told: dict[str, Any]) -> Told:
        """Take that the device is silent until a time, which is no failure."""
        until = number(told.get("Epoch"))
        draft = self._parts.own(status=True)
        draft.change(_SLEEPS, True)
        if until is not None and 0 < until < _YEAR_10000_S:
            draft.change(_ASLEEP_UNTIL, round(until * 1_000_000))
            self._facts["expected_silence_until"] = iso_of(round(until * 1_000_000))
        return self._done()

    def _restarted(self, body: dict[str, Any]) -> Told:
        """Take that the device has started again: counters may begin anew; it says nothing of people."""
        inner = body.get("Info3")
        reason = (inner if isinstance(inner, dict) else body).get("RestartReason")
        reason = reason.get("Reason") if isinstance(reason, dict) else reason
        draft = self._parts.own(status=True)
        if isinstance(reason, str):
            self._facts["restart_reason"] = reason[:64]
            if "deep" in reason.lower() and "sleep" in reason.lower():
                draft.change(_SLEEPS, True)
        return self._done()

    def _reachable(self) -> Told:
        """Take the last will, and with it all that is heard through this device alone."""
        told, card = text_of(self._message.payload), self._place.card
        online = {card.online if card else "Online": True, card.offline if card else "Offline": False}.get(told or "")
        if online is None:
            online = {"online": True, "offline": False}.get((told or "").lower())
        if online is None:
            return refused(self._message, "bad-field", "A last will says that a device is online or offline.")
        gate = self._root.gates.get(self._device, Gate())
        known = self._memories.get(self._device, NEW)
        if not online and (known.values.get(_SLEEPS) is True or (card is not None and card.sleeps)):
            return IGNORED  # it sleeps, and wakes up to speak: it is not cut off
        draft = self._parts.own(status=True)
        draft.reachable(online, bridge=gate.radio)
        if gate.radio:
            draft.see("available", online)
        if known.available is not online:
            for device in gate.children:
                if online or not self._heard_elsewhere(device):
                    self._parts.telling.of(device, status=True, derived=True).see("available", online)
        return self._done()

    def _heard_elsewhere(self, device: str) -> bool:
        return any(
            device in gate.children and self._memories.get(other, NEW).available is not False
            for other, gate in self._root.gates.items()
            if other != self._device
        )

    def _done(self) -> Told:
        said = self._parts.telling.told(root=self._gates())
        return replace(said, meaning=replace(said.meaning, facts={**said.meaning.facts, **self._facts}))

    def _gates(self) -> Root | None:
        """Return the root with those that were heard through this device for the first time, None: nobody was."""
        gate = self._root.gates.get(self._device, Gate())
        fresh = [device for device in self._parts.children if device not in gate.children]
        if not fresh or (self._device not in self._root.gates and len(self._root.gates) >= _MOST_GATES):
            return None
        children = (*gate.children, *fresh)[-_MOST_BEHIND:]
        gates = {**self._root.gates, self._device: Gate(children, gate.radio or self._parts.gateway)}
        return Root(self._root.cards, gates)
