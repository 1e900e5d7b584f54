"""The command ``shouwang``."""

import asyncio
import shutil
import signal
import socket
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import psutil
import typer
from rich.console import Console
from rich.markup import escape

from schemas.errors import Unavailable
from stack import accounts, cli_check, cli_decode, cli_explain, cli_redecode, cli_sim, cli_user
from stack.children import Roll
from stack.home import Home, lock
from stack.settings import home_folder, load
from stack.simulated import is_simulated
from stack.supervisor import Supervisor, Wishes

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Shouwang keeps watch."
)
app.add_typer(cli_sim.app, name="sim")
app.add_typer(cli_user.app, name="user")
app.command()(cli_check.check)
app.command()(cli_decode.decode)
app.command()(cli_redecode.redecode)
app.command()(cli_explain.explain)

_terminal = Console(stderr=True, highlight=False)
#: The platform could not come up, or could not go on.
_FAILED = 1

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="The folder that keeps everything.", show_default=False)
]
LanOption = Annotated[bool, typer.Option("--lan", help="Console and API for the whole network.")]
PortOption = Annotated[
    int | None, typer.Option("--port", min=1, max=65535, help="The console's port.", show_default=False)
]


@app.callback(invoke_without_command=True)
def _root(
    show_version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if show_version:
        print(f"shouwang {version('shouwang')}")
        raise typer.Exit


@app.command()
def up(
    home: HomeOption = None,
    lan: LanOption = False,
    demo: Annotated[bool, typer.Option("--demo", help="A home for simulated residents; it stays one.")] = False,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="A home whose clock a player drives (docs/simulated.md); it stays one.")
    ] = False,
    port: PortOption = None,
) -> None:
    """Run the platform until Ctrl-C."""
    _run(home_folder(home), lan=lan, port=port, wishes=Wishes(demo=demo, simulated=simulated))


@app.command()
def demo(home: HomeOption = None, lan: LanOption = False, port: PortOption = None) -> None:
    """Run the platform with a dozen simulated residents; without --home each demo begins anew."""
    folder = home_folder(home, "shouwang-demo")
    if home is None:
        _begin_anew(Home(folder))
    _run(folder, lan=lan, port=port, wishes=Wishes(demo=True, residents=True))


def _begin_anew(home: Home) -> None:
    """Remove the last demo's home: yesterday's open alarms would swallow today's falls."""
    if accounts.is_demo(home) and not is_simulated(home):
        try:
            home.make()
            lock(home)  # held until this process ends; the file itself goes with the folder
            Roll(home).end_orphans()
        except Unavailable as error:
            _give_up(error)
        shutil.rmtree(home.root)


def _run(folder: Path, *, lan: bool, port: int | None, wishes: Wishes) -> None:
    try:
        settings = load(folder, lan=lan or None, port=port)
        asyncio.run(_supervise(Supervisor(settings, wishes, say=_say, announce=_announcer(Home(folder), lan=lan))))
    except Unavailable as error:
        _give_up(error)


async def _supervise(supervisor: Supervisor) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, supervisor.stop)
    await supervisor.run()


def _say(line: str) -> None:
    _terminal.print(f"[bold]shouwang[/bold] {escape(line)}", soft_wrap=True)


def _announcer(home: Home, *, lan: bool) -> Callable[[str], None]:
    first_start = not home.first_administrator.exists()

    def announce(url: str) -> None:
        for account in accounts.demo(home, first=False):
            _say(f"sign in as {account.role}: {account.user} / {account.password}")
        if home.first_administrator.exists():
            account = accounts.first_administrator(home)
            where = f"{home.first_administrator}; delete that file when you have it elsewhere"
            _say(f"first administrator: {account.user}{f' / {account.password}' if first_start else ''} (in {where})")
        if lan:
            port = url.rsplit(":", 1)[1]
            for address in _network_addresses():
                _say(f"on the network: http://{address}:{port}")
            _say("devices on the network need Mosquitto: see docs/operations.md")
        print(f"READY {url}", flush=True)

    return announce


def _network_addresses() -> list[str]:
    """Return this machine's IPv4 addresses that others may reach."""
    found = [each for interface in psutil.net_if_addrs().values() for each in interface]
    return [each.address for each in found if each.family == socket.AF_INET and not each.address.startswith("127.")]


def _give_up(error: Unavailable) -> None:
    _terminal.print(f"[bold red]shouwang[/bold red] {escape(str(error))}", soft_wrap=True)
    raise typer.Exit(_FAILED)


def main() -> None:
    """Entry point of the ``shouwang`` command."""
    app()
