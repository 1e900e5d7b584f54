// Invented movement for the mock: a day by the minute, and two minutes of acceleration with a fall in the middle.

/** A small seeded generator (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One minute of a day: {activity in g or null, worn}. Asleep at night, a rest, the charger. */
export function activity(seed, at, i) {
  const draw = random(seed * 100_003 + Math.floor(at / 60_000));
  const hour = new Date(at).getHours() + new Date(at).getMinutes() / 60;
  if (i > 560 && i < 560 + 35 + seed * 2) return { activity: null, worn: null };
  const charging = hour > 19 && hour < 19.7;
  const asleep = hour < 6 + (seed % 3) * 0.4 || hour > 21.5 || (hour > 13 && hour < 14.3);
  const bout = random(seed * 7 + Math.floor(at / (11 * 60_000)))();
  if (charging) return { activity: 0.002, worn: false };
  if (asleep) return { activity: draw() < 0.04 ? 0.02 + 0.05 * draw() : 0.003 + 0.005 * draw(), worn: true };
  return { activity: bout > 0.55 ? 0.06 + 0.22 * draw() * bout : 0.012 + 0.04 * draw(), worn: true };
}

const RATE = 50;
const BEFORE_S = 60;

/** Acceleration in g at 50 Hz from 60 s before to `untilMs` after: walks, falls (or not), lies. */
export function acceleration(seed, untilMs, falls) {
  const draw = random(seed * 31);
  const noise = () => (draw() + draw() + draw() - 1.5) * 0.03;
  const [x, y, z, values] = [[], [], [], []];
  const count = Math.floor((BEFORE_S + untilMs / 1000) * RATE);
  for (let i = 0; i < count; i++) {
    const t = i / RATE - BEFORE_S;
    const axes = falls ? fallAt(t) : stillAt(t);
    const sample = axes.map((value) => value + noise());
    [x, y, z].forEach((list, axis) => list.push(Number(sample[axis].toFixed(3))));
    values.push(Number(Math.hypot(...sample).toFixed(3)));
  }
  return { values, x, y, z };
}

function stillAt(t) {
  const turn = 0.05 * Math.sin(t / 9);
  return [turn, 0.3, -0.95];
}

function fallAt(t) {
  if (t < -14) return stillAt(t);
  if (t < -0.9) {
    const step = Math.sin(2 * Math.PI * 1.7 * t);
    return [
      0.15 * step,
      -0.97 - 0.22 * step - 0.12 * Math.sin(4 * Math.PI * 1.7 * t),
      0.18 * Math.cos(3.4 * Math.PI * t),
    ];
  }
  if (t < -0.41) return [0.3 * (t + 0.9), -1.05 + 0.5 * (t + 0.9), 0.25];
  if (t < 0) return [0.12, -0.28 - 0.3 * t, 0.16];
  const ring = Math.exp(-t * 5.5);
  const turned = Math.min(1, t / 0.8);
  const crash = 3.05 * ring * Math.cos(2 * Math.PI * 4.2 * t);
  const settle = t < 3 ? 0.18 * Math.exp(-t) * Math.sin(9 * t) : 0;
  return [0.95 * turned + 0.35 * crash, -0.25 * turned - 0.9 * crash + settle, 0.1 + 0.25 * crash];
}
