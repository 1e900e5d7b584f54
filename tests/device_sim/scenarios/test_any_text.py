"""Whatever is typed: a file is either fine, and then it plays, or its mistakes are told; nothing else comes of it."""

import random
from contextlib import suppress
from itertools import islice

import pytest

from device_sim.scenarios import shelf, words
from device_sim.scenarios.compiling import compile_play
from device_sim.scenarios.mistakes import BadScenario
from tests.device_sim.scenarios.test_mistakes import GOOD

SEED = 20261123
PIECES = (
    "", " ", "  ", "\n", "\t", ":", ": ", "- ", "[", "]", "{", "}", ",", "#", "'", '"', "&a", "*a", "!!", "|", ">", "%",
    "none", "：", "start", "day 0", "-1", "1e400", "99999999999 days", "9999-12-31", "00:00", "after", "\u202e", "\x85",
    "null", "---", "...", "🙂", "1", "9",
)  # fmt: skip


def test_a_file_in_which_anything_was_typed_anywhere_never_breaks_the_reader() -> None:
    draw, fine = random.Random(SEED), 0
    for _ in range(300):
        text = GOOD
        for _ in range(draw.randint(1, 2)):
            at = draw.randrange(len(text))
            text = text[:at] + draw.choice(PIECES) + text[at + draw.randint(0, 8) :]
        with suppress(BadScenario):
            play = compile_play(shelf.from_text(text, "any.yaml"))
            assert all(play.start_us <= each.at_us for each in islice(play.emissions, 200))
            fine += 1
    assert fine > 5  # else nothing but the refusal was tried


@pytest.mark.parametrize("number", range(12))
def test_whatever_happens_in_a_file_without_mistakes_can_be_played_to_its_end(number: int) -> None:
    draw = random.Random(SEED + number)
    for _ in range(20):
        lasts = draw.choice(("40 min", "3 h", "30 h"))
        lines = [
            "id: any",
            "title: x",
            "base: couple",
            f"seed: {number}",
            f"start: 2026-03-0{draw.randint(2, 9)} 0{draw.randint(0, 9)}:00",
        ]
        lines += [f"lasts: {lasts}", "devices:", "  phone: {kind: phone, worn by: zhao}"]
        lines += ["  watch: {kind: wearable, worn by: chen, rate: 25 Hz, range: 4 g}", "happens:"]
        for _ in range(draw.randint(1, 4)):
            what = draw.choice(list(words.HAPPENINGS))
            word = words.HAPPENINGS[what]
            who = "zhao" if words.PHONE in word.seen_by else "chen"
            more = {
                "how": draw.choice(word.hows) if word.hows else "",
                "room": draw.choice(words.ROOMS),
                "for": draw.choice(("20 s", "3 min", "25 min", "2 h")),
                "between": "[bedroom, kitchen]",
            }
            said = "".join(f", {name}: {more[name]}" for name in word.needs)
            at = draw.choice(("5 s", "50 s", "4 min", "20 min", "2 h", "20 h"))
            lines.append(f"  - {{at: {at} after start, who: {who}, what: {what}{said}}}")
        lines.append("faults:")
        what = draw.choice(list(words.FAULTS))
        home = (
            "home: home"
            if what == "bridge down"
            else f"device: {'sensors, room: hall' if what == 'sticks' else 'watch'}"
        )
        lines.append(
            f"  - {{at: 2 min after start, what: {what}, {home}, for: {draw.choice(('10 s', '5 min', '1 h'))}}}"
        )
        try:
            play = compile_play(shelf.from_text("\n".join(lines), "any.yaml"))
        except BadScenario:
            continue
        assert sum(1 for _ in play.emissions) > 10, lines
        return
    pytest.fail("No file without a mistake was drawn.")
