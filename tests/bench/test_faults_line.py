"""The line between stages and servers does what its modes say, byte by byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bench.faults.platform import free_ports
from bench.faults.proxy import CUT, PASS, SWALLOW, Line

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
#: Long enough for loopback, short enough for a test.
SOON_S = 0.3


@asynccontextmanager
async def echoing() -> AsyncIterator[Line]:
    """A line to a server that says back what it hears."""
    there, here = free_ports(2)
    tasks = set()

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        try:
            while data := await reader.read(1000):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", there)
    line = Line(here, there)
    await line.listen()
    try:
        yield line
    finally:
        await line.close()
        server.close()


async def connect(line: Line) -> Ends:
    return await asyncio.open_connection("127.0.0.1", line.port)


async def said(ends: Ends, text: bytes) -> bytes:
    reader, writer = ends
    writer.write(text)
    await writer.drain()
    return await asyncio.wait_for(reader.read(1000), SOON_S)


async def test_bytes_go_through_both_ways() -> None:
    async with echoing() as line:
        assert await said(await connect(line), b"hello") == b"hello"


async def test_a_cut_line_resets_who_is_connected_and_refuses_who_comes_until_it_is_mended() -> None:
    async with echoing() as line:
        ends = await connect(line)
        assert await said(ends, b"before") == b"before"
        await line.set(CUT)
        with pytest.raises(ConnectionResetError):
            await said(ends, b"during")
        with pytest.raises(ConnectionRefusedError):
            await connect(line)
        await line.set(PASS)
        assert await said(await connect(line), b"after") == b"after"


async def test_a_silent_line_answers_nothing_and_closes_nothing() -> None:
    async with echoing() as line:
        ends = await connect(line)
        assert await said(ends, b"before") == b"before"
        await line.set(SWALLOW)
        for silent in (ends, await connect(line)):
            with pytest.raises(TimeoutError):
                await said(silent, b"during")


async def test_what_fell_silent_stays_silent_when_new_connections_work_again() -> None:
    async with echoing() as line:
        old = await connect(line)
        assert await said(old, b"before") == b"before"
        await line.set(SWALLOW)
        await line.set(PASS)
        with pytest.raises(TimeoutError):
            await said(old, b"after")
        assert await said(await connect(line), b"new") == b"new"


async def test_what_fell_silent_is_forgotten_when_the_line_is_cut() -> None:
    async with echoing() as line:
        before = asyncio.all_tasks()
        old = await connect(line)
        assert await said(old, b"before") == b"before"
        await line.set(SWALLOW)
        for silent in (old, await connect(line)):
            with pytest.raises(TimeoutError):
                await said(silent, b"during")
        await line.set(CUT)
        await asyncio.sleep(SOON_S)
        assert asyncio.all_tasks() <= before


async def test_a_server_that_is_away_looks_through_the_line_as_one_that_is_away() -> None:
    there, here = free_ports(2)
    line = Line(here, there)
    await line.listen()
    try:
        reader, _writer = await connect(line)
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(reader.read(1), SOON_S)
    finally:
        await line.close()
