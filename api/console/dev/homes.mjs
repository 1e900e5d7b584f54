// Invented homes for alerts of their rhythm: what was expected, and who was seen where around it. Seeded.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const CHINA = 8 * HOUR;
const iso = (ms) => new Date(ms).toISOString();
/** The hour of the home's clock. */
const hourOf = (ms) => (((ms + CHINA) % DAY) + DAY) % DAY / HOUR;
const wave = (n) => (Math.sin(n * 12.9898) * 43758.5453) % 1;
const rounded = (value) => Math.round(value * 100) / 100;

/** Code -> minutes it lasts when it rings, usual and limit in minutes, and the numbers of its reason. */
const STORIES = {
  silent: { lasts: 304, usual: 121, limit: 211, values: (m) => ({ h: rounded(m / 60), usual_h: 2.02 }) },
  away: { lasts: 366, usual: 181, limit: 271, values: (m) => ({ h: rounded(m / 60), usual_h: 3.02 }) },
  not_up: {
    lasts: 183, usual: 132, limit: 315, from: -132,
    values: (_m, at) => ({ usual_at: hourOf(at - 183 * MINUTE), late_at: hourOf(at), now_at: hourOf(at) }),
  },
  long_in_bathroom: {
    lasts: 52, usual: 12, limit: 52, from: 0,
    values: (m, at) => ({ since_at: hourOf(at - m * MINUTE), min: m, usual_min: 12 }),
  },
  not_back_in_bed: {
    lasts: 48, usual: 7, limit: 48, from: 0,
    values: (m, at) => ({ since_at: hourOf(at - m * MINUTE), min: m, usual_min: 7 }),
  },
  no_meal: { lasts: 17.4 * 60, usual: 162, limit: 281, from: 17.4 * 60 - 330, values: () => ({ h: 5.5, usual_h: 2.7 }) },
  stirs_while_away: { lasts: 0, usual: null, limit: null, values: () => ({}) },
  restless_night: { lasts: 540, usual: 9, limit: null, from: 0, values: () => ({ min: 41, usual_min: 9, most_min: 22 }) },
}; // prettier-ignore
const SILENCES = ["silent", "away"];

/** Up from seven to half past ten, a walk to the bathroom at three. */
const LIVELY = Array.from({ length: 48 }, (_, slot) =>
  slot === 6 || slot === 7 ? 38 : slot < 13 || slot > 45 ? 3 : slot < 15 ? 55 : Math.round(88 + 11 * wave(slot)),
);

function expectedOf(code, begun, rang, young) {
  const { usual, limit, from = 0 } = STORIES[code];
  const silence = SILENCES.includes(code);
  const spread = code === "not_up" ? 25 : usual * 0.6;
  const others = Array.from({ length: 28 }, (_, n) => Math.max(1, Math.round(usual + spread * wave(n + 1))));
  return {
    start: iso(begun + from * MINUTE),
    rang: iso(rang),
    utc_offset_min: 480,
    usual,
    limit,
    others: silence ? [] : others,
    lively: silence && !young ? LIVELY : [],
    days: young ? 3 : silence ? 41 : 28,
  };
}

/** An alert's kind, severity and fields. `over`: ms from the alert to its end; `old`: without what was expected. */
export function rhythmAlert(code, rang, { over, old = false, young = false }) {
  const story = STORIES[code];
  const begun = rang - story.lasts * MINUTE;
  const end = code === "restless_night" ? begun + 6 * HOUR : rang + (over ?? 0);
  const reasons = [{ code, values: story.values(story.lasts, rang) }];
  const ends = SILENCES.includes(code) ? "active_again" : "as_usual_again";
  if (over) reasons.push({ code: ends, values: { h: rounded((end - begun) / HOUR) } });
  const routine = code === "no_meal" || code === "restless_night";
  return {
    kind: routine ? "routine" : "inactivity",
    severity: over || routine || code.endsWith("away") ? "low" : "medium",
    fields: {
      device: "pir-home",
      event_time: iso(begun),
      last_event_time: iso(begun),
      decided_time: iso(rang),
      score: 0.6,
      stage: over ? "recovered" : "confirmed",
      told: [["confirmed", 0], ...(over ? [["recovered", over]] : [])],
      evidence: {
        phases: [{ name: SILENCES.includes(code) ? "silence" : "unusual", start: iso(begun), end: iso(end) }],
        reasons,
        features: {},
        expected: old || code === "stirs_while_away" ? null : expectedOf(code, begun, rang, young),
      },
    },
  };
}

/** The room in which somebody is at an hour of an ordinary day; null: nothing is heard. */
function roomAt(ms) {
  const hour = hourOf(ms);
  if (hour < 6.9 || hour > 22.4) return hour > 3.1 && hour < 3.2 ? "bathroom" : wave(Math.floor(ms / HOUR)) > 0.6 ? "bedroom" : null;
  if ([7.3, 11.9, 18.1].some((meal) => hour > meal && hour < meal + 0.7)) return "kitchen";
  if ([7, 10.1, 13.4, 16.2, 20.3].some((at) => hour > at && hour < at + 0.2)) return "bathroom";
  if (hour > 15 && hour < 15.1) return "outer_door";
  return wave(Math.floor(ms / (20 * MINUTE))) > -0.35 ? "living" : null;
}

function seenAt(ms, code, begun, over) {
  if (code === "stirs_while_away")
    return ms < begun - 8 * MINUTE ? null : ms < begun ? "outer_door" : ms < begun + 9 * MINUTE ? "hall" : ms < begun + 26 * MINUTE ? "kitchen" : null;
  const lasts = ms > begun && (over === null || ms < over);
  if (!lasts) return code === "away" && begun - ms < 5 * MINUTE && ms <= begun ? "outer_door" : roomAt(ms);
  const stirs = wave(Math.floor(ms / (25 * MINUTE))) > 0.3;
  if (SILENCES.includes(code)) return null;
  if (code === "not_up") return stirs ? "bedroom" : null;
  if (code === "long_in_bathroom" || code === "not_back_in_bed") return ms - begun < 15 * MINUTE ? "bathroom" : null;
  if (code === "no_meal") return roomAt(ms) === "kitchen" ? "living" : roomAt(ms);
  return stirs ? ["living", "kitchen", "bathroom"][Math.floor(ms / (40 * MINUTE)) % 3] : null;
}

/** The hours around an alert, as GET /alerts/{id}/day says them. */
export function dayOf(alert, now) {
  const { reasons, phases, expected } = alert.evidence;
  const code = reasons[0].code;
  const begun = Date.parse(phases[0]?.start ?? alert.event_time);
  const over = alert.stage === "recovered" || code === "restless_night" ? Date.parse(phases[0].end) : null;
  const rang = Date.parse(expected?.rang ?? alert.decided_time);
  const base = Math.min(begun, Date.parse(expected?.start ?? iso(begun)));
  const before = code === "restless_night" ? HOUR : Math.max(2 * HOUR, Math.min(8 * HOUR, rang - base));
  const start = Math.floor((base - before) / HOUR) * HOUR;
  const least = rang + Math.max(10 * MINUTE, (rang - start) / 24);
  const last = code === "restless_night" ? rang : over ? over + 30 * MINUTE : now;
  const end = Math.max(least, Math.min(last, rang + 6 * HOUR));
  const rooms = new Map();
  for (let ms = start; ms < Math.min(now, end); ms += 2 * MINUTE) {
    // Readings of older alerts are gone, and a few homes have lost theirs.
    const room = STORIES[code] && (expected || code === "stirs_while_away") ? seenAt(ms, code, begun, over) : null;
    if (!room) continue;
    if (!rooms.has(room)) rooms.set(room, []);
    const stays = rooms.get(room);
    const last = stays[stays.length - 1];
    if (last && ms - Date.parse(last.end) <= 5 * MINUTE) last.end = iso(ms);
    else stays.push({ start: iso(ms), end: iso(ms) });
  }
  return {
    start: iso(start),
    end: iso(end),
    until: iso(Math.min(now, end)),
    rang: iso(rang),
    utc_offset_min: 480,
    rooms: [...rooms].map(([room, stays]) => ({ room, stays })),
  };
}
