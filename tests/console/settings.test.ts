import assert from "node:assert/strict";
import { test } from "node:test";
import type { Absence, WatchSettings } from "../../api/console/src/resident/settings/records";
import { calendarOf, daysAhead } from "../../api/console/src/resident/settings/absences";
import { backOf, changesOf, countOf, draftNow, draftOf, forget, keep, noticed, seenFor } from "../../api/console/src/resident/settings/draft";
import { dated, dayOf, fromWall, toWall, wallAfter } from "../../api/console/src/resident/settings/zone";

// The words remember the language in the browser's storage, and ask the browser for it.
Object.defineProperty(globalThis, "navigator", { value: { language: "en" }, configurable: true });

const SHANGHAI = "Asia/Shanghai";
const LONDON = "Europe/London";
const utc = (text: string): number => Date.parse(`${text}Z`);

test("a field shows and means the wall clock of the home, whatever the browser's", () => {
  assert.equal(toWall(utc("2026-12-03T04:00:30"), SHANGHAI), "2026-12-03T12:00");
  assert.equal(fromWall("2026-12-03T12:00", SHANGHAI), utc("2026-12-03T04:00"));
  for (const text of ["2026-03-29T00:59", "2026-03-29T02:00", "2026-10-25T03:00", "2026-07-01T00:00"]) {
    assert.equal(toWall(fromWall(text, LONDON) ?? 0, LONDON), text);
  }
  assert.equal(fromWall("2026-07-01T12:00", LONDON), utc("2026-07-01T11:00"));
  assert.equal(fromWall("", SHANGHAI), null);
  assert.equal(dayOf(utc("2026-12-03T16:00"), SHANGHAI), dayOf(utc("2026-12-04T00:00"), SHANGHAI));
  assert.match(dated(utc("2026-12-03T04:00"), SHANGHAI, utc("2026-12-01T00:00"), "en"), /^Thu,? 3 Dec,? (at )?12:00$/);
  assert.match(dated(utc("2027-01-03T04:00"), SHANGHAI, utc("2026-12-01T00:00"), "zh"), /^2027年1月3日/);
});

test("an hour that clocks skip is the one after it, east and west of Greenwich", () => {
  assert.equal(fromWall("2026-03-29T01:30", LONDON), utc("2026-03-29T01:30")); // 02:30 of the summer
  assert.equal(fromWall("2026-03-08T02:30", "America/Los_Angeles"), utc("2026-03-08T10:30")); // 03:30 of the summer
  assert.equal(fromWall("2026-09-27T02:30", "Pacific/Auckland"), utc("2026-09-26T14:30")); // 03:30 of the summer
  for (const text of ["2026-03-08T01:30", "2026-03-08T03:00", "2026-11-01T00:59", "2026-11-01T02:00"])
    assert.equal(toWall(fromWall(text, "America/Los_Angeles") ?? 0, "America/Los_Angeles"), text);
});

test("the day after is the next one of the calendar, also where that day has 23 hours", () => {
  const eve = utc("2026-03-28T23:30");
  assert.equal(wallAfter(eve, 1, "12:00", LONDON), "2026-03-29T12:00"); // 24 hours later it is the 30th
  assert.equal(wallAfter(utc("2026-12-31T17:00"), 7, "12:00", SHANGHAI), "2027-01-08T12:00");
});

const absence = (id: string, start: string, until: string | null): Absence => ({
  id,
  start: `${start}Z`,
  until: until && `${until}Z`,
  note: null,
  set_by: "ann",
  set_time: `${start}Z`,
  ended_by: null,
});

const NOW = utc("2026-12-02T02:00"); // Wednesday, 10:00 in Shanghai

test("the calendar is what lasts, what is to come, and what is over", () => {
  const all = [
    absence("next", "2026-12-20T00:00", null),
    absence("gone", "2026-11-01T00:00", "2026-11-02T00:00"),
    absence("lasts", "2026-12-01T00:00", "2026-12-03T04:00"),
    absence("ended", "2026-12-01T00:00", "2026-12-02T02:00"),
    absence("soon", "2026-12-10T00:00", "2026-12-11T00:00"),
  ];
  const { lasting, ahead, over } = calendarOf(all, NOW);
  assert.equal(lasting?.id, "lasts");
  assert.deepEqual(ahead.map((one) => one.id), ["soon", "next"]);
  assert.deepEqual(over.map((one) => one.id), ["ended", "gone"]);
  assert.equal(calendarOf([], NOW).lasting, null);
});

test("days away are filled, days of leaving and coming back are part of one, weeks begin on Monday", () => {
  const all = [absence("a", "2026-12-03T02:00", "2026-12-06T04:00"), absence("b", "2026-12-30T00:00", null)];
  const days = daysAhead(all, NOW, SHANGHAI, 5);
  assert.equal(days.length, 35);
  assert.deepEqual(
    days.slice(0, 8).map((one) => one.kind),
    ["here", "here", "here", "part", "away", "away", "part", "here"],
  );
  assert.deepEqual(days.findIndex((one) => one.today), 2);
  assert.deepEqual(days.filter((one) => one.past).length, 2);
  assert.deepEqual(days.slice(30).map((one) => one.kind), ["part", "away", "away", "away", "away"]);
});

test("an absence that ends at midnight leaves the next day alone", () => {
  const trip = absence("a", "2026-12-03T02:00", "2026-12-03T16:00");
  const kinds = daysAhead([trip], NOW, SHANGHAI, 1).map((one) => one.kind);
  assert.deepEqual(kinds.slice(2), ["here", "part", "here", "here", "here"]);
});

/** Presses, then takes it back: returns what was sent for that, as `METHOD body`. */
async function takenBack(press: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  globalThis.fetch = (async (_: string, { method, body }: RequestInit) => {
    sent.push(`${method} ${body ?? ""}`);
    return new Response(JSON.stringify({ id: "ab_1" }), { status: 200 });
  }) as typeof fetch;
  const { undoLast } = await import("../../api/console/src/toasts");
  await press();
  sent.length = 0;
  undoLast();
  await new Promise((done) => setTimeout(done, 20));
  return sent;
}

test("what is taken back of an absence is something that the platform accepts", async () => {
  const { replan, withdraw } = await import("../../api/console/src/resident/settings/acts");
  const { heard } = await import("../../api/console/src/clock");
  heard("2026-12-02T02:00:00Z");
  const hospital = { ...absence("h", "2026-11-10T00:00:00", null), note: "住院" };
  // Of one that began long ago an absence can be set again from seven days ago on, and no earlier.
  const [again] = await takenBack(() => withdraw("re_1", hospital));
  assert.match(again ?? "", /^POST .*"start":"2026-11-25T02:0.*"until":null,"note":"住院"/);
  const trip = absence("t", "2026-12-05T00:00:00", "2026-12-06T00:00:00");
  assert.match((await takenBack(() => withdraw("re_1", trip)))[0] ?? "", /^POST .*"start":"2026-12-05T00:00:00Z"/);
  // One that was to come and was let begin now cannot be put off: it is removed, and set as it was.
  const now = { start: "2026-12-02T02:00:00Z", until: trip.until, note: null };
  const [gone, set] = await takenBack(() => replan("re_1", trip, now));
  assert.deepEqual([gone, set], ["DELETE ", `POST {"start":"${trip.start}","until":"${trip.until}","note":null}`]);
  const later = { ...now, start: "2026-12-05T06:00:00Z" };
  assert.match((await takenBack(() => replan("re_1", trip, later))).join(), /^PATCH .*"start":"2026-12-05T00:00:00Z"/);
});

test("who presses on what somebody else removed is told so, and not that the platform is broken", async () => {
  const { back } = await import("../../api/console/src/resident/settings/acts");
  const error = { code: "not_found", message: "There is no such absence." };
  globalThis.fetch = (async () => new Response(JSON.stringify({ error }), { status: 404 })) as typeof fetch;
  const said = await back("re_1", absence("t", "2026-12-01T00:00:00", null));
  assert.equal(said, "Not done: it is no longer there. Somebody may just have removed it.");
});

const SAVED: WatchSettings = {
  sensitivity: "normal",
  mobility: "拄拐",
  mobility_known: "walks",
  left_off: [{ watch: "no_meal", by: "admin", since: "2026-12-01T00:00:00Z" }],
  shared_with: [],
  absences: [],
  expected: [],
  measured: { homes: 33, home_weeks: 200 },
  changes: [],
};

test("only what was changed is sent, and what takes it back is what there was", () => {
  const same = draftOf(SAVED);
  assert.deepEqual([changesOf(SAVED, same), countOf(SAVED, same)], [{}, 0]);
  assert.deepEqual(changesOf(SAVED, { ...same, mobility: "walks" }), {}); // the care plan's own words stay
  const draft = { sensitivity: "keener" as const, mobility: "wheelchair" as const, off: ["inactivity", "not_up"] };
  const changes = changesOf(SAVED, draft);
  assert.deepEqual(changes, { sensitivity: "keener", mobility: "wheelchair", watches_off: ["inactivity", "not_up"] });
  assert.equal(countOf(SAVED, draft), 5); // two left off, one on again
  assert.deepEqual(backOf(SAVED, changes), { sensitivity: "normal", mobility: "拄拐", watches_off: ["no_meal"] });
  assert.deepEqual(changesOf(SAVED, { ...same, mobility: "unknown" }), { mobility: null });
});

test("what somebody else set while a draft waited stays as they set it", () => {
  const quiet: WatchSettings = { ...SAVED, left_off: [...SAVED.left_off, { watch: "inactivity", by: "li", since: null }] };
  keep("re_1", { ...draftOf(quiet), off: ["inactivity", "no_meal", "not_up"] }, quiet);
  // Meanwhile silence is watched for again, and the setting is another.
  const later: WatchSettings = { ...SAVED, sensitivity: "keener" };
  assert.deepEqual(changesOf(later, draftNow("re_1", later)), { watches_off: ["no_meal", "not_up"] });
  assert.equal(countOf(later, draftNow("re_1", later)), 1);
  keep("re_1", { ...draftNow("re_1", later), off: ["not_up"] }, later); // and edited further: one off, one on again
  assert.deepEqual(draftNow("re_1", { ...later, left_off: [] }).off, ["not_up"]);
  assert.deepEqual(draftNow("re_1", quiet).off, ["inactivity", "not_up"]);
  // Who looked at another way to get about, and went back to the one that was saved, has changed nothing.
  keep("re_1", { ...draftOf(SAVED), mobility: "walks" }, SAVED);
  const wheels: WatchSettings = { ...SAVED, mobility: "轮椅", mobility_known: "wheelchair" };
  assert.deepEqual(changesOf(wheels, draftNow("re_1", wheels)), {});
  forget("re_1");
  assert.deepEqual(draftNow("re_1", later), draftOf(later));
});

test("what was chosen is sent with what was seen when it was chosen; who was told of another's choice presses again", () => {
  keep("re_2", { ...draftOf(SAVED), sensitivity: "calmer" }, SAVED);
  const later: WatchSettings = { ...SAVED, sensitivity: "keener", mobility: "轮椅", mobility_known: "wheelchair" };
  // The page was fetched again, and a watch is switched on it: how soon was chosen before.
  keep("re_2", { ...draftNow("re_2", later), mobility: "frame", off: ["inactivity", "no_meal"] }, later);
  const changes = changesOf(later, draftNow("re_2", later));
  assert.deepEqual(changes, { sensitivity: "calmer", mobility: "frame", watches_off: ["inactivity", "no_meal"] });
  const seen = { sensitivity: "normal", mobility: "轮椅", watches_off: ["no_meal"] };
  assert.deepEqual(seenFor("re_2", later, changes), seen);
  noticed("re_2");
  assert.deepEqual(draftNow("re_2", later).sensitivity, "calmer"); // nothing that was entered is lost
  assert.deepEqual(seenFor("re_2", later, changes), { ...seen, sensitivity: "keener" });
  assert.deepEqual(seenFor("re_2", later, { sensitivity: "calmer" }), { sensitivity: "keener" });
  forget("re_2");
});

test("who is overtaken is told by whom, when and with what, and nothing is sent twice", async () => {
  const { save } = await import("../../api/console/src/resident/settings/saving");
  const { addWords } = await import("../../api/console/src/words");
  const { en } = await import("../../api/console/src/words/settings.en");
  const { zh } = await import("../../api/console/src/words/settings.zh");
  addWords({ en, zh });
  const change = { time: "2026-12-02T01:30:00Z", actor: "li.mei", what: "sensitivity", data: { before: "normal", after: "keener" } };
  const sent: unknown[] = [];
  globalThis.fetch = (async (_: string, { body }: RequestInit) => {
    sent.push(JSON.parse(String(body)));
    return new Response(JSON.stringify({ error: { code: "changed_meanwhile", message: "" }, change }), { status: 409 });
  }) as typeof fetch;
  const said = await save("re_1", SHANGHAI, { sensitivity: "calmer" }, { sensitivity: "normal" }, {});
  assert.match(said ?? "", /^Not done: li\.mei changed this meanwhile \(Wed,? 2 Dec,? (at )?09:30\)\. How soon: Normal → Keener\. Press Save once more/);
  assert.deepEqual(sent, [{ sensitivity: "calmer", seen: { sensitivity: "normal" } }]);
});

test("what to expect is said in days up to two weeks, then in weeks, and no limit is made better by rounding", async () => {
  const { every, expectedSaid } = await import("../../api/console/src/resident/settings/expected");
  const { addWords } = await import("../../api/console/src/words");
  const { en } = await import("../../api/console/src/words/settings.en");
  const { zh } = await import("../../api/console/src/words/settings.zh");
  addWords({ en, zh });
  const plain = (text: string): string => text.replaceAll("\u00a0", " ");
  assert.deepEqual([0.93, 0.58, 0.34, 0.1].map(every).map(plain), ["8 days", "12 days", "3 weeks", "10 weeks"]);
  const keener = { sensitivity: "keener" as const, silence_week: 0.93, everyday_week: 0.36, mean_h: 3.87, median_h: 2.93 };
  const said = expectedSaid({ ...keener, p90_h: 7.47 });
  assert.deepEqual([plain(said.found), plain(said.most)], ["4 h on average", "9 times in 10 within 8 h"]);
  assert.equal(plain(expectedSaid({ ...keener, p90_h: 16.01 }).most), "9 times in 10 within 16 h");
});

test("what is left off is named, and apart what is told of all the same for somebody else who lives there", async () => {
  const { leftOffSaid } = await import("../../api/console/src/resident/everyday");
  const watch = {
    inactivity: { state: "learnt" as const, since: "", days: 9, of_days: 7, left_off: true },
    everyday: [
      { watch: "no_meal", state: "on" as const, usual: 160, limit: 262 },
      { watch: "not_up", state: "left_off" as const, usual: null, limit: null },
    ],
  };
  assert.deepEqual(leftOffSaid({ watches_off: ["inactivity", "no_meal", "not_up"], watch }), [
    "left off by choice: no movement at home, Not up yet",
    "left off for this person, still told of for others here: No meal seen",
  ]);
  assert.deepEqual(leftOffSaid({ watches_off: [] }), []);
  assert.deepEqual(leftOffSaid({ watches_off: ["not_up"] }), ["left off by choice: Not up yet"]); // detectors unheard
});

test("every watch, setting, kind of mobility and change of the platform has words", async () => {
  const { readFileSync } = await import("node:fs");
  const { en: main } = await import("../../api/console/src/words/en");
  const { en: more } = await import("../../api/console/src/words/settings.en");
  const en = { ...main, ...more };
  const { MOBILITIES, SENSITIVITIES, WATCHES } = await import("../../api/console/src/resident/settings/records");
  const values = (file: string, name: string): string[] => {
    const body = readFileSync(`../../${file}`, "utf8").split(`class ${name}(StrEnum):`)[1]?.split("\nclass ")[0] ?? "";
    return [...body.matchAll(/^ {4}[A-Z_]+ = "(\w+)"/gm)].map(([, value]) => value ?? "");
  };
  assert.deepEqual([...WATCHES], values("schemas/watch.py", "Watchable"));
  assert.deepEqual([...SENSITIVITIES], values("schemas/config.py", "Sensitivity"));
  assert.deepEqual([...MOBILITIES], values("schemas/mobility.py", "Mobility"));
  const changes = values("store/setting_changes.py", "What");
  assert.ok(changes.length > 5);
  for (const key of [
    ...WATCHES.flatMap((one) => [`watches.${one}`, `watches.${one}.about`]),
    ...SENSITIVITIES.flatMap((one) => [`sensitivity.${one}`, `sensitivity.${one}.about`]),
    ...MOBILITIES.map((one) => `mobility.${one}`),
    ...changes.map((one) => `settings.change.${one}`),
  ]) {
    assert.ok(key in en, key);
  }
});
