"""What a Zigbee2MQTT bridge says of itself: up or down, its inventory and groups, who came and left. Pure."""

from typing import Any

from ingest.decoders.meaning import Meaning
from ingest.decoders.z2m_schema import MAX_DEVICES, Definition, definitions

#: What somebody should look at, as a sentence for a person.
SENTENCES = {
    "sensor_left": "A sensor left the Zigbee network: it must be paired again before it is heard.",
    "pairing_failed": "Pairing a sensor was not completed: pair it again.",
}


def online(body: Any) -> bool | None:
    """Return whether ``{"state": "online"}`` or the bare word says online; None when it says neither."""
    told = body.get("state") if isinstance(body, dict) else body
    return {"online": True, "offline": False}.get(told) if isinstance(told, str) else None


def groups(body: Any) -> tuple[str, ...]:
    """Return the names of groups: they publish like devices and are none."""
    entries = body if isinstance(body, list) else []
    names = (entry.get("friendly_name") for entry in entries if isinstance(entry, dict))
    return tuple(name for name in names if isinstance(name, str))[:MAX_DEVICES]


def inventory(payload: bytes) -> tuple[dict[str, Definition], Meaning] | None:
    """Return the announced devices by name and what the announcement means; None when it is no inventory."""
    told = definitions(payload)
    if told is None:
        return None
    found, count = told
    entities = tuple(
        {
            "device": name,
            "id": f"z2m-{definition.ieee}",
            "model": definition.model,
            "properties": sorted(definition.properties),
        }
        for name, definition in found.items()
    )
    return found, Meaning(entities=entities, announced=count)


def event(body: Any) -> Meaning:
    """Return what a ``bridge/event`` means: only a loss is worth somebody's attention."""
    kind = body.get("type") if isinstance(body, dict) else None
    data = body.get("data") if isinstance(body, dict) else None
    if kind == "device_leave":
        return Meaning(technical="sensor_left")
    if kind == "device_interview" and isinstance(data, dict) and data.get("status") == "failed":
        return Meaning(technical="pairing_failed")
    return Meaning()
