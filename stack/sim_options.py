"""What several commands of ``shouwang sim`` have in common: which platform, and how they are ended."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

T = TypeVar("T")

HomeOption = Annotated[Path | None, typer.Option("--home", help="The running platform's home.")]
StateOption = Annotated[Path | None, typer.Option("--state", help="Its state.json, where that lies elsewhere.")]
ApiOption = Annotated[str | None, typer.Option("--api", help="URL of the API, for a platform without a home here.")]
MqttOption = Annotated[str | None, typer.Option("--mqtt", help="mqtt://user:password@host:port of its broker.")]
UserOption = Annotated[str | None, typer.Option("--user", help="An administrator's name.")]
PasswordOption = Annotated[str | None, typer.Option("--password", help="The administrator's password.")]


def until_stopped(work: Callable[[asyncio.Event], Awaitable[T]]) -> T:
    """Run ``work`` with a stop event that Ctrl-C and SIGTERM set; a second Ctrl-C ends it hard."""

    async def main() -> T:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()

        def end() -> None:
            stop.set()
            loop.remove_signal_handler(signal.SIGINT)

        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, end)
        return await work(stop)

    return asyncio.run(main())
