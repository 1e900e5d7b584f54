"""What nobody can know: a send that was cut off, a JetStream that is away, a ladder that reaches out of a demo."""

import asyncio
import json
import logging
from collections import Counter
from importlib import resources

import msgspec
import pytest
from nats.aio.client import Client as Nats
from nats.aio.msg import Msg

from alerts.intake import intake
from alerts.life import alert_id
from alerts.naming import NAMED
from ingest import buckets
from notify.channels import HttpChannel
from notify.message import body
from notify.settings import NotifySettings
from notify.stage import Notifier
from schemas import subjects
from schemas.address import Channel
from schemas.alert import Severity
from schemas.finding import FindingKind
from schemas.ladder import Case, Contacts, Delivery, DeliveryState, Ladder, LadderStep, Lang, encode
from store import alerts, contacts, deliveries
from tests.ingest.conftest import now_us
from tests.ingest.waiting import eventually
from tests.notify.conftest import Night, ladder
from tests.store.making import NOW, SECOND

pytestmark = pytest.mark.servers

#: Longer than a lease; and well within it.
DIED_LONG_AGO_S, SENDS_NOW_S = 30, 1


class Said:
    """Notes that only count."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def trouble(self, key: str, sentence: str) -> None:
        logging.getLogger("test").warning("%s: %s", key, sentence)
        self.counts[key] += 1

    def mended(self, key: str, sentence: str) -> None:
        pass


class NoFindings:
    """A reader to which nothing comes."""

    async def take(self, stop: asyncio.Event) -> list[Msg]:
        await stop.wait()
        return []

    async def close(self) -> None:
        pass


async def _begun(
    night: Night, finding: str, step: int, recipient: str, ago_s: int, channel: Channel = Channel.HTTP
) -> None:
    """Leave behind a delivery that somebody had begun."""
    at_us = now_us() - ago_s * SECOND
    address = f"{night.phones.url}/{recipient}"
    begun = Delivery(
        finding=finding, round=0, step=step, recipient=recipient, channel=channel,
        address=address if channel is Channel.HTTP else address.replace("http", "json"),
        alert=alert_id(finding), state=DeliveryState.CLAIMED,
        claimed_us=at_us, tried_us=at_us,
    )  # fmt: skip
    bucket = await night.way.js.key_value(subjects.DELIVERIES)
    await bucket.create(begun.key, encode(begun))


_HTTP = LadderStep(recipient="", address="").channel


async def test_a_send_that_a_killed_notify_had_begun_is_repeated_marked_and_one_that_is_on_its_way_is_not(
    night: Night,
) -> None:
    fall = night.fallen()
    await _begun(night, fall.id, 0, "li", DIED_LONG_AGO_S)
    await _begun(night, fall.id, 1, "wang", SENDS_NOW_S)
    async with night.desk(), night.notify():
        await night.find(fall)

        async def told() -> bool:
            return len(night.phones.calls) >= 2

        await eventually(told)
        await asyncio.sleep(0.5)
    assert {(call["recipient"], call["again"]) for _, call in night.phones.calls} == {("li", True), ("zhao", False)}
    assert len(night.phones.calls) == 2


async def test_a_chat_message_that_a_killed_notify_had_begun_is_repeated_marked(night: Night) -> None:
    fall, own = night.fallen(), ladder(night.phones, after_s=600)
    address = f"{night.phones.url.replace('http', 'json')}/li"
    chat = msgspec.structs.replace(own.steps[0], address=address, channel=Channel.APPRISE, lang=Lang.ZH)
    await contacts.set_ladder(night.pool, "pl_1", msgspec.structs.replace(own, steps=(chat, *own.steps[1:])), now_us())
    await _begun(night, fall.id, 0, "li", DIED_LONG_AGO_S, Channel.APPRISE)
    async with night.desk(), night.notify():
        await night.find(fall)

        async def told() -> bool:
            return bool(night.phones.calls)

        await eventually(told)
        await asyncio.sleep(0.5)
    ((path, body),) = [call for call in night.phones.calls if call[0] == "/li"]
    assert path == "/li" and body["message"].startswith("【重发】跌倒:")
    (alert,) = await alerts.listed(night.pool)
    (first, *_) = await deliveries.of_alert(night.pool, alert.id)
    assert (first.state, first.attempts, first.again) == (DeliveryState.SENT, 2, True)


async def test_with_jetstream_away_an_open_alert_is_rung_for_by_the_database_and_not_again_by_the_next(
    night: Night,
) -> None:
    changed = await alerts.accept(night.pool, night.fallen(), now_us(), intake)
    assert changed is not None
    settings = NotifySettings(dsn=night.database.dsn, clock=now_us, claim_url="http://127.0.0.1:1/c", poll_s=0.05)

    async def one_life(seconds: float, count: int) -> None:
        stop = asyncio.Event()
        running = asyncio.ensure_future(
            Notifier(Nats(), settings, Said(), buckets.read).run(NoFindings(), stop, lambda: None)
        )

        async def told() -> bool:
            return len(night.phones.calls) >= count

        await eventually(told)
        await asyncio.sleep(seconds)
        stop.set()
        await running

    await one_life(0.2, 2)
    await one_life(1.0, 3)
    assert night.phones.told() == [(1, "li"), (2, "wang"), (3, "zhao")]
    assert {call["claim"] for _, call in night.phones.calls} == {None}
    sent = await deliveries.of_alert(night.pool, changed.alert.id)
    assert [each.state for each in sent] == [DeliveryState.SENT] * 3


async def test_a_simulated_home_sends_nothing_out_even_where_the_ladder_says_so(night: Night) -> None:
    out = ladder(night.phones)
    steps = (msgspec.structs.replace(out.steps[0], address="http://192.0.2.1/li"), *out.steps[1:])
    await contacts.set_ladder(night.pool, "pl_1", Ladder(steps=steps), now_us())
    async with night.desk(), night.notify():
        await night.find(night.fallen())

        async def told() -> bool:
            return len(night.phones.calls) >= 2

        await eventually(told)
    assert night.phones.told() == [(2, "wang"), (3, "zhao")]
    (alert,) = await alerts.listed(night.pool)
    assert "simulated" in (await deliveries.of_alert(night.pool, alert.id))[0].error


async def test_an_address_that_is_none_is_a_failure_and_no_exception() -> None:
    channel = HttpChannel(loopback_only=False)
    for address in ("", "nothing", "ftp://127.0.0.1/", "http://[::1", "http://127.0.0.1:0/", "http://127.0.0.1:1/x"):
        outcome = await channel.send(address, {}, "key")
        assert (outcome.ok, outcome.unknown) == (False, False), address
    await channel.close()


def test_a_test_resident_says_so_and_rings_only_their_own_places_ladder() -> None:
    case = Case(
        finding="f", findings=("f",), alert="al_f", kind=FindingKind.FALL, severity=Severity.HIGH, unit="pl_1",
        resident="re_1", event_us=NOW, seen_us=NOW, since_us=NOW,
    )  # fmt: skip
    steps = Ladder(steps=(LadderStep(recipient="li", address="http://127.0.0.1"),) * 3)
    here = Contacts(place="pl_1", name="Home", owner="city", ladder=steps, residents={"re_1": "A"}, tests=("re_1",))
    assert here.ladder_for("re_1").steps == ()
    assert here.ladder_for("re_2") == steps
    own = msgspec.structs.replace(here, owner="pl_1")
    assert own.ladder_for("re_1") == steps
    sent = Delivery(
        finding="f", round=0, step=0, recipient="li", channel=_HTTP, address="", alert="al_f",
        state=DeliveryState.CLAIMED, claimed_us=NOW, tried_us=NOW, again=True,
    )  # fmt: skip
    said = body(case, sent, own, own.ladder, None)
    assert (said["test"], said["again"]) == (True, True)
    assert said["text"]["en"].startswith("[TEST] [AGAIN] Fall: A, Home") and said["text"]["zh"].startswith(
        "[TEST] 【重发】"
    )
    named = {"": "No movement", "silent": "No movement", "not_up": "Not up yet"}
    for code, words in named.items():
        missed = msgspec.structs.replace(case, kind=FindingKind.INACTIVITY, code=code)
        first = msgspec.structs.replace(sent, again=False)
        assert body(missed, first, own, own.ladder, None)["text"]["en"].startswith(f"[TEST] {words}: A, Home")


def test_an_alert_is_called_the_same_on_the_phone_and_in_the_console() -> None:
    for index, lang in enumerate(("zh", "en")):
        words = json.loads(resources.files("api").joinpath(f"words/evidence.{lang}.json").read_text("utf-8"))
        console = {key.partition(".")[2]: text for key, text in words.items() if key.startswith("title.")}
        assert {code: names[index] for code, names in NAMED.items()} == console
