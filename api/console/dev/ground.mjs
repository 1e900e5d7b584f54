// Invented ways and places for the mock: a person who walks in circles, one who rides away, one who paces indoors. Seeded.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const iso = (ms) => new Date(ms).toISOString();
const wave = (n) => ((((Math.sin(n * 12.9898) * 43758.5453) % 1) + 1) % 1) * 2 - 1;
const HOME = { lat: 31.2304, lon: 121.4737 };
const DEGREE_M = 111195;
const EAST_M = DEGREE_M * Math.cos((HOME.lat * Math.PI) / 180);
const degrees = ({ x, y }) => ({ lat: +(HOME.lat + y / DEGREE_M).toFixed(6), lon: +(HOME.lon + x / EAST_M).toFixed(6) });
const corner = ([x, y]) => [HOME.lon + x / EAST_M, HOME.lat + y / DEGREE_M];

const PLACES = [
  { x: 0, y: 0, radius: 46, home: true, days: 30, share: 0.94 },
  { x: 420, y: -180, radius: 60, home: false, days: 21, share: 0.04 },
  { x: -260, y: -340, radius: 70, home: false, days: 9, share: 0.02 },
];
const ring = (radius, count = 24) =>
  Array.from({ length: count }, (_, k) => [radius * Math.cos((k * 2 * Math.PI) / count), radius * Math.sin((k * 2 * Math.PI) / count)]);

/** Corners walked: out of the house, a block three times, then north. */
const BLOCK = [[205, 150], [205, 262], [318, 262], [318, 150]];
const WALK = [[0, 0], [0, 62], [118, 62], [118, 150], ...BLOCK, ...BLOCK, ...BLOCK, [205, 150], [205, 262], [228, 330], [228, 402]];
const RIDE = [[0, 0], [60, 12], [130, 12], [130, -90], [420, -180]];

/** Points along corners, `speed` m/s, one each `each` s, ending `ago` ms ago. */
function along(corners, speed, each, ago, { rides = false, from = 0 } = {}) {
  const points = [];
  let [left, gone] = [0, from];
  for (let k = 1; k < corners.length; k++) {
    const [[ax, ay], [bx, by]] = [corners[k - 1], corners[k]];
    const long = Math.hypot(bx - ax, by - ay);
    while (left <= long) {
      const share = left / long;
      const n = points.length;
      points.push({ s: gone, x: ax + share * (bx - ax) + 5 * wave(n), y: ay + share * (by - ay) + 5 * wave(n + 0.5), error: 9 + 4 * wave(n + 0.2), rides });
      left += speed * each;
      gone += each;
    }
    left -= long;
  }
  const end = Date.now() - ago;
  const whole = points[points.length - 1].s;
  return points.map(({ s, ...rest }) => ({ ...rest, at: end - (whole - s) * 1000 }));
}

function pointsOf(raw, began) {
  const walked = raw.filter((one) => one.at >= began);
  return raw.map((one) => {
    let [passes, near] = [0, false];
    for (const other of walked) {
      const now = Math.hypot(one.x - other.x, one.y - other.y) < 22;
      if (now && !near) passes++;
      near = now;
    }
    const { at, x, y, error, rides } = one;
    const r = (v) => Math.round(v * 10) / 10;
    return { t: iso(at), until: iso(at), x: r(x), y: r(y), error: r(error), passes: Math.max(1, passes), rides, silent: false };
  });
}

const areaOf = (seconds, error) => Math.round(1.62 * error + (seconds <= 3700 ? seconds : 3700 + (seconds - 3700) / 4));

function lastOf(point, more) {
  const age = (Date.now() - Date.parse(point.until)) / 1000;
  return {
    time: point.until, x: point.x, y: point.y, error: point.error, where: degrees(point), moves: "walks",
    heading: 358, speed: 0.9, area: areaOf(age, point.error), beyond_zone: null, doubted: null, ...more,
  }; // prettier-ignore
}

const ground = (zone, tiles = null) => ({ origin: HOME, at_home: true, places: PLACES, zone, tiles });
const NOTHING_OUT = { inexact: 0, jumps: 0, standing: 0, thinned: 0, older: 0 };

function visitsOf(until, story) {
  let at = until - story.reduce((sum, [, minutes]) => sum + minutes, 0) * MINUTE;
  return story.map(([room, minutes], i) => {
    const start = at;
    at += minutes * MINUTE;
    return { room, start: iso(start), end: iso(Math.max(start, at - (12 + 8 * wave(i)) * 1000)) };
  });
}

export function wayOf(alert, tiles) {
  const code = alert.evidence.reasons[0]?.code;
  const over = ["resolved", "closed"].includes(alert.state);
  const until = over ? Date.parse(alert.resolved_time) : Date.now();
  const base = { until: iso(until), lasts: !over, utc_offset_min: 480, ground: null, points: [], left_out: NOTHING_OUT, last: null, door: null, visits: [], by_beacon: false, shared: false };
  const began = Date.parse(alert.evidence.phases[0]?.start ?? alert.event_time);
  const span = { ...base, start: iso(began - 15 * MINUTE), began: iso(began) };
  if (code === "room_pacing") {
    const paces = Array.from({ length: 14 }, (_, i) => [["bedroom", "hall", "living", "hall"][i % 4], 1.1 + 0.5 * wave(i)]);
    return { ...span, visits: visitsOf(until, [["bedroom", 31], ["bathroom", 4], ["bedroom", 9], ...paces]) };
  }
  if (code === "left_at_night") {
    return { ...span, door: iso(began), visits: visitsOf(began + 4000, [["bedroom", 44], ["bathroom", 3], ["hall", 1], ["outer_door", 0.1]]) };
  }
  const raw = code === "riding" ? [...along(RIDE.slice(0, 4), 0.9, 12, 9 * MINUTE), ...along(RIDE.slice(3), 7, 12, 3 * MINUTE, { rides: true })] : along(WALK, 0.9, 21, 4 * MINUTE);
  const points = pointsOf(raw, began);
  const end = points[points.length - 1];
  const jump = { time: iso(Date.parse(end.until) + 90_000), x: -190, y: 300, error: 30 };
  return {
    ...span, ground: ground(code === "lost" ? [] : ring(300), tiles), points, left_out: { ...NOTHING_OUT, jumps: 3, inexact: 2, standing: 41 },
    last: lastOf(end, { beyond_zone: 142, doubted: jump }),
    visits: [],
  }; // prettier-ignore
}

/** Zones by resident. */
const zones = new Map([["r02", ring(300)], ["r06", [[-320, -420], [520, -420], [560, 140], [60, 260], [-320, 200]]]]);

export function whereaboutsOf(id, tiles) {
  const none = { state: "none", time: null, last: null, ground: null };
  if (id === "r01") return { ...none, state: "home", time: iso(Date.now() - 3 * MINUTE) };
  if (id === "r02") {
    const way = wayOf({ evidence: { reasons: [{ code: "lapping" }], phases: [] }, event_time: iso(Date.now() - 20 * MINUTE), state: "raised" }, tiles);
    return { state: "out", time: way.last.time, last: way.last, ground: way.ground };
  }
  if (id !== "r06") return none;
  const at = { until: iso(Date.now() - 40_000), x: 431, y: -162, error: 14 };
  const last = lastOf(at, { moves: "still", heading: null, speed: null, beyond_zone: -101 });
  return { state: "out", time: last.time, last, ground: ground(zones.get("r06"), tiles) };
}

export function zoneOf(id, tiles) {
  const known = ["r01", "r02", "r06"].includes(id);
  const drawn = zones.get(id) ?? [];
  return { corners: drawn.map(corner), ground: known ? ground(drawn, tiles) : null };
}

export function setZone(id, corners, tiles) {
  zones.set(id, corners.map(([lon, lat]) => [(lon - HOME.lon) * EAST_M, (lat - HOME.lat) * DEGREE_M]));
  return zoneOf(id, tiles);
}

/** Goes to the market most days, once a week to a park 700 m west. */
export function previewOf(corners) {
  const flat = corners.map(([lon, lat]) => [(lon - HOME.lon) * EAST_M, (lat - HOME.lat) * DEGREE_M]);
  const inside = ([x, y]) =>
    flat.reduce((odd, [ax, ay], k) => {
      const [bx, by] = flat[(k + 1) % flat.length];
      return ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax) ? !odd : odd;
    }, false);
  const trips = [[420, -180, 21], [-260, -340, 9], [-700, 60, 4]];
  const left = !flat.length ? [] : trips.flatMap(([x, y, n], k) =>
    inside([x, y]) ? [] : Array.from({ length: n }, (_, i) => {
      const start = Date.now() - (i * 1.3 + k * 0.4 + 1) * 24 * HOUR;
      return { start: iso(start), end: iso(start + (30 + 20 * wave(i)) * MINUTE), m: Math.round(Math.hypot(x, y) * 0.4) };
    }),
  ); // prettier-ignore
  const seen = [[0, 0, 60], ...trips].flatMap(([x, y, n], k) =>
    Array.from({ length: n * 3 }, (_, i) => {
      const [share, r] = [k && i % 3 ? (i * 0.37) % 1 : 1, k ? 25 : 30];
      return corner([share * x + r * wave(i + k), share * y + r * wave(i + k + 0.5)]);
    }),
  );
  left.sort((a, b) => (a.start < b.start ? 1 : -1));
  return { days: 29, positions: 21904, left, seen };
}
