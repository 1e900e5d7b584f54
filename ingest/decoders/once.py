"""Whether something that its sender numbers was told before: several at once, and only for a while. Pure.

A draft's press keeps one mark for each message; an uplink has a number of its own, and in it several records that have
numbers too. Numbers begin anew when a device loses its power, so that the same number much later is another thing.
"""

import zlib
from typing import Any

from ingest.decoders.draft import Draft
from ingest.decoders.memory import MOST_VALUES
from ingest.decoders.values import word

#: Marks remembered of each kind: several gateways tell several packets in any order.
MOST_MARKS = 8
#: A gateway is slower than another by this at most, s: a Wi-Fi that hangs, a queue.
LATE_S = 15
#: A beacon that repeats its last packet says it again within this, s; a number of eight bits does not come round in it.
SAME_PACKET_S = 60
_SECOND_US = 1_000_000


def again(draft: Draft, what: str, mark: str, within_s: int) -> bool:
    """Whether this was told within so many seconds; remembers that it is told now.

    The seconds are of the sender's clock where it is set, else of arrival.
    What the broker remembered, and what the sender says is of the past, is neither: it takes nothing from what comes.
    """
    if not draft.live:
        return False
    key = f"told:{what}"
    believed_us = draft.believed_us()
    now = (draft.arrival_us if believed_us is None else believed_us) // _SECOND_US
    told = _number(mark)
    known = str(draft.values.get(key, "")).split()
    for each in known:
        number, _, at = each.partition("@")
        if number == told and abs(now - int(at)) <= within_s:
            return True
    if key in draft.values or len(draft.values) < MOST_VALUES:
        draft.values[key] = " ".join([*known, f"{told}@{now}"][-MOST_MARKS:])
    return False


def overtaken(draft: Draft, what: str, mark: str) -> bool:
    """Whether a numbered thing is told behind a newer one: a slow gateway's copy, whose state is no longer true.

    Remembers the number. What was told longer ago than LATE_S is not that: it has begun to count anew.
    """
    if not again(draft, what, mark, LATE_S):
        return False
    newest = str(draft.values.get(f"told:{what}", "")).split()[-1:]
    return bool(newest) and newest[0].partition("@")[0] != _number(mark)


def press(draft: Draft, told: Any, *, button: str, packet: str) -> None:
    """Take a press that the packet of this number tells; ``packet`` "": its sender does not number them.

    A packet's number has eight bits and begins anew with the battery. So the same one is the same press only while it
    is repeated: never a minute after it was heard last.
    """
    name = word(told)
    key = f"pressed:{button}"
    if not packet or name is None or not draft.live or (key not in draft.values and len(draft.values) >= MOST_VALUES):
        draft.press(told, button=button, mark=packet)
        return
    now = draft.arrival_us // _SECOND_US
    number, _, at = str(draft.values.get(key, "")).partition("@")
    again = number == _number(f"{name} {packet}") and 0 <= now - int(at) <= SAME_PACKET_S
    draft.values[key] = f"{_number(f'{name} {packet}')}@{now}"
    if not again:
        draft.press(name, button=button, mark=f"{packet}@{now}")
    draft.dedupe_key = f"button:{button}:{name}:{packet}"


def _number(mark: str) -> str:
    return f"{zlib.crc32(mark.encode('utf-8', 'replace')):08x}"
