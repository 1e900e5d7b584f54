"""``shouwang decode``: one message or a sequence in, JSON out, status 0 or 2."""

import asyncio
import json
import os
import random
import signal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ingest.connections import MqttAddress
from ingest.given import Given
from ingest.interpreter import Interpreter
from ingest.interpreting import Interpreting
from schemas import frame
from stack import cli_listen
from stack.cli import app
from tests.conftest import PlatformServers
from tests.ingest.frames import imu, payload
from tests.ingest.publisher import Publisher


def run(*arguments: str, data: bytes = b"") -> Result:
    return CliRunner().invoke(app, ["decode", *arguments], input=data)


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_message_from_standard_input() -> None:
    [said] = lines(run("--topic", "zigbee2mqtt/door", data=b'{"contact":false,"battery":91}'))
    assert said["index"] == 0
    assert said["events"] == [{"type": "door_open", "value": True}]
    assert said["observations"] == [{"type": "battery", "value": 91, "unit": "%"}]
    assert (said["alarm"], said["time"]) == (None, "arrival")


def test_a_file_a_retained_message_and_an_arrival(tmp_path: Path) -> None:
    file = tmp_path / "message"
    file.write_bytes(b'{"action":"emergency","last_seen":"2026-11-20T10:00:00+08:00"}')
    topic = ("--topic", "zigbee2mqtt/sos")
    [live] = lines(run(*topic, str(file)))
    assert (live["alarm"], live["time"]) == ("sos", "2026-11-20T02:00:00Z")
    [late] = lines(run(*topic, "--arrival", "2026-12-20T02:00:00Z", str(file)))
    assert (late["time"], late["implausible"]) == ("arrival", ["last_seen"])
    [old] = lines(run(*topic, "--retained", str(file)))
    assert (old["alarm"], old["events"]) == (None, [])


def test_a_sequence_shares_its_state() -> None:
    told = [
        {"topic": "zigbee2mqtt/hall", "payload": {"occupancy": True}, "arrival": "2026-11-20T10:00:00Z"},
        {"topic": "zigbee2mqtt/hall", "payload_raw": '{"occupancy":true,"battery":80}', "retain": False},
        {"topic": "zigbee2mqtt/bridge/state", "payload": "offline", "retain": True},
        {"topic": "sw/v1/w1/imu", "payload_hex": payload(1).hex()},
        {"topic": "nobody/knows", "payload": {}},
    ]
    said = lines(run("--sequence", data=b"\n".join(json.dumps(line).encode() for line in told)))
    assert [line["index"] for line in said] == [0, 1, 2, 3, 4]
    assert said[0]["events"] == [{"type": "motion", "value": True}]
    assert said[1]["events"] == []
    assert said[2]["technical_alert"] == "bridge_offline"
    assert said[3]["stream"] == "acceleration"
    assert said[4]["quarantine"] == "unknown-topic"


def test_a_broken_frame_is_quarantined_with_status_0() -> None:
    broken = payload(1)[:-1] + b"\0"
    [said] = lines(run("--topic", imu("w1"), data=broken))
    assert said["quarantine"] == "bad-crc"
    assert (said["observations"], said["events"], said["alarm"]) == ([], [], None)


def test_an_own_devices_own_time_is_taken_as_if_just_arrived() -> None:
    body = {"boot": 1, "seq": 8, "t_us": 3_601_500_000, "utc_us": 1_795_392_001_500_000, "type": "sos"}
    [said] = lines(run("--topic", "sw/v1/w1/event", data=json.dumps(body).encode()))
    assert (said["alarm"], said["time"]) == ("sos", "2026-11-23T00:00:01.500Z")
    body["utc_us"] = 2**62
    assert lines(run("--topic", "sw/v1/w1/event", data=json.dumps(body).encode()))[0]["implausible"] == ["time"]


@pytest.mark.parametrize(
    ("arguments", "data"),
    [
        (("/no/such/file",), b""),
        (("--arrival", "yesterday"), b"{}"),
        (("--sequence",), b"not json"),
        (("--sequence",), b"[]"),
        (("--sequence",), b'{"topic":"a"}'),
        (("--sequence",), b'{"topic":"a","payload_hex":"zz"}'),
        (("--sequence", "--retained"), b""),
        (("--no-such-option",), b""),
    ],
)
def test_wrong_usage_is_status_2_with_nothing_on_standard_output(arguments: tuple[str, ...], data: bytes) -> None:
    result = run(*arguments, data=data)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_frame_says_what_it_holds() -> None:
    [said] = lines(run("--topic", imu("w1"), data=payload(3)))
    block = frame.decode(payload(3))
    assert (said["samples"], said["rate_hz"]) == (block.n, 1e9 / block.period_ns)
    assert said["dedupe_key"] == f"w1:{block.boot}:3:frame"


def test_nothing_that_can_be_sent_ends_it() -> None:
    rng = random.Random(3)
    interpreter = Interpreter()
    values: list[Any] = [
        None,
        True,
        1e300,
        -5,
        2**63,
        2**70,
        "",
        "x",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        {},
    ]
    names = ["boot", "seq", "t_us", "utc_us", "type", "last_seen", "occupancy", "action", "state", "contact", "voltage"]
    own = [f"sw/v1/a/{leaf}" for leaf in ("imu", "state", "event", "status", "ack")]
    wanted = [*own, "zigbee2mqtt/a", "zigbee2mqtt/bridge/devices", "/bridge/", "x/bridge/state", ""]
    for seq in range(3000):
        body = json.dumps({name: rng.choice(values) for name in rng.sample(names, 4)}).encode()
        press = {"boot": 1, "seq": seq, "t_us": 5, "utc_us": rng.choice([0, 1, 10**15, 2**62]), "type": "sos"}
        broken = bytearray(payload(seq))
        broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
        data = rng.choice([body, json.dumps(press).encode(), bytes(broken), rng.randbytes(rng.randrange(60))])
        arrival_us = rng.choice([None, 0, 1_790_000_000_000_000])
        said = interpreter.say(Given(rng.choice(wanted), data, rng.random() < 0.2, arrival_us))
        assert said["index"] == seq
        json.dumps(said)


@pytest.mark.servers
async def test_listening_prints_what_arrives_until_it_is_stopped(
    platform_servers: PlatformServers, capfd: pytest.CaptureFixture[str]
) -> None:
    where = platform_servers.mqtt
    mqtt = MqttAddress(where.host, where.port, where.user, where.password)
    reader = Interpreting(mqtt, clock=lambda: 1_790_000_000_000_000, trees=("",))
    listening = asyncio.create_task(cli_listen.listen(reader, "zigbee2mqtt/cli listens"))
    seen, told = "", ""
    async with asyncio.timeout(20):
        while not seen:
            await asyncio.sleep(0.1)
            out, said = capfd.readouterr()
            seen, told = seen + out, told + said
            if "listening to zigbee2mqtt/cli listens" in told:
                with Publisher(mqtt) as door:
                    door.publish("zigbee2mqtt/cli listens", b'{"contact":false}')
        os.kill(os.getpid(), signal.SIGTERM)
        assert await listening
    message = json.loads(seen.splitlines()[0])
    assert (message["topic"], message["retain"]) == ("zigbee2mqtt/cli listens", False)
    assert message["events"] == [{"type": "door_open", "value": True}]


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("--listen", "#", "--retained"), 2, "With --listen"),
        (("--listen", "#"), 1, "does not run"),
    ],
)
def test_listening_says_what_is_wrong(tmp_path: Path, arguments: tuple[str, ...], status: int, sentence: str) -> None:
    result = run(*arguments, "--home", str(tmp_path))
    assert (result.exit_code, result.stdout) == (status, "")
    assert sentence in result.stderr
