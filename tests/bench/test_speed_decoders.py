"""``python -m bench speed decoders``: what it measures is there, and what is worse is called worse."""

import random

import pytest

from bench.fuzz import mutating
from bench.fuzz.playing import played, slowest
from bench.fuzz.seeds import SEEDS
from bench.speed import decoders
from bench.speed.command_decoders import compare
from ingest.decoders.families import FAMILIES


def test_each_family_has_seeds() -> None:
    assert set(SEEDS) == {family.NAME for family in FAMILIES}


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_the_seeds_of_a_family_are_its_own_and_say_something(name: str) -> None:
    speed = decoders.of_family(name, count=1)  # once: what is numbered by its sender says nothing the second time
    assert speed.readings_a_message > 0.2
    assert speed.us_a_message > speed.json_us


def test_a_bridge_says_something_with_each_message_and_an_event_writes_less_than_the_home() -> None:
    speed, written = decoders.of_bridge(50, count=400)
    assert speed.readings_a_message == 1
    assert 0 < written < 1000


def test_what_is_slower_by_more_than_noise_is_worse() -> None:
    def told(turns: float) -> dict[str, object]:
        return {"scenarios": {"tasmota": {"x_json": turns}, "gateway": {"100": {}}}}

    assert compare(told(50), told(60))[1] is False
    lines, worse = compare(told(50), told(70))
    assert worse and lines[0].startswith("worse")


def test_what_the_fuzzer_changes_stays_a_sequence_and_what_it_cannot_read_is_empty() -> None:
    rng = random.Random(5)
    messages = mutating.sequences(SEEDS["zigbee2mqtt"])[0]
    for _ in range(300):
        messages = mutating.mutated(messages, rng, SEEDS["zigbee2mqtt"], lambda data, _most: data[::-1])
        assert len(messages) <= mutating.MOST_MESSAGES
        assert mutating.loaded(mutating.dumped(messages)) == messages
        played(messages)
    assert mutating.loaded(b"\xff") == mutating.loaded(b'{"a":1}') == []
    assert slowest([]) == 0.0
