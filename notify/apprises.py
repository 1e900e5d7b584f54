"""The channel for what Apprise knows to reach: SMS gateways, chats, mail. Each send has a thread of its own.

A plugin blocks, and nobody can end a thread: so we wait five seconds for it and no longer, and threads are bounded, in
all and for each kind, so that a gateway that answers nobody keeps the others free (docs/adr/0028).
"""

import asyncio
import contextlib
import logging
import smtplib
import threading
from collections import Counter
from typing import Any

from requests import exceptions

from notify import transport
from notify.channels import ANSWER_SECONDS, Outcome, Told
from schemas.address import is_loopback, refused, scheme_of
from schemas.alert import Severity

#: Threads at once, in all and for one kind of address: a ward's alarm is some ten calls; a dead gateway holds each for
#: some seconds.
MOST_THREADS, MOST_OF_A_KIND = 64, 16
#: Where a provider says yes with 200 and no in the body: kind -> field, and its value for yes.
_SAYS = {
    "dingtalk": ("errcode", 0),
    "wecombot": ("errcode", 0),
    "feishu": ("code", 0),
    "lark": ("code", 0),
    "bark": ("code", 200),
    "barks": ("code", 200),
    "pushplus": ("code", 200),
    "wxpusher": ("code", 1000),
    "schan": ("code", 0),
    "pushdeer": ("code", 0),
}
#: Nothing of it was sent: the other side was never reached.
_NOT_REACHED = (
    exceptions.ConnectTimeout, exceptions.InvalidURL, exceptions.SSLError,
    transport.LeavesHomeError, transport.MailNotReachedError,
)  # fmt: skip


class AppriseChannel:
    """Sends title and text by an Apprise URL. Nothing of a URL is ever logged: it is made of secrets."""

    def __init__(self, *, loopback_only: bool) -> None:
        self._loopback_only = loopback_only
        self._under_way: set[str] = set()
        self._is_warm = False

    async def warm(self) -> None:
        """Load the library, which takes half a second, before somebody waits for it."""
        # With its first address it reads all its plugins.
        await asyncio.to_thread(plugin_of, "json://localhost")
        self._is_warm = True

    async def send(self, address: str, told: Told) -> Outcome:
        """Send once; raises nothing."""
        if (why := refused(address)) is not None:
            return Outcome(ok=False, error=f"not an address of ours: {why}")
        if self._loopback_only and not is_loopback(address):
            return Outcome(ok=False, error="a simulated home rings only this machine")
        if address in self._under_way:
            return Outcome(ok=False, unknown=True, error="no answer yet to the call before")
        kinds = Counter(scheme_of(each) for each in self._under_way)
        if len(self._under_way) >= MOST_THREADS or kinds[scheme_of(address)] >= MOST_OF_A_KIND:
            return Outcome(ok=False, error="too many calls wait for an answer")
        self._under_way.add(address)
        if not self._is_warm:  # a busy machine loads for seconds, and the five are for the answer
            try:
                await self.warm()
            except Exception as error:
                self._under_way.discard(address)
                return Outcome(ok=False, error=f"the library cannot be loaded: {type(error).__name__}")
        return await self._in_a_thread(address, told)

    async def _in_a_thread(self, address: str, told: Told) -> Outcome:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Outcome] = loop.create_future()

        def ended(outcome: Outcome) -> None:
            self._under_way.discard(address)
            if not done.done():
                done.set_result(outcome)

        def work() -> None:
            try:
                outcome = _send(address, told, loopback_only=self._loopback_only)
            except Exception as error:  # a plugin's own fault; its words may hold a token
                outcome = Outcome(ok=False, unknown=True, error=f"fault in the channel: {type(error).__name__}")
            with contextlib.suppress(RuntimeError):  # the loop is gone, and nobody waits
                loop.call_soon_threadsafe(ended, outcome)

        # Not a pool's: those are waited for at the end, and one that blocks would keep us from stopping.
        threading.Thread(target=work, name="apprise", daemon=True).start()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await asyncio.shield(done)
        except TimeoutError:
            done.cancel()
            return Outcome(ok=False, unknown=True, error="no answer: Timeout")


def _load() -> Any:
    import apprise  # noqa: PLC0415  # 0.3 s of processor and 35 MB, for homes that use it

    transport.guard()
    log = logging.getLogger("apprise")  # it writes addresses and answers into its log
    log.propagate, log.disabled = False, True
    log.addHandler(logging.NullHandler())
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # it writes paths, which are tokens at many providers
    return apprise


def plugin_of(address: str) -> Any:
    """Return the plugin for an address, or None where Apprise cannot read it."""
    apprise = _load()
    asset = apprise.AppriseAsset(
        async_mode=False, http_redirects=False, app_id="Shouwang", app_desc="Shouwang", app_url="",
        image_url_mask="", image_url_logo="", image_path_mask="",
    )  # fmt: skip
    return apprise.Apprise.instantiate(address, asset=asset)


def _send(address: str, told: Told, *, loopback_only: bool) -> Outcome:
    plugin = plugin_of(address)
    if plugin is None:
        return Outcome(ok=False, error="not an address that Apprise can read")
    if loopback_only and not is_loopback(f"http://{getattr(plugin, 'smtp_host', None) or plugin.host}/"):
        return Outcome(ok=False, error="a simulated home rings only this machine")
    _dress(plugin, told)
    heard = transport.Heard(loopback_only=loopback_only)
    transport.listening(heard)
    try:
        # A channel without a title would put it before the text, and a short message would be long.
        title = told.title if plugin.title_maxlen > 0 else ""
        ok = plugin.notify(body=told.text, title=title, notify_type=_TYPES[told.severity])
    finally:
        transport.listening(None)
    return _outcome(scheme_of(address), bool(ok), heard)


_TYPES = {Severity.HIGH: "failure", Severity.MEDIUM: "warning", Severity.LOW: "info"}


def _dress(plugin: Any, told: Told) -> None:
    """Set what makes one alert one thread, and a loud one loud, where the kind knows it and its address is silent."""
    plugin.retry = 0  # trying again is ours
    kind = type(plugin).__name__
    if kind == "NotifyEmail":
        plugin.socket_connect_timeout = transport.READ_SECONDS
        root = f"<{told.thread}@shouwang>"
        plugin.headers |= {"References": root, "In-Reply-To": root}
    elif kind == "NotifyNtfy":
        plugin.click = plugin.click or told.link
        if str(plugin.priority) == "default" and told.severity is Severity.HIGH:
            plugin.priority = "max"
    elif kind == "NotifyBark":
        plugin.group = plugin.group or told.thread
        plugin.click = plugin.click or told.link
        if told.severity is Severity.HIGH:
            plugin.level = plugin.level or "timeSensitive"


def _outcome(scheme: str, ok: bool, heard: transport.Heard) -> Outcome:
    """Return what became of a send; what the provider says in its answer counts for more than Apprise's yes."""
    name, yes = _SAYS.get(scheme, ("", None))
    says = heard.body.get(name) if name and isinstance(heard.body, dict) else None
    if says is not None and says != yes:
        return Outcome(ok=False, error=f"answered {name} {str(says)[:12]}")
    if ok:
        return Outcome(ok=True)
    if heard.errors:
        error = heard.errors[-1]
        if isinstance(error, (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException)):
            return Outcome(ok=False, error=f"refused: {type(error).__name__}")
        # A connection that ended on the way may have brought it there; one that was never made has not.
        never = isinstance(error, _NOT_REACHED) or "NewConnectionError" in repr(error)
        words = "not reached" if never else "no answer"
        return Outcome(ok=False, unknown=not never, error=f"{words}: {type(error).__name__}")
    if heard.statuses:
        return Outcome(ok=False, error=f"answered {heard.statuses[-1]}")
    return Outcome(ok=False, error="refused")


__all__ = ["AppriseChannel", "plugin_of"]
