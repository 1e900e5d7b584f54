// An invented review for the mock: as api/routes/review.py answers. The figures are drawn by a seed, not measured.
const MINUTE = 6e4;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const CHINA = 8 * HOUR;
const iso = (ms) => new Date(ms).toISOString();
const CURVE = [0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 240, 300, 600, 1200, 1800, 3600];
const LENGTH = { shift: 12 * HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY };
const A_DAY = 61;

/** The same numbers for the same seed (Park and Miller). */
const chance = (seed) => () => (seed = (seed * 48271) % 2147483647) / 2147483647;

export function makeReview(world) {
  let made = false;

  /** Some that wait to be looked at, besides those of the world; nobody is rung for them. */
  function fill() {
    if (made) return;
    made = true;
    const ring = world.onStep;
    world.onStep = () => undefined;
    const draw = chance(7);
    const kinds = ["fall", "wandering", "inactivity", "fall", "sos"];
    const outcomes = ["false_alarm", "real_unhurt", "false_alarm", "real_injured", "cancelled", "device_fault", "real_unhurt"];
    for (let n = 0; n < 34; n++) {
      const resident = world.residents[Math.floor(draw() * world.residents.length)].id;
      const kind = kinds[n % kinds.length];
      const answered = Math.round(draw() < 0.85 ? 8 + draw() * 45 : 65 + draw() * 400) * 1000;
      world.past(resident, kind, kind === "inactivity" ? "medium" : "high", (11 + n * 3.4) * HOUR, outcomes[n % outcomes.length], null, answered);
    }
    world.onStep = ring;
  }

  function answer(alert) {
    const claim = world.withSteps(alert.id).steps.find((one) => one.kind === "claimed");
    const response_s = claim ? (Date.parse(claim.at) - Date.parse(alert.raised_time)) / 1000 : null;
    return { ...alert, response_s, answered_by: claim?.actor ?? null, in_time: response_s !== null && response_s <= 60 };
  }

  function waiting(query) {
    fill();
    const late = query.get("late");
    const all = world
      .listed("resolved")
      .map(answer)
      .filter((one) => ["kind", "outcome"].every((name) => !query.get(name) || one[name] === query.get(name)))
      .filter((one) => !late || String(!one.in_time) === late)
      .sort((a, b) => (a.raised_time < b.raised_time ? 1 : -1));
    const from = query.get("before") ? all.findIndex((one) => one.id === query.get("before")) + 1 : 0;
    const limit = Number(query.get("limit") ?? 50);
    const page = all.slice(from, from + limit);
    return {
      alerts: page,
      more: from + limit < all.length ? page.at(-1).id : null,
      left: all.length,
      oldest_time: all.at(-1)?.raised_time ?? null,
    };
  }

  function close({ alerts }) {
    const refused = [];
    const closed = alerts.filter((id) => {
      const done = world.act(id, "close", {}, "zhang.wei");
      if (done.refused) refused.push({ alert: id, error: { code: "not_resolved", message: done.refused } });
      return !done.refused;
    });
    return { closed, refused };
  }

  function span(query) {
    const kind = query.get("period") ?? "week";
    const back = Number(query.get("back") ?? 0);
    const now = Date.now();
    if (kind === "shift") return { kind, start: now - (back + 1) * LENGTH.shift, end: now - back * LENGTH.shift, now };
    const today = Math.floor((now + CHINA) / DAY) * DAY - CHINA;
    if (kind === "day") return { kind, start: today - back * DAY, end: today + (1 - back) * DAY, now };
    if (kind === "week") {
      const monday = today - ((new Date(today + CHINA).getUTCDay() + 6) % 7) * DAY - back * 7 * DAY;
      return { kind, start: monday, end: monday + 7 * DAY, now };
    }
    const at = new Date(now + CHINA);
    const first = (n) => Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - back + n, 1) - CHINA;
    return { kind, start: first(0), end: first(1), now };
  }

  function figures(query) {
    const { kind, start, end, now } = span(query);
    const until = Math.min(now, end);
    const place = query.get("place");
    const draw = chance(1 + Math.floor(start / HOUR) + (place ? place.length * 31 : 0));
    const n = query.get("back") === "9" ? 0 : Math.round(((until - start) / DAY) * A_DAY * (place ? 0.4 : 1) * (0.9 + draw() * 0.2));
    const cases = Array.from({ length: n }, () => drawn(draw));
    const wards = place ? [["pl_e2", "东区二楼"]] : [["pl_east", "东区"], ["pl_west", "西区"], ["pl_memory", "记忆照护区"]];
    const weeks = (until - start) / LENGTH.week;
    const grouped = (key, of) => [...new Set(cases.map((one) => one[key]))].map((value) => [value, cases.filter((one) => one[key] === value)]).sort((a, b) => b[1].length - a[1].length).map(([value, held]) => ({ ...of(value), ...tally(held, weeks) }));
    cases.forEach((one) => (one.ward = wards[Math.floor(one.luck * wards.length)][0]));
    const detectors = grouped("detector", (value) => ({ kind: value.split(" ")[0], detector: value.split(" ")[1] }));
    const devices = grouped("device", (value) => ({ device: value, label: value === "w3" ? "王秀兰的手表" : null }));
    devices.sort((a, b) => b.outcomes.false_alarm - a.outcomes.false_alarm);
    return {
      period: kind, start: iso(start), end: iso(end), until: iso(until), timezone: "Asia/Shanghai", utc_offset_min: 480,
      place, place_name: place ? (wards[0][1] ?? place) : null, simulated: false,
      groups: { counted: n, drill: n && 4, test: n && 2, platform: n && 3 },
      all: tally(cases, weeks),
      kinds: grouped("kind", (value) => ({ kind: value })),
      detectors, devices: devices.slice(0, 30), devices_more: Math.max(0, devices.length - 30),
      wards: wards.map(([ward, name]) => {
        const held = cases.filter((one) => one.ward === ward);
        return { ward, name, times: times(held), ...tally(held, weeks) };
      }),
      times: { ...times(cases), curve: CURVE.map((s) => [s, cases.filter((one) => one.after !== null && one.after <= s).length]) },
      hours: Array.from({ length: 24 }, (_, hour) => times(cases.filter((one) => one.hour === hour))),
      load: load(cases, start, until),
    }; // prettier-ignore
  }

  return { waiting, close, figures };
}

/** One alert: falls by day, silences by night; late at dawn, when one nurse washes and nobody hears. */
function drawn(draw) {
  const [kind, model] = [["fall", "fall-1"], ["fall", "device"], ["inactivity", "inactivity-3"], ["inactivity", "everyday-2"], ["wandering", "wandering-1"], ["sos", "device"], ["smoke", "device"]][Math.floor(Math.pow(draw(), 1.5) * 7)];
  const hour = Math.floor(draw() * 24);
  const busy = hour >= 6 && hour < 8;
  const luck = draw();
  const slow = luck > (busy ? 0.86 : 0.985);
  const after = luck > 0.9985 ? null : slow ? 62 + draw() * 240 : 4 + -Math.log(1 - draw() * 0.97) * 13;
  const wrong = { fall: 0.27, inactivity: 0.44, wandering: 0.18, sos: 0.12, smoke: 0.9 }[kind];
  const dice = draw();
  const outcome = dice < wrong * 0.9 ? "false_alarm" : dice < 0.94 ? (draw() < 0.12 ? "real_injured" : "real_unhurt") : dice < 0.97 ? "device_fault" : "cancelled";
  return { kind, detector: `${kind} ${model}`, device: `w${1 + Math.floor(draw() * draw() * 40)}`, hour, luck: draw(), after, outcome: after === null ? null : outcome };
}

function share(hits, of) {
  const z = 1.959964;
  const p = of ? hits / of : 0;
  const middle = of ? (p + (z * z) / (2 * of)) / (1 + (z * z) / of) : 0.5;
  const half = of ? (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of) : 0.5;
  return { hits, of, share: of < 20 ? null : p, low: hits ? middle - half : 0, high: hits === of ? 1 : middle + half, few: of < 20 };
}

function tally(cases, weeks) {
  const names = ["real_injured", "real_unhurt", "false_alarm", "test", "device_fault", "cancelled"];
  const outcomes = Object.fromEntries(names.map((name) => [name, cases.filter((one) => one.outcome === name).length]));
  const real = outcomes.real_injured + outcomes.real_unhurt;
  return {
    total: cases.length,
    open: cases.filter((one) => one.outcome === null).length,
    outcomes,
    false_alarms: share(outcomes.false_alarm, outcomes.false_alarm + real),
    false_a_week: outcomes.false_alarm / weeks,
  };
}

function times(cases) {
  const sorted = cases.map((one) => one.after ?? Infinity).sort((a, b) => a - b);
  const of = sorted.length;
  const at = (part) => (of && Number.isFinite(sorted[Math.ceil(part * of) - 1]) ? sorted[Math.ceil(part * of) - 1] : null);
  const goals = [[60, 0.975, 40], [180, 0.99, 100]].map(([seconds, goal, least]) => {
    const hits = sorted.filter((one) => one <= seconds).length;
    return { seconds, goal, hits, share: of ? hits / of : null, verdict: of < least ? "few" : hits >= goal * of ? "met" : "missed" };
  });
  return { of, waiting: 0, never: sorted.filter((one) => !Number.isFinite(one)).length, median_s: at(0.5), p90_s: at(0.9), goals };
}

function load(cases, start, until) {
  const days = Math.max(0.5, (until - start) / DAY);
  const by_hour = Array.from({ length: 24 }, (_, hour) => {
    const alerts = cases.filter((one) => one.hour === hour).length;
    const on = hour === 5 ? 0 : days * (hour >= 8 && hour < 20 ? 3 : hour >= 6 ? 0.6 : 1);
    return { alerts, operator_hours: on, per_hour: on ? alerts / on : null };
  });
  const on = by_hour.reduce((sum, hour) => sum + hour.operator_hours, 0);
  const unstaffed = by_hour[5].alerts;
  return {
    most: 6, alerts: cases.length, operator_hours: on, per_hour: on ? (cases.length - unstaffed) / on : null,
    worst: cases.length ? 9 : null, worst_time: cases.length ? iso(until - 19 * HOUR) : null, staffed: Math.round(days * 20), over: cases.length ? Math.max(1, Math.round(days / 3)) : 0,
    unstaffed, by_hour,
    floods: days >= 1 && cases.length ? [{ start: iso(until - 19 * HOUR), end: iso(until - 19 * HOUR + 13 * MINUTE), alerts: 14, kinds: { wandering: 11, fall: 3 } }] : [],
  }; // prettier-ignore
}
