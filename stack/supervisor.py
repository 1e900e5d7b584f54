"""One process that owns the servers and the stages: starts them in order, mends them, and stops them in order.

Servers first, then what must happen once (migrations, streams, first accounts), then the stages. A stop goes the
other way, so that a stage can still write what it holds. If this process is killed, the kernel ends its children
(stack.children).
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psutil

from schemas.errors import Unavailable
from stack import accounts, addresses, credentials, simulated, state
from stack import settings as settings_module
from stack.children import Command, Roll, spawn
from stack.home import Home, lock
from stack.keeper import Child, Patience
from stack.ports import Ports, is_free, listens
from stack.pulse import BEAT_S, Pipe
from stack.servers import Server
from stack.servers.broker import USUAL_PORT as USUAL_MQTT_PORT
from stack.servers.broker import Broker, most_bytes
from stack.servers.nats import USUAL_PORT as USUAL_NATS_PORT
from stack.servers.nats import Nats
from stack.servers.postgres import USUAL_PORT as USUAL_POSTGRES_PORT
from stack.servers.postgres import Postgres
from stack.settings import USUAL_CLAIM_PORT, USUAL_CONSOLE_PORT, Settings

STAGES = ("gateway", "recorder", "watcher", "desk", "notify", "api")
#: A stage brings what it holds to JetStream or the database; a stuck one is not waited for longer.
STAGE_PATIENCE_S = 10.0
#: PostgreSQL writes a checkpoint of at most its shared buffers.
SERVER_PATIENCE_S = 20.0
#: A stage whose event loop has not turned for this long hangs. The longest turn of ours is a batch of readings through
#: the detectors, below a second; what waits for a server lets the loop turn. A stage killed in error costs 3 s and
#: loses nothing; one that hangs unnoticed finds no falls. With the start it is back before anybody is told (35 s).
STAGE_LOOK_S, STAGE_HUNG_S = BEAT_S, 20.0
#: The same until it is ready: a slow card may take long to read the modules, and nothing turns meanwhile.
STAGE_START_S = 120.0
#: Broker and JetStream are asked this often whether they answer, and started again after that much silence: a disk
#: that is busy may hold them up for some tens of seconds, and what they have acknowledged outlives the kill.
SERVER_LOOK_S, SERVER_HUNG_S = 5.0, 60.0
#: The same until it is ready: JetStream may have to read all it holds (10 GB) when a power cut took its index.
SERVER_START_S = 900.0
#: Starts in a row that fail before the platform was ever up: then it is not bad luck, and a person must look.
HOPELESS_STARTS = 4
_WAIT_S = 0.05


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for beyond the settings."""

    demo: bool = False  # a home of simulated residents
    residents: bool = False  # and somebody to simulate them
    simulated: bool = False  # a home whose clock is driven by whoever plays (stack.simulated)
    prefer_usual_ports: bool = True
    stages: Sequence[str] = STAGES
    #: Module that runs a stage; tests put a stand-in here.
    stage_module: str = "stack.stage"


@dataclass
class Supervisor:
    """One running platform."""

    settings: Settings
    wishes: Wishes
    say: Callable[[str], None]
    announce: Callable[[str], None]
    _servers: list[Child] = field(default_factory=list)
    _stages: list[Child] = field(default_factory=list)
    _keepers: list["asyncio.Task[None]"] = field(default_factory=list)
    _pipes: list[Pipe] = field(default_factory=list)
    _was_ready: bool = False

    def __post_init__(self) -> None:
        self.home = Home(self.settings.home)
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Ask for the end; ``run`` returns when all is down."""
        self._stop.set()

    async def run(self) -> None:
        """Bring the platform up, keep it up, and take it down when asked. Raises Unavailable when it cannot come up."""
        self.home.make()
        held = lock(self.home)
        try:
            self._roll = Roll(self.home)
            if orphans := self._roll.end_orphans():
                self.say(f"ended what a killed platform had left running: {', '.join(orphans)}")
            state.remove(self.home)
            simulated.settle(self.home, self.settings, wanted=self.wishes.simulated, demo=self.wishes.demo)
            self._accounts = accounts.demo(self.home, first=self.wishes.demo or self.wishes.simulated)
            self._credentials = credentials.load(self.home)
            self._ports = Ports(self.home, prefer_usual=self.wishes.prefer_usual_ports)
            self._console_port = self._choose_console_port()
            self._ports.choose("claims", USUAL_CLAIM_PORT, self.settings.host)
            if await self._bring_up():
                await self._stop_or_defect()
        finally:
            state.remove(self.home)
            self._was_ready = False
            await self._take_down()
            os.close(held)

    def _choose_console_port(self) -> int:
        wanted = self.settings.port
        if wanted is not None and not is_free(wanted, self.settings.host):
            raise Unavailable(f"The port {wanted} is taken by another program; give another one with --port.")
        return self._ports.choose("console", wanted or USUAL_CONSOLE_PORT, self.settings.host, wish=wanted)

    async def _bring_up(self) -> bool:
        """Start everything in order; false when a stop came first."""
        if not await self._start_all(self._servers, self._embedded()):
            return False
        given = self.settings
        self._where = addresses.of(
            self._ports, self._credentials, mqtt_url=given.mqtt_url, nats_url=given.nats_url, dsn=given.dsn
        )
        if not await self._prepare():
            return False
        if not await self._start_all(self._stages, [self._stage_child(name) for name in self.wishes.stages]):
            return False
        self._was_ready = True
        self._write_state()
        self.announce(self._console_url())
        if self.wishes.residents:  # they live with a platform that is up; nobody waits for them
            self._keep(self._stages, [self._stage_child("demo", on_terminal=True)])
        return True

    async def _stop_or_defect(self) -> None:
        """Wait for the stop. A keeper that ends is our own defect: then nothing may look as if it were watched."""
        stopping = asyncio.create_task(self._stop.wait(), name="stop")
        await asyncio.wait({stopping, *self._keepers}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        self._raise_defects()

    def _raise_defects(self) -> None:
        for task in self._keepers:
            if task.done():
                task.result()

    def _embedded(self) -> list[Child]:
        """The servers that no setting replaces."""
        given, secret = self.settings, self._credentials
        # A play can be played again after a power cut, and a month in minutes is mostly waiting for the disk. What is
        # killed loses nothing: the system holds what was written.
        sync, extra = not self.wishes.simulated, {"fsync": "off"} if self.wishes.simulated else {}
        made: list[Child] = []
        if given.mqtt_url is None:
            made.append(self._server_child(USUAL_MQTT_PORT, lambda port: Broker(self.home, port, secret.mqtt)))
        if given.nats_url is None:
            made.append(self._server_child(USUAL_NATS_PORT, lambda port: Nats(self.home, port, secret.nats, sync=sync)))
        if given.dsn is None:
            made.append(
                self._server_child(
                    USUAL_POSTGRES_PORT, lambda port: Postgres(self.home, port, secret.postgres, extra=extra)
                )
            )
        return made

    def _server_child(self, usual: int, make: Callable[[int], Server]) -> Child:
        """A server on its port. Until all is up, each start looks at the port again: two platforms that begin in the
        same moment may have chosen the same one, and neither may take the other's server for its own.
        """
        server = make(usual)

        def start() -> "subprocess.Popen[bytes]":
            nonlocal server
            if not self._was_ready:
                server = make(self._ports.choose(server.name, usual))
            return server.start()

        def is_ready() -> bool:
            return child.pid is not None and listens(child.pid, server.port) and server.ready()

        def alive() -> bool:  # whichever it is by now
            return server.alive()

        # The database is never killed for silence: replaying its log, or on a disk that is too slow, it would begin
        # anew each time and never come up. People are told by readyz, the heartbeat and the alert; they decide.
        hung_s = None if server.name == "postgres" else SERVER_HUNG_S
        start_s = float("inf") if server.name == "postgres" else SERVER_START_S
        most = most_bytes(psutil.virtual_memory().total) if server.name == "broker" else float("inf")
        tell_s = SERVER_HUNG_S if hung_s is None else float("inf")  # the others' end says it
        patience = Patience(alive, SERVER_LOOK_S, start_s, hung_s, tell_s, most)
        child = self._child(server.name, start, is_ready, server.stop_signal, patience)
        return child

    def _stage_child(self, name: str, *, on_terminal: bool = False) -> Child:
        flag, pipe = self.home.ready / name, Pipe()
        self._pipes.append(pipe)
        log = None if on_terminal else self.home.logs / f"{name}.log"
        command = Command(
            (
                *(sys.executable, "-P", "-m", self.wishes.stage_module),
                *(name, "--home", str(self.home.root), "--pulse", str(pipe.write_end)),
            ),
            environment={**settings_module.for_children(self.settings), "PYTHONUNBUFFERED": "1"},
            pass_fds=(pipe.write_end,),
        )

        def start() -> "subprocess.Popen[bytes]":
            if name == "api" and not self._was_ready:  # another program may have taken it since it was chosen
                self._console_port = self._choose_console_port()
            if name == "notify":  # only its own start: its links stand in people's messages and name this port
                self._ports.choose("claims", USUAL_CLAIM_PORT, self.settings.host)
            flag.unlink(missing_ok=True)
            return spawn(command, log)

        patience = Patience(pipe.sign, STAGE_LOOK_S, STAGE_START_S, STAGE_HUNG_S)
        return self._child(name, start, flag.exists, signal.SIGTERM, patience)

    def _child(
        self,
        name: str,
        start: Callable[[], "subprocess.Popen[bytes]"],
        is_ready: Callable[[], bool],
        stop_signal: signal.Signals,
        patience: Patience,
    ) -> Child:
        last_words = self._last_words(name)
        return Child(
            name, start, is_ready, stop_signal, self._on_change, self.say, last_words=last_words, patience=patience
        )

    def _last_words(self, name: str) -> Callable[[], str]:
        def read() -> str:
            with contextlib.suppress(OSError):
                lines = (self.home.logs / f"{name}.log").read_text(errors="replace").strip().splitlines()
                return lines[-1] if lines else ""
            return ""

        return read

    def _keep(self, kind: list[Child], children: list[Child]) -> None:
        kind.extend(children)
        self._keepers += [asyncio.create_task(child.keep(), name=child.name) for child in children]

    async def _start_all(self, kind: list[Child], children: list[Child]) -> bool:
        """Start these and wait until all are ready; false when a stop came first. Raises Unavailable when hopeless."""
        self._keep(kind, children)
        while not all(child.ready.is_set() for child in children):
            if self._stop.is_set():
                return False
            self._raise_defects()
            for child in children:
                if child.refusal:
                    raise Unavailable(child.refusal)
                if child.failed_starts >= HOPELESS_STARTS:
                    raise Unavailable(
                        f"{child.name} does not start: {child.last_words() or 'it says nothing'} "
                        f"(see {self.home.logs / child.name}.log; if it is damaged: `make clean install`)"
                    )
            await asyncio.sleep(_WAIT_S)
        return True

    async def _prepare(self) -> bool:
        """Run the one-shot stage; false when a stop came first."""
        child = self._stage_child("prepare")
        process = child.start()
        while process.poll() is None:
            if self._stop.is_set():
                process.kill()
                process.wait()
                return False
            await asyncio.sleep(_WAIT_S)
        if process.returncode != 0:
            raise Unavailable(
                f"The database or the streams cannot be prepared: {child.last_words()} "
                f"(see {self.home.logs / 'prepare.log'})"
            )
        return True

    def _on_change(self, child: Child) -> None:
        try:
            if child.pid is not None:
                self._roll.add(child.name, child.pid, child.stop_signal)
            else:
                self._roll.remove(child.name)
            if self._was_ready:
                self._write_state()
        except OSError as error:  # a full disk must not end the watching
            self.say(f"cannot write below {self.home.run}: {error.strerror}")

    def _console_url(self) -> str:
        return f"http://127.0.0.1:{self._console_port}"

    def _write_state(self) -> None:
        state.write(
            self.home,
            console=self._console_url(),
            where=self._where,
            accounts=self._accounts,
            simulated=self.wishes.simulated,
            pid=os.getpid(),
            servers={child.name: child.pid for child in self._servers if child.pid is not None},
            stages={child.name: child.pid for child in self._stages if child.pid is not None},
            restarts={child.name: child.restarts for child in (*self._servers, *self._stages)},
        )

    async def _take_down(self) -> None:
        for children, patience in ((self._stages, STAGE_PATIENCE_S), (self._servers, SERVER_PATIENCE_S)):
            willing = await asyncio.gather(*(child.stop(patience) for child in children))
            for child, stopped in zip(children, willing, strict=True):
                if not stopped:
                    self.say(f"{child.name} did not stop within {patience:g} s and was killed")
        for task in self._keepers:
            task.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        while self._pipes:
            self._pipes.pop().close()
