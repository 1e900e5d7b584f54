// Shifts, rotas and who watches, for the stand-in: one ward whose night shift waits for somebody to take it over.
const ago = (minutes) => new Date(Date.now() - minutes * 6e4).toISOString();
const PEOPLE = ["li.mei", "zhang.wei", "wang.fang", "chen.jie"];
const NAMES = { "li.mei": "李梅", "zhang.wei": "张薇", "wang.fang": "王芳", "chen.jie": "陈洁" };
const SHIFTS = [
  { name: "白班", start: "07:00", end: "15:00" },
  { name: "晚班", start: "15:00", end: "22:00" },
  { name: "夜班", start: "22:00", end: "07:00" },
];

export function makeShift(world, me) {
  let running = null;
  let consoles = new Map();
  const place = "pl_east";
  const left = () => [
    ...world.listed("open", null).map((one) => ({
      what: one.state === "held" ? "held" : "alert",
      id: one.id,
      name: one.resident.name,
      where: one.place_name ?? one.unit_name,
      code: `${one.kind}:${one.evidence.reasons[0]?.code ?? ""}`,
      severity: one.severity,
      by: NAMES[one.claimed_by] ?? one.claimed_by ?? "",
      time: one.state === "held" ? one.due_time : one.raised_time,
    })),
    { what: "overdue", id: "r05", name: "孙波", where: "206", code: "", by: "", time: "9999-12-31T00:00:00Z" },
    { what: "device", id: "d3", name: "手表 3", where: "吴爱娣", code: "battery", by: "", time: ago(1) },
    { what: "device", id: "d7", name: "卫生间门", where: "", code: "silent", by: "", time: ago(60 * 30) },
    { what: "pause", id: "r02", name: "吴爱娣", where: "203", code: "", by: "王芳", time: ago(-12) },
    { what: "away", id: "r07", name: "何秀英", where: "208", code: "", by: "", time: ago(-60 * 20) },
  ];
  const shift = (id, more) => ({
    id, place, name: "晚班", begun: ago(430), ends: ago(18), crew: [{ account: "li.mei", name: "李梅", since: ago(430), sound: true }],
    note: "", handed: null, handed_by: null, left: [], accepted: null, accepted_by: null, open: false, yours: false, ...more,
  });
  const recent = [
    shift("sh_2", { handed: ago(20), handed_by: "李梅", open: true, left: left(), note: "陈桂兰夜里常起来，床边灯开着。\n吴爱娣今天吃得少，晚饭只喝了汤。" }),
    shift("sh_1", { name: "白班", begun: ago(900), ends: ago(430), handed: ago(433), handed_by: "王芳", accepted: ago(430), accepted_by: "李梅", note: "孙波女儿周日来接。", left: left().slice(1, 3) }),
  ];
  const rota = {
    place, owner: place, timezone: "Asia/Shanghai", shifts: SHIFTS,
    people: PEOPLE.map((name) => ({ name, address: `http://127.0.0.1/${name}` })), week: [], days: {},
  };
  const iso = (day) => day.toISOString().slice(0, 10);
  const monday = (text) => {
    const day = text ? new Date(`${text}T00:00:00Z`) : new Date(Date.now() + 8 * 36e5);
    day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
    return day;
  };
  const usual = (day, shift, role) => (role === "护士" ? [PEOPLE[(day + SHIFTS.findIndex((one) => one.name === shift)) % 4]] : shift === "夜班" ? [] : ["chen.jie"]);
  function rotaOf(week) {
    const from = monday(week);
    const days = [];
    for (let n = 0; n < 7; n++) {
      const day = new Date(from.getTime() + n * 864e5);
      for (const { name } of SHIFTS)
        for (const role of ["护士", "医生"]) {
          if (role === "医生" && (name === "夜班" || n > 4)) continue;
          const key = `${iso(day)} ${name} ${role}`;
          days.push({ date: iso(day), shift: name, role, people: rota.days[key] ?? (n === 5 && name === "夜班" ? [] : usual(n, name, role)), changed: key in rota.days });
        }
    }
    return { ...rota, days, monday: iso(from), now: [{ role: "护士", people: ["zhang.wei"] }, { role: "医生", people: [] }] };
  }
  const ward = () => {
    const armed = [...consoles.values()].filter((sound) => sound === "armed").length;
    const lack = armed ? null : consoles.size ? "no_sound_armed" : "nobody_watches";
    return { place, name: "东区", hours: { start: "07:00", end: "07:00" }, timezone: "Asia/Shanghai", staffed: true, consoles: consoles.size, armed, lack, since: lack && ago(3) };
  };
  const page = () => ({
    place, name: "东区", running, mine: running?.crew.some((one) => one.account === me.name) ?? false,
    to_accept: recent.filter((one) => !one.accepted_by), recent, left: left(),
    on_duty: [{ role: "护士", people: ["张薇", "王芳"] }, { role: "医生", people: [] }], ward: ward(),
  });
  const begin = (sound) => {
    running ??= shift("sh_3", { name: "夜班", begun: ago(0), ends: ago(-540), crew: [] });
    running.crew.push({ account: me.name, name: me.display_name, since: ago(0), sound });
  };
  /** Returns the answer to a call, null where it is none of ours. */
  function answer(method, path, query, body) {
    if (path === "/presence" || path === "/attendance") {
      if (body.console) consoles.set(body.console, body.sound);
      return { wards: [ward()] };
    }
    if (/^\/places\/[\w-]+\/shift$/.test(path)) {
      if (method === "POST") begin(body.sound);
      return page();
    }
    const act = /^\/shifts\/([\w-]+)\/(note|handover|accept)$/.exec(path);
    if (act) {
      const one = [running, ...recent].find((each) => each?.id === act[1]);
      if (body.note) one.note = body.note;
      if (act[2] === "handover") {
        recent.unshift(Object.assign(one, { handed: ago(0), handed_by: me.display_name, yours: true, left: left() }));
        running = null;
      }
      if (act[2] === "accept") {
        Object.assign(one, { accepted: ago(0), accepted_by: me.display_name, open: false });
        begin(body.sound);
      }
      return page();
    }
    const rotas = /^\/places\/[\w-]+\/rota(?:\/(day|swap|copy))?$/.exec(path);
    if (!rotas) return null;
    if (rotas[1] === "day") {
      const key = `${body.date} ${body.shift} ${body.role}`;
      if (body.people === null) delete rota.days[key];
      else rota.days[key] = body.people;
      return rotaOf(body.date);
    }
    if (rotas[1] === "copy") {
      const from = monday(body.week);
      for (const cell of rotaOf(iso(new Date(from.getTime() - 7 * 864e5))).days)
        rota.days[`${iso(new Date(Date.parse(cell.date) + 7 * 864e5))} ${cell.shift} ${cell.role}`] = cell.people;
      return rotaOf(body.week);
    }
    if (method === "PUT") Object.assign(rota, { shifts: body.shifts, people: body.people });
    return rotaOf(query.get("week"));
  }
  return { answer };
}
