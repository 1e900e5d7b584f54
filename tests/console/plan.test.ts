import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, differs, laid, placedOf, redone, undone } from "../../api/console/src/plan/draft";
import type { PlaceNow, Room, Share, ThereNow } from "../../api/console/src/plan/records";
import {
  between, boxOf, cornerMoved, fitted, freeSpot, isRectangle, moved, rectangle, resized, rows, withCorner, withoutCorner,
} from "../../api/console/src/plan/shapes"; // prettier-ignore
import { elsewhere, listed, unhoused, viewOf } from "../../api/console/src/plan/state";
import type { Alert, AlertState, Severity } from "../../api/console/src/records";

const box = (left: number, top: number, right: number, bottom: number): Share[] => rectangle({ left, top, right, bottom });
const room = (place: string, corners: Share[] | null = null): Room => ({ place, name: place, kind: "room", parent: "w", corners });
const person = (id: string, place: string, more: Partial<ThereNow> = {}): ThereNow => ({
  id, name: id, test: false, place, watch: "watched", absent_until: null, seen: null, ...more,
}); // prettier-ignore
const now = (residents: ThereNow[], dead: string[] = []): PlaceNow => ({
  platform_time: "2026-09-21T14:00:00Z",
  rooms: ["w", "a", "b", "c"].map((place) => ({
    place, sensors: 1, stirred: null,
    dead: dead.includes(place) ? [{ device: "d", kind: "motion", label: null, last_seen: null }] : [],
  })), // prettier-ignore
  residents,
});
let made = 0;
const alert = (resident: string, severity: Severity, state: AlertState = "raised", more: Partial<Alert> = {}): Alert =>
  ({
    id: `x${++made}`, kind: "fall", severity, state, unit: "w", place: null, resident: { id: resident, name: resident },
    raised_time: "2026-09-21T14:00:00Z", evidence: { reasons: [] }, ...more,
  }) as unknown as Alert; // prettier-ignore
const known = (there: PlaceNow, alerts: Alert[] = []) => ({ now: there, alerts, pauses: [], at: Date.parse("2026-09-21T14:00:30Z") });

test("rooms that nobody placed stand in rows, beside each other and on the sheet", () => {
  for (const n of [1, 2, 7, 24, 120]) {
    const found = rows(n, 1.6).map(boxOf);
    assert.equal(found.length, n);
    for (const [i, one] of found.entries()) {
      assert.ok(one.left >= 0 && one.top >= 0 && one.right <= 1 && one.bottom <= 1 && one.right > one.left);
      for (const other of found.slice(i + 1))
        assert.ok(one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top);
    }
  }
  assert.deepEqual(rows(0, 1.6), []);
  assert.equal(new Set(rows(12, 0.5).map((one) => boxOf(one).left)).size, 2, "a phone has few beside each other");
});

test("a room is moved with its shape, and stops at the edge", () => {
  assert.deepEqual(moved(box(0.1, 0.1, 0.3, 0.2), 0.05, 0), box(0.15, 0.1, 0.35, 0.2));
  assert.deepEqual(moved(box(0.1, 0.1, 0.3, 0.2), -0.5, 2), box(0, 0.9, 0.2, 1));
});

test("a room is made larger and smaller, but never too small to hit nor over the edge", () => {
  assert.deepEqual(resized(box(0.1, 0.1, 0.3, 0.2), 0.1, -0.02), box(0.1, 0.1, 0.4, 0.18));
  assert.deepEqual(resized(box(0.1, 0.1, 0.3, 0.2), -9, 9), box(0.1, 0.1, 0.12, 1));
});

test("a rectangle stays one when a corner is moved, another shape does as it is told", () => {
  const after = cornerMoved(box(0.1, 0.1, 0.3, 0.2), 2, [0.5, 0.6]);
  assert.deepEqual(after, box(0.1, 0.1, 0.5, 0.6));
  assert.ok(isRectangle(cornerMoved(box(0.1, 0.1, 0.3, 0.2), 0, [0.9, 0.9])), "nor is it turned inside out");
  const five = withCorner(box(0.1, 0.1, 0.5, 0.2), 1);
  assert.deepEqual(five[1], [0.3, 0.1]);
  assert.equal(isRectangle(five), false);
  assert.deepEqual(cornerMoved(five, 1, [0.3, 0.05])[1], [0.3, 0.05]);
  assert.equal(withoutCorner(five, 1).length, 4);
  assert.equal(withoutCorner(box(0, 0, 1, 1).slice(0, 3), 1).length, 3, "three are the least");
});

test("a drag draws a rectangle, a slip draws none", () => {
  assert.deepEqual(between([0.5, 0.6], [0.1, 0.2]), box(0.1, 0.2, 0.5, 0.6));
  assert.equal(between([0.5, 0.6], [0.505, 0.9]), null);
});

test("a room that is placed by a press covers no other while there is room", () => {
  const placed = Array.from({ length: 12 }).reduce<Room[]>((all, _, i) => [...all, room(String(i), freeSpot(all))], []);
  const boxes = placed.map((one) => boxOf(one.corners as Share[]));
  for (const [i, one] of boxes.entries())
    for (const other of boxes.slice(i + 1))
      assert.ok(one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top);
});

test("a sheet fits both ways", () => {
  assert.deepEqual(fitted(2, 1000, 1000), { width: 1000, height: 500 });
  assert.deepEqual(fitted(2, 1000, 300), { width: 600, height: 300 });
});

test("steps are taken back and done again; a key held down is one step", () => {
  let draft = begun([room("a"), room("b")]);
  draft = laid(draft, "a", box(0, 0, 0.2, 0.2));
  for (let i = 1; i <= 5; i++) draft = laid(draft, "a", moved(draft.rooms[0]?.corners as Share[], 0.01, 0), { at: 1000 + i * 100, what: "move" });
  assert.equal(draft.before.length, 2);
  const far = draft.rooms;
  draft = laid(draft, "a", moved(draft.rooms[0]?.corners as Share[], 0.01, 0), { at: 9000, what: "move" });
  assert.equal(draft.before.length, 3);
  const other = laid(draft, "a", resized(draft.rooms[0]?.corners as Share[], 0.1, 0), { at: 9001, what: "size" });
  assert.equal(other.before.length, 4, "another thing is another step, however soon");
  draft = undone(draft);
  assert.deepEqual(draft.rooms, far);
  draft = undone(undone(undone(draft)));
  assert.deepEqual(placedOf(draft.rooms), []);
  assert.equal(differs(draft, [room("a")]), false);
  draft = redone(redone(draft));
  assert.deepEqual(draft.rooms, far);
  assert.ok(differs(draft, [room("a"), room("b")]));
  assert.equal(laid(draft, "a", draft.rooms[0]?.corners ?? null), draft, "what changes nothing is no step");
});

test("what rings is seen before what somebody has, and that before what is only blind", () => {
  const there = now([person("p", "a"), person("q", "b"), person("r", "c", { watch: "silent" })]);
  const views = viewOf([room("a"), room("b"), room("c")], known(there, [alert("p", "low", "claimed"), alert("q", "medium")]));
  assert.deepEqual(views.map((view) => view.state), ["claimed", "open", "blind"]);
  assert.deepEqual(listed(views).map((view) => view.place), ["b", "a", "c"]);
  const both = viewOf([room("a")], known(there, [alert("p", "low", "claimed"), alert("p", "high"), alert("p", "medium")]))[0];
  assert.deepEqual([both?.state, both?.severity, both?.alerts.length], ["open", "high", 3]);
});

test("an alert stands where it happened, else where the person lives, else with the whole unit, and never nowhere", () => {
  const there = now([person("p", "a"), person("w", "w")]);
  const rooms = [room("a"), room("b")];
  const at = (one: Alert): string | undefined => viewOf(rooms, known(there, [one])).find((view) => view.alert)?.place;
  assert.equal(at(alert("p", "high")), "a");
  assert.equal(at(alert("p", "high", "raised", { place: "b" })), "b");
  assert.equal(at(alert("p", "high", "raised", { place: "elsewhere" })), "a");
  assert.equal(at(alert("sensor", "high", "raised", { unit: "b" })), "b");
  const lost = [alert("w", "high"), alert("x", "high", "raised", { unit: "other" }), alert("p", "low")];
  assert.deepEqual(elsewhere(lost, new Set(["a", "b"]), there).map((one) => one.resident.id), ["w"]);
});

test("away, not worn, not heard and dead sensors are told apart; nobody's health is guessed for who may not know", () => {
  const state = (more: Partial<ThereNow>, dead: string[] = []): string | undefined =>
    viewOf([room("a")], known(now([person("p", "a", more)], dead)))[0]?.state;
  assert.equal(state({}), "quiet");
  assert.equal(state({ absent_until: "2026-10-01T00:00:00Z", watch: "silent" }), "away");
  assert.equal(state({ watch: "off" }), "off");
  assert.equal(state({ watch: "silent" }), "blind");
  assert.equal(state({}, ["a"]), "blind");
  assert.equal(state({ watch: "none" }), "quiet");
  assert.equal(state({ watch: null }), "names");
  assert.equal(viewOf([room("b")], known(now([person("p", "a")])))[0]?.state, "empty");
});

test("somebody is with her: it is said, and does not hide what rings", () => {
  const there = now([person("p", "a")]);
  const pause = { resident: "p", by: "li", since: "2026-09-21T14:00:00Z", until: "2026-09-21T14:15:00Z" };
  const view = (alerts: Alert[]) => viewOf([room("a")], { ...known(there, alerts), pauses: [pause] })[0];
  assert.equal(view([])?.state, "there");
  assert.equal(view([alert("p", "low", "raised", { silent_until_time: pause.until })])?.state, "there");
  assert.equal(view([alert("p", "high")])?.state, "open", "a call for help is never silent");
});

test("who was seen in another room is a guest there, and who is nowhere is not lost", () => {
  const there = now([person("p", "a", { seen: { place: "b", name: "b", time: "2026-09-21T13:58:00Z" } }), person("q", "w")]);
  const views = viewOf([room("a"), room("b")], known(there));
  assert.deepEqual(views.map((view) => view.guests.map((one) => one.id)), [[], ["p"]]);
  assert.deepEqual(unhoused(views, there).map((one) => one.id), ["q"]);
});

