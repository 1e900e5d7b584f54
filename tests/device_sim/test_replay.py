"""A replay against a real broker and a stand-in API."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Platform, Refused, iso
from device_sim.recordings import Recordings
from device_sim.replay import Options, Progress, Replay
from device_sim.replay_report import as_json
from schemas import topics
from schemas.frame import FrameFlag
from tests.conftest import PlatformServers
from tests.device_sim.fake_platform import FakePlatform
from tests.device_sim.wire import listening

pytestmark = pytest.mark.servers

FS, SECONDS = 50, 1.3
QUICK = Options(run="t1", at_once=2, frame_seconds=0.5, grace_s=0.2, settle_s=0.0)


@pytest.fixture
def mqtt(platform_servers: PlatformServers) -> MqttAddress:
    address = platform_servers.mqtt
    return MqttAddress(address.host, address.port, address.user, address.password)


@pytest.fixture
def recordings(tmp_path: Path) -> Recordings:
    n = round(FS * SECONDS)
    rng = np.random.default_rng(7)
    np.savez(
        tmp_path / "made_dev.npz",
        acc=rng.integers(-2000, 2000, (3 * n, 3)).astype(np.int16),
        acc_scale=1 / 1024,
        gyr=rng.integers(-900, 900, (3 * n, 3)).astype(np.int16),
        gyr_scale=0.06,
        has_gyr=[False, False, True],
        start=[0, n, 2 * n],
        n=[n, n, n],
        fs=np.array([FS] * 3, dtype=np.float32),
        label=np.array([1, 0, 0], dtype=np.int8),
        kind=["fall", "adl", "adl"],
        position=["waist", "left hip", "sofa"],
    )
    return Recordings.load(tmp_path / "made_dev.npz")


async def test_each_record_arrives_sample_for_sample_from_its_own_resident(
    mqtt: MqttAddress, recordings: Recordings
) -> None:
    fake = FakePlatform()
    logged: list[tuple[str, int, int]] = []
    async with listening(mqtt) as heard, Platform("http://x/api/v1", "admin", "correct", fake) as platform:
        replay = Replay(recordings, platform, mqtt, QUICK, log=lambda *line: logged.append(line))
        played = await replay.run([0, 1, 2], asyncio.Event())

    for one in played:
        frames = heard.frames(one.device)
        assert np.array_equal(np.concatenate([frame.samples for frame in frames]), recordings.samples(one.index))
        assert [frame.seq for frame in frames] == list(range(len(frames))) == [0, 1, 2]
        assert all(frame.flags & FrameFlag.CLOCK_SYNCED and frame.worn is None for frame in frames)
        assert [line[1] for line in logged if line[0] == one.device] == [0, 1, 2]
    assert [one.complete for one in played] == [True] * 3
    assert heard.frames(played[2].device)[0].flags & FrameFlag.GYRO
    assert len({resident["unit"] for resident in fake.residents}) == 3
    assert all(resident["test"] for resident in fake.residents)
    assert [device["binding"]["position"] for device in fake.devices] == ["waist", "hip", None]


async def test_frames_go_out_when_their_last_sample_is_over_and_not_before(
    mqtt: MqttAddress, recordings: Recordings
) -> None:
    async with Platform("http://x", "admin", "correct", FakePlatform()) as platform:
        played = await Replay(recordings, platform, mqtt, QUICK).run([0], asyncio.Event())
    lateness = [wall - end for end, wall in played[0].sent]
    assert all(0 <= late < 300_000 for late in lateness), lateness


async def test_a_record_ends_with_the_device_offline_and_nothing_invented(
    mqtt: MqttAddress, recordings: Recordings
) -> None:
    async with listening(mqtt) as heard, Platform("http://x", "admin", "correct", FakePlatform()) as platform:
        played = await Replay(recordings, platform, mqtt, QUICK).run([1], asyncio.Event())
    device = played[0].device
    assert heard.messages[-1][0] == topics.of(device, topics.STATUS)
    assert b'"online":false' in heard.messages[-1][1]
    assert not heard.of(device, topics.STATE)


async def test_played_faster_the_recording_ends_at_the_present_and_says_it_was_buffered(
    mqtt: MqttAddress, recordings: Recordings
) -> None:
    fast = Options(run="t2", speed=10, frame_seconds=0.5, grace_s=0.0, settle_s=0.0)
    async with listening(mqtt) as heard, Platform("http://x", "admin", "correct", FakePlatform()) as platform:
        played = await Replay(recordings, platform, mqtt, fast).run([0], asyncio.Event())
    frames = heard.frames(played[0].device)
    end_us, wall_us = played[0].sent[-1]
    assert all(frame.flags & FrameFlag.BUFFERED for frame in frames)
    assert 0 <= wall_us - end_us < 300_000
    assert frames[0].utc_us == pytest.approx(end_us - SECONDS * 1e6, abs=2)


async def test_devices_that_do_not_know_the_time_of_day_send_only_their_uptime(
    mqtt: MqttAddress, recordings: Recordings
) -> None:
    lost = Options(run="t3", synced=False, frame_seconds=0.5, grace_s=0.0, settle_s=0.0)
    async with listening(mqtt) as heard, Platform("http://x", "admin", "correct", FakePlatform()) as platform:
        played = await Replay(recordings, platform, mqtt, lost).run([0], asyncio.Event())
    frames = heard.frames(played[0].device)
    assert all(frame.utc_us == 0 and not frame.flags & FrameFlag.CLOCK_SYNCED for frame in frames)
    assert [frame.t0_us - frames[0].t0_us for frame in frames] == [0, 500_000, 1_000_000]


async def test_the_report_counts_singles_doubles_misses_and_false_alarms(
    mqtt: MqttAddress, recordings: Recordings
) -> None:
    fake = FakePlatform()

    def tell(progress: Progress) -> None:
        if progress.phase == "waiting for the last alerts":
            fall, nap, _ = (resident["id"] for resident in fake.residents)
            fake.raise_fall(fall, alert="a1", decided=iso(1), raised=iso(2))
            fake.raise_fall(fall, alert="a2", decided=iso(1), raised=iso(2))
            fake.raise_fall(nap, alert="a3", decided=iso(1), raised=iso(2))
            fake.raise_fall("somebody else", alert="a4", decided=iso(1), raised=iso(2))

    async with Platform("http://x", "admin", "correct", fake) as platform:
        played = await Replay(recordings, platform, mqtt, QUICK, tell=tell).run([0, 1, 2], asyncio.Event())
    totals = as_json("made.npz", played, 1.0)["totals"]
    assert totals["falls_with_more"] == 1
    assert totals["falls_with_one"] == totals["falls_missed"] == 0
    assert (totals["adl"], totals["adl_with_any"]) == (2, 1)


async def test_a_wrong_password_is_the_platforms_sentence(mqtt: MqttAddress, recordings: Recordings) -> None:
    async with Platform("http://x", "admin", "wrong", FakePlatform()) as platform:
        with pytest.raises(Refused, match="password is wrong"):
            await Replay(recordings, platform, mqtt, QUICK).run([0], asyncio.Event())


async def test_a_session_that_ends_is_opened_again(mqtt: MqttAddress, recordings: Recordings) -> None:
    fake = FakePlatform()

    def tell(progress: Progress) -> None:
        if progress.phase == "playing":
            fake.tokens.clear()

    async with Platform("http://x", "admin", "correct", fake) as platform:
        played = await Replay(recordings, platform, mqtt, QUICK, tell=tell).run([0], asyncio.Event())
    assert played[0].complete
    assert fake.calls.count("POST /session") > 1
