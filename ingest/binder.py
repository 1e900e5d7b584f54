"""Whose reading it is: every device's bindings, kept current from the BINDINGS bucket and applied by event time."""

import asyncio
import contextlib
import logging

import msgspec
import nats.errors
from nats.js import JetStreamContext

from ingest.buckets import stream_of
from ingest.connections import JetStreamLink
from ingest.health import stopped_within
from schemas import subjects
from schemas.places import Binding, decode_bindings, holder
from schemas.reading import Reading

#: The whole bucket is read anew this often, so that an update lost on the way heals by itself.
REFRESH_SECONDS = 60.0
#: Seconds to wait for the bucket's present content before trying again.
LOAD_SECONDS = 10.0


class Binder:
    """The bindings by device."""

    def __init__(self, link: JetStreamLink, js: JetStreamContext, log: logging.Logger) -> None:
        self._link, self._js, self._log = link, js, log
        self._bindings: dict[str, list[Binding]] = {}
        self.loaded = asyncio.Event()

    def bind(self, reading: Reading) -> Reading:
        """Return the reading with unit, resident, place and position of whoever had the device at its event time."""
        binding = holder(self._bindings.get(reading.device, []), reading.event_us, reading.end_us)
        if binding is None:
            return reading
        return msgspec.structs.replace(
            reading,
            unit=binding.unit,
            resident=binding.resident,
            place=binding.place,
            position=binding.position,
        )

    async def follow(self, stop: asyncio.Event) -> None:
        """Keep the bindings current until ``stop``; ``loaded`` is set once the present ones are known."""
        while not stop.is_set():
            try:
                await self._follow_once(stop)
            except (nats.errors.Error, OSError, TimeoutError) as error:
                self._log.debug("Bindings cannot be followed now: %s", error)
                await stopped_within(stop, 0.5)

    async def _follow_once(self, stop: asyncio.Event) -> None:
        """Read all bindings, then updates, until the connection was lost or it is time to read all again."""
        self._link.back.clear()
        bucket = await self._js.key_value(subjects.BINDINGS)
        nothing_there = not (await self._js.stream_info(stream_of(subjects.BINDINGS))).state.messages
        watcher = await bucket.watchall()
        fresh: dict[str, list[Binding]] | None = None if nothing_there else {}
        if nothing_there:
            self._all_known({})
        deadline = asyncio.get_running_loop().time() + REFRESH_SECONDS
        try:
            while not stop.is_set() and not self._link.back.is_set():
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0:
                    return
                patience = min(left, 0.5 if fresh is None else LOAD_SECONDS)
                try:
                    entry = await watcher.updates(timeout=patience)  # type: ignore[no-untyped-call]
                except nats.errors.TimeoutError:
                    if fresh is not None:
                        raise
                    continue
                if entry is None:  # the client's sign that all have come may come before the first (ingest.buckets)
                    continue
                self._take(self._bindings if fresh is None else fresh, entry.key, entry.value, entry.operation)
                if fresh is not None and not entry.delta:
                    self._all_known(fresh)
                    fresh = None
        finally:
            with contextlib.suppress(nats.errors.Error):
                await watcher.stop()  # type: ignore[no-untyped-call]

    def _all_known(self, fresh: dict[str, list[Binding]]) -> None:
        self._bindings = fresh
        self.loaded.set()

    def _take(self, into: dict[str, list[Binding]], device: str, value: bytes | None, operation: str | None) -> None:
        if operation is not None or value is None:
            into.pop(device, None)
            return
        try:
            into[device] = decode_bindings(value)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            self._log.warning("The bindings of device %s cannot be read (%s); the last known ones stay.", device, error)
            if device in self._bindings:
                into[device] = self._bindings[device]
