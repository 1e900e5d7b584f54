"""Findings, frames and homes as tests want them. Times begin at NOW, a round moment far from the wall clock."""

import numpy as np

from schemas import frame as wire
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from schemas.frame import Frame, FrameFlag
from schemas.places import Binding, PlaceKind
from schemas.reading import Clock, Observation, Reading, ReadingKind
from store import people
from store.pool import Pool

SECOND = 1_000_000
#: 2026-09-21 13:46:40 UTC; a whole minute is at NOW - 40 s.
NOW = 1_790_000_000 * SECOND


def finding(name: str = "f1", *, stage: Stage = Stage.CONFIRMED, at_us: int = NOW, resident: str = "re_1") -> Finding:
    return Finding(
        id=name * 16,
        kind=FindingKind.FALL,
        stage=stage,
        unit="pl_1",
        resident=resident,
        device="w1",
        event_us=at_us,
        start_us=at_us - SECOND,
        end_us=at_us + 20 * SECOND,
        decided_us=at_us + 20 * SECOND,
        heard_us=at_us + 21 * SECOND,
        score=0.987654321,
        anchor="w1:1:7:frame",
        model="fall-1",
        evidence=Evidence(
            phases=(Phase("impact", at_us, at_us + 1),), reasons=(Reason("impact", {"g": 3.1}),), features={"peak": 3.1}
        ),
    )


def frame(
    device: str, seq: int, event_us: int, *, resident: str | None = "re_1", g: float = 1.0, battery: int = 80
) -> Reading:
    """A second of 50 Hz at a constant magnitude of ``g``, worn."""
    samples = np.zeros((50, 3), dtype=np.int16)
    samples[:, 2] = round(g * 4096)
    block = Frame(FrameFlag.WEAR_KNOWN, 1, seq, seq * SECOND, 0, 20_000_000, battery, 1 / 4096, 0.0, 0, samples)
    return Reading(
        kind=ReadingKind.FRAME,
        arrival_us=event_us + SECOND + 50_000,
        event_us=event_us,
        end_us=event_us + block.duration_us,
        device=device,
        unit="pl_1" if resident else None,
        resident=resident,
        boot=1,
        seq=seq,
        clock=Clock.BOOT,
        topic=f"sw/v1/{device}/imu",
        payload=wire.encode(block),
        position="wrist",
    )


def state(device: str, seq: int, event_us: int, *observations: Observation, boot: int = 1) -> Reading:
    return Reading(
        kind=ReadingKind.STATE,
        arrival_us=event_us + 100_000,
        event_us=event_us,
        end_us=event_us,
        device=device,
        unit="pl_1",
        resident="re_1",
        boot=boot,
        seq=seq,
        clock=Clock.DEVICE,
        topic=f"sw/v1/{device}/state",
        payload=f"{device}:{boot}:{seq}".encode(),
        observations=observations,
    )


async def a_home(pool: Pool) -> None:
    """Two homes pl_1 and pl_2, residents re_1 and re_2 in the first, re_3 in the second, and device w1."""
    for place in ("pl_1", "pl_2"):
        await people.add_place(pool, name=place, kind=PlaceKind.HOME, now_us=NOW, place_id=place)
    for resident, unit in (("re_1", "pl_1"), ("re_2", "pl_1"), ("re_3", "pl_2")):
        await people.add_resident(pool, name=f"王 {resident}", unit=unit, now_us=NOW, resident_id=resident)
    await people.add_device(pool, device_id="w1", kind="wearable", now_us=NOW)


def worn(start_us: int, end_us: int | None = None, *, resident: str = "re_1", unit: str = "pl_1") -> Binding:
    return Binding(device="w1", unit=unit, resident=resident, start_us=start_us, end_us=end_us, position="wrist")
