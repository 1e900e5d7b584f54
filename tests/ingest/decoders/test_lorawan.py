"""LoRaWAN through ChirpStack and The Things Stack: repeats, simulated uplinks, radars' records, and codecs' words."""

from typing import Any

import pytest

from ingest.decoders.meaning import Happened
from ingest.decoders.told import IGNORED
from ingest.decoders.values import iso_of
from tests.ingest.decoders.hearing import NOW, SECOND, Ear
from tests.ingest.decoders.samples import FOLDER, disagreements, load, said_of

EUI = "0a0b0c0d0e0f0a0b"
CHIRP = f"application/17/device/{EUI}/event"
TTN = "v3/home@ttn/devices/sensor-1/up"


def chirp(decoded: dict[str, Any] | None, count: int = 1, **more: Any) -> dict[str, Any]:
    body = {"deviceInfo": {"devEui": EUI}, "devAddr": "0011", "fCnt": count, "data": "AQ==", "rxInfo": [{"rssi": -90}]}
    return body | ({} if decoded is None else {"object": decoded}) | more


def ttn(decoded: dict[str, Any], count: int = 1, **more: Any) -> dict[str, Any]:
    uplink = {"session_key_id": "s", "f_cnt": count, "frm_payload": "AQ==", "decoded_payload": decoded}
    return {"end_device_ids": {"dev_eui": EUI.upper()}, "uplink_message": uplink, **more}


def test_one_uplink_is_one_however_many_gateways_heard_it_and_both_servers_know_the_same_device() -> None:
    ear = Ear()
    assert ear.events(f"{CHIRP}/up", chirp({"magnet_status": "open"})) == [Happened("door_open", True)]
    (again,) = ear.hear(f"{CHIRP}/up", chirp({"magnet_status": "open"}, deduplicationId="another"))
    assert again.readings == ()
    assert ear.events(f"{CHIRP}/up", chirp({"magnet_status": "close"}, 2)) == [Happened("door_open", False)]
    assert ear.said[0].readings[0].device == Ear().hear(TTN, ttn({"temperature": 20}))[0].readings[0].device


@pytest.mark.parametrize(
    ("decoded", "kind", "value"),
    [
        ({"DOOR_OPEN_STATUS": 1, "BatV": 3.1}, "door_open", True),
        ({"door": "closed"}, "door_open", False),
        ({"pir": "trigger"}, "motion", True),
        ({"occupied": True}, "motion", True),
        ({"leakage_status": "leak"}, "water_leak", True),
        ({"WATER_LEAK_STATUS": 0}, "water_leak", False),
        ({"button": "short"}, "button", "single"),
        ({"press": "long"}, "button", "long"),
        ({"motion": 4}, "motion_count", 4),
        ({"ALARM_status": "TRUE"}, "sos", True),
    ],
)
def test_codecs_words_mean_what_their_makers_mean(decoded: dict[str, Any], kind: str, value: Any) -> None:
    assert Ear().events(TTN, ttn(decoded)) == [Happened(kind, value)]


def test_volts_and_percent_are_told_apart_and_a_low_battery_is_noted_once_a_day() -> None:
    ear = Ear()
    assert ear.values(f"{CHIRP}/up", chirp({"battery": 3.4}, 1)) == {"rssi": -90, "battery_voltage": 3.4}
    assert ear.values(f"{CHIRP}/up", chirp({"vdd": 3466}, 2)) == {"rssi": -90, "battery_voltage": 3.466}
    notes = [ear.hear(f"{CHIRP}/up", chirp({"battery": 5}, 3 + n), after_s=3600)[0].entry for n in range(25)]
    assert [n for n, note in enumerate(notes) if note is not None] == [0, 24]
    assert "battery" in ear.meaning(f"{CHIRP}/up", chirp({"battery": 255}, 90)).implausible


def test_a_radars_fall_rings_once_and_its_records_of_the_past_and_dwelling_ring_nothing() -> None:
    def record(kind: str, status: str, number: int = 7) -> dict[str, Any]:
        return {"events": [{"alarm_id": number, "alarm_type": kind, "alarm_status": status}]}

    ear = Ear()
    assert ear.meaning(f"{CHIRP}/up", chirp(record("fall", "triggered"), 1)).alarm == "fall"
    assert ear.meaning(f"{CHIRP}/up", chirp(record("fall", "triggered"), 2)).alarm is None, "confirmed: told again"
    assert ear.events(f"{CHIRP}/up", chirp(record("fall", "deactivated"), 3)) == [Happened("fall", False)]
    assert ear.events(f"{CHIRP}/up", chirp(record("dwell", "triggered"), 4)) == []
    assert ear.events(f"{CHIRP}/up", chirp({"history": record("fall", "triggered", 9)["events"]}, 5)) == []
    assert ear.meaning(f"{CHIRP}/up", chirp(record("fall", "triggered", 8), 6)).alarm == "fall"


def test_what_somebody_simulates_in_the_console_and_what_is_of_last_week_did_not_happen() -> None:
    ear = Ear()
    simulated = ear.meaning(TTN, ttn({"sos": True}, simulated=True))
    assert simulated.events == () and simulated.facts["simulated"] is True
    assert ear.meaning(TTN, ttn({"sos": True}, 2)).alarm == "sos"
    old = iso_of(NOW - 9 * 86_400 * SECOND)
    assert ear.events(f"{CHIRP}/up", chirp({"sos": True}, 3, time=old)) == []


def test_bytes_without_a_codec_are_a_note_for_whoever_runs_the_server() -> None:
    ear = Ear()
    (told,) = ear.hear(f"{CHIRP}/up", chirp(None))
    assert told.meaning.technical == "decoder_missing" and told.entry is not None and told.entry.kept
    assert ear.hear(f"{CHIRP}/up", chirp(None, 2))[0].entry is None


def test_the_networks_time_is_the_event_time() -> None:
    ear = Ear()
    at = iso_of(NOW + 50 * SECOND).replace("Z", ".123456789+00:00")
    assert ear.meaning(f"{CHIRP}/up", chirp({"pir": "trigger"}, 1, time=at)).time_us == NOW + 50 * SECOND + 123_000


@pytest.mark.parametrize("kind", ["join", "ack", "txack", "integration"])
def test_plumbing_is_left_alone(kind: str) -> None:
    assert Ear().hear(f"{CHIRP}/{kind}", {"deviceInfo": {"devEui": EUI}, "object": {"sos": True}}) == [IGNORED]


def test_a_devices_battery_as_the_server_knows_it() -> None:
    ear = Ear()
    assert ear.values(f"{CHIRP}/status", {"batteryLevel": 88.5, "margin": 7}) == {"battery": 88.5}
    assert ear.meaning(f"{CHIRP}/status", {"batteryLevelUnavailable": True}).unknown == ("battery",)
    assert ear.values(f"{CHIRP}/status", {"externalPowerSource": True}) == {"charging": True}


@pytest.mark.recordings
@pytest.mark.skipif(not FOLDER.is_dir(), reason="needs the device samples in ../shared/devices")
@pytest.mark.parametrize("family", ["chirp", "ttn"])
def test_every_sample_is_understood(family: str) -> None:
    wrong = {sample["id"]: found for sample in load(family) if (found := disagreements(sample, said_of(sample)))}
    assert wrong == {}
