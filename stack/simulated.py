"""Simulated homes: time there is the player's, and nobody in them is real.

A home is simulated from its first start on, or never: a driven clock among real residents would silence their alarms,
and real readings among simulated ones would be dated by somebody's play.
"""

from schemas.errors import Unavailable
from stack.credentials import FILE_NAME as SECRETS
from stack.home import Home, write_private
from stack.settings import Settings

_MARK = "simulated-home.txt"
_TEXT = "This home is simulated: its clock is driven by whoever plays, nobody in it is real, and it stays so.\n"
#: Settings that would let a simulated home meet a real one.
_SERVERS = ("mqtt_url", "nats_url", "dsn")


def is_simulated(home: Home) -> bool:
    """Whether this home's clock is driven."""
    return (home.root / _MARK).exists()


def settle(home: Home, settings: Settings, *, wanted: bool, demo: bool) -> None:
    """Make a new home a simulated one when that is ``wanted``.

    Raises Unavailable with one sentence when the home is another than is wanted, or might meet a real one.
    """
    if wanted and demo:
        raise Unavailable("A demo's residents live by the wall clock: give --demo or --simulated, not both.")
    if is_simulated(home) != wanted and not wanted:
        raise Unavailable(
            f"The home {home.root} is a simulated one and stays so: start it with --simulated, or give another --home."
        )
    if not wanted:
        return
    if not is_simulated(home) and (home.root / SECRETS).exists():
        raise Unavailable(
            f"The home {home.root} lives by the wall clock and stays so; a simulated one needs another: give --home."
        )
    for name in _SERVERS:
        if getattr(settings, name) is not None:
            raise Unavailable(f"A simulated home runs on servers of its own alone: take the setting {name} away.")
    if not is_simulated(home):
        write_private(home.root / _MARK, _TEXT.encode())
