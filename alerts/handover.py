"""How one shift becomes the next: begun, noted, handed over, and taken over by name. Pure.

Rules of this file:

- One shift runs at a place. Whoever begins while it runs joins it; past its end they begin the next one, and what was
  never handed over stands open until somebody has taken it over.
- Handed over and taken over are two acts of two people: nobody takes over from themselves.
- Whoever takes over is on the next shift with that press.
- Not taken over 15 minutes after its end a shift shows as open: somebody left, and nobody said "I have it".
"""

from datetime import timedelta

import msgspec

from alerts.rota import interval_us, local_date
from schemas.errors import BrokenRule
from schemas.rota import Rota
from schemas.shift import Crew, LeftOpen, Shift

_SECOND_US = 1_000_000
_MINUTE_US = 60 * _SECOND_US
#: A handover at the bedside takes some minutes; a quarter of an hour after its end everybody has gone home.
OPEN_AFTER_US = 15 * _MINUTE_US
#: Who comes so long before a shift begins comes for that one.
EARLY_US = 60 * _MINUTE_US
#: Nobody is on for longer; one of which nobody said until when is over by then.
LONGEST_US = 16 * 60 * _MINUTE_US
#: A wearable sends every second or so; on the charger, in the shower and out of range it is silent for some minutes.
WEARABLE_SILENT_US = 10 * _MINUTE_US
#: A door that nobody opens says nothing all night; most sensors say once an hour, or a day, that they live.
SENSOR_SILENT_US = 24 * 60 * _MINUTE_US
#: Below this, in %, a watch does not last the next shift.
LOW_BATTERY = 20.0


def shift_at(rota: Rota, now_us: int) -> tuple[str, int | None]:
    """Return the name and the end of the shift that somebody begins at ``now_us``; "" and None without a rota."""
    today = local_date(rota, now_us)
    found = []
    for n in (-1, 0, 1):
        for shift in rota.shifts:
            start_us, end_us = interval_us(rota, shift, today + timedelta(days=n))
            if start_us - EARLY_US <= now_us < end_us:
                found.append((start_us, end_us, shift.name))
    if not found:
        return "", None
    _, end_us, name = max(found)  # of two the one that began last, or is about to
    return name, end_us


def begun(running: Shift | None, new: Shift, *, sound: bool) -> tuple[Shift | None, Shift]:
    """Return what becomes of the shift that runs (None: nothing is written of it), and the shift that one is on then.

    ``new`` is the shift that would begin: its first of the crew is who begins.
    """
    who, now_us = new.begun_by, new.begun_us
    mine = Crew(account=who, since_us=now_us, sound=sound)
    if running is None:
        return None, msgspec.structs.replace(new, crew=(mine,))
    there = next((each for each in running.crew if each.account == who), None)
    ends_us = running.begun_us + LONGEST_US if running.ends_us is None else running.ends_us
    if there is None and now_us >= ends_us:
        ended = msgspec.structs.replace(running, handed_us=now_us, handed_by="")
        return ended, msgspec.structs.replace(new, crew=(mine,))
    kept = msgspec.structs.replace(there, sound=sound or there.sound) if there is not None else mine
    crew = (*(each for each in running.crew if each.account != who), kept)
    return None, msgspec.structs.replace(running, crew=crew)


def noted(shift: Shift, note: str) -> Shift:
    """Return a shift with its note for the next one. BrokenRule ``handed_over``."""
    _must_run(shift)
    return msgspec.structs.replace(shift, note=note)


def handed_over(shift: Shift, by: str, note: str | None, left: tuple[LeftOpen, ...], now_us: int) -> Shift:
    """Return a shift that is handed over, with what is open now. BrokenRule ``handed_over``."""
    _must_run(shift)
    kept = shift.note if note is None else note
    return msgspec.structs.replace(shift, handed_us=now_us, handed_by=by, note=kept, left_open=left)


def accepted(shift: Shift, by: str, now_us: int) -> Shift:
    """Return a shift that somebody took over. BrokenRule ``not_handed_over``, ``taken_over``, ``yourself``."""
    if shift.handed_us is None:
        raise BrokenRule("not_handed_over", "This shift still runs; it must be handed over first.")
    if shift.accepted_by is not None:
        if shift.accepted_by == by:
            return shift
        raise BrokenRule("taken_over", f"{shift.accepted_by} has taken this shift over already.")
    if shift.handed_by == by:
        raise BrokenRule("yourself", "You handed this shift over yourself: somebody else must take it.")
    return msgspec.structs.replace(shift, accepted_us=now_us, accepted_by=by)


def is_open(shift: Shift, now_us: int) -> bool:
    """Whether nobody took a shift over though it ended 15 minutes ago."""
    if shift.accepted_by is not None:
        return False
    ended_us = max(shift.ends_us or 0, shift.handed_us or 0)
    return bool(ended_us) and now_us >= ended_us + OPEN_AFTER_US


def device_trouble(*, wearable: bool, seen_us: int | None, battery: float | None, now_us: int) -> str | None:
    """Return what is the matter with somebody's device: ``unheard``, ``silent``, ``battery``; None: nothing."""
    if seen_us is None:
        return "unheard"
    if now_us - seen_us > (WEARABLE_SILENT_US if wearable else SENSOR_SILENT_US):
        return "silent"
    return "battery" if battery is not None and battery < LOW_BATTERY else None


def _must_run(shift: Shift) -> None:
    if shift.handed_us is not None:
        by = shift.handed_by or "The next shift"
        raise BrokenRule("handed_over", f"{by} has ended this shift already: it was handed over.")
