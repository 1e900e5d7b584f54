// Two floors of the invented house: one with a drawing and its rooms placed, one that nobody has touched.
const MINUTE = 60_000;
const iso = (ms) => new Date(ms).toISOString();
const box = (left, top, right, bottom) => [[left, top], [right, top], [right, bottom], [left, bottom]]; // prettier-ignore

/** Six rooms along two sides of a corridor, a bathroom and a day room. */
const SPOTS = {
  "unit-201": box(0.02, 0.03, 0.25, 0.4),
  "unit-202": box(0.25, 0.03, 0.48, 0.4),
  "unit-203": box(0.48, 0.03, 0.71, 0.4),
  "unit-204": box(0.02, 0.6, 0.25, 0.97),
  "unit-205": box(0.25, 0.6, 0.48, 0.97),
  "unit-206": box(0.48, 0.6, 0.71, 0.97),
  "e2-day": [[0.71, 0.03], [0.98, 0.03], [0.98, 0.7], [0.84, 0.7], [0.84, 0.4], [0.71, 0.4]],
  "e2-bath": box(0.71, 0.7, 0.98, 0.97),
}; // prettier-ignore

const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900" viewBox="0 0 1600 900"><rect width="1600" height="900" fill="#fff"/>
<g fill="none" stroke="#334" stroke-width="8"><path d="M32 27H1568V873H32Z"/><path d="M400 27V360M768 27V360M1136 27V360M400 540V873M768 540V873M1136 540V873M32 360H300M340 360H640M690 360H1010M1050 360H1136M32 540H300M340 540H640M690 540H1010M1050 540H1136M1136 630H1300M1350 630H1568"/></g>
<g font-family="sans-serif" font-size="34" fill="#889"><text x="560" y="462">corridor 走廊</text></g></svg>`;

export function makePlans(world, me) {
  const may = () => ["administrator", "manager", "technician"].includes(me.role);
  const room = (place, name, corners = null) => ({ place, name, kind: "room", parent: "pl_e2", corners });
  const floors = {
    pl_e2: {
      place: "pl_e2", name: "东区二楼", path: ["静安护理院", "东区", "东区二楼"], drawing: { width: 1600, height: 900 },
      rooms: [...world.residents.filter((one) => one.room[0] === "2").map((one) => room(one.unit, one.room)).sort((a, b) => (a.name < b.name ? -1 : 1)), room("e2-day", "活动室"), room("e2-bath", "浴室")]
        .map((one) => ({ ...one, corners: SPOTS[one.place] })),
    },
    pl_e3: {
      place: "pl_e3", name: "东区三楼", path: ["静安护理院", "东区", "东区三楼"], drawing: null,
      rooms: world.residents.filter((one) => one.room[0] === "3").map((one) => room(one.unit, one.room)),
    },
  }; // prettier-ignore
  const history = Object.fromEntries(Object.keys(floors).map((key) => [key, []]));
  const began = Date.now();
  const push = (key, what, plan, at = Date.now()) =>
    history[key].push({ version: history[key].length + 1, what, by: me.name, time: iso(at), plan: structuredClone(plan) });
  push("pl_e2", "drawing", { ...floors.pl_e2, rooms: floors.pl_e2.rooms.map((one) => ({ ...one, corners: null })) }, began - 9 * 24 * 60 * MINUTE);
  push("pl_e2", "rooms", floors.pl_e2, began - 8 * 24 * 60 * MINUTE);
  const said = (key) => {
    const versions = history[key].map(({ plan, ...one }) => ({ ...one, drawing: plan.drawing !== null, rooms: plan.rooms.filter((each) => each.corners).length }));
    return { ...floors[key], version: versions.length, versions: versions.reverse(), may_draw: may() };
  };
  const change = (key, what, seen, more) => {
    if (seen !== history[key].length) return { refused: "plan_changed" };
    Object.assign(floors[key], more);
    push(key, what, floors[key]);
    return said(key);
  };
  /** Watches of everybody, and two sensors a room of the second floor, some of them unwell. */
  const deviceHealth = () => {
    const named = (one, more) => ({
      position: null, battery: 84, worn: null, label: null, last_seen: iso(Date.now() - 2000), registered_time: iso(began), link: null,
      quarantined: {}, troubles: [], resident_name: null, place_name: null, unit_name: null, binding: null, ...one, ...more,
    }); // prettier-ignore
    const bound = (unit, resident, place) => ({ device: "", unit, resident, place, position: null, start: iso(began), end: null });
    const watches = world.residents.slice(0, 11).map((one, i) =>
      named({
        id: `band-${one.id}`, kind: "wearable", worn: i !== 2, battery: i === 4 ? 9 : 90 - 5 * i, resident_name: one.name, unit_name: one.unit_name,
        binding: bound(one.unit, one.id, null), last_seen: iso(Date.now() - (i === 8 ? 47 * MINUTE : 2000)), troubles: i === 8 ? ["silent"] : i === 4 ? ["battery"] : [],
      }),
    ); // prettier-ignore
    const sensors = floors.pl_e2.rooms.map((one, i) =>
      named({
        id: `pir-${one.name}`, kind: "motion", place_name: one.name, unit_name: one.name, binding: bound(one.place, null, one.place), battery: 100 - 3 * i,
        last_seen: iso(Date.now() - (i === 1 ? 31 * 60 : 7 + i) * MINUTE), link: { quality: i === 3 ? 38 : 190 - 9 * i, time: iso(began) },
        troubles: i === 1 ? ["silent"] : i === 3 ? ["weak_link"] : i === 5 ? ["not_understood"] : [], quarantined: i === 5 ? { "bad-json": 14 } : {},
      }),
    ); // prettier-ignore
    const all = [...watches, ...sensors, named({ id: "0x00158d0004a1b2c3", kind: "door", battery: 55 })];
    return { platform_time: iso(Date.now()), devices: all.sort((a, b) => Number(!a.troubles.length) - Number(!b.troubles.length)) };
  };
  return {
    deviceHealth,
    drawing: DRAWING,
    list: () => ({
      plans: Object.values(floors).map((one) => ({
        place: one.place, name: one.name, kind: "floor", path: one.path, residents: 6, rooms: one.rooms.length, drawn: history[one.place].length > 0,
      })),
    }), // prettier-ignore
    read: (key) => floors[key] && said(key),
    put: (key, body) => {
      const corners = new Map(body.rooms.map((one) => [one.place, one.corners]));
      return change(key, "rooms", body.seen, { rooms: floors[key].rooms.map((one) => ({ ...one, corners: corners.get(one.place) ?? null })) });
    },
    setDrawing: (key, seen, there) => change(key, there ? "drawing" : "no_drawing", seen, { drawing: there ? { width: 1600, height: 900 } : null }),
    restore: (key, body) => {
      const { drawing, rooms } = history[key][body.version - 1].plan;
      return change(key, "restored", body.seen, structuredClone({ drawing, rooms }));
    },
    now: (key) => {
      if (!floors[key]) return null;
      const here = new Set(floors[key].rooms.map((one) => one.place));
      const seen = { r02: ["e2-day", "活动室", 3], r05: ["unit-203", "203", 22], r06: ["e2-bath", "浴室", 1] };
      const watch = { r03: "off", r09: "silent", r12: "none" };
      return {
        platform_time: iso(Date.now()),
        rooms: [...here].map((place) => ({
          place, sensors: 2, stirred: null,
          dead: place === "unit-202" ? [{ device: "pir-202", kind: "motion", label: null, last_seen: iso(began - 31 * 60 * MINUTE) }] : [],
        })),
        residents: world.residents.filter((one) => here.has(one.unit)).map((one) => ({
          id: one.id, name: one.name, test: one.test, place: one.unit,
          watch: watch[one.id] ?? "watched",
          absent_until: one.id === "r11" ? iso(began + 26 * 60 * MINUTE) : null,
          seen: seen[one.id] ? { place: seen[one.id][0], name: seen[one.id][1], time: iso(began - seen[one.id][2] * MINUTE) } : null,
        })),
      }; // prettier-ignore
    },
  };
}
