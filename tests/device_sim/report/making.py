"""Runs as the tests want them."""

from typing import Any

from device_sim.runner.lanes import pack
from device_sim.runner.record import Judged, Lane, Occurrence, Person, Run, Scenario, Told, Verdict

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
START = 1_772_409_600 * SECOND


def occurrence(name: str = "f1", *, at_us: int = START + 10 * MINUTE, wait_s: float = 4.0, **more: Any) -> Occurrence:
    given: dict[str, Any] = {
        "alert": f"a-{name}",
        "finding": name,
        "kind": "fall",
        "unit": "home",
        "resident": "wang",
        "event_us": at_us,
        "told_us": at_us + round(wait_s * 1e6),
    }
    return Occurrence(**given | more)


def judged(
    verdict: Verdict = Verdict.RAISED, *, must: bool = True, kind: str = "fall", wait_s: float = 4.0, **more: Any
) -> Judged:
    raised = verdict in (Verdict.RAISED, Verdict.LATE, Verdict.WRONG)
    given: dict[str, Any] = {
        "key": "one",
        "resident": "wang",
        "event_us": START + 10 * MINUTE,
        "from_us": START + 9 * MINUTE,
        "until_us": START + 11 * MINUTE,
        "within_s": 30.0 if must else None,
        "why": "",
        "raised": (occurrence(wait_s=wait_s, kind=kind),) if raised else (),
        "reason": {} if verdict in (Verdict.RAISED, Verdict.QUIET) else {"en": "Because.", "zh": "因为。"},
    }
    return Judged(must=must, kind=kind, verdict=verdict, **given | more)


def scenario(*those: Judged, name: str = "one", lasts_us: int = HOUR, step_s: int = 60, **more: Any) -> Scenario:
    told = Told(resident="wang", from_us=START + 10 * MINUTE, until_us=START + 20 * MINUTE, said={"en": "falls"})
    steps = lasts_us // (step_s * SECOND) + 1
    given: dict[str, Any] = {
        "title": {"en": f"Title of {name}", "zh": f"{name}的标题"},
        "seed": 7,
        "mark": f"m{name}",
        "start_us": START,
        "end_us": START + lasts_us,
        "played_us": START + lasts_us,
        "timezone": "Asia/Shanghai",
        "moved": False,
        "residents": (Person(key="wang", name="王 <b>Wang</b>", unit="home"),),
        "wrongly": (),
        "doubles": (),
        "mild": (),
        "lanes": (Lane(name="bathroom motion", bits=pack(bytes([0b1010_0101] * (steps // 8 + 1)))),),
        "story": (told,),
        "step_s": step_s,
        "notes": ("Acceleration only around scripted events.",),
    }
    return Scenario(id=name, judged=tuple(those), **given | more)


def run(*those: Scenario, **more: Any) -> Run:
    given: dict[str, Any] = {
        "simulator": "0.1.0",
        "platform": "0.1.0",
        "models": ("fall-1",),
        "simulated": True,
        "speed": "full",
        "wall_began_us": START,
        "wall_s": 9.0,
        "setting_up_s": 1.0,
        "messages": 1234,
        "clock_messages": 60,
        "complete": True,
    }
    return Run(scenarios=those, **given | more)
