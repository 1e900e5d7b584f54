"""The live stream, over a real server: at once, in order, nothing missed, nothing twice, ended with its session."""

import asyncio
import json
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest
from sse_starlette.sse import AppStatus

from api import live
from api.routes import events
from schemas.errors import Unavailable
from store.accounts import SESSION_US
from store.pool import Pool
from tests.api.conftest import PASSWORDS, Ward
from tests.api.listening import listening, serving, token_of

pytestmark = pytest.mark.servers


async def test_hello_comes_first_and_says_where_the_stream_begins(ward: Ward) -> None:
    await ward.fall()
    async with serving(ward.app) as url, listening(url, await token_of(url)) as stream:
        hello = await stream.next()
    assert hello.name == "hello"
    assert hello.data == {"seq": 1, "platform_time": "2026-09-21T14:13:20.000000Z", "resumed": False}
    assert hello.id == "1"


async def test_a_fall_is_on_the_stream_within_50_ms_of_its_commit(ward: Ward) -> None:
    waits = []
    async with serving(ward.app) as url, listening(url, await token_of(url)) as stream:
        await stream.next("hello")
        for _ in range(20):
            ward.clock.forward(700)
            alert = await ward.fall()
            committed = time.perf_counter()
            heard = await stream.next("alert")
            waits.append(time.perf_counter() - committed)
            assert heard.data["alert"]["id"] == alert.id
            assert heard.id == str(heard.data["seq"])
    assert sorted(waits)[len(waits) // 2] < 0.05, waits


async def test_a_step_carries_the_alert_with_its_names_and_the_step(ward: Ward) -> None:
    raised = await ward.fall()
    async with serving(ward.app) as url:
        token = await token_of(url)
        async with listening(url, token) as stream, httpx.AsyncClient(base_url=url) as client:
            await stream.next("hello")
            await client.post(f"/api/v1/alerts/{raised.id}/claim", headers={"Authorization": f"Bearer {token}"})
            heard = await stream.next("alert")
    assert heard.data["alert"]["resident"]["name"] == "陈桂兰"
    assert heard.data["alert"]["claimed_by"] == "nurse"
    assert (heard.data["step"]["kind"], heard.data["step"]["actor"], heard.data["seq"]) == ("claimed", "nurse", 2)


async def test_a_stream_resumes_with_nothing_missed_and_nothing_twice(ward: Ward) -> None:
    async with serving(ward.app) as url:
        token = await token_of(url)
        async with listening(url, token) as stream:
            await stream.next("hello")
            await ward.fall()
            last = (await stream.next("alert")).id
        for _ in range(5):
            ward.clock.forward(700)
            await ward.fall()
        async with listening(url, token, last_event_id=last) as stream:
            hello = await stream.next()
            assert (hello.data["seq"], hello.data["resumed"]) == (1, True)
            falling = asyncio.create_task(_fall_often(ward, 5))
            heard = [(await stream.next("alert")).data["seq"] for _ in range(10)]
            await falling
            await asyncio.sleep(0.1)
            assert stream.nothing()
    assert heard == list(range(2, 12))


async def _fall_often(ward: Ward, times: int) -> None:
    for _ in range(times):
        ward.clock.forward(700)
        await ward.fall()


async def test_a_stream_whose_backlog_cannot_be_read_is_cut_and_not_taken_for_whole(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def away(_: int) -> list[live.LiveStep]:
        raise Unavailable("The database does not answer.")

    await ward.fall()
    async with serving(ward.app) as url:
        token = await token_of(url)
        monkeypatch.setattr(ward.app.state.runtime, "steps_after", away)
        with pytest.raises(httpx.RemoteProtocolError):
            async with listening(url, token, last_event_id="0") as stream:
                assert (await stream.next()).data["resumed"] is True
                await asyncio.sleep(0.5)
                assert stream.nothing()
    assert "cut" in caplog.text
    assert ward.app.state.runtime.feed.count == 0


async def test_who_resumes_from_what_never_was_is_told_to_fetch_anew(ward: Ward) -> None:
    await ward.fall()
    async with serving(ward.app) as url:
        token = await token_of(url)
        for last in ("999", "-1", "abc", "9" * 40):
            async with listening(url, token, last_event_id=last) as stream:
                hello = await stream.next()
                assert (hello.data["seq"], hello.data["resumed"]) == (1, False)


async def test_ten_streams_hear_the_same_while_many_write(ward: Ward) -> None:
    async with serving(ward.app) as url:
        token = await token_of(url)
        async with asyncio.TaskGroup() as tasks:
            listeners = [tasks.create_task(_sequence(url, token, 24)) for _ in range(10)]
            await asyncio.sleep(0.5)
            for _ in range(8):
                ward.clock.forward(700)
                alert = await ward.fall()
                async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
                    await client.post(f"/api/v1/alerts/{alert.id}/note", json={"note": "来了"})
                    await client.post(f"/api/v1/alerts/{alert.id}/resolve", json={"outcome": "test"})
    for listener in listeners:
        assert len(listener.result()) == 24
        assert listener.result() == sorted(set(listener.result()))


async def _sequence(url: str, token: str, count: int) -> list[int]:
    async with listening(url, token) as stream:
        return [(await stream.next("alert")).data["seq"] for _ in range(count)]


async def test_the_stream_closes_when_its_session_is_closed(ward: Ward) -> None:
    async with serving(ward.app) as url:
        token = await token_of(url)
        other = await token_of(url, "wang")
        async with listening(url, token) as stream, listening(url, other) as stays:
            await stream.next("hello")
            await stays.next("hello")
            async with httpx.AsyncClient(base_url=url) as client:
                await client.delete("/api/v1/session", headers={"Authorization": f"Bearer {token}"})
            async with asyncio.timeout(2):
                await stream.ended.wait()
            assert not stays.ended.is_set()


async def test_pings_carry_the_time_and_the_stream_closes_when_the_session_expires(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "PING_SECONDS", 0.05)
    async with serving(ward.app) as url, listening(url, await token_of(url)) as stream:
        ping = await stream.next("ping")
        assert ping.data == {"platform_time": "2026-09-21T14:13:20.000000Z", "sees": True}
        ward.clock.now_us += SESSION_US
        async with asyncio.timeout(2):
            await stream.ended.wait()


async def test_a_stream_without_a_session_is_401(ward: Ward) -> None:
    async with ward.client() as client:
        assert (await client.get("/api/v1/events")).status_code == 401


async def test_a_client_that_stops_reading_is_dropped_and_the_others_hear_on(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "QUEUE_LENGTH", 5)
    monkeypatch.setattr("api.stream_response.SEND_SECONDS", 0.3)
    feed = ward.app.state.runtime.feed
    async with serving(ward.app) as url:
        token = await token_of(url)
        deaf = _deaf_client(url, token)
        async with listening(url, token) as stream, asyncio.timeout(60):
            await stream.next("hello")
            while feed.count < 2:  # noqa: ASYNC110  # the two were asked for at once, and either may be first
                await asyncio.sleep(0.01)
            # More than any socket buffer holds; sent past the database, which would take a minute to fill.
            big, seq = json.dumps({"filling": "x" * 1_000_000}), 0
            while feed.count == 2:
                seq += 1
                feed._hand_on(live.LiveStep(seq, big))
                await asyncio.sleep(0.02)
                while not stream.nothing():
                    stream.events.get_nowait()
            assert feed.count == 1
            assert not stream.ended.is_set()
        deaf.close()


def _deaf_client(url: str, token: str) -> socket.socket:
    where = urlsplit(url)
    client = socket.create_connection((where.hostname, where.port))
    client.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    return client


async def test_a_lost_notice_delays_a_step_by_one_poll_only(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "POLL_SECONDS", 0.1)
    async with serving(ward.app) as url, listening(url, await token_of(url)) as stream:
        await stream.next("hello")
        await asyncio.sleep(0.3)
        raised = await ward.fall()
        await stream.next("alert")
        # Past the notices: what another process wrote while our listening connection was away.
        await ward.pool.execute("delete from alert_step")
        await ward.pool.execute(
            "insert into alert_step (alert, kind, at_us, actor, data) values ($1, 'noted', 1, 'wang', '{}')", raised.id
        )
        heard = await stream.next("alert")
    assert heard.data["step"]["actor"] == "wang"


async def test_the_feed_survives_the_loss_of_all_its_connections(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "POLL_SECONDS", 0.1)
    async with serving(ward.app) as url, listening(url, await token_of(url)) as stream:
        await stream.next("hello")
        await ward.pool.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
        ward.clock.forward(700)
        alert = await ward.fall()
        heard = await stream.next("alert")
        assert heard.data["alert"]["id"] == alert.id
        async with httpx.AsyncClient(base_url=url) as client:
            answer = await client.post("/api/v1/session", json={"user": "nurse", "password": PASSWORDS["nurse"]})
            assert answer.status_code in (201, 503)


async def test_streams_end_properly_when_the_server_stops(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppStatus, "should_exit", False)
    async with serving(ward.app) as url:
        token = await token_of(url)
        async with listening(url, token) as stream:
            await stream.next("hello")
            # What uvicorn's signal handler does (sse-starlette listens there); its watcher looks every half second.
            AppStatus.should_exit = True
            async with asyncio.timeout(3):
                await stream.ended.wait()
        AppStatus.should_exit = False


async def test_steps_committed_before_the_feeds_first_look_reach_a_stream_opened_before_it() -> None:
    steps: list[live.LiveStep] = [live.LiveStep(5, "five")]

    async def steps_after(seq: int) -> list[live.LiveStep]:
        return [step for step in steps if step.seq > seq]

    async def last_seq() -> int:
        return steps[-1].seq

    feed = live.Feed(pool=_no_pool, steps_after=steps_after, last_seq=last_seq)
    stream, newest = await feed.open("s")
    steps.append(live.LiveStep(6, "six"))
    await feed._read_new()
    assert newest == 5
    assert stream.queue.get_nowait() == live.LiveStep(6, "six")


async def test_a_database_that_went_back_in_time_ends_the_streams_and_its_new_steps_are_heard() -> None:
    steps = [live.LiveStep(seq, "") for seq in range(1, 10)]

    async def steps_after(seq: int) -> list[live.LiveStep]:
        return [step for step in steps if step.seq > seq]

    async def last_seq() -> int:
        return steps[-1].seq

    feed = live.Feed(pool=_no_pool, steps_after=steps_after, last_seq=last_seq)
    before, _ = await feed.open("s")
    del steps[4:]
    await feed._mistrust()
    assert before.ended == "begin anew"
    after, newest = await feed.open("s")
    steps.append(live.LiveStep(newest + 1, "new"))
    await feed._read_new()
    assert after.queue.get_nowait() == live.LiveStep(5, "new")


async def _no_pool() -> Pool:
    raise Unavailable("no database in this test")
