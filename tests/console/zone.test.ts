import assert from "node:assert/strict";
import { test } from "node:test";
import type { Spot } from "../../api/console/src/ground/records";
import {
  areaOf, asCircle, circleOf, coordinatesOf, crosses, middleOfLongest, moved, step, undone, withCorner, without, wrongOf, MAX_CORNERS,
} from "../../api/console/src/resident/settings/zoneDraft"; // prettier-ignore

const square = (side: number): Spot[] => [{ x: 0, y: 0 }, { x: side, y: 0 }, { x: side, y: side }, { x: 0, y: side }]; // prettier-ignore

test("a circle is drawn as corners, and known again as one", () => {
  const corners = circleOf({ x: 100, y: -50 }, 300);
  assert.equal(wrongOf(corners), null);
  assert.ok(Math.abs(areaOf(corners) / (Math.PI * 300 ** 2) - 1) < 0.015);
  const known = asCircle(corners);
  assert.ok(known && Math.abs(known.radius - 300) < 1 && Math.hypot(known.middle.x - 100, known.middle.y + 50) < 1);
  assert.equal(asCircle(moved(corners, 3, { x: 900, y: 0 })), null);
  assert.equal(asCircle(square(300)), null);
});

test("a tap adds a corner to the nearest edge, so the line does not cross itself for it", () => {
  const corners = withCorner(square(300), { x: 150, y: 340 });
  assert.deepEqual(corners[3], { x: 150, y: 340 });
  assert.equal(crosses(corners), false);
  assert.equal(withCorner(square(300), { x: -40, y: 150 }).length, 5);
  const first = [{ x: 0, y: 0 }, { x: 10, y: 0 }].reduce<Spot[]>(withCorner, []);
  assert.deepEqual(first, [{ x: 0, y: 0 }, { x: 10, y: 0 }]); // prettier-ignore
  const full = circleOf({ x: 0, y: 0 }, 300).concat(circleOf({ x: 0, y: 0 }, 300)).slice(0, MAX_CORNERS);
  assert.equal(withCorner(full, { x: 1, y: 1 }), full, "no more than the platform takes");
});

test("what is no area is said while it is drawn, by the platform's words", () => {
  const bow = [square(300)[0], square(300)[2], square(300)[1], square(300)[3]] as Spot[];
  assert.deepEqual(
    [[], square(300).slice(0, 2), bow, square(40), square(20_000), square(300)].map(wrongOf),
    [null, "zone_corners", "zone_crosses", "zone_small", "zone_large", null],
  );
});

test("each step can be undone, down to what was there first", () => {
  const [a, b, c]: [number, number][][] = [[[1, 1]], [[1, 1], [2, 2]], []] as never; // prettier-ignore
  let draft = step(step({ corners: a ?? [], before: [] }, b ?? []), c ?? []);
  draft = undone(draft);
  assert.deepEqual(draft.corners, b);
  draft = undone(undone(undone(draft)));
  assert.deepEqual(draft, { corners: a, before: [] });
});

test("a corner can be added and taken away without pointing", () => {
  assert.deepEqual(middleOfLongest([{ x: 0, y: 0 }, { x: 100, y: 0 }, { x: 50, y: 10 }]), { x: 50, y: 0 }); // prettier-ignore
  assert.equal(middleOfLongest([]), null);
  assert.equal(without(square(300), 1).length, 3);
});

test("coordinates are taken as people copy them from a map", () => {
  assert.deepEqual(coordinatesOf(" 31.2304, 121.4737 "), { lat: 31.2304, lon: 121.4737 });
  assert.deepEqual(coordinatesOf("31.2304，121.4737"), { lat: 31.2304, lon: 121.4737 });
  for (const wrong of ["", "31.2", "121.4737, 31.2304", "here", "95, 10", "31.2; 121"]) assert.equal(coordinatesOf(wrong), null, wrong);
});
