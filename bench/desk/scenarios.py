"""Two questions of issue 8: many claims of one alert at once; and an update to many consoles with many alerts open."""

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx

from bench.desk.consoles import all_heard, open_all
from bench.desk.ward import Ward

#: Permanent ids of the scenarios, with what issue 8 asks of each.
GOALS = {
    "claims-at-once": "one owner, and every other one is told who; p99 given",
    "live-consoles": "an update reaches every console in under 1 s at p99",
}
#: Apart: updates of a night come one by one; a flood is a scenario of its own where it is needed.
PAUSE_S = 0.1
PATIENCE_S = 30.0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that ``share`` of all do not exceed; 0 of none."""
    found = sorted(values)
    return found[min(len(found) - 1, max(0, round(share * len(found)) - 1))] if found else 0.0


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Return median, p99 and the longest, milliseconds."""
    shares = {"p50_ms": percentile(seconds, 0.5), "p99_ms": percentile(seconds, 0.99), "max_ms": max(seconds)}
    return {name: round(value * 1000, 1) for name, value in shares.items()}


async def claims_at_once(ward: Ward, alert: str, count: int) -> dict[str, Any]:
    """Let ``count`` people press claim at the same moment, each over a connection of their own."""
    names = list(ward.staff)[:count]
    browsers = [ward.browser(ward.staff[name]) for name in names]
    try:
        # Each has the alert open: connections stand, and their look at it is in the log already.
        await asyncio.gather(*(browser.get(f"/alerts/{alert}") for browser in browsers))
        calm = await _reference(browsers[0])
        before, began = ward.used(), time.perf_counter()
        answers = await asyncio.gather(*(_claim(browser, alert) for browser in browsers))
        took, after = time.perf_counter() - began, ward.used()
        owner = (await browsers[0].get(f"/alerts/{alert}")).json()
    finally:
        for browser in browsers:
            await browser.aclose()
    refused = [answer for _, answer in answers if answer.status_code == 409]
    return {
        "claims": count,
        "owner": owner["claimed_by"],
        "won": sum(answer.status_code == 200 for _, answer in answers),
        "refused": len(refused),
        "named": sum(_names_owner(answer.json(), owner["claimed_by"]) for answer in refused),
        "other": dict(Counter(a.status_code for _, a in answers if a.status_code not in (200, 409))),
        "claimed_steps": sum(step["kind"] == "claimed" for step in owner["steps"]),
        "all_s": round(took, 2),
        **spread([seconds for seconds, _ in answers]),
        "cpu_ms_each": round(1000 * (after["cpu_s"] - before["cpu_s"]) / count, 2),
        "reference_ms": calm,
        "memory_mb": round(after["memory_mb"], 1),
    }


async def _claim(browser: httpx.AsyncClient, alert: str) -> tuple[float, httpx.Response]:
    began = time.perf_counter()
    answer = await browser.post(f"/alerts/{alert}/claim", json={})
    return time.perf_counter() - began, answer


def _names_owner(said: dict[str, Any], owner: str) -> bool:
    return (
        said["error"]["code"] == "already_claimed"
        and owner in said["error"]["message"]
        and (said["alert"]["claimed_by"] == owner)
    )


async def _reference(browser: httpx.AsyncClient) -> float:
    """Return the median of a call of one person alone, who reads who they are: what a call costs here and now."""
    waits = []
    for _ in range(30):
        began = time.perf_counter()
        await browser.get("/session")
        waits.append(time.perf_counter() - began)
    return round(1000 * statistics.median(waits), 1)


async def live_consoles(ward: Ward, alerts: list[str], consoles: int, updates: int) -> dict[str, Any]:
    """Open ``consoles`` with all alerts on them, press ``updates`` times, and note when each console hears of it."""
    idle = ward.used()
    tokens = list(ward.staff.values())
    streams = await open_all(consoles, ward.api, tokens)
    opened = ward.used()
    async with ward.browser(tokens[0]) as nurse:
        lists = await asyncio.gather(*(_list(ward, token, len(alerts)) for token in tokens[:consoles]))
        listed = ward.used()
        calm, before = await _reference(nurse), ward.used()
        sent: dict[int, float] = {}
        for index in range(updates):
            at = time.perf_counter()
            answer = await nurse.post(f"/alerts/{alerts[index]}/note", json={"note": f"looked {index}"})
            answer.raise_for_status()
            history = (await nurse.get(f"/alerts/{alerts[index]}")).json()["steps"]
            sent[history[-1]["seq"]] = at
            await asyncio.sleep(PAUSE_S)
        complete = await all_heard(streams, list(sent), PATIENCE_S)
        after = ward.used()
    for stream in streams:
        await stream.close()
    waits = [each.heard[seq] - at for seq, at in sent.items() for each in streams if seq in each.heard]
    last = [max(each.heard.get(seq, float("inf")) for each in streams) - at for seq, at in sent.items()]
    return {
        "open_alerts": len(alerts),
        "consoles": consoles,
        "updates": updates,
        "reached_all": complete,
        **spread(waits),
        "last_console_p99_ms": spread(last)["p99_ms"] if complete else None,
        "list_of_all_ms": spread(lists),
        "cpu_ms_a_list": round(1000 * (listed["cpu_s"] - opened["cpu_s"]) / max(1, len(lists)), 1),
        # Of which two calls are the press itself and the look at it.
        "cpu_ms_an_update": round(1000 * (after["cpu_s"] - before["cpu_s"]) / updates, 1),
        "memory_idle_mb": round(idle["memory_mb"], 1),
        "memory_mb": round(after["memory_mb"], 1),
        "reference_ms": calm,
    }


async def _list(ward: Ward, token: str, count: int) -> float:
    async with ward.browser(token) as browser:
        began = time.perf_counter()
        answer = await browser.get("/alerts", params={"status": "open", "limit": 1000})
        took = time.perf_counter() - began
        assert len(answer.json()["alerts"]) >= min(count, 1000), answer.text[:200]  # noqa: S101
        return took
