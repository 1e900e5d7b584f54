"""The platform's own word to a wearable that a message is on the disk: how far each boot of each leaf has come.

MQTT's acknowledgement comes from the broker, and a broker that is killed forgets what it had not handed on. This one
comes after the durable write. ``seq`` rises over what has come without a hole, so a device may let go of everything up
to it, and sends again what is behind it. Where the run begins is said too (``first``): what a device sent before this
process first heard of its boot may have gone to a broker that nobody listened to yet. Holes that a device cannot fill
(it dropped those messages, they were refused) must not hold up its memory for ever: after HOLE_MESSAGES later ones a
hole is taken for given up. Pure.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from schemas import topics
from schemas.messages import AckMessage
from schemas.reading import Reading, ReadingKind

#: Messages beyond a hole after which it is given up. A device sends again, oldest first, before so many new ones
#: (docs/wire.md): half a minute at two frames a second.
HOLE_MESSAGES = 64
#: Boots by device and leaf that are remembered; one that is forgotten begins anew with its next message. 200 B each.
REMEMBERED = 50_000

_LEAVES = {ReadingKind.FRAME: topics.IMU, ReadingKind.STATE: topics.STATE, ReadingKind.EVENT: topics.EVENT}
_OURS = f"{topics.ROOT}/"
_encoder = msgspec.json.Encoder()


@dataclass(slots=True)
class Run:
    """What of one boot and leaf is stored: all from ``first``, which came first, to ``upto``, and ``above`` beyond."""

    upto: int
    above: set[int] = field(default_factory=set)
    first: int = -1

    def __post_init__(self) -> None:
        if self.first < 0:
            self.first = self.upto

    def take(self, seq: int) -> None:
        """Note that ``seq`` is stored."""
        if seq <= self.upto:
            return
        self.above.add(seq)
        if len(self.above) > HOLE_MESSAGES:
            self.upto = min(self.above)
            self.above.remove(self.upto)
        while self.upto + 1 in self.above:
            self.upto += 1
            self.above.remove(self.upto)


class Acknowledger:
    """The runs of all devices."""

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit = limit
        self._runs: OrderedDict[tuple[str, str, int], Run] = OrderedDict()

    def stored(self, readings: Iterable[Reading]) -> list[tuple[str, bytes]]:
        """Take what is on the disk now, repetitions too; return the messages to publish, topic and payload.

        One for each device, leaf and boot that was heard, also when it says the same again: the last may be lost. What
        came from before its run's beginning is told apart, a message for each stretch of it.
        """
        heard: dict[tuple[str, str, int], Run] = {}
        before: dict[tuple[str, str, int], set[int]] = {}
        for reading in readings:
            leaf = _LEAVES.get(reading.kind)
            if leaf is None or reading.retain or reading.seq < 0 or not reading.topic.startswith(_OURS):
                continue
            key = (reading.device, leaf, reading.boot)
            run = heard[key] = self._runs.get(key) or Run(reading.seq)
            if reading.seq < run.first:
                before.setdefault(key, set()).add(reading.seq)
            run.take(reading.seq)
            self._remember(key, run)
        told = [(key, stretch) for key, seqs in before.items() for stretch in _stretches(seqs, heard[key])]
        told += [(key, (run.first, run.upto)) for key, run in heard.items()]
        return [
            (topics.of(device, topics.ACK), _encoder.encode(AckMessage(boot=boot, seq=upto, leaf=leaf, first=first)))
            for (device, leaf, boot), (first, upto) in told
        ]

    def _remember(self, key: tuple[str, str, int], run: Run) -> None:
        self._runs[key] = run
        self._runs.move_to_end(key)
        if len(self._runs) > self._limit:
            self._runs.popitem(last=False)


def _stretches(seqs: set[int], run: Run) -> list[tuple[int, int]]:
    """Return first and last of each stretch without a hole; one that reaches the run's beginning becomes part of it."""
    stretches: list[tuple[int, int]] = []
    for seq in sorted(seqs):
        if stretches and stretches[-1][1] == seq - 1:
            stretches[-1] = (stretches[-1][0], seq)
        else:
            stretches.append((seq, seq))
    if stretches[-1][1] == run.first - 1:
        run.first = stretches.pop()[0]
    return stretches
