"""A small care home on two floors and the people who live in it. Invented from beginning to end: no such people exist.

Names are common for the birth years, conditions are those that a care home meets; the same seed makes the same world.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

#: The homes' name; shown in the console's place tree.
SITE = "晚晴苑 Wanqing House"
FLOORS = ("一楼 Ground floor", "二楼 First floor")
ROOMS_A_FLOOR = 5
#: This room on each floor is shared by two: one watch unit, two wearers.
SHARED_ROOM = 3


class Mobility(StrEnum):
    """How a person gets about, as the care plan says it."""

    FREE = "walks without help"
    STICK = "walks with a stick"
    FRAME = "walks with a frame"


class Activity(StrEnum):
    """What somebody is doing."""

    SLEEP = "sleeps"
    NAP = "naps in bed"
    SIT = "sits"
    STAND = "stands"
    WALK = "walks about"
    TIDY = "tidies up"


@dataclass(frozen=True, slots=True)
class Person:
    """One resident: who, where, and which device is worn where."""

    name: str
    pinyin: str
    birth_year: int
    conditions: str
    mobility: Mobility
    floor: int
    room: str
    device: str
    position: str


_PEOPLE = (
    ("王秀英", "Wang Xiuying", 1938),
    ("李建国", "Li Jianguo", 1941),
    ("张桂兰", "Zhang Guilan", 1936),
    ("刘德明", "Liu Deming", 1935),
    ("陈玉珍", "Chen Yuzhen", 1943),
    ("杨淑芬", "Yang Shufen", 1940),
    ("赵志强", "Zhao Zhiqiang", 1944),
    ("黄凤英", "Huang Fengying", 1937),
    ("周福生", "Zhou Fusheng", 1939),
    ("吴月娥", "Wu Yue'e", 1942),
    ("徐金凤", "Xu Jinfeng", 1934),
    ("孙长林", "Sun Changlin", 1945),
)
_CONDITIONS = (
    "阿尔茨海默病，早期 Alzheimer's disease, early",
    "脑卒中后偏瘫 hemiparesis after a stroke",
    "帕金森病 Parkinson's disease",
    "血管性痴呆 vascular dementia",
    "低视力 low vision",
    "骨质疏松 osteoporosis",
)

#: What people do by the hour of the day: from this hour on, activity and weight. Chosen: an ordinary day in a home.
_DAY: tuple[tuple[int, dict[Activity, float]], ...] = (
    (0, {Activity.SLEEP: 0.95, Activity.WALK: 0.05}),
    (6, {Activity.SLEEP: 0.3, Activity.SIT: 0.3, Activity.WALK: 0.2, Activity.STAND: 0.1, Activity.TIDY: 0.1}),
    (8, {Activity.SIT: 0.5, Activity.WALK: 0.25, Activity.STAND: 0.1, Activity.TIDY: 0.15}),
    (12, {Activity.SIT: 0.45, Activity.NAP: 0.45, Activity.WALK: 0.1}),
    (14, {Activity.SIT: 0.5, Activity.WALK: 0.25, Activity.STAND: 0.1, Activity.TIDY: 0.15}),
    (19, {Activity.SIT: 0.7, Activity.WALK: 0.15, Activity.NAP: 0.15}),
    (21, {Activity.SLEEP: 0.85, Activity.SIT: 0.1, Activity.WALK: 0.05}),
)
#: How much less than others somebody with a stick or a frame is on foot.
_ON_FOOT = {Mobility.FREE: 1.0, Mobility.STICK: 0.7, Mobility.FRAME: 0.4}


def people(seed: int = 0) -> list[Person]:
    """Return the dozen residents, floor by floor. A demo begun again in the same home must use the same ``seed``."""
    rng = np.random.default_rng([seed, 1])
    rooms = [
        f"{floor + 1}{room:02d}"
        for floor in range(len(FLOORS))
        for room in range(1, ROOMS_A_FLOOR + 1)
        for _ in range(2 if room == SHARED_ROOM else 1)
    ]
    order = rng.permutation(len(_PEOPLE))
    made = []
    for number, room in enumerate(rooms):
        name, pinyin, born = _PEOPLE[int(order[number])]
        made.append(
            Person(
                name=name,
                pinyin=pinyin,
                birth_year=born,
                conditions=_CONDITIONS[int(rng.integers(len(_CONDITIONS)))],
                mobility=tuple(Mobility)[int(rng.integers(len(Mobility)))],
                floor=int(room[0]) - 1,
                room=room,
                device=f"demo-{room}-{number:02d}",
                position="waist" if number % 3 == 0 else "wrist",
            )
        )
    return made


def next_activity(rng: np.random.Generator, person: Person, hour: int) -> Activity:
    """Return what the person turns to next at this hour."""
    weights = dict(next(weights for start, weights in reversed(_DAY) if start <= hour))
    for activity in (Activity.WALK, Activity.STAND, Activity.TIDY):
        weights[activity] = weights.get(activity, 0.0) * _ON_FOOT[person.mobility]
    names = list(weights)
    chances = np.array([weights[name] for name in names])
    return names[int(rng.choice(len(names), p=chances / chances.sum()))]
