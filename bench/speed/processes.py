"""CPU and memory of each stage and server of a running platform, by the process that started them all."""

import psutil

#: In a server's command line, and in no other's.
_SERVERS = {"iotcore": "broker", "nats-server": "nats", "postgres -D": "postgres"}
STAGES = ("gateway", "recorder", "watcher", "desk", "notify", "api")


def cpu_seconds(pid: int) -> dict[str, float]:
    """Return CPU seconds so far by stage and server, their children's with them."""
    return {name: sum(_cpu(each) for each in family) for name, family in _families(pid).items()}


def memory_bytes(pid: int) -> dict[str, int]:
    """Return the memory that each stage and server alone holds (what they share is counted once: PSS)."""
    return {name: sum(_memory(each) for each in family) for name, family in _families(pid).items()}


def _families(pid: int) -> dict[str, list[psutil.Process]]:
    found = {}
    for child in psutil.Process(pid).children():
        name = _name(child.cmdline())
        if name:
            found[name] = [child, *child.children(recursive=True)]
    return found


def _cpu(process: psutil.Process) -> float:
    try:
        return sum(process.cpu_times()[:2])
    except psutil.NoSuchProcess:
        return 0.0  # a connection of the database that was closed meanwhile


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.NoSuchProcess:
        return 0


def _name(command: list[str]) -> str | None:
    text = " ".join(command)
    server = next((name for mark, name in _SERVERS.items() if mark in text), None)
    return server or next((stage for stage in STAGES if stage in command), None)
