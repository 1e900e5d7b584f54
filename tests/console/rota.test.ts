import assert from "node:assert/strict";
import { test } from "node:test";
import { dayName, rowsOf, shiftWeek, weekdayOf, weekFor, withDuty } from "../../api/console/src/shift/week";

test("weeks go on over months and years, by the date and in no zone", () => {
  assert.equal(shiftWeek("2026-12-28", 1), "2027-01-04");
  assert.equal(shiftWeek("2026-03-30", -1), "2026-03-23");
  assert.deepEqual([weekdayOf("2026-11-23"), weekdayOf("2026-11-29")], [0, 6]);
  assert.equal(dayName("2026-11-23", "en"), "Mon 23 Nov");
  assert.match(dayName("2026-11-23", "zh"), /周一.*23日/);
});

const cell = (shift: string, role: string, date = "2026-11-23") => ({ date, shift, role, people: [], changed: false });

test("the grid has a row for each role that a shift has on some day", () => {
  const shifts = [
    { name: "day", start: "07:00", end: "19:00" },
    { name: "night", start: "19:00", end: "07:00" },
  ];
  const rows = rowsOf({ shifts, days: [cell("night", "nurse"), cell("day", "nurse"), cell("day", "doctor", "2026-11-24")] });
  assert.deepEqual(
    rows.map((one) => [one.shift, one.role]),
    [["day", "nurse"], ["day", "doctor"], ["night", "nurse"]],
  );
  assert.equal(rows[2]?.hours, "19:00–07:00");
});

test("one day of the week is changed and the others stay", () => {
  const week = [0, 1].map((weekday) => ({ weekday, shift: "day", role: "nurse", people: ["li"] }));
  const after = withDuty(week, { weekday: 1, shift: "day", role: "nurse", people: ["wang"] });
  assert.deepEqual(after.map((one) => [one.weekday, one.people]), [[0, ["li"]], [1, ["wang"]]]);
});

test("other shifts and people keep who is still there, and a role of weekdays stays one of weekdays", () => {
  const week = [
    ...[0, 1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, shift: "day", role: "nurse", people: ["li", "wang"] })),
    ...[0, 1, 2, 3, 4].map((weekday) => ({ weekday, shift: "day", role: "doctor", people: ["li"] })),
  ];
  const after = weekFor(week, ["day", "night"], ["nurse", "doctor"], ["wang"]);
  const of = (shift: string, role: string) => after.filter((one) => one.shift === shift && one.role === role);
  assert.deepEqual(of("day", "nurse").map((one) => one.people), Array(7).fill(["wang"]));
  assert.equal(of("day", "doctor").length, 5);
  assert.equal(of("night", "nurse").length, 7); // new: wanted each day, and red until somebody has it
  assert.equal(weekFor(week, ["day"], [], ["li"]).length, 0);
});
