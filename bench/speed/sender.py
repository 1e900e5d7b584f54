"""The load of ``bench speed path``: everything encoded before the first byte is sent, in a process of its own.

So its CPU while it sends is that of writing to sockets, and is told apart from what it loads.
"""

import multiprocessing
import resource
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

import msgspec
import numpy as np

from schemas import mqtt, topics
from schemas.frame import Frame, FrameFlag, encode

RATE_HZ, FRAME_S = 50, 2.0
PERIOD_NS = 1_000_000_000 // RATE_HZ
#: g a count of the usual part.
SCALE = 1 / 2048
#: The broker's side is read at least so often, s: what is due is sent in bunches of it.
_TURN_S = 0.01
#: What encoding takes before the start, s: a second, and so much for each message. Measured 25 us; twice that.
_ENCODE_S, _ENCODE_EACH_S = 2.0, 50e-6
#: A CONNACK and a PUBACK have so many bytes; nobody is asked whether they are there for a while.
ANSWER_BYTES, _KEEPALIVE_S = 4, 600
#: Wait for the last acknowledgements, s.
_DRAIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent: so many wearables' frames and home sensors' reports, over so many connections, for so long."""

    host: str
    port: int
    user: str
    password: str
    wearables: int
    sensors: int
    sensors_a_second: float
    seconds: float
    connections: int
    presses: int = 0  # calls for help, spread over the time

    @property
    def messages(self) -> int:
        """How many messages are due."""
        return round(self.wearables * self.seconds / FRAME_S) + round(self.sensors_a_second * self.seconds)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of it: messages sent and acknowledged by the broker, CPU seconds while sending, how late at worst
    (s), and when the first was due (wall, us)."""

    sent: int
    acknowledged: int
    cpu_s: float
    latest_s: float
    began_us: int
    pressed_us: tuple[int, ...]


def wearable(number: int) -> str:
    """Return the id of a wearable of the load."""
    return f"path-{number:05d}"


def address(number: int) -> str:
    """Return the Zigbee address of a home sensor of the load."""
    return f"0x02{number:014x}"


BASE = "zigbee2mqtt"
#: The press is a device's of its own, so that one call is one alert.
BUTTON = "path button"


def due_s(load: Load, number: int, seq: int) -> float:
    """Return when a frame of a wearable is sent, s from the beginning: they are spread over a frame's length."""
    return FRAME_S * number / load.wearables + seq * FRAME_S


def announce(load: Load) -> None:
    """Let the bridge announce its sensors, as it does when it starts."""
    with _connected(load, -1) as connection:
        connection.setblocking(True)
        told = mqtt.publish(f"{BASE}/bridge/devices", inventory(load.sensors, load.presses), 1, retain=True)
        connection.sendall(told)
        connection.recv(ANSWER_BYTES)


def inventory(sensors: int, presses: int) -> bytes:
    """Return what the bridge announces: motion sensors, and a button for each press."""
    motion = [
        {"type": "binary", "name": "occupancy", "property": "occupancy", "access": 1, "value_on": True,
         "value_off": False},
        {"type": "numeric", "name": "battery", "property": "battery", "access": 1, "unit": "%"},
    ]  # fmt: skip
    button = [{"type": "enum", "name": "action", "property": "action", "access": 1, "values": ["emergency"]}]
    told = [(f"path {n}", address(n), motion) for n in range(sensors)]
    told += [(f"{BUTTON} {n}", address(sensors + n), button) for n in range(presses)]
    return msgspec.json.encode(
        [
            {"type": "EndDevice", "friendly_name": name, "ieee_address": ieee,
             "definition": {"model": "M", "description": "", "exposes": exposes}}
            for name, ieee, exposes in told
        ]
    )  # fmt: skip


class Sender:
    """One load in a process of its own: ``start`` returns once it sends, ``result`` waits for its end."""

    def __init__(self, load: Load) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_main, args=(load, theirs))

    def start(self) -> int:
        """Encode, connect, and return when the first message is due (wall clock, us)."""
        self._process.start()
        began: int = self._pipe.recv()
        return began

    def result(self) -> Sent:
        """Return what became of it."""
        told: Sent = self._pipe.recv()
        self._process.join()
        return told


def _main(load: Load, pipe: Connection) -> None:
    began_us = round((time.time() + _ENCODE_S + _ENCODE_EACH_S * load.messages) * 1e6)
    due, data, pressed_us = _encoded(load, began_us)
    sockets = [_connected(load, number) for number in range(load.connections)]
    pipe.send(began_us)
    pipe.send(_sent(load, sockets, due, data, began_us, pressed_us))


def _encoded(load: Load, began_us: int) -> tuple[list[float], list[bytes], tuple[int, ...]]:
    """Return when each message is due (s from the beginning, rising), and its packet."""
    made = [*_frames(load, began_us), *_reports(load)]
    pressed = [(n + 0.5) * load.seconds / load.presses for n in range(load.presses)]
    made += [
        (at_s, f"{BASE}/{BUTTON} {n}", b'{"action":"emergency","linkquality":90}') for n, at_s in enumerate(pressed)
    ]
    made.sort(key=lambda one: one[0])
    data = [
        mqtt.publish(topic, payload, number // load.connections % mqtt.MOST_IDS + 1)
        for number, (_, topic, payload) in enumerate(made)
    ]
    return [at_s for at_s, _, _ in made], data, tuple(began_us + round(at_s * 1e6) for at_s in pressed)


def _frames(load: Load, began_us: int) -> Iterator[tuple[float, str, bytes]]:
    """Yield frames of 2 s at 50 Hz: people who sit, with the noise of a wrist."""
    rng = np.random.default_rng(1)
    n = round(RATE_HZ * FRAME_S)
    rest = np.array([0.1, 0.2, 0.97]) / SCALE
    pieces = [np.rint(rest + rng.normal(0, 30, (n, 3))).astype(np.int16) for _ in range(32)]
    flags = FrameFlag.CLOCK_SYNCED | FrameFlag.WEAR_KNOWN
    for number in range(load.wearables):
        topic = topics.of(wearable(number), topics.IMU)
        for seq in range(round(load.seconds / FRAME_S)):
            at_s = due_s(load, number, seq)
            t_us = round((at_s + 100.0) * 1e6)
            utc_us = began_us + round((at_s - FRAME_S) * 1e6)
            samples = pieces[(number + seq) % len(pieces)]
            frame = Frame(flags, number + 1, seq, t_us, utc_us, PERIOD_NS, 80, SCALE, 0.0, 0, samples)
            yield at_s, topic, encode(frame)


def _reports(load: Load) -> Iterator[tuple[float, str, bytes]]:
    """Yield reports of motion sensors: each tells motion and its end in turn."""
    for number in range(round(load.sensors_a_second * load.seconds)):
        sensor, turn = number % load.sensors, number // load.sensors
        on = b"true" if turn % 2 == 0 else b"false"
        payload = b'{"battery":80,"linkquality":%d,"occupancy":%s}' % (60 + number % 100, on)
        yield number / load.sensors_a_second, f"{BASE}/path {sensor}", payload


def _connected(load: Load, number: int) -> socket.socket:
    made = socket.create_connection((load.host, load.port))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    made.sendall(mqtt.connect(f"path-sender-{number}", load.user, load.password, _KEEPALIVE_S, clean=True))
    answer = made.recv(ANSWER_BYTES)
    if answer[:1] != bytes((mqtt.CONNACK << 4,)) or answer[3:4] != b"\0":
        raise ConnectionError(f"The broker refused a connection of the load: {answer!r}.")
    made.setblocking(False)
    return made


def _sent(
    load: Load,
    sockets: Sequence[socket.socket],
    due: Sequence[float],
    data: Sequence[bytes],
    began_us: int,
    pressed_us: tuple[int, ...],
) -> Sent:
    """Send each at its time; a connection that is full keeps its bytes and holds no other up."""
    selector = selectors.DefaultSelector()
    for number, each in enumerate(sockets):
        selector.register(each, selectors.EVENT_READ, number)
    waiting = [bytearray() for _ in sockets]
    at, answered, latest_s = 0, 0, 0.0
    before = resource.getrusage(resource.RUSAGE_SELF)
    while True:
        now_s = time.time() - began_us / 1e6
        begun = at
        while at < len(due) and due[at] <= now_s:
            waiting[at % len(sockets)] += data[at]
            at += 1
        if begun < at:
            latest_s = max(latest_s, now_s - due[begun])
        for to, left in zip(sockets, waiting, strict=True):
            if left:
                _write(to, left)
        for key, _ in selector.select(_TURN_S):
            answered += len(sockets[key.data].recv(1 << 16))
        done = answered >= ANSWER_BYTES * len(due)
        if done or now_s > load.seconds + _DRAIN_S:
            after = resource.getrusage(resource.RUSAGE_SELF)
            cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            return Sent(at, answered // ANSWER_BYTES, cpu_s, latest_s, began_us, pressed_us)


def _write(to: socket.socket, waiting: bytearray) -> None:
    try:
        done = to.send(waiting)
    except BlockingIOError:
        return
    del waiting[:done]
