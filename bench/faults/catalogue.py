"""All faults by name, in the order in which a run puts them on."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.faults import disk, put, put_devices
from bench.faults.platform import SERVERS, STAGES
from bench.faults.put import Put

#: With one device out of its mind everybody else's alarms must come as ever: from the last sample that the decision
#: needed to the alert, seconds.
UNHARMED_S = 10.0


@dataclass(frozen=True)
class Fault:
    """One fault: ``put`` puts it on for about ``seconds`` and takes it off, and returns what it found broken."""

    name: str
    put: Put
    seconds: float
    refusal: Callable[[], str | None] = lambda: None
    #: How late an alert may be of those who have nothing to do with it; None: as late as the outage makes it.
    slowest_s: float | None = None
    #: How far the platform's clock is off meanwhile.
    offset_us: int = 0


def all_faults() -> list[Fault]:
    """Return every fault."""
    kills = [Fault(f"kill-{name}", put.killed(name), 2 * put.KILL_WITHIN_S) for name in (*STAGES, *SERVERS)]
    cuts = [Fault(f"cut-{name}", put.cut(name), put.CUT_S) for name in SERVERS]
    silences = [Fault(f"half-open-{name}", put.half_open(name), put.SILENT_S) for name in SERVERS]
    absences = [Fault(f"absent-{name}", put.absent(name), put.ABSENT_S) for name in SERVERS]
    disks = [Fault(f"full-{name}", put.full(name), put.FULL_S, disk.refusal) for name in ("nats", "postgres")]
    return [
        *kills,
        *cuts,
        *silences,
        Fault("flood", put_devices.flood, put_devices.FLOOD_S, slowest_s=UNHARMED_S),
        Fault("repeats", put_devices.repeats, 8.0, slowest_s=UNHARMED_S),
        Fault("backlog", put_devices.backlog, 10.0, slowest_s=UNHARMED_S),
        Fault("poison", put_devices.poison, 5.0, slowest_s=UNHARMED_S),
        Fault("refused-row", put_devices.refused_row, put_devices.REFUSED_S, slowest_s=UNHARMED_S),
        *disks,
        Fault("slow-disk", put.slow_disks, put.SLOW_S, disk.slow_refusal),
        *absences,
        Fault("clock-forward", put.jumped(put.JUMP_US), put.JUMPED_S, offset_us=put.JUMP_US),
        Fault("clock-back", put.jumped(-put.JUMP_US), put.JUMPED_S, offset_us=-put.JUMP_US),
        Fault("power-cut", put.power_cut, 15.0, disk.refusal),
    ]
