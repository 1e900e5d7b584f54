"""A week in cells on whichever database: movement, signs of life, vital signs."""

import pytest

from schemas.reading import Observation
from store import people, readings, weeks
from store.pool import Pool
from tests.store.making import NOW, SECOND, a_home, frame, state, worn

pytestmark = pytest.mark.servers

CELL = 900 * SECOND
START = NOW // CELL * CELL
END = START + 100 * CELL


async def test_movement_is_the_mean_of_a_cell_and_a_cell_without_data_is_absent(pool: Pool) -> None:
    await a_home(pool)
    await people.bind(pool, worn(START - CELL), NOW)
    there = [
        frame("w1", 1, START, g=1.25),
        frame("w1", 2, START + 60 * SECOND, g=1.5),
        frame("w1", 3, START + 5 * CELL, g=1.25),
    ]
    await readings.write(pool, there)
    found = await weeks.activity(pool, "re_1", START, END, CELL)
    assert found == pytest.approx({0: 0.375, 5: 0.25}, abs=1e-3)
    assert await weeks.activity(pool, "re_1", START + CELL, START + 5 * CELL, CELL) == {}
    assert await weeks.activity(pool, "re_2", START, END, CELL) == {}


async def test_a_vital_sign_has_its_least_mean_and_greatest_value(pool: Pool) -> None:
    await a_home(pool)
    beats = [(0, 60.0), (600, 80.0), (899, 100.0), (900, 70.0)]
    said = [
        state(
            "w1", number, START + at * SECOND, Observation("heart_rate", value, "1/min"), Observation("steps", 7.0, "")
        )
        for number, (at, value) in enumerate(beats, 1)
    ]
    await readings.write(pool, said)
    found = await weeks.vitals(pool, "re_1", ("heart_rate", "spo2"), START, END, CELL)
    assert found == [("heart_rate", "1/min", 0, 60.0, 80.0, 100.0), ("heart_rate", "1/min", 1, 70.0, 70.0, 70.0)]


async def test_signs_of_life_are_none_where_no_sensor_stands(pool: Pool) -> None:
    await a_home(pool)
    assert await weeks.signs(pool, "pl_1", ["w1"], ["motion"], START, END, CELL) == {}
