"""A temporary ear at the broker: one clean session, QoS 0, a bounded inbox; for somebody who looks at what arrives.

Apart from the gateway's session in everything: what is heard here is acknowledged to nobody and kept nowhere, and what
comes too fast is dropped and counted.
"""

import asyncio
import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from ingest.connections import MqttAddress
from ingest.decoders.message import RawMessage
from ingest.mqtt_reader import KEEPALIVE_SECONDS, RECONNECT_MAX, RECONNECT_MIN, Delivery, Inbox, is_ack

log = logging.getLogger("ingest.ear")

#: What may wait for somebody's screen.
WAITING_MESSAGES, WAITING_BYTES = 1000, 4 * 1024 * 1024


class EarState(StrEnum):
    """How an ear is: only while ``listening`` does silence mean that nothing was said."""

    CONNECTING = "connecting"
    LISTENING = "listening"
    AWAY = "away"  # the broker cannot be reached; it is tried again for ever
    REFUSED = "refused"  # the broker's access list forbids this


class Ear:
    """Hears what matches ``wanted`` until ``close``, and before it what ``beside`` matches. Made in the event loop.

    ``clock`` gives the time of arrival, microseconds since 1970 UTC.
    """

    def __init__(
        self, address: MqttAddress, wanted: str, clock: Callable[[], int], *, beside: Sequence[str] = ()
    ) -> None:
        # What helps to understand comes first: what the broker remembers of it is then heard first too.
        self._steps = [[(each, 0) for each in group] for group in (tuple(beside), (wanted,)) if group]
        self._asked = 0
        self._clock = clock
        self._inbox = Inbox(asyncio.get_running_loop(), WAITING_MESSAGES, WAITING_BYTES)
        self.state = EarState.CONNECTING
        self._client = client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"shouwang-ear-{secrets.token_hex(4)}",
            clean_session=True,
            protocol=mqtt.MQTTv311,
        )
        if address.user is not None:
            client.username_pw_set(address.user, address.password)
        client.reconnect_delay_set(RECONNECT_MIN, RECONNECT_MAX)
        client.on_connect, client.on_connect_fail = self._on_connect, self._on_connect_fail
        client.on_subscribe, client.on_disconnect = self._on_subscribe, self._on_disconnect
        client.on_message = self._on_message
        client.connect_async(address.host, address.port, KEEPALIVE_SECONDS)
        self._thread = threading.Thread(target=self._run, name="mqtt ear", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """How many messages found no room."""
        return self._inbox.dropped

    @property
    def alive(self) -> bool:
        """Whether its thread still runs."""
        return self._thread.is_alive()

    async def take(self, limit: int, limit_bytes: int, wait: float) -> list[RawMessage]:
        """Return what has come, oldest first, waiting up to ``wait`` seconds for the first."""
        return [each.message for each in await self._inbox.take(limit, limit_bytes, wait)]

    def close(self) -> None:
        """Hang up; the thread ends by itself a moment later."""
        self._inbox.close()
        self._inbox.wake()
        self._client.disconnect()

    def _run(self) -> None:
        try:
            self._client.loop_forever(retry_first_connection=True)
        except Exception:
            self.state = EarState.AWAY
            log.exception("An ear at the broker ended.")

    def _on_connect(self, client: mqtt.Client, _user: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self.state = EarState.REFUSED
            return
        self._asked = 0
        client.subscribe(self._steps[0])

    def _on_subscribe(self, client: mqtt.Client, _user: Any, _mid: int, reasons: Any, _properties: Any) -> None:
        self._asked += 1
        if self._asked < len(self._steps):
            client.subscribe(self._steps[self._asked])
            return
        self.state = EarState.REFUSED if reasons[0].is_failure else EarState.LISTENING

    def _on_connect_fail(self, _client: mqtt.Client, _user: Any) -> None:
        self.state = EarState.AWAY

    def _on_disconnect(self, _client: mqtt.Client, _user: Any, _flags: Any, _reason: Any, _properties: Any) -> None:
        if self.state is not EarState.REFUSED:
            self.state = EarState.AWAY

    def _on_message(self, _client: mqtt.Client, _user: Any, message: mqtt.MQTTMessage) -> None:
        # An exception here would end the thread; nothing below can raise on what a sender wrote.
        topic = bytes(message._topic).decode("utf-8", errors="backslashreplace")
        if message.qos == 0 and is_ack(topic):
            return  # our own word to a device, one for each of its messages
        raw = RawMessage(topic, bytes(message.payload), bool(message.retain), self._clock())
        self._inbox.put(Delivery(raw, 0, 0, 0))
