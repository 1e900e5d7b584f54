"""Whatever is scripted and whatever breaks: deeds and messages come in order, and people are at one place at a time."""

from itertools import pairwise
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from device_sim.living.deeds import Change, Doing
from device_sim.living.faults import Fault, FaultKind
from device_sim.living.glimpses import THINGS
from device_sim.living.life import live
from device_sim.living.lives import household
from device_sim.living.sensing import sense
from device_sim.living.wiring import Wiring, standard_set
from tests.device_sim.living.test_life import HOUR, MINUTE, START, ZONE
from tests.device_sim.living.watched import DAY, SECOND

END = START + 5 * DAY


@given(st.integers(0, 2**32))
@example(17636058)  # somebody fell while cooking, and went to the fridge before
@example(8894)  # a sensor spoke while its bridge was starting
@settings(max_examples=10, deadline=None)
def test_any_life_with_any_scripts_and_faults_is_in_order(seed: int) -> None:
    random = Random(seed)
    home = household(random.randint(0, 500), seed)
    deeds = list(live(home, START, END, ZONE, seed, _changes(random, home.people[0].key)))
    assert all(one.from_us <= other.from_us for one, other in pairwise(deeds))
    for person in home.people:
        done = [deed for deed in deeds if deed.who == person.key and deed.what not in THINGS]
        assert all(one.to_us <= other.from_us + 1 for one, other in pairwise(done))
    wiring = Wiring("any", standard_set(home))
    faults = [_fault(random, [sensor.name for sensor in wiring.sensors]) for _ in range(3)]
    sent = list(sense(deeds, wiring, START, END, seed, faults))
    assert all(one.at_us <= other.at_us for one, other in pairwise(sent))
    assert all(START <= each.at_us <= END + 3 * SECOND for each in sent)


def _changes(random: Random, who: str) -> list[Change]:
    changes, at_us = [], START + random.randint(0, 2 * DAY)
    for _ in range(4):
        doing, until_us = random.choice(list(Doing)), at_us + random.randint(MINUTE, 10 * HOUR)
        name = "visitor" if doing is Doing.VISIT else who
        changes.append(Change(name, doing, at_us, until_us, returns=random.random() < 0.5))
        at_us = until_us + random.randint(0, 12 * HOUR)
    return changes


def _fault(random: Random, sensors: list[str]) -> Fault:
    from_us = START + random.randint(0, 4 * DAY)
    return Fault(
        random.choice(list(FaultKind)), from_us, from_us + random.randint(0, 2 * DAY), random.choice([None, *sensors])
    )
