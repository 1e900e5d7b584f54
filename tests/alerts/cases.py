"""Alerts as the figures of the review want them: one by hand, or some hundreds by a seed."""

import random

import msgspec

from alerts.reviewing import Case
from schemas.alert import Outcome
from schemas.finding import FindingKind
from tests.alerts.making import NOW, SECOND

DAY = 86_400 * SECOND


def case(name: str = "al_1", **changes: object) -> Case:
    usual = Case(
        alert=name, kind=FindingKind.FALL, detector="fall-1", device="w1", ward="pl_w", resident="re_1",
        raised_us=NOW, rang_us=NOW, answered_us=NOW + 30 * SECOND, outcome=Outcome.REAL_UNHURT, test=False,
    )  # fmt: skip
    return msgspec.structs.replace(usual, **changes)


def many(seed: int, n: int = 400) -> list[Case]:
    """Return alerts of ten days, some never answered, some silent at first, some of them nobody's."""
    chance = random.Random(seed)
    return [_one(chance, f"al_{number}") for number in range(n)]


def _one(chance: random.Random, name: str) -> Case:
    raised_us = NOW + chance.randrange(10 * DAY)
    rang_us = raised_us + (chance.randrange(900) * SECOND if chance.random() < 0.1 else 0)
    answered = chance.random() < 0.9
    return Case(
        alert=name,
        kind=chance.choice(list(FindingKind)),
        detector=chance.choice(["fall-1", "inactivity-3", "device"]),
        device=f"w{chance.randrange(8)}",
        ward=f"pl_{chance.randrange(4)}",
        resident=f"re_{chance.randrange(20)}",
        raised_us=raised_us,
        rang_us=rang_us,
        answered_us=raised_us + chance.randrange(400) * SECOND if answered else None,
        outcome=chance.choice(list(Outcome)) if answered and chance.random() < 0.95 else None,
        test=chance.random() < 0.05,
    )
