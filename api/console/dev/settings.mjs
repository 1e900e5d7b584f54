// The mock's settings of residents: what is set, absences by calendar, who changed what.
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OPEN = "9999-12-31T00:00:00.000Z";
const iso = (ms) => new Date(ms).toISOString();
const WORDS = { walker: "frame", cane: "walks", independent: "walks", wheelchair: "wheelchair" };
const EXPECTED = [
  { sensitivity: "calmer", silence_week: 0.45, everyday_week: 0.1, mean_h: 6.27, median_h: 4.49, p90_h: 12.01 },
  { sensitivity: "normal", silence_week: 0.56, everyday_week: 0.22, mean_h: 5.3, median_h: 3.94, p90_h: 11.77 },
  { sensitivity: "keener", silence_week: 1.02, everyday_week: 0.36, mean_h: 3.57, median_h: 2.67, p90_h: 6.75 },
];

/** Adds settings to the mock's residents; returns what the routes call. */
export function makeSettings(residents) {
  const kept = new Map();
  let made = 0;
  const absence = (start, until, note, more = {}) => ({
    id: `ab${++made}`,
    start: iso(start),
    until: until && iso(until),
    note,
    set_by: "li.mei",
    set_time: iso(start - DAY),
    ended_by: null,
    ...more,
  });
  const now = Date.now();
  for (const one of residents) {
    kept.set(one.id, { sensitivity: "normal", off: new Map(), absences: [], changes: [] });
    Object.assign(one, { watches_off: [], absent_until: null });
  }
  const fourth = kept.get("r04");
  fourth.off.set("restless_night", { by: "admin", since: iso(now - 5 * DAY) });
  fourth.absences = [
    absence(now - 30 * DAY, now - 26 * DAY, "女儿家", { ended_by: "wang.fang" }),
    absence(now - 5 * HOUR, now + 2 * DAY, "住院复查"),
    absence(now + 9 * DAY, now + 13 * DAY, "回老家"),
  ];
  // Away for nine days, and nobody knows until when.
  kept.get("r06").absences = [absence(now - 9 * DAY, null, "住院")];
  fourth.changes = [
    { time: iso(now - 5 * HOUR), actor: "li.mei", what: "absence_set", data: { ...fourth.absences[1] } },
    { time: iso(now - 5 * DAY), actor: "admin", what: "watch_off", data: { watch: "restless_night" } },
    { time: iso(now - 9 * DAY), actor: "admin", what: "sensitivity", data: { before: "keener", after: "normal" } },
  ];
  const asks = (a) => !a.until && Date.parse(a.still_time ?? a.start) < Date.now() - 7 * DAY;
  const follow = (one) => {
    const mine = kept.get(one.id);
    const lasting = mine.absences.find((a) => a.start <= iso(Date.now()) && (!a.until || a.until > iso(Date.now())));
    Object.assign(one, { absent_until: lasting ? (lasting.until ?? OPEN) : null, watches_off: [...mine.off.keys()] });
  };
  residents.forEach(follow);
  const note = (mine, actor, what, data) => mine.changes.unshift({ time: iso(Date.now()), actor, what, data });

  function patch(one, body, actor) {
    const mine = kept.get(one.id);
    const { seen = {} } = body;
    if (body.sensitivity && ![seen.sensitivity ?? mine.sensitivity, body.sensitivity].includes(mine.sensitivity))
      return { overtaken: mine.changes.find((each) => each.what === "sensitivity") ?? null };
    if (body.watches_off && seen.watches_off) {
      const [before, after] = [seen.watches_off, body.watches_off];
      const stays = [...mine.off.keys()].filter((w) => after.includes(w) || !before.includes(w));
      body = { ...body, watches_off: [...new Set([...stays, ...after.filter((w) => !before.includes(w))])] };
    }
    if (body.sensitivity) {
      note(mine, actor, "sensitivity", { before: mine.sensitivity, after: body.sensitivity });
      mine.sensitivity = body.sensitivity;
    }
    if ("mobility" in body) {
      note(mine, actor, "mobility", { before: one.mobility, after: body.mobility });
      one.mobility = body.mobility;
    }
    if (body.watches_off) {
      const before = mine.off;
      mine.off = new Map(body.watches_off.map((w) => [w, before.get(w) ?? { by: actor, since: iso(Date.now()) }]));
      for (const w of body.watches_off) if (!before.has(w)) note(mine, actor, "watch_off", { watch: w });
      for (const w of before.keys()) if (!mine.off.has(w)) note(mine, actor, "watch_on", { watch: w });
    }
    follow(one);
    return one;
  }

  function absences(one, method, id, verb, body, actor) {
    const mine = kept.get(one.id);
    const at = mine.absences.findIndex((a) => a.id === id);
    const was = mine.absences[at];
    if (id && !was) return { refused: "There is no such absence." };
    const wanted =
      method === "DELETE" ? null
      : verb === "still" ? { ...was, still_by: actor, still_time: iso(Date.now()) }
      : verb === "end" ? { ...was, until: iso(Date.now()), ended_by: actor }
      : { ...(was ?? absence(Date.now(), null, null, { set_by: actor })), ...body, ...(id ? { ended_by: null } : {}) };
    const meets = (a) => a.id !== id && wanted && (wanted.until ?? OPEN) > a.start && (a.until ?? OPEN) > wanted.start;
    if (mine.absences.some(meets))
      return { refused: "There is another absence in this time: change that one." };
    const what = !id ? "set" : method === "DELETE" ? "withdrawn" : verb === "end" ? "ended" : verb === "still" ? "still" : "changed";
    note(mine, actor, `absence_${what}`, { ...(wanted ?? was) });
    if (wanted && at >= 0) mine.absences[at] = wanted;
    else if (wanted) mine.absences.push(wanted);
    else mine.absences.splice(at, 1);
    follow(one);
    return wanted ?? was;
  }

  function read(one) {
    const mine = kept.get(one.id);
    return {
      sensitivity: mine.sensitivity,
      mobility: one.mobility,
      mobility_known: WORDS[one.mobility] ?? one.mobility ?? "unknown",
      left_off: [...mine.off].map(([watch, by]) => ({ watch, ...by })),
      shared_with: one.id === "r05" ? ["张素兰"] : [],
      absences: mine.absences.map((a) => ({ ...a, asks: asks(a) })),
      expected: EXPECTED,
      measured: { homes: 33, home_weeks: 200 },
      changes: mine.changes,
    };
  }
  /** Absences that ask whether they still last: a week after anybody knew it. */
  function asking() {
    return residents.flatMap((one) =>
      kept.get(one.id).absences.filter(asks).map((a) => ({ resident: one.id, name: one.name, absence: { ...a, asks: true } })),
    );
  }
  return { read, patch, absences, asking };
}
