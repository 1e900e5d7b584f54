"""Sends one by one, until what comes is a flood of one cause; then what comes in the next seconds is one message.

What is gathered here stands *claimed* in DELIVERIES: killed meanwhile, all of it is sent again, and gathered again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from alerts import flood
from notify.channels import Channels, Outcome, Told
from schemas.ladder import Case, Delivery


@dataclass(frozen=True, slots=True)
class Item:
    """One message on its way: what it is about, and how it would be said alone."""

    case: Case
    delivery: Delivery
    told: Told
    name: str
    place: str


@dataclass(slots=True)
class _Batch:
    items: list[Item] = field(default_factory=list)
    done: "asyncio.Future[Outcome]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


#: Makes one link for all of a flood; and says all of it in one message.
Link = Callable[[Sequence[Item]], Awaitable[str | None]]
Say = Callable[[Sequence[Item], str | None], Told]


class Gatherer:
    """Between the sender and the channels."""

    def __init__(self, channels: Channels, link: Link, say: Say) -> None:
        self._channels, self._link, self._say = channels, link, say
        self._sent: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._open: dict[tuple[str, str], _Batch] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, item: Item) -> Outcome:
        """Send, alone or with others; raises nothing."""
        cause = flood.cause_of(item.case.kind, item.case.code, item.case.severity)
        if cause is None or item.told.body.get("test"):
            return await self._alone(item)
        key, now_s = (item.delivery.address, cause), asyncio.get_running_loop().time()
        self._sent[key] = [at for at in self._sent[key] if now_s - at < flood.WINDOW_S]
        batch = self._open.get(key)
        if batch is None:
            if not flood.is_flood(self._sent[key], now_s):
                self._sent[key].append(now_s)
                return await self._alone(item)
            batch = self._open[key] = _Batch()
            task = asyncio.ensure_future(self._fire(key, batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        batch.items.append(item)
        return await asyncio.shield(batch.done)

    async def _alone(self, item: Item) -> Outcome:
        sent = item.delivery
        return await self._channels.send(sent.channel, sent.address, item.told, sent.key)

    async def _fire(self, key: tuple[str, str], batch: _Batch) -> None:
        await asyncio.sleep(flood.GATHER_S)
        del self._open[key]
        self._sent[key].append(asyncio.get_running_loop().time())
        first = batch.items[0]
        try:
            if len(batch.items) == 1:
                outcome = await self._alone(first)
            else:
                told = self._say(batch.items, await self._link(batch.items))
                outcome = await self._channels.send(
                    first.delivery.channel, first.delivery.address, told, first.delivery.key
                )
        except Exception as error:  # whoever waits must not wait for ever
            outcome = Outcome(ok=False, unknown=True, error=f"fault in gathering: {type(error).__name__}")
        batch.done.set_result(outcome)


__all__ = ["Gatherer", "Item"]
