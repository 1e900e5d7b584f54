"""A few numbers for Prometheus: enough to see that people are served, and that what they look at is alive.

A registry of our own, so that two applications in one process (tests) do not count into each other.
"""

import time
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.stages import StageHealth

#: A console feels instant below 0.1 s; the last bucket is where a browser gives up (the console's own limit is 10 s).
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_SEVERITIES = ("high", "medium", "low")


class Metrics:
    """The counters and gauges of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("route", "method", "status")
        self.requests = Counter("shouwang_http_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram(
            "shouwang_http_seconds", "Time to the answer's head", ("route",), registry=self.registry, buckets=_SECONDS
        )
        self.streams = Gauge("shouwang_sse_clients", "Open live streams", registry=self.registry)
        self.open = Gauge("shouwang_open_alerts", "Alerts that ask for somebody", ("severity",), registry=self.registry)
        self.quarantine = Gauge("shouwang_quarantined_messages", "Ever, by reason", ("reason",), registry=self.registry)
        self.stage_ok = Gauge("shouwang_stage_ok", "1: the stage says it is well", ("stage",), registry=self.registry)
        self.stage_lag = Gauge("shouwang_stage_lag", "Messages waiting for it", ("stage",), registry=self.registry)
        self.restarts = Gauge(
            "shouwang_restarts",
            "Times it was started again since the platform started",
            ("part",),
            registry=self.registry,
        )
        self.proposals = Gauge("shouwang_proposals", "Proposed settings, by state", ("state",), registry=self.registry)
        self.database = Gauge("shouwang_database_up", "1: the database answered this scrape", registry=self.registry)

    def observe_stages(self, stages: list[StageHealth]) -> None:
        """Take over how the stages are; an unknown lag is NaN, not 0."""
        for stage in stages:
            self.stage_ok.labels(stage.name).set(stage.ok)
            self.stage_lag.labels(stage.name).set(float("nan") if stage.lag is None else stage.lag)

    def observe_restarts(self, restarts: Mapping[str, int]) -> None:
        """Take over how often each part (stage or server) ended and was started again."""
        for part, count in restarts.items():
            self.restarts.labels(part).set(count)

    def observe_database(
        self, open_by_severity: dict[str, int] | None, quarantined: dict[str, int], proposed: dict[str, int]
    ) -> None:
        """Take over what the database says; None: it did not answer, and its old numbers must not look new."""
        self.database.set(open_by_severity is not None)
        self.open.clear()
        self.proposals.clear()
        if open_by_severity is None:
            return
        for severity in _SEVERITIES:
            self.open.labels(severity).set(open_by_severity.get(severity, 0))
        for state, count in proposed.items():
            self.proposals.labels(state).set(count)
        for reason, count in quarantined.items():
            self.quarantine.labels(reason).set(count)

    def text(self) -> bytes:
        """Return everything in Prometheus' text form."""
        return generate_latest(self.registry)


class CountRequests:
    """Counts each request under its route's name, never under its path: paths hold people's ids."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; count when the head of its answer goes out."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "name", "none")
                self.metrics.requests.labels(route, _known(scope["method"]), message["status"]).inc()
                self.metrics.seconds.labels(route).observe(time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, counting)


def _known(method: str) -> str:
    # A stranger can invent methods; each would be a series of its own.
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
