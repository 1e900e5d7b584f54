"""What of a scenario must be raised and what must not, with the times in which an alert's event may lie."""

from collections.abc import Mapping

from device_sim.play import Expectation
from device_sim.scenarios.check import lasting_us
from device_sim.scenarios.form import Expected, Scenario
from device_sim.scenarios.listing import about, within_us
from device_sim.scenarios.moments import HOUR_US, MINUTE_US, SECOND_US, Span

#: How much earlier than what truly happened the event of its alert may lie. A fall's is its impact. A silence begins
#: with the last sign before it, which in the evening may be hours before somebody collapses. Wandering is dated from
#: where the way or the rooms began that showed it: up to the longest stretch looked back at, 32 minutes
#: (docs/detectors/wandering.md).
EARLIER_US = {"fall": 15 * SECOND_US, "inactivity": 6 * HOUR_US, "wandering": 35 * MINUTE_US}
EARLIER_OTHERS_US = 15 * SECOND_US
#: How much later: a fall's impact is at once; all else may begin to show until it ends.
LATER_US = {"fall": 15 * SECOND_US}


def expectations(
    scenario: Scenario, span: Span, anchors: Mapping[str, int], onsets: Mapping[str, int]
) -> tuple[Expectation, ...]:
    """Return the expectations of a scenario in the order of its file.

    ``anchors`` are the times of the keys; ``onsets`` of what truly begins later than written: wandering on a way.
    """
    ends = {each.key: anchors[each.key] + lasting_us(each) for each in scenario.happens if each.key is not None}
    for fault in scenario.faults:
        if fault.key is not None and fault.lasts_us is not None:
            ends[fault.key] = anchors[fault.key] + fault.lasts_us
    made = []
    for number, each in enumerate(scenario.expected, 1):
        begun_us = span.start_us if each.of is None else onsets.get(each.of, anchors[each.of])
        ends_us = ends.get(each.of or "", span.end_us)
        made.append(
            Expectation(
                key=f"{'must' if each.must else 'never'}-{number}",
                must=each.must,
                kind=each.kind,
                resident=about(scenario, each),
                event_us=begun_us if each.must else _begins(each, span, anchors, begun_us),
                from_us=begun_us - _earlier(each) if each.must else _begins(each, span, anchors, begun_us),
                until_us=_until(each, begun_us, ends_us) if each.must else _ends(each, span, anchors, ends_us),
                within_s=within_us(each) / SECOND_US if each.must else None,
                why=each.why,
            )
        )
    return tuple(made)


def _earlier(each: Expected) -> int:
    return EARLIER_US.get(each.kind, EARLIER_OTHERS_US)


def _until(each: Expected, begun_us: int, ends_us: int) -> int:
    if each.kind in LATER_US:
        return begun_us + LATER_US[each.kind]
    return max(ends_us, begun_us + within_us(each))


def _begins(each: Expected, span: Span, anchors: Mapping[str, int], begun_us: int) -> int:
    if each.begin is not None:
        return span.resolve(each.begin, anchors)
    return begun_us if each.of is None else begun_us - _earlier(each)


def _ends(each: Expected, span: Span, anchors: Mapping[str, int], ends_us: int) -> int:
    return ends_us if each.end is None else span.resolve(each.end, anchors)
