"""Which addresses may be called: an allow-list, nothing that reads a file, and a demo that stays on its machine."""

import pytest

from schemas.address import Channel, channel_of, is_loopback, masked, refused


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9000/phone",
        "https://gateway.example.org/call?to=1",
        "dingtalk://secret@token/13800000000",
        "wecombot://key",
        "feishu://token",
        "BARKS://api.example.org/devicekey",
        "mailtos://user:password@example.org?to=nurse@example.org",
        "ntfy://ntfy.example.org/ward-east?priority=high",
        "hassio://192.168.1.5/token",
    ],
)
def test_what_reaches_a_person_may_be_called(address: str) -> None:
    assert refused(address) is None


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "no_address"),
        ("nothing", "no_address"),
        ("http://", "no_address"),
        ("http://[::1", "no_address"),
        ("ntfy://host/a topic", "no_address"),
        ("file:///etc/passwd", "scheme_not_allowed"),
        ("ftp://x", "scheme_not_allowed"),
        ("syslog://", "no_address"),
        ("syslog://user", "scheme_not_allowed"),
        ("dbus://x", "scheme_not_allowed"),
        ("macosx://x", "scheme_not_allowed"),
        ("windows://x", "scheme_not_allowed"),
        ("gnome://x", "scheme_not_allowed"),
        ("fcm://project@key/token?keyfile=/etc/shadow", "scheme_not_allowed"),
        ("vapid://x", "scheme_not_allowed"),
        ("apprises://elsewhere/token", "scheme_not_allowed"),
        ("slack://a/b/c?template=/etc/passwd", "parameter_not_allowed"),
        ("slack://a/b/c?x=1&TEMPLATE=/etc/passwd", "parameter_not_allowed"),
        ("slack://a/b/c?te%6Dplate=/etc/passwd", "parameter_not_allowed"),
        ("mailto://a:b@c.org?to=d@e.org&pgpkey=/root/key", "parameter_not_allowed"),
        ("json://host/?optional=yes", "parameter_not_allowed"),
        ("json://host/?rto=600", "parameter_not_allowed"),
    ],
)
def test_what_reads_files_talks_to_the_desktop_or_says_nothing_is_refused_with_its_reason(
    address: str, why: str
) -> None:
    assert refused(address) == why


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:9/x", True),
        ("http://[::1]/x", True),
        ("http://127.0.0.1.example.org/", False),
        ("http://0.0.0.0/", False),
        ("json://localhost:9/x", True),
        ("ntfy://127.0.0.1/topic", True),
        # Without a topic, or told so, ntfy.sh is called.
        ("ntfy://localhost", False),
        ("ntfy://127.0.0.1/topic?mode=cloud", False),
        ("dingtalk://127.0.0.1", False),
        ("mailto://a:b@example.org?smtp=127.0.0.1", True),
        ("mailto://a:b@127.0.0.1", False),
        ("mailto://a:b@example.org?smtp=127.0.0.1&smtp=mail.example.org", False),
    ],
)
def test_what_stays_on_this_machine_is_told_by_its_words(address: str, here: bool) -> None:
    assert is_loopback(address) is here


def test_a_masked_address_tells_its_kind_and_none_of_its_secrets() -> None:
    assert masked("dingtalk://SEC1@token/138000") == "dingtalk://…"
    assert masked("https://user:pw@gateway.example.org/hook/token?key=1") == "https://gateway.example.org/…"
    assert masked("mailtos://me:pw@example.org") == "mailtos://…"


def test_the_channel_follows_from_the_address() -> None:
    assert channel_of("HTTPS://x/y") is Channel.HTTP
    assert channel_of("ntfy://x/y") is Channel.APPRISE
