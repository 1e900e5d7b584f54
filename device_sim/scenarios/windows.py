"""In which time the event of an alert may lie to answer what is expected, and in which it must not lie.

``begun_us`` and ``ends_us`` are when that begins and ends which an expectation is about; the whole play, when it is
about nothing.
"""

from collections.abc import Mapping

from device_sim.scenarios.form import Expected
from device_sim.scenarios.listing import within_us
from device_sim.scenarios.moments import HOUR_US, MINUTE_US, SECOND_US, Span

#: How much earlier than what truly happened the event of its alert may lie. A fall's is its impact. A silence begins
#: with the last sign before it, which in the evening may be hours before somebody collapses. Wandering is dated from
#: where the way or the rooms began that showed it: up to the longest stretch looked back at, 32 minutes
#: (docs/detectors/wandering.md).
EARLIER_US = {"fall": 15 * SECOND_US, "inactivity": 6 * HOUR_US, "wandering": 35 * MINUTE_US}
EARLIER_OTHERS_US = 15 * SECOND_US
#: How much later: a fall's impact is at once; all else may begin to show until it ends.
LATER_US = {"fall": 15 * SECOND_US}


def must_lie(each: Expected, begun_us: int, ends_us: int) -> tuple[int, int]:
    """Return from when to when the event of what must be raised may lie, microseconds UTC."""
    from_us = begun_us - _earlier(each)
    if each.kind in LATER_US:
        return from_us, begun_us + LATER_US[each.kind]
    return from_us, max(ends_us, begun_us + within_us(each))


def must_not_lie(
    each: Expected, span: Span, anchors: Mapping[str, int], begun_us: int, ends_us: int
) -> tuple[int, int]:
    """Return from when to when nothing may be raised, microseconds UTC. Raises Unclear for a moment that is wrong."""
    from_us = begun_us if each.of is None else begun_us - _earlier(each)
    if each.begin is not None:
        from_us = span.resolve(each.begin, anchors)
    return from_us, ends_us if each.end is None else span.resolve(each.end, anchors)


def _earlier(each: Expected) -> int:
    return EARLIER_US.get(each.kind, EARLIER_OTHERS_US)
