"""A device for tests that remembers what the broker acknowledged."""

import threading
from types import TracebackType
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from schemas import topics
from schemas.frame import encode
from tests.system.hostile import good_frame


class Device:
    """One MQTT connection; ``acknowledged`` holds the keys whose PUBACK came."""

    def __init__(self, address: dict[str, Any], device: str) -> None:
        self.device = device
        self.acknowledged: set[int] = set()
        self._in_flight: dict[int, int] = {}
        self._early: set[int] = set()  # acknowledged before we knew under which packet id they went out
        self._lock = threading.Lock()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=device, clean_session=True)
        self._client.username_pw_set(address["user"], address["password"])
        self._client.on_publish = self._on_publish
        self._client.connect(address["host"], address["port"])
        self._client.loop_start()

    def __enter__(self) -> "Device":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> mqtt.MQTTMessageInfo:
        """Publish at QoS 1; the caller may wait for the acknowledgement."""
        return self._client.publish(topic, payload, qos=1, retain=retain)

    def send_frame(self, seq: int, *, boot: int = 7) -> None:
        """Publish a frame at rest; its seq is in ``acknowledged`` once the broker has taken it."""
        # Not under the lock: paho holds one of its own while it calls us back, and each would wait for the other.
        info = self.publish(topics.of(self.device, topics.IMU), encode(good_frame(seq=seq, boot=boot)))
        with self._lock:
            if info.mid in self._early:
                self._early.remove(info.mid)
                self.acknowledged.add(seq)
            else:
                self._in_flight[info.mid] = seq

    def _on_publish(self, _client: object, _data: object, mid: int, _reason: object, _properties: object) -> None:
        with self._lock:
            seq = self._in_flight.pop(mid, None)
            if seq is None:
                self._early.add(mid)
            else:
                self.acknowledged.add(seq)
