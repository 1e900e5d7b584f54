"""Where a call goes: http(s) of our own form, or an Apprise URL of the kinds on this list; pure, nothing is sent here.

An allow-list, since Apprise also knows kinds that read files, run programs or talk to the desktop of this machine. An
address holds secrets (a token, a telephone number): ``masked`` is what is shown to who need not know them.
"""

import re
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote_plus, urlsplit


class Channel(StrEnum):
    """How a recipient is reached."""

    HTTP = "http"  # a POST of JSON to a URL: a telephone gateway, a chat's webhook, a pager
    APPRISE = "apprise"  # what the library Apprise knows to reach: SMS gateways, chats, mail


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


#: Kinds whose host is the server that is called; all others are called at their maker's.
_AT_A_HOST = _words(
    "json jsons form forms ntfy ntfys gotify gotifys bark barks mmost mmosts rocket rockets nctalk nctalks",
    "synology synologys hassio hassios signal signals smseagle smseagles pushdeer pushdeers",
)
_MAIL = frozenset({"mailto", "mailtos"})
_MAKERS = _words(
    # chats and pushes used in China
    "dingtalk wecombot feishu lark wxpusher pushplus schan qq spugpush",
    # chats and pushes elsewhere
    "tgram slack discord workflow workflows gchat zulip webex wxteams line threema pover pbul prowl",
    # SMS gateways
    "twilio vonage nexmo clicksend sns msgbird sinch plivo infobip bulksms d7sms seven 46elks elks httpsms voipms",
    "telnyx msg91 atalk clickatell smsmanager smsmgr",
    # mail by HTTP, and on-call services
    "sendgrid mailgun postmark pagerduty opsgenie",
)
#: What an Apprise URL may begin with.
SCHEMES = _AT_A_HOST | _MAIL | _MAKERS
#: Parameters that read a file of this machine, or change what "delivered" and our five seconds mean.
FORBIDDEN = _words(
    "template templates keyfile pgp pgpkey pgpkeygen cert certfile config file attach attachment attachments",
    "optional retry wait rto cto redirect",
)
_LIKE_A_URL = re.compile(r"([a-z0-9][a-z0-9+.-]*)://\S+", re.IGNORECASE)


def scheme_of(address: str) -> str:
    """Return what stands before ``://``, in small letters; empty where nothing does."""
    return address.partition("://")[0].strip().lower() if "://" in address else ""


def channel_of(address: str) -> Channel:
    """Return the channel that an address is for."""
    return Channel.HTTP if scheme_of(address) in ("http", "https") else Channel.APPRISE


def refused(address: str) -> str | None:
    """Return why an address is none of ours, as a code, or None where it may be one."""
    if _LIKE_A_URL.fullmatch(address) is None:
        return "no_address"
    if channel_of(address) is Channel.HTTP:
        return None if is_http(address) else "no_address"
    if scheme_of(address) not in SCHEMES:
        return "scheme_not_allowed"
    return "parameter_not_allowed" if forbidden_in(address) else None


def forbidden_in(address: str) -> list[str]:
    """Return the parameters of an Apprise URL that are not allowed."""
    names = [unquote_plus(part.partition("=")[0]).strip().lower() for part in re.split("[?&;]", address)[1:]]
    return sorted(FORBIDDEN.intersection(names))


def is_http(address: str) -> bool:
    """Whether an address is a URL that can be posted to."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_loopback(address: str) -> bool:
    """Whether a call stays on this machine by its very words; a name is never looked up, since it may change."""
    try:
        parts, scheme = urlsplit(address), scheme_of(address)
        if scheme in _MAIL:
            return _is_here((parse_qs(parts.query).get("smtp") or [""])[-1])
        if scheme not in ("http", "https", *_AT_A_HOST):
            return False
        # Without a topic the host is taken for one, and ntfy.sh is called.
        if scheme in ("ntfy", "ntfys") and (not parts.path.strip("/") or "mode" in parse_qs(parts.query)):
            return False
        return _is_here(parts.hostname or "")
    except ValueError:
        return False


def _is_here(host: str) -> bool:
    return host == "localhost" or ip_address(host).is_loopback


def masked(address: str) -> str:
    """Return an address without what must stay secret: its kind, and of a web address the host."""
    scheme = scheme_of(address)
    if scheme in ("http", "https"):
        try:
            return f"{scheme}://{urlsplit(address).hostname}/…"
        except ValueError:
            return f"{scheme}://…"
    return f"{scheme}://…"
