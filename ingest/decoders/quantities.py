"""What can be measured, in the platform's words: name, unit, and what a sensor of that kind can mean. Pure.

Beyond the ranges stand the sentinels of broken firmware (battery 255, humidity 104.7, a room of 127.99 °C): such a
value is implausible and is not data. Names and units are those of docs/devices.md.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured number: the platform's name, unit and plausible range, both ends included."""

    type: str
    unit: str
    low: float
    high: float


def _of(*known: Quantity) -> dict[str, Quantity]:
    return {each.type: each for each in known}


QUANTITIES = _of(
    # air and rooms: what such sensors can measure (datasheets of SHT3x, DHT22, BME280, BH1750, SCD40)
    Quantity("temperature", "°C", -60, 100),
    Quantity("dew_point", "°C", -80, 100),
    Quantity("humidity", "%", 0, 100),
    Quantity("pressure", "hPa", 0, 2000),
    Quantity("illuminance", "lx", 0, 200_000),
    Quantity("co2", "ppm", 0, 50_000),
    # the device itself; its chip is no room
    Quantity("device_temperature", "°C", -60, 150),
    Quantity("battery", "%", 0, 100),
    Quantity("battery_voltage", "V", 0, 60),
    Quantity("rssi", "dBm", -200, 20),
    Quantity("link_quality", "lqi", 0, 255),
    # mains
    Quantity("voltage", "V", 0, 500),
    Quantity("power", "W", -100_000, 100_000),
    Quantity("current", "A", -1000, 1000),
    Quantity("energy_total", "kWh", 0, 1e9),
    # people
    Quantity("heart_rate", "1/min", 20, 300),
    Quantity("respiration_rate", "1/min", 0, 100),
    Quantity("steps_today", "", 0, 500_000),
    Quantity("steps_interval", "", 0, 500_000),
    Quantity("motion_count", "", 0, 1e9),
    Quantity("target_distance", "m", 0, 10_000),
    Quantity("speed", "km/h", 0, 1500),
    Quantity("vibration_strength", "", 0, 1e6),
)
#: A distance has the unit that the sender gave it: beacons say metres, radars centimetres.
DISTANCES = {"m": Quantity("distance", "m", 0, 10_000), "cm": Quantity("distance", "cm", 0, 1_000_000)}
