"""Whole runs against a stand-in platform and a real broker."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Platform, Refused
from device_sim.play import PlannedConfig, PlannedDevice, Play, Staging
from device_sim.runner import run as module
from device_sim.runner.pace import Speed
from device_sim.runner.record import Run, Verdict
from device_sim.runner.run import Options, Progress, Runner
from device_sim.runner.staging import Staged
from tests.conftest import PlatformServers
from tests.device_sim.runner.making import HOUR, MINUTE, SECOND, START, alert, expect, play, said
from tests.device_sim.runner.stand_in import FakeHome, StandIn, gateway

pytestmark = pytest.mark.servers

FALL = START + 10 * MINUTE
FULL = Options(Speed(None), driven=True)


@pytest.fixture
def mqtt(platform_servers: PlatformServers) -> MqttAddress:
    address = platform_servers.mqtt
    return MqttAddress(address.host, address.port, address.user, address.password)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHANGE_SETTLES_S", 0.01)
    monkeypatch.setattr(module, "LOOK_S", 0.02)


def staged(*plays: Play) -> list[Staged]:
    return [Staged(each, Staging(each.start_us, f"{0xA1 + n:x}", f"sim{n}")) for n, each in enumerate(plays)]


async def played(
    mqtt: MqttAddress,
    home: FakeHome,
    plays: Sequence[Play],
    options: Options = FULL,
    *,
    stop: asyncio.Event | None = None,
    hooked: object = None,
) -> tuple[Run, StandIn]:
    async with gateway(mqtt, home) as there, Platform("http://x", "admin", "correct", home) as platform:
        if callable(hooked):
            there.on_message = lambda topic, payload: hooked(there, topic, payload)
        runner = Runner(staged(*plays), platform, mqtt, options)
        return await runner.run(stop or asyncio.Event()), there


def fall_of_wang(there: StandIn, _topic: str, payload: bytes) -> None:
    if payload == b"falls":
        there.home.alerts.append(alert(at_us=FALL, resident="a1-r-wang", unit="a1-p-home"))


async def test_a_fall_that_is_raised_is_told_with_its_time_and_all_is_cleared_away(mqtt: MqttAddress) -> None:
    home = FakeHome()
    one = play(emissions=[said(FALL, "falls"), said(FALL + MINUTE, "lies")], expectations=[expect()])
    run, there = await played(mqtt, home, [one], hooked=fall_of_wang)
    assert run.ok
    assert run.complete
    scenario = run.scenarios[0]
    assert [(each.verdict, each.wait_s) for each in scenario.judged] == [(Verdict.RAISED, 4.0)]
    assert [payload for _, payload in there.heard[:2]] == [b"falls", b"lies"]
    assert run.models == ("fall-1",)
    assert scenario.played_us == one.end_us
    assert scenario.resident_weeks == pytest.approx(1 / 168)
    assert {each["id"]: each["test"] for each in home.residents if each["id"] == "a1-r-wang"} == {"a1-r-wang": True}
    assert not [each for each in home.devices if each["binding"]]
    assert "a1" in home.resolved
    assert home.changes[-1][0] == "a1-r-wang"
    assert "absent_until" in home.changes[-1][1]


async def test_asked_to_keep_it_leaves_alerts_and_people_as_they_are(mqtt: MqttAddress) -> None:
    home = FakeHome()
    one = play(emissions=[said(FALL, "falls")], expectations=[expect()])
    await played(mqtt, home, [one], replace(FULL, keep=True), hooked=fall_of_wang)
    assert home.resolved == ["end"]
    assert not home.changes


async def test_the_same_is_sent_at_the_same_simulated_times_at_any_speed(mqtt: MqttAddress) -> None:
    one = play(
        lasts_us=20 * SECOND,
        emissions=[said(START + n * SECOND, str(n)) for n in range(20)],
        ticks_us=range(START, START + 20 * SECOND, 2 * SECOND),
    )
    _, quick = await played(mqtt, FakeHome(), [one])
    _, slow = await played(mqtt, FakeHome(), [one], replace(FULL, speed=Speed(20.0)))
    assert quick.heard == slow.heard
    assert quick.times_us == slow.times_us
    assert quick.clocks == slow.clocks


async def test_a_speed_is_kept_to(mqtt: MqttAddress) -> None:
    one = play(lasts_us=20 * SECOND, emissions=[said(START + 20 * SECOND)])
    began = asyncio.get_running_loop().time()
    run, _ = await played(mqtt, FakeHome(), [one], replace(FULL, speed=Speed(20.0)))
    assert 1.0 <= asyncio.get_running_loop().time() - began < 6.0
    assert run.speed == "20"


async def test_what_staff_do_happens_in_its_place(mqtt: MqttAddress) -> None:
    home = FakeHome()
    away, handed = START + 10 * MINUTE, START + 20 * MINUTE
    later = PlannedDevice("later", "wearable", "home", handed, resident="wang")
    one = play(
        emissions=[said(away - 1, "before"), said(away + 1, "after"), said(handed, "worn")],
        configs=[PlannedConfig(away, "wang", {"absent_until": START + HOUR})],
        devices=[later],
    )
    seen: list[tuple[bytes, int, bool]] = []

    def look(there: StandIn, _topic: str, payload: bytes) -> None:
        bound = any(each["binding"] for each in there.home.devices if each["id"] == "later")
        seen.append((payload, len(there.home.changes), bound))

    await played(mqtt, home, [one], hooked=look)
    assert seen[:3] == [(b"before", 0, False), (b"after", 1, False), (b"worn", 1, True)]
    assert home.changes[0] == ("a1-r-wang", {"absent_until": "2026-03-02T01:00:00Z"})


async def test_a_zone_is_drawn_before_the_play_and_what_else_is_set_is_changed(mqtt: MqttAddress) -> None:
    home, corners = FakeHome(), ((123.0, 29.7), (123.1, 29.7), (123.1, 29.8))
    one = play(
        emissions=[said(START + MINUTE)],
        configs=[PlannedConfig(START, "wang", {"zone": corners, "sensitivity": "keener"})],
    )
    await played(mqtt, home, [one])
    assert "PUT /residents/a1-r-wang/zone" in home.calls
    assert home.changes[:2] == [
        ("a1-r-wang", {"corners": [list(corner) for corner in corners]}),
        ("a1-r-wang", {"sensitivity": "keener"}),
    ]


async def test_who_is_no_longer_played_is_not_waited_for_while_others_are(mqtt: MqttAddress) -> None:
    home = FakeHome()
    short = play("short", lasts_us=MINUTE)
    long = play("long", emissions=[said(START + 30 * MINUTE, "later")], mark="l")
    seen: list[list[str]] = []
    await played(
        mqtt, home, [short, long], hooked=lambda there, *_: seen.append([each[0] for each in there.home.changes])
    )
    assert seen[0] == ["a1-r-wang"]
    assert home.changes[-1][0] == "a2-r-wang"


async def test_it_waits_while_a_stage_is_far_behind(mqtt: MqttAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    home = FakeHome(lag=10_000)
    told: list[Progress] = []
    one = play(emissions=[said(START + n * SECOND) for n in range(20)], lasts_us=20 * SECOND)
    async with gateway(mqtt, home) as there, Platform("http://x", "admin", "correct", home) as platform:
        slow = replace(FULL, speed=Speed(50.0))
        running = asyncio.create_task(Runner(staged(one), platform, mqtt, slow, tell=told.append).run(asyncio.Event()))
        await asyncio.sleep(1.0)
        held = len(there.heard)
        assert held < 20
        home.lag = 0
        await asyncio.wait_for(running, 10)
        assert len(there.heard) == 21
    assert "waiting for the watcher" in {each.phase for each in told}


async def test_ended_early_it_says_so_and_what_was_not_played_is_open(mqtt: MqttAddress) -> None:
    stop = asyncio.Event()
    one = play(
        emissions=[said(START + n * SECOND) for n in range(2000)],
        expectations=[expect(at_us=START + 30 * MINUTE), expect(must=False, at_us=START + 30 * MINUTE)],
    )
    asyncio.get_running_loop().call_later(0.5, stop.set)
    home = FakeHome()
    run, there = await played(mqtt, home, [one], replace(FULL, speed=Speed(100.0)), stop=stop)
    assert not run.complete
    assert not run.ok
    assert {each.verdict for each in run.scenarios[0].judged} == {Verdict.OPEN}
    assert 0 < len(there.heard) < 2000
    assert not [each for each in home.devices if each["binding"]]


async def test_a_refusal_while_setting_up_is_the_platforms_sentence_and_not_that_of_the_clearing(
    mqtt: MqttAddress,
) -> None:
    home = FakeHome()
    async with gateway(mqtt, home), Platform("http://x", "admin", "wrong", home) as platform:
        with pytest.raises(Refused, match="password is wrong"):
            await Runner(staged(play()), platform, mqtt, FULL).run(asyncio.Event())
