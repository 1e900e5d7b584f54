"""ESPHome nodes that announce themselves to Home Assistant over MQTT: one a sensor, each with its own connection.

Everything is remembered by the broker and of QoS 0, as ESPHome does without being told: announcements, states, events,
``<node>/status`` and even the log (``<node>/debug``). States are plain words without a time; a binary sensor speaks
when it changes and when its node connects, never to repeat itself. Doors sleep on a battery: they wake, announce all
anew, and have no status at all (birth and will are emptied, as the maker advises for deep sleep). A Bluetooth button is
an event entity of the node that hears it, and each of its advertisements fires again. Logs tell in words what the
states tell. Source: ESPHome's ``components/mqtt`` and its documentation.
"""

import json
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, ClassVar

from device_sim.forms.esphome_nodes import NODES, Entity, Node
from device_sim.forms.spoken import Cause, HomeSensor, Said, SensorKind, Speaker, mac
from device_sim.play import Emission
from schemas import ids

_VERSION = "2026.6.5"
#: A sleeping node is on the air so long after a cause, s (``fast_connect``, a fixed address), and stays awake so long
#: (``run_duration``); what changes before it is on the air, it says right after it.
_WAKES_S, _AWAKE_S, _AT_ONCE_S = (0.7, 1.6), 10.0, 0.05
#: The PIR of a presence sensor says OFF so long after it said ON (``delayed_off``), its radar ON so much later, s.
_PIR_S, _RADAR_S = 4.0, 0.4
#: A press is advertised several times, each heard one fires the event, s apart.
_FIRES, _FIRES_EACH_S = (2, 4), 0.18
#: How often a reading of the climate fails (``nan``).
_NAN_SHARE = 0.03
#: Volts of a 18650 cell: empty and full.
_VOLTS = (3.1, 4.18)


class HomeAssistant(Speaker):
    """Presence: Everything Presence One (PIR and radar). Door, fridge: a reed switch and an ESP32 on a battery, asleep.

    Bed: Elevated Sensors' Bed Presence. Plug: Athom Plug V2. Leak: a probe at an ESP8266. Button: a Bluetooth one heard
    by an ESP32; which press is for help, whoever wrote its configuration said so: its events are ``test`` and ``sos``.
    When the network is back, a node that stayed awake tells how all stands now.
    """

    hold_s: ClassVar[float] = 15.0
    repeat_s: ClassVar[float] = 60.0
    report_h: ClassVar[float] = 1.0

    def __init__(self, mark: str, sensors: Sequence[HomeSensor], seed: int) -> None:
        super().__init__(mark, sensors, seed)
        self.random = Random(f"home assistant {seed}")
        self.known: dict[HomeSensor, dict[Entity, str]] = {sensor: {} for sensor in sensors}
        self.connected_us: dict[HomeSensor, int] = {}

    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a sensor."""
        return ids.foreign_device("esphome", self._name(sensor))

    def hello(self, at_us: int) -> Iterator[Emission]:
        """Yield what each node that does not sleep says when it connects."""
        for sensor in self.sensors:
            if not _node(sensor).sleeps:
                yield from self._connects(sensor, at_us)
                for entity, value in self.known[sensor].items():
                    yield self._state(sensor, entity, value, at_us)

    def missed(self, said: Said) -> None:
        """Take note of how it stands: a node that comes back looks again."""
        self.known[said.sensor] |= {
            entity: value for _, entity, value in self._told(said) if entity.component != "event"
        }

    def say(self, said: Said) -> Iterator[Emission]:
        """Yield what changed, and in a report what is measured; a node that sleeps wakes up for it."""
        sensor, node = said.sensor, _node(said.sensor)
        told = self._told(said)
        at_us = said.at_us
        if node.sleeps:
            if said.cause is Cause.REMEMBERED:
                return
            if at_us >= self.connected_us.get(sensor, 0) + round(_AWAKE_S * 1e6):
                at_us += round(self.random.uniform(*_WAKES_S) * 1e6)
                yield from self._wakes(sensor, at_us, told)
                return
            at_us = max(at_us, self.connected_us[sensor] + round(_AT_ONCE_S * 1e6))
        for late_s, entity, value in told:
            later_us = at_us + round(late_s * 1e6)
            yield from self._logged(sensor, entity, value, later_us)
            yield self._state(sensor, entity, value, later_us)

    def gone(self, at_us: int) -> Iterator[Emission]:
        """Yield the last will of each node that was connected."""
        for sensor in self.sensors:
            if not _node(sensor).sleeps:
                yield Emission(at_us, f"{self._name(sensor)}/status", b"offline", retain=True, qos=0)

    def _wakes(self, sensor: HomeSensor, at_us: int, told: list[tuple[float, Entity, str]]) -> Iterator[Emission]:
        """Yield that it connects and tells its states; it stays awake a little, and goes without a word."""
        self.connected_us[sensor] = at_us
        yield from self._connects(sensor, at_us)
        for _, entity, value in told:
            yield self._state(sensor, entity, value, at_us)

    def _told(self, said: Said) -> list[tuple[float, Entity, str]]:
        """Return how much later (s) which entity says what."""
        kind, node, on = said.sensor.kind, _node(said.sensor), "ON" if said.on else "OFF"
        told: list[tuple[float, Entity, str]] = []
        if kind is SensorKind.BUTTON and said.cause is Cause.BEGINS:
            fired = json.dumps({"event_type": "sos"}, separators=(",", ":"))
            times = self.random.randint(*_FIRES)
            told += [(number * _FIRES_EACH_S, node["Bedside Button"], fired) for number in range(times)]
        if kind is SensorKind.MOTION and said.cause in (Cause.BEGINS, Cause.AGAIN):
            told.append((0.0, node["PIR"], "ON"))
        if kind is SensorKind.MOTION and said.cause in (Cause.BEGINS, Cause.TIMER, Cause.REMEMBERED):
            told += [(_RADAR_S, node["mmWave"], on), (_RADAR_S, node["Occupancy"], on)]
        if kind is SensorKind.MOTION and said.cause is not Cause.TIMER and said.cause is not Cause.REPORT:
            told.append((_PIR_S if told[0][2] == "ON" else 0.0, node["PIR"], "OFF"))
        if node.state_of and (node.sleeps or said.cause is not Cause.REPORT):
            told += [(0.0, node[name], on) for name in node.state_of]
        if kind is SensorKind.PLUG or node.sleeps or said.cause in (Cause.REPORT, Cause.REMEMBERED):
            told += [(0.0, entity, self._measured(entity, said)) for entity in node.entities if entity.unit]
        if kind is SensorKind.BED and said.cause is Cause.REMEMBERED:
            told.append((0.0, node["Bed Occupied Right"], "OFF"))
        if kind is SensorKind.PLUG and said.cause is Cause.REMEMBERED:
            told.append((0.0, node["Athom Smart Plug V2"], "ON"))
        return sorted(told, key=lambda each: each[0])

    def _measured(self, entity: Entity, said: Said) -> str:
        """Return a number with the decimals of its entity."""
        full = said.battery / 100
        value = {
            "Battery": float(said.battery),
            "Battery Voltage": _VOLTS[0] + (_VOLTS[1] - _VOLTS[0]) * full,
            "Athom Smart Plug V2 Power": float(said.watts),
            "Athom Smart Plug V2 Current": said.watts / 230,
            "Athom Smart Plug V2 Total Energy": said.kwh,
            "Athom Smart Plug V2 Total Daily Energy": said.kwh % 1.0,
            "Bed Pressure Left": 71.0 if said.on else 22.0,
        }.get(entity.name, self.random.uniform(*entity.span))
        if entity.name == "Humidity" and self.random.random() < _NAN_SHARE:
            return "nan"
        return f"{value:.{entity.decimals}f}"

    def _connects(self, sensor: HomeSensor, at_us: int) -> Iterator[Emission]:
        """Yield birth, address and announcements, in ESPHome's order."""
        name, node = self._name(sensor), _node(sensor)
        if not node.sleeps:
            yield Emission(at_us, f"{name}/status", b"online", retain=True, qos=0)
        about = {"ip": "192.168.1.57", "name": name, "friendly_name": sensor.name, "port": 6053, "version": _VERSION,
                 "mac": mac(self.mark, sensor.name), "platform": node.platform, "board": node.board,
                 "network": "wifi"}  # fmt: skip
        yield _json(at_us, f"esphome/discover/{name}", about)
        for entity in node.entities:
            yield _json(at_us, f"homeassistant/{entity.component}/{name}/{entity.object_id}/config",
                        self._announced(sensor, entity))  # fmt: skip

    def _announced(self, sensor: HomeSensor, entity: Entity) -> dict[str, Any]:
        """Return an announcement: its own fields first, then those that every entity has."""
        name, node, address = self._name(sensor), _node(sensor), mac(self.mark, sensor.name)
        told = entity.fields() | {"name": entity.name, **entity.rest}
        topic = f"{name}/{entity.component}/{entity.object_id}"
        told["stat_t"] = f"{name}/status" if entity.is_status else f"{topic}/state"
        if entity.component == "switch":
            told["cmd_t"] = f"{topic}/command"
        if not node.sleeps:
            told["avty_t"] = f"{name}/status"
        told["uniq_id"] = f"ESP{entity.component}{entity.object_id}"  # of this node only, by the maker's default
        told["dev"] = {
            "ids": address, "name": sensor.name, "sw": node.software.format(_VERSION), "mdl": node.model,
            "mf": node.maker, "cns": [["mac", address]],
        }  # fmt: skip
        return told

    def _state(self, sensor: HomeSensor, entity: Entity, value: str, at_us: int) -> Emission:
        if entity.component != "event":
            self.known[sensor][entity] = value
        topic = f"{self._name(sensor)}/{entity.component}/{entity.object_id}/state"
        return Emission(at_us, topic, value.encode(), retain=True, qos=0)

    def _logged(self, sensor: HomeSensor, entity: Entity, value: str, at_us: int) -> Iterator[Emission]:
        words = {"binary_sensor": f"'{entity.name}': New state is {value}",
                 "event": f"'{entity.name}' Triggered event 'sos'"}.get(entity.component)  # fmt: skip
        if words is not None:
            line = f"\033[0;36m[D][{entity.component}:035]: {words}\033[0m"
            yield Emission(at_us, f"{self._name(sensor)}/debug", line.encode(), retain=True, qos=0)

    def _name(self, sensor: HomeSensor) -> str:
        """Return the node's name: below 32 letters, with its address's end."""
        return f"{_node(sensor).name}-{mac(self.mark, sensor.name)[2:]}"


def _node(sensor: HomeSensor) -> Node:
    return NODES[sensor.kind]


def _json(at_us: int, topic: str, body: dict[str, Any]) -> Emission:
    payload = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Emission(at_us, topic, payload.encode(), retain=True, qos=0)
