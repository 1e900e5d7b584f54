"""The spine, measured: recordings played as wearables in real time, to the alert in a real browser.

``python -m bench spine FILE.npz --falls 100 --adl 100`` starts a platform of its own, opens the console in Chromium,
plays the recordings through MQTT, and reports how many falls raised exactly one alert, how many daily-life recordings
raised any, and the time from publishing the frame with the last needed sample to the alert's card standing in the page.
"""

import argparse
import asyncio
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import numpy as np

START_S = 120
#: Notes when a card first stands in the page; the page's clock is this machine's clock.
_WATCH_CARDS = """
window.shownAt = {};
const note = (element) => {
  const id = element.getAttribute && element.getAttribute('data-alert-id');
  if (id && !(id in window.shownAt)) window.shownAt[id] = Date.now();
  for (const inner of element.querySelectorAll ? element.querySelectorAll('[data-alert-id]') : []) {
    const innerId = inner.getAttribute('data-alert-id');
    if (!(innerId in window.shownAt)) window.shownAt[innerId] = Date.now();
  }
};
new MutationObserver((changes) => {
  for (const change of changes) for (const added of change.addedNodes) note(added);
}).observe(document, { childList: true, subtree: true });
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run brings home: the replay's own report, the publish log, the alerts, and when each card was shown."""

    report: dict[str, Any]
    published_us: dict[tuple[str, int], int]
    alerts: list[dict[str, Any]]
    shown_ms: dict[str, int]
    frames: dict[str, list[tuple[int, int, int]]]  # device -> (event start us, event end us, seq)


def latencies_ms(run: Run) -> list[float]:
    """Return, per alert that the page showed, milliseconds from publishing the last needed frame to the card."""
    found = []
    for alert in run.alerts:
        shown = run.shown_ms.get(alert["id"])
        seq = _deciding_seq(run.frames.get(alert["device"], []), _us(alert["decided_time"]))
        if shown is None or seq is None:
            continue
        found.append(shown - run.published_us[alert["device"], seq] / 1000)
    return found


def _deciding_seq(frames: list[tuple[int, int, int]], decided_us: int) -> int | None:
    return next((seq for start, end, seq in frames if start <= decided_us <= end), None)


def _us(iso: str) -> int:
    return int(np.datetime64(iso.rstrip("Z"), "us").astype(np.int64))


@asynccontextmanager
async def running(home: Path, *how: str) -> AsyncIterator[dict[str, Any]]:
    """Run ``shouwang`` with ``how`` (``up --demo``, ``demo``) in ``home``; yield its state.json."""
    command = [str(Path(sys.executable).with_name("shouwang")), *how, "--home", str(home)]
    with (home.parent / "up.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
        try:
            state = home / "run/state.json"
            for _ in range(START_S * 5):
                if state.exists():
                    break
                await asyncio.sleep(0.2)
            yield json.loads(state.read_text())
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()


def _account(state: dict[str, Any], role: str) -> dict[str, str]:
    account: dict[str, str] = next(each for each in state["accounts"] if each["role"] == role)
    return account


@asynccontextmanager
async def browser_page(state: dict[str, Any]) -> AsyncIterator[Any]:
    """Open the console in Chromium, signed in as a carer."""
    from playwright.async_api import async_playwright  # noqa: PLC0415  (a development tool, not shipped)

    account = _account(state, "carer")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.add_init_script(_WATCH_CARDS)
        await page.goto(state["console"])
        await page.get_by_test_id("user").fill(account["user"])
        await page.get_by_test_id("password").fill(account["password"])
        await page.get_by_test_id("sign-in").click()
        await page.get_by_test_id("queue").wait_for(state="attached")
        try:
            yield page
        finally:
            await browser.close()


async def play(options: argparse.Namespace, home: Path, log: Path) -> dict[str, Any]:
    """Run ``shouwang sim replay`` as its users do; return its report."""
    command = [
        str(Path(sys.executable).with_name("shouwang")), "sim", "replay", str(options.file), "--home", str(home),
        "--falls", str(options.falls), "--adl", str(options.adl), "--at-once", str(options.at_once),
        "--seed", str(options.seed), "--log", str(log), "--json",
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    if process.returncode != 0:
        raise SystemExit(f"the replay ended with status {process.returncode}")
    report: dict[str, Any] = json.loads(out)
    return report


async def measure(options: argparse.Namespace) -> Run:
    """Start a platform, play the recordings, and bring home what happened."""
    folder = Path(tempfile.mkdtemp(prefix="shouwang-spine-"))
    log = folder / "published.jsonl"
    try:
        async with running(folder / "home", "up", "--demo") as state, browser_page(state) as page:
            report = await play(options, folder / "home", log)
            shown = await page.evaluate("window.shownAt")
            alerts = await _alerts(state)
            frames = await _frames(state["dsn"])
            if options.screenshot:
                await page.screenshot(path=options.screenshot)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        published = {(line["device"], line["seq"]): line["published_us"] for line in lines}
        return Run(report, published, alerts, shown, frames)
    finally:
        if options.keep:
            print(f"kept: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder)


async def _alerts(state: dict[str, Any]) -> list[dict[str, Any]]:
    account = _account(state, "carer")
    async with httpx.AsyncClient(base_url=state["api"], timeout=30) as client:
        token = (await client.post("/session", json={"user": account["user"], "password": account["password"]})).json()
        client.headers["Authorization"] = f"Bearer {token['token']}"
        answer = await client.get("/alerts", params={"status": "all", "limit": 1000})
        alerts: list[dict[str, Any]] = answer.json()["alerts"]
        return alerts


async def _frames(dsn: str) -> dict[str, list[tuple[int, int, int]]]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("select device, event_us, end_us, seq from frame order by device, event_us")
    finally:
        await connection.close()
    frames: dict[str, list[tuple[int, int, int]]] = {}
    for row in rows:
        frames.setdefault(row["device"], []).append((row["event_us"], row["end_us"], row["seq"]))
    return frames


def summary(run: Run) -> dict[str, Any]:
    """Return the figures: counts from the replay's report, latency in milliseconds."""
    waits = latencies_ms(run)
    figures: dict[str, Any] = {
        "schema": 1,
        "totals": run.report["totals"],
        "alerts": len(run.alerts),
        "timed": len(waits),
    }
    if waits:
        figures["latency_ms"] = {
            "median": round(float(np.median(waits)), 1),
            "p99": round(float(np.percentile(waits, 99)), 1),
            "max": round(max(waits), 1),
        }
    return figures


def main(arguments: list[str]) -> int:
    """Measure the spine and print the figures; 0 when they could be had."""
    parser = argparse.ArgumentParser(prog="python -m bench spine", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--falls", type=int, default=100)
    parser.add_argument("--adl", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--screenshot", type=Path)
    parser.add_argument("--keep", action="store_true", help="keep the home, the logs and the publish times")
    options = parser.parse_args(arguments)
    if not options.file.is_file():
        print(f"There is no file {options.file}.", file=sys.stderr)
        return 2
    print(json.dumps(summary(asyncio.run(measure(options))), indent=2))
    return 0
