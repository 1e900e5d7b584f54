"""Whatever a sender writes, of any family: no exception, 5 ms at most, a device that can be named, bounded memory."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuzz.seeds import SEEDS
from ingest.decoders.families import Families
from ingest.decoders.kept import Keeper
from ingest.decoders.memory import MOST_PRESSES, MOST_VALUES
from tests.ingest.decoders.arbitrary import bears, spoiled

#: Bytes of all that one device's messages may leave behind; the largest real one, a radar with forty values, has 2 kB.
MOST_MEMORY = 64 * 1024


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_spoiled_messages_of_each_family_are_borne(name: str) -> None:
    seeds = SEEDS[name]
    messages = [(topic, _body(payload)) for topic, payload in seeds]

    @settings(max_examples=60, deadline=None)
    @given(st.lists(spoiled(messages), max_size=8))
    def borne(sequence: list[tuple[str, bytes, bool]]) -> None:
        families = Families(trees=("",))
        bears(families, [*((topic, payload, False) for topic, payload in seeds), *sequence])
        for known in families.roots.values():
            for memory in known.memories.values():
                assert len(memory.values) <= MOST_VALUES and len(memory.presses) <= MOST_PRESSES
                assert len(msgspec.msgpack.encode(memory)) < MOST_MEMORY
        again = Families(trees=("",))
        assert Keeper(again).restore({name: part for name, part in Keeper(families).save().items() if part}) == []

    borne()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), st.binary(max_size=300), st.booleans()), max_size=5))
def test_any_bytes_on_any_topic_are_borne(sequence: list[tuple[str, bytes, bool]]) -> None:
    bears(Families(trees=("",)), sequence)


def _body(payload: bytes) -> object:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return payload
