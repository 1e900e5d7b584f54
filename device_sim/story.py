"""What happens in the demo, and when: falls, look-alikes, a device taken off. Pure; seeded; the time is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from device_sim.life import Life

#: The first fall is set going at this second: ending what one does, standing up and a few steps take another 8 to 20 s.
FIRST_FALL_S = 36.0
#: Seconds from one fall to the next. Far more often than in any home (about 1-3 a bed and year): a visitor has minutes.
BETWEEN_FALLS_S = (150.0, 270.0)
FIRST_LOOK_ALIKE_S, BETWEEN_LOOK_ALIKES_S = 20.0, (50.0, 110.0)
FIRST_TAKEN_OFF_S, BETWEEN_TAKEN_OFF_S, OFF_FOR_S = 80.0, (500.0, 800.0), 200.0
#: Somebody on the floor is found by chance after so long, when nobody comes for the alarm.
FOUND_AFTER_S = 360.0
#: After the alarm was resolved, being helped up takes a moment.
HELPED_AFTER_S = 8.0


@dataclass
class Story:
    """Decides who does what next. ``lives`` by device; all times are seconds since the story began."""

    lives: Mapping[str, Life]
    rng: np.random.Generator
    fallen_at: dict[str, float] = field(default_factory=dict)
    off_at: dict[str, float] = field(default_factory=dict)
    help_at: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._next_fall = FIRST_FALL_S
        self._next_look_alike = FIRST_LOOK_ALIKE_S
        self._next_off = FIRST_TAKEN_OFF_S
        # Everybody's turn comes before anybody's second. Trunk wearers first: their falls are found most surely.
        order = [str(device) for device in self.rng.permutation(list(self.lives))]
        self._turns = sorted(order, key=lambda device: self.lives[device].person.position == "wrist")

    def go_on(self, now_s: float) -> None:
        """Let happen what is due by now."""
        if now_s >= self._next_fall:
            self._next_fall = now_s + self.rng.uniform(*BETWEEN_FALLS_S)
            self._fall(now_s)
        if now_s >= self._next_look_alike:
            self._next_look_alike = now_s + self.rng.uniform(*BETWEEN_LOOK_ALIKES_S)
            self._look_alike()
        if now_s >= self._next_off:
            self._next_off = now_s + self.rng.uniform(*BETWEEN_TAKEN_OFF_S)
            self._take_off(now_s)
        self._each_due(self.off_at, OFF_FOR_S, now_s, Life.put_on)
        self._each_due(self.help_at, 0.0, now_s, self._got_up)
        self._each_due(self.fallen_at, FOUND_AFTER_S, now_s, Life.get_up)

    def resolved(self, device: str, now_s: float) -> None:
        """Staff resolved the alarm of somebody on the floor: help is there in a moment."""
        if device in self.fallen_at and device not in self.help_at:
            self.help_at[device] = now_s + HELPED_AFTER_S

    def _fall(self, now_s: float) -> None:
        device = self._whose_turn()
        if device is not None:
            self.fallen_at[device] = now_s
            self.lives[device].fall()

    def _look_alike(self) -> None:
        free = self._free()
        if free:
            life = self.lives[free[int(self.rng.integers(len(free)))]]
            (life.drop_into_chair if self.rng.random() < 0.7 else life.stumble)()

    def _take_off(self, now_s: float) -> None:
        free = self._free()
        if free:
            device = free[int(self.rng.integers(len(free)))]
            self.off_at[device] = now_s
            self.lives[device].take_off()

    def _whose_turn(self) -> str | None:
        free = self._free()
        for device in self._turns:
            if device in free:
                self._turns.remove(device)
                self._turns.append(device)
                return device
        return None

    def _free(self) -> list[str]:
        return [device for device, life in self.lives.items() if life.worn and not life.fallen]

    def _got_up(self, life: Life) -> None:
        self.fallen_at.pop(life.person.device, None)
        life.get_up()

    def _each_due(self, since: dict[str, float], after_s: float, now_s: float, do: Callable[[Life], None]) -> None:
        for device in [device for device, at_s in since.items() if now_s >= at_s + after_s]:
            del since[device]
            do(self.lives[device])
            self.help_at.pop(device, None)
