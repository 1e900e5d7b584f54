"""A gateway as a process of its own, to be killed: ``python -m tests.ingest.gateway_process JSON``."""

import asyncio
import json
import sys
import time

from ingest import gateway
from ingest.connections import MqttAddress


async def main(settings: dict[str, str]) -> None:
    """Run until killed; says READY on its first line."""
    await gateway.run(
        mqtt=MqttAddress(settings["host"], int(settings["port"]), settings["user"], settings["password"]),
        nats_url=settings["nats_url"],
        clock=lambda: time.time_ns() // 1000,
        stop=asyncio.Event(),
        ready=lambda: print("READY", flush=True),  # noqa: T201
        name=settings["name"],
    )


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
