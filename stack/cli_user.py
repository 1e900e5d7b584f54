"""``shouwang user ...``: accounts of a running home, for whoever has the machine; also when nobody can sign in."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from schemas.errors import BrokenRule, Unavailable
from stack import addresses, credentials
from stack.accounts import typed_password
from stack.clock import wall_clock
from stack.home import Home
from stack.ports import Ports
from stack.settings import home_folder, load
from store import accounts, audit
from store.grants import Grant, Role
from store.pool import LOST, Pool, open_pool

app = typer.Typer(no_args_is_help=True, help="Accounts: who may sign in, and what each may do where.")
_FAILED = 1
#: Who did it, in the log: whoever may run commands on this machine.
_ACTOR, _SESSION = "(machine)", "command"

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="The folder that keeps everything.", show_default=False)
]
Name = Annotated[str, typer.Argument(help="The account's name.")]
PlaceOption = Annotated[
    str | None, typer.Option("--place", help="At this place and below. Default: everywhere.", show_default=False)
]
ResidentOption = Annotated[str | None, typer.Option("--resident", help="For a family: whose.", show_default=False)]


@app.command("list")
def list_accounts(home: HomeOption = None) -> None:
    """List accounts with their roles."""

    async def run(pool: Pool) -> None:
        for each in await accounts.accounts(pool, wall_clock()):
            roles = ", ".join(_said(grant) for grant in each.user.grants) or "no role"
            state = _since(each.disabled_us) if each.disabled_us is not None else f"{each.sessions} open sessions"
            typer.echo(f"{each.user.name}\t{each.user.display_name}\t{roles}\t{state}")

    _with_pool(home, run)


@app.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option("--role", help="What they are.")],
    display_name: Annotated[
        str | None, typer.Option("--display-name", help="As others see them.", show_default=False)
    ] = None,
    place: PlaceOption = None,
    resident: ResidentOption = None,
    home: HomeOption = None,
) -> None:
    """Add an account and print its one-time password."""

    async def run(pool: Pool) -> None:
        grant = Grant(role=role, place=place, resident=resident)
        password = typed_password()
        await accounts.add_user(
            pool, name, None, password, display_name or name, wall_clock(), grants=[grant], must_change=True, by=_ACTOR
        )
        await _note(pool, "add_account", name, {"grants": [_said(grant)]})
        _tell(name, password)

    _with_pool(home, run)


@app.command()
def grant(
    name: Name,
    role: Annotated[Role, typer.Option("--role", help="What they are, besides what they are already.")],
    place: PlaceOption = None,
    resident: ResidentOption = None,
    only: Annotated[bool, typer.Option("--only", help="This instead of all they had.")] = False,
    home: HomeOption = None,
) -> None:
    """Give an account a role, besides those it has or instead of them."""

    async def run(pool: Pool) -> None:
        found = await accounts.account(pool, name, wall_clock())
        had = found.user.grants if found is not None and not only else ()
        wanted = [*had, Grant(role=role, place=place, resident=resident)]
        await accounts.set_grants(pool, name, wanted, _ACTOR, wall_clock())
        await _note(pool, "set_account_grants", name, {"grants": [_said(each) for each in wanted]})
        typer.echo(f"{name}: {', '.join(_said(each) for each in wanted)}")

    _with_pool(home, run)


@app.command()
def password(name: Name, home: HomeOption = None) -> None:
    """Draw another one-time password, print it, and end the account's sessions."""

    async def run(pool: Pool) -> None:
        drawn = typed_password()
        await accounts.set_password(pool, name, drawn, must_change=True)
        await _note(pool, "reset_account_password", name, {})
        _tell(name, drawn)

    _with_pool(home, run)


@app.command()
def disable(name: Name, home: HomeOption = None) -> None:
    """Let nobody sign in as it, and end its sessions."""

    async def run(pool: Pool) -> None:
        await accounts.set_disabled(pool, name, wall_clock())
        await _note(pool, "disable_account", name, {})
        typer.echo(f"{name}: disabled")

    _with_pool(home, run)


@app.command()
def enable(name: Name, home: HomeOption = None) -> None:
    """Let it sign in again."""

    async def run(pool: Pool) -> None:
        await accounts.set_disabled(pool, name, None)
        await _note(pool, "enable_account", name, {})
        typer.echo(f"{name}: may sign in")

    _with_pool(home, run)


@app.command("end-sessions")
def end_sessions(name: Name, home: HomeOption = None) -> None:
    """Sign it out everywhere; its live streams end within ten seconds."""

    async def run(pool: Pool) -> None:
        ended = await accounts.end_sessions(pool, name)
        await _note(pool, "end_account_sessions", name, {})
        typer.echo(f"{name}: {len(ended)} sessions ended")

    _with_pool(home, run)


async def _note(pool: Pool, act: str, name: str, data: dict[str, list[str]]) -> None:
    # Wall time: a home whose clock is driven has no people whose log this would be.
    await audit.write(pool, at_us=wall_clock(), account=_ACTOR, session=_SESSION, act=act, about=name, data=data)


def _tell(name: str, password: str) -> None:
    typer.echo(f"{name} / {password}")
    typer.echo("This password works until it is changed at the first sign-in; it is shown once.", err=True)


def _said(grant: Grant) -> str:
    where = grant.place or grant.resident
    return f"{grant.role.value} of {where}" if where else f"{grant.role.value} everywhere"


def _since(us: int) -> str:
    return f"disabled since {datetime.fromtimestamp(us / 1e6, UTC):%Y-%m-%d %H:%M} UTC"


def _with_pool(home: Path | None, run: Callable[[Pool], Awaitable[None]]) -> None:
    async def connected() -> None:
        settings = load(home_folder(home))
        where = Home(settings.home)
        if settings.dsn is None and not where.state.exists():
            raise Unavailable(
                "The platform does not run in this home: start it with `shouwang up`, or say another --home."
            )
        pool = await open_pool(settings.dsn or addresses.of(Ports(where), credentials.load(where)).dsn)
        try:
            await run(pool)
        except LOST as error:
            raise Unavailable(
                f"The database went away ({error}); nothing is sure to be done: list the accounts."
            ) from error
        finally:
            pool.terminate()

    try:
        asyncio.run(connected())
    except (Unavailable, BrokenRule) as error:
        typer.echo(f"shouwang user: {error}", err=True)
        raise typer.Exit(_FAILED) from None
