"""Somebody is always told, on the whole platform: a fall while the desk stands still, a notify killed, three phones."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.system.falls import play, wearable
from tests.system.platform import Platform, eventually
from tests.system.test_spine import alerts_of

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]


class Phones:
    """Stands for three telephones; keeps what each was told."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        calls = self.calls

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                calls.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def answering(self) -> Iterator["Phones"]:
        thread = threading.Thread(target=self._server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def test_three_telephones_ring_once_each_while_desk_and_notify_are_killed(platform: Platform) -> None:
    resident = platform.add_wearer("Told", "told-1")
    unit = platform.get(f"/residents/{resident}")["unit"]
    with Phones().answering() as phones:
        steps = [
            {"recipient": name, "address": f"{phones.url}/{name}", "after_s": after}
            for name, after in (("li", 0), ("wang", 4), ("zhao", 8))
        ]
        put = platform.http.put(f"/places/{unit}/ladder", json={"steps": steps})
        assert put.status_code == 200, put.text
        port = json.loads((platform.home / "ports.json").read_text())["claims"]
        with platform.without("desk"):
            falling = threading.Thread(target=play, args=(wearable(platform, "told-1", seed=5, walk_s=3),))
            falling.start()
            # At once, before the second is due: a notify killed while it rings would have to ring again.
            eventually(lambda: len(phones.calls) >= 1, seconds=60, what="the first telephone")
            platform.kill("notify")
            eventually(lambda: len(phones.calls) >= 3, seconds=60, what="all telephones")
            falling.join()
            assert alerts_of(platform, resident) == []
        (alert,) = eventually(
            lambda: alerts_of(platform, resident), seconds=60, what="the alert, when the desk is back"
        )
        deliveries = eventually(
            lambda: _sent(platform, alert["id"], 3), seconds=20, what="the deliveries in the alert's history"
        )
        assert [each["recipient"] for each in deliveries] == ["li", "wang", "zhao"]
        assert json.loads((platform.home / "ports.json").read_text())["claims"] == port, (
            "links that were sent lead nowhere"
        )
        link = next(body["claim"] for body in phones.calls if body["recipient"] == "wang")
        assert platform.http.post(link).status_code == 200
        claimed = eventually(
            lambda: [each for each in alerts_of(platform, resident) if each["claimed_by"] == "wang"],
            seconds=10,
            what="the claim",
        )
    told = [(body["step"], body["recipient"]) for body in phones.calls if not body["again"]]
    assert told == [(1, "li"), (2, "wang"), (3, "zhao")]
    assert [body["alert"] for body in phones.calls] == [claimed[0]["id"]] * len(phones.calls)
    platform.post(f"/alerts/{alert['id']}/resolve", {"outcome": "test"})


def _sent(platform: Platform, alert: str, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = platform.get(f"/alerts/{alert}/deliveries")["deliveries"]
    return found if [each["state"] for each in found] == ["sent"] * count else []
