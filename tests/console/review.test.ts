import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BREAK, along, curveOf, goalPercent, lasted, percent, periodName, stepsOf, topOf, up, zoneName } from "../../api/console/src/review/plan";
import { PERIODS, type Review } from "../../api/console/src/review/records";
import { en } from "../../api/console/src/words/review.en";

const english: Record<string, string> = en;
/** npm runs scripts in api/console. */
const house = (path: string): string => readFileSync(`../../${path}`, "utf8");

test("every word of the review that a page asks for is there", () => {
  const asked = ["ReviewPage", "WaitingPart", "WaitingRow", "Looked", "Figures", "Tiles", "Curve", "FalseAlarms", "Hours", "Wards", "CorrectDialog", "ExportDialog", "closing"]
    .map((name) => house(`api/console/src/review/${name}.ts${name === "closing" ? "" : "x"}`))
    .flatMap((source) => [...source.matchAll(/"(review\.[a-z.]+)"/g)].map(([, key]) => key ?? ""));
  assert.ok(asked.length > 60);
  for (const key of asked) assert.ok(key in english, key);
  for (const period of PERIODS) assert.ok(`review.period.${period}` in english, period);
});

test("the platform has the periods, the fewest judged and the goals that the page draws", () => {
  const periods = house("api/periods.py").split("class PeriodKind(StrEnum):")[1] ?? "";
  assert.deepEqual([...periods.matchAll(/^ {4}[A-Z]+ = "(\w+)"/gm)].map(([, value]) => value), [...PERIODS]);
  const least = /^LEAST_JUDGED = (\d+)/m.exec(house("alerts/reviewing.py"))?.[1];
  assert.match(house("api/console/src/review/FalseAlarms.tsx"), new RegExp(`const LEAST = ${least};`));
});

test("a share near a goal keeps its digit, and is never rounded to all or to nothing", () => {
  assert.deepEqual([0.974, 0.9749, 0.97, 0.5, 1, 0].map(percent), ["97.4", "97.5", "97.0", "50", "100", "0"]);
  assert.deepEqual([0.9996, 0.0004].map(percent), [">99.9", "<0.1"]);
  assert.deepEqual([0.975, 0.99].map(goalPercent), ["97.5", "99"]);
});

test("both axes rise from 0 to 1 and what is beyond the last second stands at it", () => {
  const seconds = [0, 5, 30, 60, 180, 600, 3600, 9000];
  const xs = seconds.map(along);
  assert.deepEqual([xs[0], xs[6], xs[7]], [0, 1, 1]);
  xs.slice(1, 7).forEach((x, i) => assert.ok(x > (xs[i] ?? 1)));
  const ys = [0, 0.5, BREAK, 0.95, 0.975, 0.99, 1].map(up);
  assert.deepEqual([ys[0], ys[6]], [0, 1]);
  ys.slice(1).forEach((y, i) => assert.ok(y > (ys[i] ?? 1)));
  assert.ok(up(0.99) - up(0.975) > 0.05, "the goals lie apart");
});

const times = (of: number, curve: [number, number][]): Review["times"] => ({ of, waiting: 0, never: 0, median_s: null, p90_s: null, goals: [], curve });

test("the curve never reaches the top where somebody was never answered, and nothing has no curve", () => {
  assert.deepEqual(curveOf(times(0, [[0, 0]])), []);
  const points = curveOf(times(4, [[0, 0], [60, 2], [3600, 3]])); // prettier-ignore
  assert.deepEqual(points, [[0, 0], [60, 0.5], [3600, 0.75]]); // prettier-ignore
  const path = stepsOf(points, 100, 100);
  assert.match(path, /^M0\.0 100\.0H[\d.]+V[\d.]+H100\.0V[\d.]+$/);
});

test("lengths read as people say them in both languages", () => {
  assert.deepEqual([0, 41, 60, 125, 3600, 4200].map((s) => lasted(s, "en")), ["0 s", "41 s", "1 min", "2 min 5 s", "1 h", "1 h 10 min"]);
  assert.deepEqual([41, 60, 125, 3600].map((s) => lasted(s, "zh")), ["41 秒", "1 分钟", "2 分5 秒", "1 小时"]);
});

test("a period is named by the clock of its place, and by its own last day", () => {
  const week = ["2026-11-22T16:00:00Z", "2026-11-29T16:00:00Z"] as const;
  assert.equal(periodName("week", ...week, "Asia/Shanghai", "en"), "23 Nov – 29 Nov");
  assert.match(periodName("month", "2026-10-31T16:00:00Z", "2026-11-30T16:00:00Z", "Asia/Shanghai", "zh"), /2026年11月/);
  assert.match(periodName("day", "2026-11-22T16:00:00Z", "2026-11-23T16:00:00Z", "Asia/Shanghai", "en"), /23 Nov/);
  assert.equal(zoneName("Asia/Shanghai", "en"), "China Standard Time");
});

test("the load's axis holds its goal and its highest hour", () => {
  assert.equal(topOf([{ alerts: 1, operator_hours: 1, per_hour: 1 }], 6), 8);
  assert.equal(topOf([{ alerts: 20, operator_hours: 2, per_hour: 9.2 }], 6), 10);
});
