"""Presses: never cached, so one that is there happened; told several times, and still one. Pure."""

from fnmatch import fnmatchcase
from typing import Any

from ingest.decoders import z2m_names, z2m_values
from ingest.decoders.draft import PRESS_AGAIN_US
from ingest.decoders.values import word
from ingest.decoders.z2m_memory import Draft


def action(draft: Draft, value: Any) -> None:
    """Take a press, or what happened to a thing; null and empty are none."""
    if value is None or value == "" or draft.retain:  # null and empty are the end of a press, not one
        return
    pressed = word(value)
    expose = draft.expose("action")
    allowed = expose.words if expose is not None else ()
    calls = draft.definition is not None and draft.definition.calls
    help_wanted = pressed in z2m_values.SOS_ACTIONS or (calls and pressed in z2m_names.PRESSES)
    if pressed is None or (
        allowed and not help_wanted and not any(fnmatchcase(pressed, pattern) for pattern in allowed)
    ):
        draft.unknown.append("action")
        return
    draft.dedupe_key = f"action:{pressed}"
    if _pressed_already(draft, pressed):
        return
    draft.pressed = (pressed, "", "")
    if help_wanted:
        draft.happen("sos", True)
    elif pressed in z2m_values.OBJECT_ACTIONS:
        draft.happen(z2m_values.OBJECT_ACTIONS[pressed], True)
    else:
        draft.happen("button", pressed)


def _pressed_already(draft: Draft, pressed: str) -> bool:
    memory = draft.memory
    if memory.press != pressed:
        return False
    if draft.claimed_us is not None and draft.claimed_us == memory.last_seen_us:
        return True  # the very same message of the device, told again
    return abs(draft.arrival_us - memory.press_us) < PRESS_AGAIN_US
