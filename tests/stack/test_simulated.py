"""A home is simulated from its first start on, or never; and whose clock its stages get."""

import asyncio
from pathlib import Path

import pytest

from schemas.errors import Unavailable
from stack import credentials, simulated
from stack.clock import platform_time, wall_clock
from stack.home import Home
from stack.settings import load


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.make()
    return made


def settle(home: Home, *, wanted: bool, demo: bool = False) -> None:
    simulated.settle(home, load(home.root), wanted=wanted, demo=demo)


def test_a_new_home_becomes_simulated_when_that_is_wanted_and_stays_so(home: Home) -> None:
    settle(home, wanted=True)
    assert simulated.is_simulated(home)
    credentials.load(home)
    settle(home, wanted=True)
    with pytest.raises(Unavailable, match="is a simulated one and stays so"):
        settle(home, wanted=False)
    with pytest.raises(Unavailable, match="is a simulated one and stays so"):
        settle(home, wanted=False, demo=True)


def test_a_home_that_was_started_by_the_wall_clock_never_becomes_simulated(home: Home) -> None:
    settle(home, wanted=False)
    credentials.load(home)
    with pytest.raises(Unavailable, match="lives by the wall clock and stays so"):
        settle(home, wanted=True)
    assert not simulated.is_simulated(home)


def test_a_demo_is_not_simulated_by_a_driven_clock(home: Home) -> None:
    with pytest.raises(Unavailable, match="not both"):
        settle(home, wanted=True, demo=True)
    assert not simulated.is_simulated(home)


@pytest.mark.parametrize("name", ["mqtt_url", "nats_url", "dsn"])
def test_a_simulated_home_shares_no_server_with_a_real_one(home: Home, name: str) -> None:
    with pytest.raises(Unavailable, match=f"take the setting {name} away"):
        simulated.settle(home, load(home.root, **{name: "somewhere://else"}), wanted=True, demo=False)
    assert not simulated.is_simulated(home)


async def test_a_live_homes_stages_go_by_the_wall(home: Home) -> None:
    async with platform_time(home, "desk", "nats://127.0.0.1:1", wall_clock, asyncio.Event()) as clock:
        assert clock is wall_clock
