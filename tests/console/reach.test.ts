import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, calledOf, draftOf, moved, newPerson, wrongIn } from "../../api/console/src/reach/draft";
import type { Ladder, Step } from "../../api/console/src/reach/records";
import { kindOf, ladderInWords, lengthOf, reasonOf, type Say } from "../../api/console/src/reach/say";
import { en } from "../../api/console/src/words/reach.en";
import { zh } from "../../api/console/src/words/reach.zh";

const english: Record<string, string> = en;
const chinese: Record<string, string> = zh;
const sayIn =
  (book: Record<string, string>): Say =>
  (key, fill = {}) =>
    (book[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
const say = sayIn(english);

const PEOPLE = [
  { name: "Wang", afterS: 0, ways: [{ address: "dingtalk://…", afterS: 0 }, { address: "twilio://…", afterS: 20 }] },
  { name: "Li", afterS: 60, ways: [{ address: "https://gateway/…", afterS: 60 }] },
  { name: "", afterS: 120, ways: [{ address: "", afterS: 120 }] },
];

test("a ladder is told as one would tell a colleague", () => {
  const told = ladderInWords(PEOPLE, 300, { start: "22:00", end: "06:30" }, say);
  assert.ok(told.startsWith("First Wang at once (DingTalk), 20 s later also by SMS; after 60 s Li (gateway); after 2 min somebody (no address yet). "));
  assert.ok(told.includes("from the beginning 5 min later") && told.includes("From 22:00 to 06:30"));
  const auch = ladderInWords(PEOPLE, 300, null, sayIn(chinese));
  assert.ok(auch.startsWith("先立即呼叫Wang（钉钉），再过 20 秒改用短信；60 秒后呼叫Li（网关）"));
  assert.equal(ladderInWords([], 300, null, say), "Nobody is called.");
});

test("who is first but not at once is not told to be", () => {
  const [wang] = PEOPLE;
  assert.ok(wang);
  assert.ok(ladderInWords([{ ...wang, afterS: 30 }], 300, null, say).startsWith("after 30 s Wang"));
});

test("an unknown kind keeps its own name, and lengths are said as one says them", () => {
  assert.equal(kindOf("tgram://…", say), "tgram");
  assert.deepEqual([60, 90, 120, 300].map((s) => lengthOf(s, say)), ["60 s", "90 s", "2 min", "5 min"]);
});

test("every reason that notify gives has words, and an unknown one is shown as it is", () => {
  const reasons: [string, string][] = [
    ["answered 503", "the other side answered 503"],
    ["answered errcode 310000", "the other side answered 310000"],
    ["answered code -1", "the other side answered -1"],
    ["no answer: ReadTimeout", "no answer within five seconds"],
    ["not reached: ConnectError", "not reached"],
    ["a simulated home rings only this machine", "a simulated home calls this machine only"],
    ["refused: SMTPRecipientsRefused", "refused"],
    ["too many calls wait for an answer", "too many calls are waiting for an answer"],
    ["not an http address", "the address cannot be called"],
    ["something new", "something new"],
    ["", ""],
  ];
  for (const [error, words] of reasons) assert.equal(reasonOf(error, say), words);
});

const way = (ref: string, address: string, masked: boolean): Omit<Step, "recipient" | "lang" | "ways"> => ({
  ref, address, masked, channel: "apprise", after_s: ref === "0.0" ? 0 : 60,
});
const ladder = (masked: boolean): Ladder => ({
  place: "pl_1",
  owner: "pl_1",
  steps: ["wang", "li", "zhao"].map((recipient, n) => ({
    ...way(`${n}.0`, masked ? "dingtalk://…" : `dingtalk://token${n}`, masked),
    recipient,
    lang: "zh",
    ways: n ? [] : [way("0.1", masked ? "https://sms/…" : "https://sms/key", masked)],
  })),
  quiet: null,
  timezone: "Asia/Shanghai",
  patience_s: { high: 600 },
  again_s: 300,
  version: 7,
});

test("an address that was not seen stays as it is unless another is typed", () => {
  const draft = draftOf(ladder(true));
  assert.equal(wrongIn(draft), null);
  const [first] = draft.people;
  assert.ok(first?.ways[1]);
  first.ways[1].address = " feishu://new ";
  const body = bodyOf(draft, ladder(true)) as { steps: Record<string, unknown>[]; version: number; patience_s: unknown };
  assert.deepEqual(body.steps[0], {
    recipient: "wang", lang: "zh", after_s: 0, kept: "0.0", ways: [{ address: "feishu://new", after_s: 60 }],
  });
  assert.deepEqual([body.version, body.patience_s], [7, { high: 600 }]);
});

test("whoever is moved to the top is called at once, and whoever was there waits", () => {
  const people = moved(draftOf(ladder(false)).people, 1, -1);
  assert.deepEqual(people.map((one) => [one.name, one.afterS]), [["li", 0], ["wang", 60], ["zhao", 60]]);
  assert.equal(moved(people, 0, -1), people);
});

test("a step of whoever is on duty stays one, and so does going on to the place above", () => {
  const was = { ...ladder(false), goes_on: true };
  const duty: Step = { ...way("1.0", "", false), recipient: "", on_duty: "nurse", lang: "zh", ways: [] };
  was.steps = [was.steps[0], duty, was.steps[2]] as Step[];
  const draft = draftOf(was);
  assert.equal(wrongIn(draft), null);
  const body = bodyOf(draft, was) as { steps: unknown[]; goes_on: boolean };
  assert.deepEqual([body.steps[1], body.goes_on], [{ on_duty: "nurse", lang: "zh", after_s: 60 }, true]);
  const told = ladderInWords(calledOf(draft, (role) => `the ${role} on duty`), 300, null, say);
  assert.ok(told.includes("; after 60 s the nurse on duty; "), told);
});

test("fewer than three, or somebody without an address, cannot be saved", () => {
  const draft = draftOf(ladder(false));
  assert.equal(wrongIn({ ...draft, people: draft.people.slice(1) }), "three");
  assert.equal(wrongIn({ ...draft, people: [...draft.people, newPerson(false)] }), "missing");
  assert.equal(draftOf({ ...ladder(false), steps: [] }).people.length, 3);
});
