"""Whether announced devices can be heard: by their own topics, or by that of the bridge they are behind. Pure.

Source: Home Assistant's documentation of MQTT availability (``availability_mode``: all, any, latest).
"""

from ingest.decoders.draft import Draft
from ingest.decoders.ha_config import Availability
from ingest.decoders.ha_root import Root
from ingest.decoders.message import RawMessage
from ingest.decoders.template_filters import TemplateRefused
from ingest.decoders.templates import Payload, render
from ingest.decoders.told import Telling, bridge_id
from ingest.decoders.values import text_of

#: Devices that are told at once when their bridge goes down: a reading of each costs some 20 µs.
MOST_DEVICES = 150
_MARK = "available:"


def take(telling: Telling, root: Root, payload: Payload) -> bool:
    """Take what a topic says of the devices whose availability it is; False: it says nothing that is understood.

    One topic that says the same of several devices is their bridge's, and is told once.
    """
    message = telling.message
    said = root.availability.get(message.local, ())
    words = {_words(each): each for each in said}
    told = {key: _online(message, payload, each) for key, each in words.items()}
    online: dict[str, bool] = {}
    modes: dict[str, str] = {}
    for each in said:
        known = told[_words(each)]
        if known is not None and each.device not in online and len(online) < MOST_DEVICES:
            online[each.device], modes[each.device] = known, each.mode
    is_bridge = len(online) > 1 and len(words) == 1
    if is_bridge:
        bridge = telling.of(bridge_id(message, "ha", message.local), status=True)
        bridge.reachable(next(iter(online.values())), bridge=True)
    for device, now in online.items():
        draft = telling.of(device, status=True, derived=is_bridge)
        heard = _together(root, draft, device, message.local, now, modes[device])
        if is_bridge:
            draft.see("available", heard)
            draft.available = heard
        else:
            draft.reachable(heard)
    return bool(online)


def _words(said: Availability) -> tuple[str, str, str]:
    return said.template, said.online, said.offline


def _online(message: RawMessage, payload: Payload, said: Availability) -> bool | None:
    try:
        told = render(said.template, payload) if said.template else text_of(message.payload)
    except TemplateRefused:
        return None
    return {said.online: True, said.offline: False}.get(told or "")


def _together(root: Root, draft: Draft, device: str, topic: str, now: bool, mode: str) -> bool:
    """Return whether a device can be heard, by what all of its topics said last."""
    draft.values[f"{_MARK}{topic}"] = now
    if mode not in ("all", "any"):
        return now
    names = [name for name in draft.values if name.startswith(_MARK)]
    still = [name for name in names if _is_of(root, name.removeprefix(_MARK), device)]
    for name in set(names).difference(still):
        del draft.values[name]
    known = [draft.values[name] is True for name in still]
    return all(known) if mode == "all" else any(known)


def _is_of(root: Root, topic: str, device: str) -> bool:
    return any(each.device == device for each in root.availability.get(topic, ()))
