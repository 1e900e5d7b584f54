"""What the families know, saved: after a kill at any moment, in any order of reading, the last state is known again."""

import random

import pytest

from ingest.decoders.families import Families
from ingest.decoders.kept import COMPACT, RING, Keeper
from ingest.decoders.message import RawMessage
from tests.ingest.decoders.hearing import NOW, SECOND

BASE = "zigbee2mqtt"


class Shelf:
    """A bucket: takes what a save writes, as a whole or as far as a kill lets it."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}

    def take(self, written: dict[str, bytes | None], most: int | None = None) -> None:
        for name, data in list(written.items())[:most]:
            if data is None:
                self.parts.pop(name, None)
            else:
                self.parts[name] = data


def known(families: Families) -> dict[str, object]:
    return {device: memory.values for each in families.roots.values() for device, memory in each.memories.items()}


def again(shelf: Shelf) -> Families:
    families = Families([BASE])
    assert Keeper(families).restore(shelf.parts) == []
    return families


@pytest.mark.parametrize("seed", range(5))
def test_whatever_was_saved_is_known_again_after_any_number_of_saves_and_restarts(seed: int) -> None:
    rng, shelf, families = random.Random(seed), Shelf(), Families([BASE])
    keeper = Keeper(families)
    for number in range(3 * RING):
        for _ in range(rng.randint(1, 4)):
            name = f"door {rng.randrange(40)}"
            body = b'{"contact":%s,"battery":%d}' % (rng.choice((b"true", b"false")), rng.randrange(100))
            families.decode(RawMessage(f"{BASE}/{name}", body, False, NOW + number * SECOND))
        shelf.take(keeper.save())
        if rng.random() < 0.05:
            families = again(shelf)
            keeper = Keeper(families)
            keeper.restore(shelf.parts)
        assert known(again(shelf)) == known(families)


def test_a_save_writes_what_changed_and_not_the_home() -> None:
    families = Families([BASE])
    keeper = Keeper(families)
    for number in range(500):
        families.decode(RawMessage(f"{BASE}/door {number}", b'{"contact":true}', False, NOW))
    whole = sum(len(data or b"") for data in keeper.save().values())
    families.decode(RawMessage(f"{BASE}/door 7", b'{"contact":false}', False, NOW + SECOND))
    one = sum(len(data or b"") for data in keeper.save().values())
    assert one < whole / 250
    assert keeper.save() == {}, "nothing has changed since"


def test_a_kill_in_the_middle_of_a_save_loses_nothing_of_the_saves_before() -> None:
    families, shelf = Families([BASE]), Shelf()
    keeper = Keeper(families)
    for number in range(COMPACT + 1):
        families.decode(
            RawMessage(f"{BASE}/door {number % 30}", b'{"contact":%s}' % _word(number), False, NOW + number)
        )
        before = known(again(shelf))
        shelf.take(keeper.save(), most=1 if number == COMPACT - 1 else None)  # the delta stands first
        told = known(again(shelf))
        assert before.keys() <= told.keys()
    assert told == known(families)


def _word(number: int) -> bytes:
    return b"true" if number % 2 else b"false"


def test_what_was_forgotten_is_not_remembered_again() -> None:
    families, shelf = Families([BASE]), Shelf()
    keeper = Keeper(families)
    families.decode(RawMessage(f"{BASE}/old door", b'{"contact":true}', False, NOW))
    shelf.take(keeper.save())
    for number in range(1000):
        families.decode(RawMessage(f"{BASE}/door {number}", b'{"contact":true}', False, NOW + number))
    assert not any("old-door" in device for device in known(families))
    for number in range(3 * RING):
        families.decode(RawMessage(f"{BASE}/door 5", b'{"contact":%s}' % _word(number), False, NOW + SECOND * number))
        shelf.take(keeper.save())
        assert not any("old-door" in device for device in known(again(shelf)))
