"""The device end of the broker: publishes, and knows what the broker has acknowledged."""

from collections.abc import Callable
from types import TracebackType

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from ingest.connections import MqttAddress


class Publisher:
    """One connection for the length of a ``with`` block."""

    def __init__(self, address: MqttAddress) -> None:
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, clean_session=True)
        self._client.username_pw_set(address.user or "", address.password)
        self._client.max_queued_messages_set(0)
        self._client.connect(address.host, address.port)
        self._last: mqtt.MQTTMessageInfo | None = None

    def __enter__(self) -> "Publisher":
        self._client.loop_start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.settle()
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Publish without waiting."""
        self._last = self._client.publish(topic, payload, qos=qos, retain=retain)

    def settle(self, seconds: float = 30.0) -> None:
        """Wait until the broker has acknowledged what was published last."""
        if self._last is not None:
            self._last.wait_for_publish(seconds)

    def hear(self, topic: str, take: Callable[[bytes], None]) -> None:
        """Let ``take`` have the payload of each message on ``topic``, in a thread of its own."""
        self._client.on_message = lambda _client, _user, message: take(bytes(message.payload))
        self._client.subscribe(topic, qos=1)
