"""By columns and item by item, over many short lives in which the rare is common: the same findings, the same state."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.host import Host
from detectors.inactivity import InactivityConfig
from detectors.inactivity_replay import Relearner
from tests.detectors.rare_homes import UNIT, rare_home
from tests.detectors.test_home_replay import at_once, encoded, stored
from tests.reference.naive_replay import Relearner as NaiveRelearner

#: Homes that are played; ``SHOUWANG_FUZZ=500 python -m pytest -p tests.fuzz`` of this file draws more, and others.
HOMES = 14
#: What a false alarm costs, hours: as set, and so little that a silence rings within minutes of half an hour.
PRICES_H = (None, 3.0, 30.0)


@settings(max_examples=HOMES, deadline=None, derandomize=True)
@given(number=st.integers(0, 2**31), cut=st.booleans())
def test_at_once_and_item_by_item_find_and_know_the_same(number: int, cut: bool) -> None:
    items = rare_home(number)
    cuts = sorted(np.random.default_rng(number).integers(0, len(items), 4).tolist()) if cut else []
    setting = InactivityConfig(price_h=PRICES_H[number % len(PRICES_H)])
    host, other = Host(inactivity=setting), Host(inactivity=setting)
    for start, end in pairwise([0, *cuts, len(items)]):
        assert encoded(at_once(other, items[start:end])) == encoded(host.update(items[start:end]))
        assert other.snapshot() == host.snapshot()
        assert other.changed() == host.changed()
        assert other.errors == host.errors == []


@settings(max_examples=HOMES, deadline=None, derandomize=True)
@given(number=st.integers(0, 2**31))
def test_a_rhythm_is_learnt_anew_as_message_after_message(number: int) -> None:
    readings = sorted(filter(stored, rare_home(number)), key=lambda each: each.arrival_us)
    cuts = sorted(np.random.default_rng(number).integers(0, len(readings), 3).tolist())
    ours, naive = Relearner(UNIT), NaiveRelearner(UNIT)
    for start, end in pairwise([0, *cuts, len(readings)]):
        ours.update(readings[start:end])
    naive.update(readings)
    assert ours.learnt() == naive.learnt()
    assert ours.habits() == naive.habits()
    assert list(ours.errors()) == list(naive.errors()) == []
