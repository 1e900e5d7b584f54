"""The connection of a run: in order, never further ahead than its window, and a sentence when nobody stores."""

import asyncio

import pytest

from device_sim.mqtt_address import MqttAddress
from device_sim.runner import line as module
from device_sim.runner.line import Line
from schemas.errors import Unavailable
from tests.conftest import PlatformServers
from tests.device_sim.runner.making import SECOND, START
from tests.device_sim.runner.stand_in import FakeHome, gateway

pytestmark = pytest.mark.servers


@pytest.fixture
def mqtt(platform_servers: PlatformServers) -> MqttAddress:
    address = platform_servers.mqtt
    return MqttAddress(address.host, address.port, address.user, address.password)


async def test_all_arrives_in_order_with_the_time_it_was_sent_at(mqtt: MqttAddress) -> None:
    async with gateway(mqtt, FakeHome()) as there, Line(mqtt, "line-1", driven=True, window=50) as line:
        for n in range(400):
            await line.clock(START + n * SECOND, tick=n % 2 == 0)
            await line.send("sim/x", str(n).encode(), qos=n % 2, retain=False)
        await line.settled()
    assert [payload for _, payload in there.heard] == [str(n).encode() for n in range(400)]
    assert there.times_us == [START + n * SECOND for n in range(400)]
    assert [clock.get("tick", False) for clock in there.clocks[:4]] == [True, False, True, False]
    assert (line.messages, line.clock_messages) == (400, 401)


async def test_no_more_than_a_window_goes_ahead_of_what_is_stored(mqtt: MqttAddress) -> None:
    async with gateway(mqtt, FakeHome()) as there, Line(mqtt, "line-2", driven=True, window=50) as line:
        there.mute = True

        async def send_all() -> None:
            for n in range(300):
                await line.clock(START + n * SECOND, tick=False)
                await line.send("sim/x", b"", qos=1, retain=False)

        sending = asyncio.create_task(send_all())
        await asyncio.sleep(0.5)
        assert not sending.done()
        assert line.messages + line.clock_messages <= 52
        await there.tell(START)  # the first is stored, and no more
        await asyncio.sleep(0.3)
        assert not sending.done()
        assert line.messages + line.clock_messages <= 54
        there.mute = False
        await asyncio.wait_for(sending, 10)  # it asks again how far all is


async def test_an_answer_to_an_earlier_message_of_the_same_moment_does_not_settle_it(mqtt: MqttAddress) -> None:
    async with gateway(mqtt, FakeHome()) as there, Line(mqtt, "line-3", driven=True) as line:
        await line.clock(START, tick=False)
        await line.send("sim/x", b"last", qos=1, retain=False)
        await line.settled()
        assert there.heard == [("sim/x", b"last")]
        assert there.clocks[-1]["at_us"] == START + 1


async def test_a_platform_that_stores_nothing_is_a_sentence(mqtt: MqttAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASK_S", 0.05)
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    async with Line(mqtt, "line-4", driven=True) as line:
        await line.clock(START, tick=False)
        with pytest.raises(Unavailable, match="--simulated"):
            await line.settled()


async def test_on_a_live_home_no_clock_is_said_and_nothing_waited_for(mqtt: MqttAddress) -> None:
    async with gateway(mqtt, FakeHome()) as there:
        async with Line(mqtt, "line-5", driven=False) as line:
            await line.clock(START, tick=True)
            await line.send("sim/x", b"1", qos=1, retain=False)
            await line.settled()
            await asyncio.sleep(0.2)
        assert (there.clocks, there.heard) == ([], [("sim/x", b"1")])


async def test_a_broker_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(Unavailable, match="cannot be used"):
        async with Line(MqttAddress("127.0.0.1", 1, "", ""), "line-6", driven=True):
            pass
