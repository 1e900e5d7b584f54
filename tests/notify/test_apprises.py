"""Apprise against local servers: delivered, refused and unknown are three things, and nobody is held up."""

import asyncio
import email
import logging
import time
from collections.abc import AsyncIterator
from email import policy

import pytest
import requests

from notify import apprises, transport
from notify.apprises import MOST_OF_A_KIND, AppriseChannel
from notify.channels import ANSWER_SECONDS, Told
from schemas.alert import Severity
from tests.notify.providers import Mail, Provider

TOLD = Told(
    body={},
    title="跌倒 陈桂兰",
    text="跌倒:陈桂兰,二楼 204,21:05。\nhttp://127.0.0.1/c/abc",
    severity=Severity.HIGH,
    thread="al_1",
    link="http://127.0.0.1/c/abc",
)


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with Provider().listening() as made:
        yield made


@pytest.fixture
async def channel() -> AppriseChannel:
    made = AppriseChannel(loopback_only=False)
    await made.warm()
    return made


async def test_ntfy_gets_title_text_the_link_to_press_and_its_loudest_priority(
    provider: Provider, channel: AppriseChannel
) -> None:
    outcome = await channel.send(f"ntfy://127.0.0.1:{provider.port}/ward", TOLD)
    assert outcome.ok and not outcome.error
    _, fields, body = provider.came[0]
    assert (body["topic"], body["title"], body["message"]) == ("ward", TOLD.title, TOLD.text)
    assert (fields["x-click"], fields["x-priority"]) == (TOLD.link, "max")


@pytest.mark.parametrize(
    ("status", "body", "ok", "unknown", "error"),
    [
        (200, {}, True, False, ""),
        (403, {}, False, False, "answered 403"),
        (302, {}, False, False, "answered 302"),
        (None, {}, False, True, "no answer: ConnectionError"),
    ],
)
async def test_delivered_refused_and_unknown_are_three_things(
    provider: Provider, channel: AppriseChannel, status: int | None, body: object, ok: bool, unknown: bool, error: str
) -> None:
    provider.status, provider.body = status, body
    provider.headers = "Location: http://127.0.0.1:1/\r\n" if status == 302 else ""
    outcome = await channel.send(f"json://127.0.0.1:{provider.port}/", TOLD)
    assert (outcome.ok, outcome.unknown, outcome.error) == (ok, unknown, error)


async def test_nobody_listens_there_is_not_reached_and_known_not_to_have_arrived(channel: AppriseChannel) -> None:
    outcome = await channel.send("json://127.0.0.1:1/", TOLD)
    assert (outcome.ok, outcome.unknown) == (False, False)
    assert outcome.error.startswith("not reached")


@pytest.mark.parametrize(("errcode", "ok"), [(0, True), (310000, False)])
async def test_dingtalk_that_says_no_with_200_is_refused(
    provider: Provider, channel: AppriseChannel, monkeypatch: pytest.MonkeyPatch, errcode: int, ok: bool
) -> None:
    plugin = apprises.plugin_of("dingtalk://" + "a" * 32)
    monkeypatch.setattr(type(plugin), "notify_url", f"http://127.0.0.1:{provider.port}/robot?access_token={{token}}")
    provider.body = {"errcode": errcode, "errmsg": "keywords not in content"}
    outcome = await channel.send("dingtalk://" + "a" * 32, TOLD)
    assert outcome.ok is ok
    assert outcome.error == ("" if ok else "answered errcode 310000")
    assert provider.came[0][2]["text"]["content"].startswith(TOLD.title)


async def test_letters_of_one_alert_are_one_thread_and_a_refused_recipient_is_no_delivery(
    channel: AppriseChannel,
) -> None:
    async with Mail().listening() as mail:
        address = f"mailto://here@example.org:{mail.port}?smtp=127.0.0.1&mode=insecure&to=nurse@example.org"
        assert (await channel.send(address, TOLD)).ok
        letter = email.message_from_string(mail.letters[0], policy=policy.default)
        assert (letter["References"], letter["In-Reply-To"]) == ("<al_1@shouwang>", "<al_1@shouwang>")
        assert letter["Subject"] == TOLD.title
        mail.refuses = True
        outcome = await channel.send(address, TOLD)
        assert (outcome.ok, outcome.unknown, outcome.error) == (False, False, "refused: SMTPRecipientsRefused")
    outcome = await channel.send("mailto://h@example.org:1?smtp=127.0.0.1&mode=insecure&to=n@example.org", TOLD)
    assert (outcome.ok, outcome.unknown) == (False, False)
    assert outcome.error.startswith("not reached")


async def test_who_blocks_holds_up_nobody_and_is_not_called_twice_at_once(channel: AppriseChannel) -> None:
    async with Provider().listening() as deaf, Provider().listening() as good:
        deaf.hangs = True
        hanging = [
            asyncio.ensure_future(channel.send(f"json://127.0.0.1:{deaf.port}/{n}", TOLD))
            for n in range(MOST_OF_A_KIND + 5)
        ]
        await asyncio.sleep(0.3)
        began = time.monotonic()
        again = await channel.send(f"json://127.0.0.1:{deaf.port}/0", TOLD)
        assert (again.unknown, again.error) == (True, "no answer yet to the call before")
        assert (await channel.send(f"ntfy://127.0.0.1:{good.port}/ward", TOLD)).ok
        assert time.monotonic() - began < 2.0
        outcomes = await asyncio.gather(*hanging)
        assert time.monotonic() - began < ANSWER_SECONDS + 1
    assert [each.error for each in outcomes].count("too many calls wait for an answer") == 5
    assert sum(each.unknown for each in outcomes) == MOST_OF_A_KIND


async def test_a_simulated_home_calls_nobody_beyond_this_machine_whatever_the_plugin_tries(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = AppriseChannel(loopback_only=True)
    assert (await channel.send(f"ntfy://127.0.0.1:{provider.port}/ward", TOLD)).ok
    for address in ("dingtalk://" + "a" * 32, "ntfy://192.0.2.1/ward", "ntfy://127.0.0.1"):
        outcome = await channel.send(address, TOLD)
        assert (outcome.ok, outcome.error) == (False, "a simulated home rings only this machine")
    # The last line of defence: a plugin that would ask somebody else than its address says.
    monkeypatch.setattr(apprises, "is_loopback", lambda _: True)
    outcome = await channel.send("ntfy://192.0.2.1/ward", TOLD)
    assert (outcome.ok, outcome.unknown, outcome.error) == (False, False, "not reached: LeavesHomeError")


@pytest.mark.parametrize(
    "address", ["", "file:///etc/passwd", "syslog://x", "ntfy://x/y?template=/etc/passwd", "json://"]
)
async def test_an_address_that_is_none_is_a_failure_and_no_exception(channel: AppriseChannel, address: str) -> None:
    outcome = await channel.send(address, TOLD)
    assert (outcome.ok, outcome.unknown) == (False, False)


async def test_no_secret_of_an_address_comes_into_a_log_or_an_error(
    provider: Provider, channel: AppriseChannel, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    provider.status = 401
    outcome = await channel.send(f"json://user:s3cr3t@127.0.0.1:{provider.port}/t0k3n", TOLD)
    refused = await channel.send("dingtalk://s3cr3t@", TOLD)
    text = caplog.text + "".join(capfd.readouterr()) + outcome.error + refused.error
    assert "s3cr3t" not in text and "t0k3n" not in text


def test_our_guard_leaves_other_requests_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, object]] = []
    monkeypatch.setattr(transport, "_request", lambda *_, **given: seen.append(given))
    transport.guard()
    requests.Session().request("GET", "http://192.0.2.1/", timeout=60)
    assert seen == [{"timeout": 60}]
