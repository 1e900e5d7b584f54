"""How ESPHome nodes say it over MQTT: remembered words without a time, announcements with short names, and logs."""

from device_sim.forms.home_assistant import HomeAssistant
from device_sim.forms.spoken import SECOND_US, Cause, HomeSensor, Said, SensorKind
from device_sim.play import Emission

AT_US = 1_772_380_800 * SECOND_US
MOTION = HomeSensor("卧室 人体", SensorKind.MOTION, "bedroom")
DOOR = HomeSensor("大门", SensorKind.CONTACT, "hall")
BUTTON = HomeSensor("SOS", SensorKind.BUTTON, "bedroom")
LEAK = HomeSensor("leak", SensorKind.LEAK, "bathroom")
EP1, REED, BLE = "ep1-d03a0ebf9b", "reed-10656b8b52", "ble-f616457f92"


def speaker() -> HomeAssistant:
    return HomeAssistant("w1", (MOTION, DOOR, BUTTON, LEAK), 3)


def said(sensor: HomeSensor, cause: Cause, *, on: bool = False, at_us: int = AT_US) -> Said:
    return Said(at_us, sensor, cause, on, 80, 100, heard_us=at_us)


def lines(sent: list[Emission]) -> list[tuple[float, str, str]]:
    """Return how much later (s) what was said where, without logs and announcements."""
    return [
        ((each.at_us - AT_US) / 1e6, each.topic, each.payload.decode())
        for each in sent
        if not each.topic.endswith(("/config", "/debug")) and not each.topic.startswith("esphome/")
    ]


def test_an_announcement_is_as_the_maker_writes_it() -> None:
    sent = {each.topic: each.payload for each in speaker().hello(AT_US)}
    config = sent[f"homeassistant/binary_sensor/{EP1}/occupancy/config"]
    assert config.decode() == (
        f'{{"dev_cla":"occupancy","name":"Occupancy","stat_t":"{EP1}/binary_sensor/occupancy/state",'
        f'"avty_t":"{EP1}/status","uniq_id":"ESPbinary_sensoroccupancy","dev":{{"ids":"02d03a0ebf9b",'
        '"name":"卧室 人体","sw":"1.3.8 (ESPHome 2026.6.5)","mdl":"Everything_Presence_One",'
        '"mf":"EverythingSmartTechnology","cns":[["mac","02d03a0ebf9b"]]}}'
    )
    assert all(each.retain and each.qos == 0 for each in speaker().hello(AT_US))


def test_motion_is_a_pir_that_ends_soon_and_a_radar_that_holds_and_speaks_once() -> None:
    home = speaker()
    assert lines(list(home.say(said(MOTION, Cause.BEGINS, on=True)))) == [
        (0.0, f"{EP1}/binary_sensor/pir/state", "ON"),
        (0.4, f"{EP1}/binary_sensor/mmwave/state", "ON"),
        (0.4, f"{EP1}/binary_sensor/occupancy/state", "ON"),
        (4.0, f"{EP1}/binary_sensor/pir/state", "OFF"),
    ]
    assert [topic for _, topic, _ in lines(list(home.say(said(MOTION, Cause.AGAIN, on=True))))] == [
        f"{EP1}/binary_sensor/pir/state"
    ] * 2
    logged = [each for each in home.say(said(MOTION, Cause.TIMER)) if each.topic == f"{EP1}/debug"]
    assert logged[-1].payload == b"\033[0;36m[D][binary_sensor:035]: 'Occupancy': New state is OFF\033[0m"
    assert logged[-1].retain


def test_a_door_sleeps_wakes_announces_itself_and_says_what_changed_meanwhile_behind_it() -> None:
    home = speaker()
    assert list(home.say(said(DOOR, Cause.REMEMBERED))) == []
    woken = list(home.say(said(DOOR, Cause.BEGINS, on=True)))
    assert sum(each.topic.endswith("/config") for each in woken) == 4
    assert not any(b"avty_t" in each.payload or each.topic.endswith("/status") for each in woken)
    (opened,) = (each for each in lines(woken) if each[1] == f"{REED}/binary_sensor/door/state")
    assert 0.7 <= opened[0] <= 1.6 and opened[2] == "ON"
    shut = lines(list(home.say(said(DOOR, Cause.ENDS, at_us=AT_US + SECOND_US // 10))))
    assert shut[0][1:] == (f"{REED}/binary_sensor/door/state", "OFF") and shut[0][0] > opened[0]
    again = list(home.say(said(DOOR, Cause.BEGINS, on=True, at_us=AT_US + 20 * SECOND_US)))
    assert any(each.topic.endswith("/config") for each in again), "it slept"


def test_a_press_fires_for_each_advertisement_and_is_remembered_by_the_broker() -> None:
    fired = [each for each in speaker().say(said(BUTTON, Cause.BEGINS)) if "/event/" in each.topic]
    assert 2 <= len(fired) <= 4 and len({each.at_us for each in fired}) == len(fired)
    assert {(each.topic, each.payload, each.retain) for each in fired} == {
        (f"{BLE}/event/bedside_button/state", b'{"event_type":"sos"}', True)
    }


def test_each_node_that_is_awake_has_its_own_will_and_tells_its_states_when_it_is_back() -> None:
    home = speaker()
    for sensor in (MOTION, BUTTON, LEAK):
        list(home.say(said(sensor, Cause.BEGINS, on=True)))
    gone = list(home.gone(AT_US))
    home.missed(said(MOTION, Cause.TIMER))
    home.missed(said(BUTTON, Cause.BEGINS))
    assert [each.topic.split("-")[0] for each in gone] == ["ep1", "ble", "leak"]
    assert {(each.payload, each.retain, each.qos) for each in gone} == {(b"offline", True, 0)}
    back = {topic: payload for _, topic, payload in lines(list(home.hello(AT_US)))}
    assert back[f"{EP1}/binary_sensor/occupancy/state"] == "OFF", "it looks again"
    assert [payload for topic, payload in back.items() if topic.startswith("leak") and "water" in topic] == ["ON"]
    assert not any("/event/" in topic for topic in back)
