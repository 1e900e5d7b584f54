"""What of a scenario must be raised and what must not, with the times in which an alert's event may lie."""

from collections.abc import Mapping

from device_sim.play import Expectation
from device_sim.scenarios import windows
from device_sim.scenarios.check import endings
from device_sim.scenarios.form import Scenario
from device_sim.scenarios.listing import about, within_us
from device_sim.scenarios.moments import SECOND_US, Span


def expectations(
    scenario: Scenario, span: Span, anchors: Mapping[str, int], onsets: Mapping[str, int]
) -> tuple[Expectation, ...]:
    """Return the expectations of a scenario in the order of its file.

    ``anchors`` are the times of the keys; ``onsets`` of what truly begins later than written: wandering on a way.
    """
    ends = endings(scenario, anchors)
    made = []
    for number, each in enumerate(scenario.expected, 1):
        begun_us = span.start_us if each.of is None else onsets.get(each.of, anchors[each.of])
        ends_us = ends.get(each.of or "", span.end_us)
        if each.must:
            from_us, until_us = windows.must_lie(each, begun_us, ends_us)
        else:
            from_us, until_us = windows.must_not_lie(each, span, anchors, begun_us, ends_us)
        made.append(
            Expectation(
                key=f"{'must' if each.must else 'never'}-{number}",
                must=each.must,
                kind=each.kind,
                resident=about(scenario, each),
                event_us=begun_us if each.must else from_us,
                from_us=from_us,
                until_us=until_us,
                within_s=within_us(each) / SECOND_US if each.must else None,
                why=each.why,
            )
        )
    return tuple(made)
