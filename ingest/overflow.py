"""Who sends more than any device of its kind can have to say is not read for a while: the others must not wait behind.

One line leads into the gateway, and all that come on it wait for one another. A device that has run wild with 10,000
messages a second would hold back everybody's falls; read, bound, stored and watched, each of its seconds is several of
ours. So each sender has a store of messages that fills at RATE a second up to BURST. Whoever has used it up is shut out
until QUIET seconds have passed in which they kept to the rate. What is refused is acknowledged to the broker and never
to the device (docs/wire.md): a wearable that does heed acknowledgements still has it, and sends it again later.

Shut out and not thinned out: what a device sends behind a hole would tell it after some dozens that the hole is given
up. Pure; the time is given.
"""

from collections import OrderedDict
from dataclasses import dataclass

#: Two frames a second, a state and an event besides, and everything ten times; a whole sensor network's bridge sends
#: this under its own single topics.
RATE = 50.0
#: An hour's backlog at two frames a second is 7,200; it comes as fast as the broker takes it.
BURST = 10_000
#: Seconds within the rate after which somebody is listened to again.
QUIET = 10.0
#: Senders that are remembered; one that is forgotten begins with a full store. Some 150 bytes each.
REMEMBERED = 20_000
#: Devices' ids have 64 characters at most, and topics may have 64 KiB: the rest of a topic tells no sender apart.
NAME_CHARS = 128
_SECOND_US = 1_000_000


@dataclass(slots=True)
class _Sender:
    left: float
    at_us: int
    shut_until_us: int = 0


class Overflow:
    """The stores of all senders."""

    def __init__(
        self, *, rate: float = RATE, burst: int = BURST, quiet: float = QUIET, limit: int = REMEMBERED
    ) -> None:
        self._rate, self._burst, self._quiet_us, self._limit = rate, burst, round(quiet * _SECOND_US), limit
        self._senders: OrderedDict[str, _Sender] = OrderedDict()
        self._shut: dict[str, _Sender] = {}

    def refuses(self, name: str, now_us: int) -> bool:
        """Whether a message that came at ``now_us`` from this sender is not to be read; it counts either way."""
        name = name[:NAME_CHARS]
        sender = self._sender(name, now_us)
        passed_us = max(0, now_us - sender.at_us)  # a clock that was set back gives nobody anything
        sender.left = min(self._burst, sender.left + passed_us * self._rate / _SECOND_US)
        sender.at_us = now_us
        if sender.left < 1:
            sender.shut_until_us = now_us + self._quiet_us
            self._shut[name] = sender
            return True
        sender.left -= 1
        return name in self._shut and not self._is_over(name, now_us)

    def shut_out(self, now_us: int) -> list[str]:
        """Return who is shut out now."""
        return [name for name in list(self._shut) if not self._is_over(name, now_us)]

    def _sender(self, name: str, now_us: int) -> _Sender:
        sender = self._senders.get(name)
        if sender is None:
            sender = self._senders[name] = _Sender(float(self._burst), now_us)
            if len(self._senders) > self._limit:
                self._senders.popitem(last=False)
        self._senders.move_to_end(name)
        return sender

    def _is_over(self, name: str, now_us: int) -> bool:
        until_us = self._shut[name].shut_until_us
        # A clock that was set back an hour must not shut anybody out for one.
        if until_us - self._quiet_us <= now_us < until_us:
            return False
        del self._shut[name]
        return True
