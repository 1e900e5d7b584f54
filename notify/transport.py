"""What every request of an Apprise plugin goes through: our time, no redirect, no proxy, and nothing out of a demo.

Apprise's plugins call ``requests.post`` each in its own way, and tell only yes or no. Here what they were answered is
kept for the thread that asked, so that "refused" and "nobody knows whether it arrived" are two things.
"""

import json
import smtplib
import threading
from dataclasses import dataclass, field
from typing import Any

import requests

from schemas.address import is_loopback

#: To reach a server, and between two parts of its answer; both end before the channel's five seconds.
CONNECT_SECONDS, READ_SECONDS = 2.5, 4.5
#: Of an answer, bytes read for a code of the provider's own; they say it in a line.
_READ_BYTES = 4096


class LeavesHomeError(requests.RequestException):
    """A simulated home was about to call somebody beyond this machine."""


class MailNotReachedError(Exception):
    """No mail server answered; the words name what went wrong."""


@dataclass(slots=True)
class Heard:
    """What one send was answered: statuses, the last body, and the errors on the way."""

    loopback_only: bool = False
    statuses: list[int] = field(default_factory=list)
    body: Any = None
    errors: list[BaseException] = field(default_factory=list)


class _Asking(threading.local):
    heard: Heard | None = None


_asking = _Asking()
_request = requests.Session.request


def listening(heard: Heard | None) -> None:
    """Let what this thread asks from now on be heard; None: no more."""
    _asking.heard = heard


def _guarded(self: requests.Session, method: str, url: str, **given: Any) -> requests.Response:
    heard = _asking.heard
    if heard is None:  # none of ours
        return _request(self, method, url, **given)
    self.trust_env = False
    given |= {"timeout": (CONNECT_SECONDS, READ_SECONDS), "allow_redirects": False}
    try:
        if heard.loopback_only and not is_loopback(url):
            raise LeavesHomeError("a simulated home rings only this machine")
        answer = _request(self, method, url, **given)
    except requests.RequestException as error:
        heard.errors.append(error)
        raise
    heard.statuses.append(answer.status_code)
    try:
        heard.body = json.loads(answer.content[:_READ_BYTES])
    except ValueError:
        heard.body = None
    return answer


_connect, _sendmail = smtplib.SMTP.connect, smtplib.SMTP.sendmail


def _connected(self: smtplib.SMTP, *given: Any, **more: Any) -> tuple[int, bytes]:
    try:
        return _connect(self, *given, **more)
    except (OSError, smtplib.SMTPException) as error:
        _note(MailNotReachedError(type(error).__name__))
        raise


def _mailed(self: smtplib.SMTP, *given: Any, **more: Any) -> dict[str, tuple[int, bytes]]:
    try:
        return _sendmail(self, *given, **more)
    except (OSError, smtplib.SMTPException) as error:
        _note(error)
        raise


def _note(error: BaseException) -> None:
    if _asking.heard is not None:
        _asking.heard.errors.append(error)


def guard() -> None:
    """Put the guard in place; once is enough, more does no harm."""
    requests.Session.request = _guarded  # type: ignore[method-assign,assignment]
    smtplib.SMTP.connect = _connected  # type: ignore[method-assign]
    smtplib.SMTP.sendmail = _mailed  # type: ignore[method-assign]
