import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlayedAlarm, Proposal } from "../../api/console/src/resident/records";
import { en } from "../../api/console/src/words/resident.en";
import { zh } from "../../api/console/src/words/resident.zh";

// The words remember the language in the browser's storage, and ask the browser for it.
Object.defineProperty(globalThis, "navigator", { value: { language: "en" }, configurable: true });
const { decidedBy, faceOf, marksOf, newer, rangForNothing, STRIP, whyNot, wouldBe, wouldHave } = await import(
  "../../api/console/src/resident/proposal"
);
const { addWords, lang } = await import("../../api/console/src/words");
addWords({ en, zh });

const NOW = Date.parse("2026-11-30T08:00:00Z");
const DAY = 86_400_000;
const at = (days: number): string => new Date(NOW - days * DAY).toISOString();

const alarm = (days: number, more: Partial<PlayedAlarm> = {}): PlayedAlarm => ({
  alert: `a${days}`,
  kind: "inactivity",
  code: "silent",
  event_time: at(days + 0.2),
  raised_time: at(days),
  outcome: "false_alarm",
  would: "stay_away",
  later_s: 0,
  ...more,
});
const ALARMS = [
  alarm(20),
  alarm(18, { outcome: "real_unhurt", would: "later", later_s: 1500 }),
  alarm(9, { would: "later", later_s: 4200 }),
  alarm(5),
  alarm(2, { would: "same" }),
];

function proposal(more: Partial<Proposal> = {}, preview: Partial<NonNullable<Proposal["preview"]>> = {}): Proposal {
  return {
    id: "p1",
    resident: "r1",
    kind: "inactivity",
    before: "normal",
    after: "calmer",
    state: "open",
    standing: "asks",
    false_alarms: 4,
    judged: 5,
    progress: 1,
    against: null,
    asked_again: null,
    preview: { start: at(30), end: at(0), days: 30, enough: true, too_much: false, alarms: ALARMS, ...preview },
    steps: [
      { act: "made", time: at(1), actor: "platform", name: "platform" },
      { act: "played", time: at(1), actor: "platform", name: "platform" },
    ],
    ...more,
  };
}
const by = (act: string, days: number): Proposal["steps"] => [
  ...proposal().steps,
  { act, time: at(days), actor: "li.mei", name: "Li Mei" },
];

test("it says what was false, what would not have come, and how much later the real one", () => {
  lang.value = "en";
  assert.equal(rangForNothing(proposal()), "4 of the last 5 alarms “No movement” were false.");
  assert.equal(rangForNothing(proposal({ false_alarms: 5 })), "The last 5 alarms “No movement” were all false.");
  const [spared, real, ...more] = wouldHave(proposal(), NOW);
  assert.equal(spared, "With “calmer”, 2 of them would not have come, and 1 would have come later.");
  assert.match(real ?? "", /^The real one of 12 Nov \d\d:\d\d \(No movement\) would have come 25 min later\.$/);
  assert.deepEqual(more, []);
});

test("the same in Chinese", () => {
  lang.value = "zh";
  assert.equal(rangForNothing(proposal()), "最近 5 次“久无活动”警报里，有 4 次是误报。");
  const [spared, real] = wouldHave(proposal(), NOW);
  assert.equal(spared, "如果设为“少打扰”，其中 2 次不会响，1 次会晚些响。");
  assert.match(real ?? "", /^11月12日 \d\d:\d\d 属实的那次（久无活动）会晚 25 分钟响。$/);
  lang.value = "en";
});

test("alarms of other kinds are not counted among what it would spare, but their real ones are told", () => {
  const alarms = [
    alarm(3, { kind: "wandering" }),
    alarm(4, { would: "same" }),
    alarm(6, { kind: "routine", code: "no_meal", outcome: "real_unhurt", would: "same" }),
  ];
  const said = wouldHave(proposal({}, { alarms }), NOW);
  assert.equal(said[0], "With “calmer”, 0 of them would not have come.");
  assert.match(said[1] ?? "", /\(No meal seen\) would have come as soon\.$/);
  assert.deepEqual(wouldHave(proposal({}, { alarms: alarms.slice(0, 2) }), NOW)[1], "No such alarm was real in these 30 days.");
});

test("many real ones are counted, with the latest of them", () => {
  const real = [1, 2, 3].map((n) => alarm(n, { outcome: "real_unhurt", would: "later", later_s: n * 300 }));
  assert.equal(wouldHave(proposal({}, { alarms: real }), NOW)[1], "3 were real; they would all have come, at most 15 min later.");
});

test("too little and too much stored are said, and nothing is promised beside", () => {
  for (const [more, words] of [
    [{ enough: false, days: 6 }, /too little .* \(6 days\)/],
    [{ enough: false, too_much: true }, /too much to be played again/],
  ] as const) {
    const said = wouldHave(proposal({}, more), NOW);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", words);
  }
});

test("why nobody is asked names the real one that speaks against it", () => {
  const late = whyNot(proposal({ against: "real_late" }), NOW);
  assert.match(late, /^Not suggested: with “calmer” the real one of 12 Nov .* would have come 25 min later\.$/);
  assert.match(whyNot(proposal({ against: "spares_none" }), NOW), /would have kept none of them away/);
  const alarms = [alarm(8, { outcome: "real_unhurt", would: "stay_away" }), ...ALARMS];
  assert.match(whyNot(proposal({ against: "real_lost" }, { alarms }), NOW), /the real one of 22 Nov .* would not have come/);
});

test("a card is there while it asks, reads, can be taken back or says why not, and no longer", () => {
  assert.equal(faceOf(null, NOW), null);
  assert.equal(faceOf(proposal(), NOW), "asks");
  assert.equal(faceOf(proposal({ standing: "over" }), NOW), null);
  assert.equal(faceOf(proposal({ state: "reading", standing: "over" }), NOW), "reading");
  for (const state of ["accepted", "declined"] as const) {
    assert.equal(faceOf(proposal({ state, standing: "decided", steps: by(state, 29) }), NOW), "decided");
    assert.equal(faceOf(proposal({ state, standing: "decided", steps: by(state, 31) }), NOW), null);
    assert.equal(faceOf(proposal({ state, standing: "over", steps: by(state, 1) }), NOW), null);
  }
  assert.equal(faceOf(proposal({ state: "undone", standing: "over", asked_again: at(-3) }), NOW), "undone");
  assert.equal(faceOf(proposal({ state: "undone", standing: "over" }), NOW), null);
  assert.equal(faceOf(proposal({ state: "withheld", standing: "over" }), NOW), "withheld");
  assert.equal(faceOf(proposal({ state: "withheld", standing: "over" }), NOW + 14 * DAY), null);
  assert.equal(faceOf(proposal({ state: "withdrawn", standing: "over" }), NOW), null);
});

test("who decided is the last person, not the platform", () => {
  assert.equal(decidedBy(proposal()), null);
  assert.equal(decidedBy(proposal({ steps: by("accepted", 1) }))?.name, "Li Mei");
});

test("of two answers the one that knows more is shown, and another proposal is another", () => {
  const [old, decided] = [proposal(), proposal({ state: "accepted", steps: by("accepted", 0) })];
  assert.equal(newer(decided, old), decided);
  assert.equal(newer(old, decided), decided);
  const next = proposal({ id: "p2" });
  assert.equal(newer(decided, next), next);
  assert.equal(newer(decided, null), decided);
});

test("the picture holds every alarm between its edges, in the order of time", () => {
  const marks = marksOf(proposal());
  assert.equal(marks.length, 5);
  assert.deepEqual(marks.map((mark) => mark.x), [...marks.map((mark) => mark.x)].sort((a, b) => a - b));
  const odd = marksOf(proposal({}, { alarms: [alarm(45), alarm(-3)] }));
  for (const { x } of [...marks, ...odd]) assert.ok(x >= STRIP.edge && x <= STRIP.width - STRIP.edge);
  assert.deepEqual([marks[0]?.away, marks[1]?.real, marks[4]?.away], [true, true, false]);
  assert.deepEqual(marksOf(proposal({ preview: null })), []);
});

test("what would have become of one alarm is said in words", () => {
  assert.deepEqual(ALARMS.map(wouldBe), ["would not have come", "25 min later", "1 h 10 min later", "would not have come", "as soon"]);
  assert.equal(wouldBe(alarm(1, { would: "unknown" })), "cannot be said");
});
