import assert from "node:assert/strict";
import { test } from "node:test";

// The words remember the language in the browser's storage, and ask the browser for it.
Object.defineProperty(globalThis, "navigator", { value: { language: "en" }, configurable: true });

const reason = (code: string, values: Record<string, number> = {}): { code: string; values: Record<string, number> } => ({
  code,
  values,
});

test("an impact and the free fall before it are one phrase, and what is known of minutes outdoes the first seconds", async () => {
  const { inWords } = await import("../../api/console/src/reasons");
  const first = [reason("impact", { g: 3.14 }), reason("free_fall", { s: 0.41 }), reason("still", { s: 1.2 })];
  assert.equal(inWords(first), "3.1 g impact after 0.41 s of free fall, then still for 1.2 s");
  assert.equal(
    inWords([...first, reason("no_movement", { s: 60 })]),
    "3.1 g impact after 0.41 s of free fall, no movement for 60 s",
  );
  assert.equal(inWords([reason("moving", { g: 0.2 }), reason("walks_again", { s: 45 })]), "walks again, 45 s later");
  assert.equal(inWords([reason("not_yet_known", { m: 2 })]), "not yet known 2 m");
});

test("an hour of the clock reads as one, and an alert is called by what was missed where that has a name", async () => {
  const { alertName, clock, inWords } = await import("../../api/console/src/reasons");
  assert.deepEqual([7.25, 10, 23.999, 0.008].map(clock), ["07:15", "10:00", "00:00", "00:00"]);
  const missed = reason("not_up", { usual_at: 7.2, late_at: 10.25, now_at: 10.25 });
  assert.equal(
    inWords([missed]),
    "usually up by 07:12 and hardly ever after 10:15; at 10:15 not yet seen in the kitchen or living room",
  );
  const evidence = { phases: [], features: {}, reasons: [missed] };
  assert.equal(alertName({ kind: "inactivity", evidence }), "Not up yet");
  assert.equal(alertName({ kind: "inactivity", evidence: { ...evidence, reasons: [] } }), "No movement");
});

test("how sure is said in bands, and nothing is certain", async () => {
  const { howSure, percentOf } = await import("../../api/console/src/words");
  assert.deepEqual(
    [1, 0.95, 0.94, 0.5, 0.2, 0].map(howSure),
    ["almost certain", "almost certain", "very likely", "likely", "uncertain", "unlikely"],
  );
  assert.equal(percentOf(1), 99);
});

test("nobody is sent to a sensor that was heard again", async () => {
  const { inWords, stageName } = await import("../../api/console/src/reasons");
  const quiet = reason("sensor_quiet", { h: 19.3, others_h: 5.5 });
  const heard = reason("sensor_heard", { h: 31.4 });
  assert.match(inWords([quiet]), /^this sensor has seen nobody for 19.3 h, .* look at its battery/);
  assert.equal(inWords([quiet, heard]), "the sensor was heard again, 31.4 h after the last time");
  const evidence = { phases: [], features: {}, reasons: [quiet, heard] };
  assert.equal(stageName("confirmed", { kind: "routine", evidence }), "still quiet");
  assert.equal(stageName("recovered", { kind: "routine", evidence }), "heard again");
});

test("who may have come back while away is known by an open alert about signs of life there", async () => {
  const { stirs } = await import("../../api/console/src/resident/asking");
  const { daysSince } = await import("../../api/console/src/resident/settings/absences");
  const alert = { resident: { id: "r1", name: "" }, evidence: { phases: [], features: {}, reasons: [reason("stirs_while_away")] } };
  const open = [alert] as unknown as Parameters<typeof stirs>[0];
  assert.deepEqual([stirs(open, "r1"), stirs(open, "r2"), stirs([], "r1")], [true, false, false]);
  const away = { start: "2026-12-01T10:00:00Z" } as Parameters<typeof daysSince>[0];
  assert.equal(daysSince(away, Date.parse("2026-12-10T09:59:00Z")), 8);
});
