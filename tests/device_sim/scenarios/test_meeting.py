"""A slide that nobody could be sure of and then a silent home, simulated, through decoders and detectors."""

import pytest

from detectors import meeting
from device_sim.play import Staging
from device_sim.scenarios import shelf
from device_sim.scenarios.compiling import compile_play
from schemas.finding import Finding, FindingKind, Stage
from tests.device_sim.scenarios import rehearsal

MINUTE = 60_000_000
LIFE = """
id: slides-and-lies
title: Slides from her chair and stays down
base: lives-alone
seed: 105
start: 2026-03-02 00:00
lasts: 11 days
devices:
  watch: {{kind: wearable, worn by: wang, position: waist}}
happens:
  - {{at: "day 11 15:10", who: wang, what: falls, how: from a chair, room: living room, for: {lies}, key: slide}}
expect:
  - {{kind: fall, of: slide, within: 2 h}}
"""


def found(lies: str) -> tuple[list[Finding], int]:
    play = compile_play(shelf.from_text(LIFE.format(lies=lies), "life.yaml"), Staging(mark="m"))
    return rehearsal.findings(play), play.expectations[0].event_us


def test_a_slide_that_is_never_sure_is_told_with_the_silence_after_it_sooner_than_the_silence_alone() -> None:
    told, at_us = found("5 h")
    of_fall = [each for each in told if each.kind is FindingKind.FALL and each.model != meeting.MODEL]
    assert {each.stage for each in of_fall} == {Stage.POSSIBLE}, "no longer a test of what is weak"
    met, over = [each for each in told if each.model == meeting.MODEL]
    silent = next(each for each in told if each.kind is FindingKind.INACTIVITY)
    assert (met.stage, over.stage, met.resident) == (Stage.CONFIRMED, Stage.RECOVERED, "wang")
    assert at_us + 30 * MINUTE <= met.decided_us <= at_us + 120 * MINUTE
    assert met.decided_us < silent.decided_us - 30 * MINUTE
    codes = {reason.code for reason in met.evidence.reasons}
    assert {"weak_fall", "soft_descent", "no_movement", "quiet_home"} <= codes


@pytest.mark.parametrize("lies", ["5 min", "20 min"])
def test_who_gets_up_again_in_time_is_told_of_by_nobody(lies: str) -> None:
    told, _ = found(lies)
    assert [each for each in told if each.stage is Stage.CONFIRMED and each.kind is FindingKind.FALL] == []
