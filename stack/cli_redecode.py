"""``shouwang redecode``: raw messages of a running home decoded again after a decoder was mended; nothing alarms."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from ingest.given import Wrong, parse_iso
from ingest.redecode import Redecoded
from ingest.redecode import redecode as decode_again
from schemas.errors import Unavailable
from stack import addresses, credentials
from stack.home import Home
from stack.ports import Ports
from stack.settings import Settings, home_folder, load
from store.pool import LOST, open_pool

_FAILED, _USAGE = 1, 2


def redecode(
    since: Annotated[str, typer.Option("--since", help="What arrived since then, ISO 8601.")],
    device: Annotated[str | None, typer.Option("--device", help="Of this device only.", show_default=False)] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="The folder that keeps everything.", show_default=False)
    ] = None,
) -> None:
    """Decode raw messages of a running home again and rewrite their readings, without alarms."""
    try:
        since_us = parse_iso(since)
    except Wrong as error:
        typer.echo(f"shouwang redecode: {error}", err=True)
        raise typer.Exit(_USAGE) from None
    try:
        settings = load(home_folder(home))
        done = asyncio.run(_run(settings, since_us, device))
    except Unavailable as error:
        typer.echo(f"shouwang redecode: {error}", err=True)
        raise typer.Exit(_FAILED) from None
    typer.echo(f"read again: {done.messages} messages; rewritten: {done.rewritten}, with {done.values} values now")


async def _run(settings: Settings, since_us: int, device: str | None) -> Redecoded:
    home = Home(settings.home)
    if settings.dsn is None and not home.state.exists():
        raise Unavailable("The platform does not run in this home: start it with `shouwang up`, or say another --home.")
    dsn = settings.dsn or addresses.of(Ports(home), credentials.load(home)).dsn
    pool = await open_pool(dsn)
    try:
        return await decode_again(
            pool,
            since_us=since_us,
            bases=settings.bases,
            phones=settings.phones,
            trees=settings.trees,
            device=device,
        )
    except LOST as error:
        raise Unavailable(f"The database went away ({error}); call again, it begins anew.") from error
    finally:
        pool.terminate()
