import assert from "node:assert/strict";
import { test } from "node:test";
import {
  areaBox, around, arrowsOf, degreesOf, fit, metresAt, metresOf, mostPassed, piecesOf, px, putNames, scaleOf, shows, tilesOf, timesOf, wayBox,
} from "../../api/console/src/ground/plan"; // prettier-ignore
import type { AlertWay, Ground, LastPlace, WayPoint } from "../../api/console/src/ground/records";

Object.defineProperty(globalThis, "navigator", { value: { language: "en" }, configurable: true });

const SHANGHAI = { lat: 31.23, lon: 121.47 };
const CHINA_MS = 8 * 3_600_000;
const ground = (more: Partial<Ground> = {}): Ground => ({
  origin: SHANGHAI,
  at_home: true,
  places: [{ x: 0, y: 0, radius: 50, home: true, days: 30, share: 0.9 }],
  zone: [],
  tiles: null,
  ...more,
});
/** Half past one at night, China. */
const iso = (s: number): string => new Date(Date.UTC(2026, 10, 23, 17, 30) + s * 1000).toISOString();
const point = (s: number, x: number, y: number, more: Partial<WayPoint> = {}): WayPoint => ({
  t: iso(s), until: iso(s), x, y, error: 8, passes: 1, rides: false, silent: false, ...more,
}); // prettier-ignore
const last = (x: number, y: number, more: Partial<LastPlace> = {}): LastPlace => ({
  time: iso(600), x, y, error: 15, where: SHANGHAI, moves: "walks", heading: 2, speed: 1, area: 250, beyond_zone: null, doubted: null, ...more,
}); // prettier-ignore
const view = { x: 0, y: 0, perPx: 1, width: 400, height: 300 };

test("north is up and east is right, there and back", () => {
  assert.deepEqual(px({ x: 100, y: 50 }, view), { x: 300, y: 100 });
  const there = { x: -73.5, y: 12.25 };
  assert.deepEqual(metresAt(px(there, view), view), there);
  const [lon, lat] = degreesOf(SHANGHAI, there);
  const back = metresOf(SHANGHAI, [lon, lat]);
  assert.ok(Math.hypot(back.x - there.x, back.y - there.y) < 0.02);
  assert.ok(metresOf({ lat: 0, lon: 179.999 }, [-179.999, 0]).x > 0, "across the date line the short way");
});

test("all of a way is shown, with home while that leaves the way large enough", () => {
  const way = [point(0, 200, 200), point(60, 300, 260)];
  const near = fit(wayBox(way, last(300, 260), ground()), 400, 300);
  assert.ok(shows(near, around({ x: 0, y: 0 }, 50)));
  assert.ok(shows(near, around({ x: 300, y: 260 }, 15)));
  const far = way.map((one) => ({ ...one, x: one.x + 9000 }));
  const away = fit(wayBox(far, last(9300, 260), ground()), 400, 300);
  assert.ok(!shows(away, around({ x: 0, y: 0 }, 50)));
  assert.ok(away.perPx < 2);
});

test("the probable area is shown whole when it is asked for, and a building is shown from near", () => {
  const way = [point(0, 0, 0), point(60, 100, 0)];
  const lost = last(100, 0, { area: 3000 });
  assert.ok(!shows(fit(wayBox(way, lost, ground()), 400, 300), around(lost, 3000)));
  assert.ok(shows(fit(areaBox(way, lost, ground()), 400, 300), around(lost, 3000)));
  const room = fit(around({ x: 0, y: 0 }, 2), 400, 300, true);
  assert.ok(room.perPx < 0.1);
});

test("the scale is round and no longer than its room", () => {
  for (const perPx of [0.02, 0.31, 1, 3.7, 44]) {
    const { m, px: long } = scaleOf({ ...view, perPx }, 110);
    assert.ok(long <= 110 && long > 36, `${perPx}: ${long}`);
    assert.ok(["1", "2", "5"].includes(String(Number(m.toPrecision(1)))[0] === "0" ? m.toExponential()[0] ?? "" : String(m)[0] ?? ""));
  }
});

test("what was passed again is thicker, what is older paler, and rides and silences are told apart", () => {
  const pieces = piecesOf(
    [point(0, 0, 0), point(60, 50, 0, { passes: 4 }), point(120, 60, 0, { passes: 4 }), point(180, 400, 0, { rides: true }), point(999, 0, 90, { silent: true })],
    view,
  );
  const widths = pieces.map((piece) => piece.wide);
  assert.deepEqual(widths, [2.5, 7, 2.5, 2.5]);
  assert.deepEqual(pieces.map((piece) => piece.how), ["walked", "walked", "rode", "unknown"]);
  assert.ok(pieces.every((piece, i) => i === 0 || piece.age > (pieces[i - 1]?.age ?? 0)));
  assert.equal(pieces[pieces.length - 1]?.age, 1);
  assert.equal(mostPassed([point(0, 0, 0), point(1, 0, 0, { passes: 5 })]), 5);
  assert.deepEqual(piecesOf([], view), []);
});

test("arrow heads point the way it was walked, the newest part first", () => {
  const pieces = piecesOf([point(0, 0, 0), point(60, 0, 100)], view);
  const arrows = arrowsOf(pieces, 40, 2);
  assert.equal(arrows.length, 2);
  assert.ok(arrows.every((arrow) => arrow.turn === -90), "north is up");
  assert.ok((arrows[0]?.y ?? 0) < (arrows[1]?.y ?? 0));
});

test("round times of the home's clock stand along the way, none where nothing was heard", () => {
  const way = [point(0, 0, 0), point(100, 10, 0), point(290, 20, 0), point(620, 30, 0, { until: iso(640) }), point(1500, 90, 0, { silent: true })];
  const times = timesOf(way, 7, CHINA_MS);
  assert.deepEqual(times.map(({ at }) => new Date(at).toISOString().slice(11, 16)), ["17:30", "17:35", "17:40"]);
  assert.deepEqual(times.map(({ spot }) => Math.round(spot.x * 10) / 10), [0, 20.3, 29.4], "between two places");
});

test("names do not lie on each other, and the most important have the first choice", () => {
  const at = { x: 200, y: 150 };
  const names = ["a", "b", "c", "d", "e", "f"].map((key) => ({ key, words: "twelve words", at, gap: 8 }));
  const put = putNames(names, view, []);
  assert.ok(put.length >= 2 && put.length < names.length);
  assert.equal(put[0]?.key, "a");
  assert.equal(putNames([{ key: "edge", words: "at the edge", at: { x: 395, y: 150 }, gap: 8 }], view, [])[0]?.anchor, "end");
});

test("tiles of a map cover what is shown, at about their own size, and are never many", () => {
  const tiles = tilesOf(view, SHANGHAI, "https://tiles.example.org/{z}/{x}/{y}.png");
  const shown = { left: Math.min(...tiles.map((one) => one.x)), right: Math.max(...tiles.map((one) => one.x + one.width)) };
  assert.ok(shown.left <= 0 && shown.right >= view.width);
  assert.ok(Math.min(...tiles.map((one) => one.y)) <= 0 && Math.max(...tiles.map((one) => one.y + one.height)) >= view.height);
  assert.ok(tiles.every((one) => one.width > 150 && one.width < 400 && Math.abs(one.width - one.height) < 1));
  assert.match(tiles[0]?.address ?? "", /^https:\/\/tiles\.example\.org\/1[67]\/\d+\/\d+\.png$/);
  assert.ok(tilesOf({ ...view, width: 90_000, height: 90_000 }, SHANGHAI, "{z}{x}{y}").length <= 40);
});

// -- words ---------------------------------------------------------------------------------------------------------------

async function saying(): Promise<typeof import("../../api/console/src/ground/say")> {
  const { addWords } = await import("../../api/console/src/words");
  const { en } = await import("../../api/console/src/words/ground.en");
  const { zh } = await import("../../api/console/src/words/ground.zh");
  addWords({ en, zh });
  return import("../../api/console/src/ground/say");
}

test("distances are as exact as positions are", async () => {
  const { far } = await saying();
  assert.deepEqual([0.4, 7, 23, 94, 324, 996, 1240, 12_400].map(far), ["1 m", "7 m", "25 m", "95 m", "320 m", "1.0 km", "1.2 km", "12 km"]);
});

test("directions are the eight winds", async () => {
  const { wind, bearing } = await saying();
  assert.deepEqual([0, 22, 23, 90, 180, 269, -1, 337, 338].map(wind), ["n", "n", "ne", "e", "s", "w", "n", "nw", "n"]);
  assert.equal(bearing({ x: 0, y: 0 }, { x: 100, y: 100 }), 45);
  assert.equal(bearing({ x: 0, y: 0 }, { x: -5, y: 0 }), -90);
});

test("where somebody is can be said on the telephone, in both languages", async () => {
  const { headline, zoneWords } = await saying();
  const { lang } = await import("../../api/console/src/words");
  const where = last(226, 226);
  assert.equal(headline(where, ground(), null), "320 m north-east of home, heading north");
  assert.equal(headline(last(226, 226, { moves: "still", heading: null }), ground(), null), "320 m north-east of home, standing still");
  assert.equal(headline(last(30, 20), ground(), null), "at home, or just outside, heading north");
  const homeless = ground({ places: [], at_home: false });
  assert.equal(headline(where, homeless, { x: 226, y: 0 }), "230 m north of where it began, heading north");
  assert.equal(headline(last(0, 0, { moves: "unknown", heading: null }), homeless, null), "The last place is on the picture");
  const market = ground({ places: [...ground().places, { x: 230, y: 220, radius: 40, home: false, days: 9, share: 0.9 }] });
  assert.match(headline(where, market, null), /at a place they often go to/);
  const zone = ground({ zone: [[0, 0], [1, 0], [1, 1]] }); // prettier-ignore
  assert.equal(zoneWords(last(0, 0, { beyond_zone: 142 }), zone), "140 m outside the zone");
  assert.equal(zoneWords(last(0, 0, { beyond_zone: 9 }), zone), "at the edge of the zone", "within its error");
  assert.equal(zoneWords(last(0, 0, { beyond_zone: -50 }), zone), "inside the zone");
  assert.equal(zoneWords(where, ground()), null);
  lang.value = "zh";
  assert.equal(headline(where, ground(), null), "在家的东北边，离家 320 米，正往北走");
  lang.value = "en";
});

const way = (more: Partial<AlertWay> = {}): AlertWay => ({
  start: iso(-900), began: iso(0), until: iso(700), lasts: true, utc_offset_min: 480, ground: ground(), points: [point(0, 0, 0), point(60, 9, 9, { passes: 3 })],
  left_out: { inexact: 0, jumps: 0, standing: 9, thinned: 0, older: 0 }, last: last(226, 226), door: null, visits: [], by_beacon: false, shared: false, ...more,
}); // prettier-ignore

test("who does not see the picture hears all of it in one sentence", async () => {
  const { sentence, leftOutWords } = await saying();
  assert.equal(
    sentence(way(), last(226, 226), ground(), "4 min ago"),
    "320 m north-east of home, heading north. seen 4 min ago, ±15 m. by now within 250 m. passed the same places up to 3 times since 01:30",
  );
  assert.doesNotMatch(sentence(way({ lasts: false }), last(226, 226), ground(), "4 min ago"), /by now/);
  assert.equal(leftOutWords(way().left_out), null);
  assert.equal(leftOutWords({ inexact: 2, jumps: 3, standing: 0, thinned: 0, older: 0 }), "Not drawn: 3 jumps of the receiver, 2 positions too inexact.");
});

test("a door is told with whether anybody was seen inside after it", async () => {
  const { doorWords, roomsSentence, lastRoom } = await saying();
  const out = [{ room: "hall", start: iso(-60), end: iso(5) }];
  assert.equal(doorWords(null, out, way()), null);
  assert.match(doorWords(iso(0), out, way()) ?? "", /opened at 01:30; nobody was seen/, "what is seen right after it is the way out");
  const back = [...out, { room: "kitchen", start: iso(400), end: iso(420) }];
  assert.match(doorWords(iso(0), back, way()) ?? "", /01:30; somebody was seen in: Kitchen, 01:36/);
  assert.match(roomsSentence(way({ visits: back })), /^Seen in: Hall, Kitchen\. Rooms changed 1 times\. last seen in: Kitchen, 01:37/);
  assert.deepEqual(lastRoom(back), { words: "Last seen: Kitchen", at: iso(420) });
  assert.equal(lastRoom([]), null);
});

