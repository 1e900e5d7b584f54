"""Which platform the simulator drives: a running home's state file, or addresses given on the command line."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Platform
from schemas.errors import Unavailable
from stack.home import Home
from stack.settings import home_folder

#: Making residents and binding devices takes this role.
ROLE = "administrator"
#: Where `shouwang demo` lives when no --home is given.
DEMO_HOME = "shouwang-demo"


@dataclass(frozen=True, slots=True)
class Target:
    """A platform's API with an account, and its broker."""

    api: str
    user: str
    password: str
    mqtt: MqttAddress
    simulated: bool = False  # by its state file: its clock is driven


_DRIVEN = (
    "This platform's home is simulated and its clock stands until somebody plays, so what goes by the wall clock cannot"
    " run there: use `shouwang sim run`, or a home made without --simulated."
)


async def by_the_wall(target: Target, platform: Platform | None = None) -> None:
    """Raise Unavailable with a sentence when the platform's clock is driven, and not the wall's."""
    if target.simulated or (platform is not None and (await platform.overview()).get("simulated")):
        raise Unavailable(_DRIVEN)


def find(
    *,
    home: Path | None = None,
    state: Path | None = None,
    api: str | None = None,
    mqtt: str | None = None,
    user: str | None = None,
    password: str | None = None,
) -> Target:
    """Return the target; what is given on the command line wins over the state file.

    Raises Unavailable with one sentence that says what to give.
    """
    if api and mqtt:
        return Target(api, *_account({}, user, password), _broker(mqtt))
    found = _read(state or state_of(home))
    address = found["mqtt"]
    broker = MqttAddress(address["host"], address["port"], address["user"], address["password"])
    account = _account(found, user, password)
    return Target(api or found["api"], *account, _broker(mqtt) if mqtt else broker, bool(found.get("simulated")))


def state_of(home: Path | None) -> Path:
    """Return the state file of the home asked for; without one, of the platform or else the demo that runs here."""
    usual = Home(home_folder(home)).state
    demo = Home(home_folder(None, DEMO_HOME)).state
    return demo if home is None and demo.exists() and not usual.exists() else usual


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        raise Unavailable(
            f"No platform runs in this home (no {path}); start it with `shouwang up`, or give --api and --mqtt."
        ) from None
    except (OSError, ValueError) as error:
        raise Unavailable(f"{path} cannot be read: {error}.") from None
    return found


def _account(state: dict[str, Any], user: str | None, password: str | None) -> tuple[str, str]:
    if user and password:
        return user, password
    for account in state.get("accounts") or []:
        if account["role"] == ROLE:
            return str(account["user"]), str(account["password"])
    raise Unavailable(
        "This platform keeps no demo accounts: give an administrator's name and password with --user and --password."
    )


def _broker(url: str) -> MqttAddress:
    try:
        return MqttAddress.parse(url)
    except ValueError as error:
        raise Unavailable(str(error)) from None
